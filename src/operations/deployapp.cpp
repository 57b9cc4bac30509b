#include "operations/deployapp.h"

#include "operations/servicelife.h"

#include <QCoreApplication>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(DeployApp)
};

Error afterCreation(const Error &error, const Service &service)
{
    Error whole = error;
    whole.message = Text::tr("The service %1 was created. %2").arg(service.name, error.message);
    return whole;
}

} // namespace

Result<DeployedApp> deployApp(RenderClient &client, const DeployAppRequest &request, const JobContext &context)
{
    DeployedApp app;
    Result<Service> service = createServiceOnce(client, request.draft, context);
    if (!service) {
        return failure(service.error());
    }
    app.service = *service;
    context.log(Text::tr("Created %1: %2").arg(service->name, service->dashboardUrl));
    DeployFollowing following = request.following;
    following.service = *service;
    Result<Deploy> deploy = followDeploy(client, following, {}, context);
    if (!deploy) {
        return failure(afterCreation(deploy.error(), *service));
    }
    app.deploy = *deploy;
    // Its address may be known only now.
    if (const Result<Service> now = client.service(service->id); now) {
        app.service = *now;
    }
    if (request.path.isEmpty() || app.service.url.isEmpty()) {
        return app;
    }
    const Result<ServiceAnswer> answer =
        callService({QUrl(app.service.url), request.path, app.service.name, app.service.isFree()}, context);
    if (answer) {
        app.answer = *answer;
    } else {
        app.callProblem = answer.error().message;
    }
    return app;
}

QList<EnvironmentVariable> databaseVariables(const ServiceDraft &draft, const PointTarget &target,
                                             const QString &database)
{
    Service service;
    service.name = draft.name;
    service.ownerId = draft.ownerId;
    service.region = draft.region;
    const Reach reach = reachOf({service}, target);
    QList<EnvironmentVariable> variables;
    for (const QString &key : usualDatabaseKeys()) {
        if (const auto planned = plannedValue(VariablePart::Url, {}, target, reach, database)) {
            variables += {key, planned->value};
        }
    }
    return variables;
}

Result<PointTarget> readPointTarget(RenderClient &client, const QString &instanceId)
{
    const Result<PostgresInstance> instance = client.instance(instanceId);
    if (!instance) {
        return failure(instance.error());
    }
    const Result<PostgresConnectionInfo> info = client.connectionInfo(instanceId);
    if (!info) {
        return failure(info.error());
    }
    return pointTarget(*instance, *info);
}

} // namespace Roost
