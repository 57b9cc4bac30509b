#pragma once

#include "cli/verb.h"
#include "operations/migration.h"

namespace Roost {

/// What a command line answers to the questions of a migration, each once.
class GivenAnswers
{
public:
    GivenAnswers(const Invocation &call, QString instance);
    void setConnection(const Secret &connection) { m_connection = connection; }

    /// InvalidInput when `--confirm-delete` names another instance.
    [[nodiscard]] Result<void> check() const;
    /// `--done` is meant for what was asked before this call, not for what is asked next.
    std::optional<MigrationAnswer> take(MigrationQuestion question, bool wasAskedBefore);

private:
    QString m_instance;
    QString m_name;
    QString m_secondFolder;
    Secret m_connection;
    bool m_isDone;
};

/// What the last run asked for; nothing when it asked nothing.
[[nodiscard]] std::optional<MigrationQuestion> askedBefore(const MigrationState &state);

} // namespace Roost
