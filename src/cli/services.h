#pragma once

namespace Roost {

class Accounts;
class Keychain;
class ProfileStore;
class Targets;
class Terminal;

/// What the verbs work with; owned by main().
struct CliServices
{
    Terminal &terminal;
    Keychain &keychain;
    const ProfileStore &profiles;
    Targets &targets;
    Accounts &accounts;
    /// Set by a verb that stopped where only the user can go on: its failure then ends with ExitCode::waits.
    bool &waitsForUser;
};

} // namespace Roost
