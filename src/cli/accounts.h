#pragma once

#include "cli/verb.h"
#include "core/jobcontext.h"
#include "core/result.h"
#include "operations/accountoverview.h"
#include "storage/accountstore.h"
#include "storage/profilestore.h"

#include <QList>

namespace Roost {

class Keychain;
class Terminal;

/// The saved accounts at Render with their keys: from the keychain, from practice beside its server, or typed on a
/// terminal. Blocking, on a verb's thread.
class Accounts
{
public:
    Accounts(const AccountStore &store, const ProfileStore &profiles, Keychain &keychain, Terminal &terminal);

    const AccountStore &store() const { return m_store; }
    /// The one that `--account` names, or the only one.
    [[nodiscard]] Result<Account> chosen(const Invocation &call) const;
    /// Those that `--account` names, or all.
    [[nodiscard]] Result<QList<Account>> chosenOrAll(const Invocation &call) const;
    [[nodiscard]] Result<RenderAccess> access(const Account &account, const JobContext &context);
    /// Reads the account, and links or adds the connections of its instances.
    [[nodiscard]] Result<AccountOverview> read(const Account &account, JobContext &context);
    /// How the instance of a saved connection is reached, from its account: kept with the connection, the password in
    /// the keychain. NotFound when it belongs to no account.
    [[nodiscard]] Result<ConnectionSpec> fetchConnection(const Profile &profile, const JobContext &context);
    /// True when fetchConnection() has somebody to ask.
    bool canFetch(const Profile &profile) const;

    static Verb::Option option(); ///< `--account NAME`

private:
    const AccountStore &m_store;
    const ProfileStore &m_profiles;
    Keychain &m_keychain;
    Terminal &m_terminal;
};

} // namespace Roost
