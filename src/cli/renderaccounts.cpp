#include "cli/renderaccounts.h"

#include "cli/accounts.h"
#include "cli/services.h"
#include "cli/text.h"
#include "storage/profilestore.h"

namespace Roost {

namespace {

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

Result<OpenAccount> openAccount(const Invocation &call, const CliServices &services, const JobContext &context)
{
    const Result<Account> chosen = services.accounts.chosen(call);
    if (!chosen) {
        return failure(chosen.error());
    }
    const Result<RenderAccess> access = services.accounts.access(*chosen, context);
    if (!access) {
        return failure(access.error());
    }
    return OpenAccount{*chosen, *access};
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
