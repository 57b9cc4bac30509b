#pragma once

#include "cli/targetname.h"
#include "core/connectionparameters.h"
#include "core/jobcontext.h"
#include "core/result.h"
#include "postgres/databaseconnection.h"
#include "storage/profilestore.h"

#include <QProcessEnvironment>

#include <memory>

namespace Roost {

class Accounts;
class Keychain;
class Terminal;

/// From the TARGET of a command line to a connection: saved connections with their password from the keychain (or
/// typed, on a terminal; of an account's instance, from Render), the practice server, and URLs in the environment.
/// Blocking, on a verb's thread.
class Targets
{
public:
    /// `environment` as it was at the start: the variables that steer libpq are gone from it later.
    Targets(const ProfileStore &profiles, Accounts &accounts, Keychain &keychain, Terminal &terminal,
            const QProcessEnvironment &environment);

    /// `target` has been checked to be one.
    [[nodiscard]] Result<ConnectionSpec> resolve(const QString &target, const JobContext &context);
    /// As resolve(), without asking for the password.
    [[nodiscard]] Result<ConnectionParameters> parameters(const QString &target);
    /// Resolves, and connects.
    [[nodiscard]] Result<std::unique_ptr<DatabaseConnection>> open(const QString &target, const JobContext &context);

private:
    [[nodiscard]] Result<ConnectionSpec> environmentSpec(const TargetName &name);
    [[nodiscard]] Result<ConnectionSpec> savedSpec(const Profile &profile, const JobContext &context);
    [[nodiscard]] Result<Secret> passwordOf(const Profile &profile, const JobContext &context);

    const ProfileStore &m_profiles;
    Accounts &m_accounts;
    Keychain &m_keychain;
    Terminal &m_terminal;
    QProcessEnvironment m_environment;
};

/// The database of the practice server that `practice` means without a name.
[[nodiscard]] QString practiceDatabase();

} // namespace Roost
