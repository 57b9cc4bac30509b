#include "cli/renderaccounts.h"

#include "cli/keychain.h"
#include "cli/services.h"
#include "cli/text.h"
#include "storage/paths.h"
#include "storage/profilestore.h"

namespace Roost {

namespace {

const QString account = QStringLiteral("account");

Result<Account> chosenAccount(const Invocation &call)
{
    const AccountStore store(Paths::database());
    if (call.has(account)) {
        return store.byName(call.value(account));
    }
    const Result<QList<Account>> all = store.all();
    if (!all) {
        return failure(all.error());
    }
    if (all->size() == 1) {
        return all->first();
    }
    if (all->isEmpty()) {
        return failure(
            ErrorCode::NotFound,
            CliText::tr("There is no account yet. Add your API key with: roost-cli account add; or try it in "
                        "practice: roost-cli practice start --render"));
    }
    QStringList names;
    for (const Account &each : *all) {
        names += each.name;
    }
    return failure(ErrorCode::InvalidInput,
                   CliText::tr("There are several accounts: say which, with --account. They are: %1.")
                       .arg(names.join(QStringLiteral(", "))));
}

template <class T>
Result<T> named(const QString &name, const QList<T> &all, const QString &nothing, const QString &several)
{
    QList<T> found;
    QStringList names;
    for (const T &each : all) {
        if (each.id == name) {
            return each;
        }
        if (each.name == name) {
            found += each;
        }
        names += each.name;
    }
    if (found.size() == 1) {
        return found.first();
    }
    if (found.size() > 1) {
        return failure(ErrorCode::InvalidInput, several.arg(name, found.first().id));
    }
    return failure(ErrorCode::NotFound, names.isEmpty()
                                            ? nothing.arg(name)
                                            : nothing.arg(name) + u' ' +
                                                  CliText::tr("There are: %1.").arg(names.join(QStringLiteral(", "))));
}

} // namespace

Verb::Option accountOption()
{
    return {account, QStringLiteral("NAME"), CliText::tr("which account, where there are several")};
}

Result<OpenAccount> openAccount(const Invocation &call, const CliServices &services, const JobContext &context)
{
    const Result<Account> chosen = chosenAccount(call);
    if (!chosen) {
        return failure(chosen.error());
    }
    const Result<Secret> key = services.keychain.load(chosen->id, context.stopToken());
    if (!key) {
        Error error = key.error();
        error.message = CliText::tr("The API key of %1 is not there. %2").arg(chosen->name, error.message);
        return failure(error);
    }
    return OpenAccount{*chosen, {chosen->api.isEmpty() ? defaultRenderApi() : chosen->api, *key}};
}

Result<PostgresInstance> instanceNamed(const QString &name, const QList<PostgresInstance> &instances,
                                       const CliServices &services)
{
    if (const Result<Profile> profile = services.profiles.byName(name); profile && !profile->renderId.isEmpty()) {
        for (const PostgresInstance &each : instances) {
            if (each.id == profile->renderId) {
                return each;
            }
        }
    }
    return named(name, instances, CliText::tr("The account has no instance \"%1\"."),
                 CliText::tr("Several instances are called \"%1\"; give the id, as in %2."));
}

Result<Service> serviceNamed(const QString &name, const QList<Service> &all)
{
    return named(name, all, CliText::tr("The account has no service \"%1\"."),
                 CliText::tr("Several services are called \"%1\"; give the id, as in %2."));
}

} // namespace Roost
