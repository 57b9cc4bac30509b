#include "cli/expiryexplained.h"

#include "cli/accounts.h"
#include "cli/services.h"
#include "cli/targetname.h"
#include "operations/expiry.h"
#include "operations/instanceclock.h"
#include "storage/profilestore.h"

namespace Roost {

namespace {

/// The account's time where it can be asked, else this computer's.
QDateTime timeOf(const Profile &profile, const CliServices &services, JobContext &context)
{
    InstanceClock clock;
    const Result<QList<Account>> accounts = services.accounts.store().all();
    for (const Account &account : accounts.value_or(QList<Account>())) {
        if (account.id != profile.accountId) {
            continue;
        }
        if (const Result<AccountOverview> overview = services.accounts.read(account, context)) {
            clock.setOffset(account.id, overview->clockOffset);
        }
    }
    return clock.now(profile);
}

/// The failure of a connection to what may be over: only then is it worth asking the account for its time.
bool mayBeExplained(const Error &error, const Expiry &expiry)
{
    return explainedByExpiry(error, expiry, expiry.erasedAt).message != error.message;
}

} // namespace

Error explainedByExpiry(const Error &error, const Invocation &call, const CliServices &services, JobContext &context)
{
    for (const QString &argument : call.arguments) {
        const std::optional<TargetName> name = TargetName::parse(argument);
        if (!name || name->kind != TargetName::Kind::Saved) {
            continue;
        }
        const Result<Profile> profile = services.profiles.byName(name->name);
        if (!profile) {
            continue;
        }
        const Expiry expiry = expiryOf(*profile);
        if (!expiry.isKnown() || !mayBeExplained(error, expiry)) {
            continue;
        }
        Error explained = explainedByExpiry(error, expiry, timeOf(*profile, services, context));
        if (explained.message != error.message) {
            return explained;
        }
    }
    return error;
}

} // namespace Roost
