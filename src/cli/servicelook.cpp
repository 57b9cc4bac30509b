#include "cli/servicelook.h"

#include "cli/services.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "operations/servicedeploy.h"
#include "storage/profilestore.h"

namespace Roost {

QMap<QString, QString> knownAddresses(const CliServices &services)
{
    QMap<QString, QString> addresses;
    if (const Result<QList<Profile>> profiles = services.profiles.all()) {
        for (const Profile &profile : *profiles) {
            if (!profile.renderId.isEmpty() && !profile.parameters.host.isEmpty()) {
                addresses.insert(profile.parameters.host + u':' + QString::number(profile.parameters.port),
                                 profile.renderId);
            }
        }
    }
    return addresses;
}

Result<SeenServices> lookAtServices(const Invocation &call, const CliServices &services, JobContext &context,
                                    const QString &only)
{
    Result<OpenAccount> account = openAccount(call, services, context);
    if (!account) {
        return failure(account.error());
    }
    SeenServices seen{*account, {}, {}};
    RenderClient client(account->access, context);
    const Result<QList<PostgresInstance>> instances = client.instances();
    if (!instances) {
        return failure(instances.error());
    }
    Result<QList<Service>> all = client.services();
    if (!all) {
        return failure(all.error());
    }
    if (!only.isEmpty()) {
        const Result<Service> one = serviceNamed(only, *all);
        if (!one) {
            return failure(one.error());
        }
        all = QList<Service>{*one};
    }
    seen.instances = *instances;
    Result<AccountReferences> references =
        findReferences(client, {*all, *instances, knownAddresses(services), only.isEmpty()}, context);
    if (!references) {
        return failure(references.error());
    }
    seen.references = *references;
    for (const QString &gap : std::as_const(seen.references.gaps)) {
        services.terminal.note(gap);
    }
    return seen;
}

Result<void> deployAndTell(RenderClient &client, const Service &service, const CliServices &services, bool builds,
                           JobContext &context)
{
    DeployFollowing following{service, {}};
    following.request.deployOnly = !builds;
    const Result<Deploy> deploy = deployAndFollow(client, following, context);
    if (!deploy) {
        return failure(deploy.error());
    }
    services.terminal.note(CliText::tr("%1 is %2 (deploy %3). Try: roost-cli services call %1")
                               .arg(service.name, deployStatusInWords(deploy->status), deploy->id));
    return {};
}

} // namespace Roost
