#pragma once

#include "operations/migration.h"

#include <atomic>
#include <memory>

namespace Roost {

struct Services;

/// What a migration of the window works with, and what it borrowed. Shared by the page and its jobs, so that it lasts
/// as long as either.
class MigrationGround
{
public:
    explicit MigrationGround(MigrationEnvironment environment)
        : m_environment(std::move(environment))
    {
    }
    const MigrationEnvironment &environment() const { return m_environment; }
    /// Practice was started for scratch databases, and is stopped by release() unless somebody took it meanwhile.
    void borrowPractice() { m_borrowedPractice = true; }
    void keepPractice() { m_borrowedPractice = false; }
    /// Gives back what was borrowed. Blocking, on a worker thread.
    void release();

private:
    MigrationEnvironment m_environment;
    std::atomic_bool m_borrowedPractice = false;
};

/// Built of what the windows work with. In the GUI thread, whose event loop the keychain then needs.
[[nodiscard]] std::shared_ptr<MigrationGround> makeMigrationGround(Services &services);

} // namespace Roost
