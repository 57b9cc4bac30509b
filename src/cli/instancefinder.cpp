#include "cli/instancefinder.h"

#include "cli/accounts.h"
#include "cli/services.h"
#include "cli/terminal.h"
#include "cli/text.h"

namespace Roost {

Result<QList<FoundInstance>> readInstances(const Invocation &call, const CliServices &services, JobContext &context)
{
    const Result<QList<Account>> accounts = services.accounts.chosenOrAll(call);
    if (!accounts) {
        return failure(accounts.error());
    }
    if (accounts->isEmpty()) {
        const Result<Account> none = services.accounts.chosen(call);
        return failure(none.error());
    }
    QList<FoundInstance> all;
    for (const Account &account : *accounts) {
        const Result<AccountOverview> overview = services.accounts.read(account, context);
        if (!overview) {
            Error error = overview.error();
            if (!error.isCancelled()) {
                error.message =
                    CliText::tr("The account \"%1\" could not be read. %2").arg(account.name, error.message);
            }
            return failure(error);
        }
        for (const QString &gap : overview->gaps) {
            services.terminal.note(gap);
        }
        if (!overview->instancesAreKnown) {
            return failure(ErrorCode::ServerRefused, overview->gaps.join(u' '));
        }
        for (const PostgresInstance &instance : overview->instances) {
            all += FoundInstance{account, instance};
        }
    }
    return all;
}

Result<FoundInstance> findInstance(const QString &name, const Invocation &call, const CliServices &services,
                                   JobContext &context)
{
    const Result<QList<FoundInstance>> all = readInstances(call, services, context);
    if (!all) {
        return failure(all.error());
    }
    const Result<Profile> profile = services.profiles.byName(name);
    const QString id = profile ? profile->renderId : QString();
    QList<FoundInstance> hits;
    QStringList names;
    for (const FoundInstance &each : *all) {
        names += each.instance.name;
        if (each.instance.id == name || (!id.isEmpty() && each.instance.id == id)) {
            return each;
        }
        if (each.instance.name == name) {
            hits += each;
        }
    }
    if (hits.size() == 1) {
        return hits.first();
    }
    if (hits.isEmpty()) {
        return failure(ErrorCode::NotFound,
                       names.isEmpty() ? CliText::tr("There is no instance \"%1\"; the account has none.").arg(name)
                                       : CliText::tr("There is no instance \"%1\". There are: %2.")
                                             .arg(name, names.join(QStringLiteral(", "))));
    }
    QStringList ids;
    for (const FoundInstance &each : std::as_const(hits)) {
        ids += each.instance.id;
    }
    return failure(ErrorCode::Conflict, CliText::tr("Several instances are named \"%1\". Say which one by its id: %2.")
                                            .arg(name, ids.join(QStringLiteral(", "))));
}

} // namespace Roost
