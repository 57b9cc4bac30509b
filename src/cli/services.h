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
};

} // namespace Roost
