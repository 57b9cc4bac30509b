#include "render/jsonmembers.h"
#include "render/renderjson.h"

#include <QJsonArray>

namespace Roost {

namespace {

constexpr QLatin1String suspended("suspended");

template <class T>
Read<T> finished(const JsonMembers &from, T value)
{
    if (!from.problem().isEmpty()) {
        return tl::unexpected(from.problem());
    }
    return value;
}

QJsonArray jsonOf(const QList<EnvironmentVariable> &variables)
{
    QJsonArray items;
    for (const EnvironmentVariable &variable : variables) {
        items += QJsonObject{{QStringLiteral("key"), variable.key}, {QStringLiteral("value"), variable.value.reveal()}};
    }
    return items;
}

void readDetails(JsonMembers &details, Service &service)
{
    service.url = details.text(QStringLiteral("url"));
    service.region = details.text(QStringLiteral("region"));
    service.plan = details.text(QStringLiteral("plan"));
    const QString runtime = QStringLiteral("runtime");
    service.runtime = details.text(details.has(runtime) ? runtime : QStringLiteral("env"));
    service.healthCheckPath = details.text(QStringLiteral("healthCheckPath"));
    JsonMembers commands = details.object(QStringLiteral("envSpecificDetails"));
    // A static site has its build command one level up.
    const QString build = QStringLiteral("buildCommand");
    service.buildCommand = commands.has(build) ? commands.text(build) : details.text(build);
    service.startCommand = commands.text(QStringLiteral("startCommand"));
    service.preDeployCommand = commands.text(QStringLiteral("preDeployCommand"));
    details.take(commands);
}

} // namespace

Read<Service> readService(const QJsonValue &json)
{
    JsonMembers from(json, QStringLiteral("service"));
    Service service;
    service.id = from.needed(QStringLiteral("id"));
    service.name = from.text(QStringLiteral("name"));
    service.ownerId = from.text(QStringLiteral("ownerId"));
    service.type = from.text(QStringLiteral("type"));
    service.isSuspended = from.truth(suspended, suspended);
    service.suspenders = from.texts(QStringLiteral("suspenders"));
    service.environmentId = from.text(QStringLiteral("environmentId"));
    service.dashboardUrl = from.text(QStringLiteral("dashboardUrl"));
    service.repository = from.text(QStringLiteral("repo"));
    service.branch = from.text(QStringLiteral("branch"));
    service.deploysByItself = from.truth(QStringLiteral("autoDeploy"));
    service.rootFolder = from.text(QStringLiteral("rootDir"));
    service.createdAt = from.time(QStringLiteral("createdAt"));
    service.updatedAt = from.time(QStringLiteral("updatedAt"));
    JsonMembers details = from.object(QStringLiteral("serviceDetails"));
    readDetails(details, service);
    from.take(details);
    return finished(from, std::move(service));
}

Read<Service> readCreatedService(const QJsonValue &json)
{
    const QJsonValue inner = json.toObject().value(QLatin1String("service"));
    Read<Service> service = readService(inner.isObject() ? inner : json);
    if (service && inner.isObject()) {
        JsonMembers from(json, QStringLiteral("created"));
        service->firstDeployId = from.text(QStringLiteral("deployId"));
    }
    return service;
}

Read<EnvironmentVariable> readVariable(const QJsonValue &json)
{
    JsonMembers from(json, QStringLiteral("envVar"));
    EnvironmentVariable variable{from.needed(QStringLiteral("key")), Secret(from.text(QStringLiteral("value")))};
    return finished(from, std::move(variable));
}

Read<EnvironmentGroup> readGroup(const QJsonValue &json)
{
    JsonMembers from(json, QStringLiteral("envGroup"));
    EnvironmentGroup group;
    group.id = from.needed(QStringLiteral("id"));
    group.name = from.text(QStringLiteral("name"));
    group.ownerId = from.text(QStringLiteral("ownerId"));
    group.createdAt = from.time(QStringLiteral("createdAt"));
    const QJsonArray links = from.list(QStringLiteral("serviceLinks"));
    for (const QJsonValue &item : links) {
        JsonMembers link(item, QStringLiteral("serviceLinks"));
        group.serviceIds += link.needed(QStringLiteral("id"));
        from.take(link);
    }
    auto variables = readList(from.list(QStringLiteral("envVars")), QStringLiteral("envVar"), &readVariable);
    if (!variables) {
        return tl::unexpected(variables.error());
    }
    group.variables = std::move(*variables);
    return finished(from, std::move(group));
}

Read<Deploy> readDeploy(const QJsonValue &json)
{
    JsonMembers from(json, QStringLiteral("deploy"));
    Deploy deploy;
    deploy.id = from.needed(QStringLiteral("id"));
    deploy.status = from.text(QStringLiteral("status"));
    deploy.trigger = from.text(QStringLiteral("trigger"));
    JsonMembers commit = from.object(QStringLiteral("commit"));
    deploy.commitId = commit.text(QStringLiteral("id"));
    deploy.commitMessage = commit.text(QStringLiteral("message"));
    from.take(commit);
    deploy.createdAt = from.time(QStringLiteral("createdAt"));
    deploy.finishedAt = from.time(QStringLiteral("finishedAt"));
    return finished(from, std::move(deploy));
}

Read<MetricSeries> readSeries(const QJsonValue &json)
{
    JsonMembers from(json, QStringLiteral("metric"));
    MetricSeries series;
    series.unit = from.text(QStringLiteral("unit"));
    const QJsonArray points = from.list(QStringLiteral("values"));
    for (const QJsonValue &item : points) {
        JsonMembers point(item, QStringLiteral("values"));
        series.points +=
            MetricSeries::Point{point.time(QStringLiteral("timestamp")), point.real(QStringLiteral("value"))};
        from.take(point);
    }
    return finished(from, std::move(series));
}

QJsonObject bodyOf(const ServiceDraft &draft)
{
    QJsonObject details{
        {QStringLiteral("plan"), draft.plan},
        {QStringLiteral("runtime"), draft.runtime},
        {QStringLiteral("envSpecificDetails"), QJsonObject{{QStringLiteral("buildCommand"), draft.buildCommand},
                                                           {QStringLiteral("startCommand"), draft.startCommand}}}};
    if (!draft.region.isEmpty()) {
        details.insert(QStringLiteral("region"), draft.region);
    }
    if (!draft.healthCheckPath.isEmpty()) {
        details.insert(QStringLiteral("healthCheckPath"), draft.healthCheckPath);
    }
    QJsonObject body{{QStringLiteral("type"), QStringLiteral("web_service")},
                     {QStringLiteral("name"), draft.name},
                     {QStringLiteral("ownerId"), draft.ownerId},
                     {QStringLiteral("repo"), draft.repository},
                     {QStringLiteral("envVars"), jsonOf(draft.variables)},
                     {QStringLiteral("serviceDetails"), details}};
    if (!draft.branch.isEmpty()) {
        body.insert(QStringLiteral("branch"), draft.branch);
    }
    if (!draft.rootFolder.isEmpty()) {
        body.insert(QStringLiteral("rootDir"), draft.rootFolder);
    }
    return body;
}

QJsonObject bodyOf(const DeployRequest &request)
{
    if (request.deployOnly) { // goes with nothing else
        return {{QStringLiteral("deployMode"), QStringLiteral("deploy_only")}};
    }
    QJsonObject body;
    if (request.clearsCache) {
        body.insert(QStringLiteral("clearCache"), QStringLiteral("clear"));
    }
    if (!request.commitId.isEmpty()) {
        body.insert(QStringLiteral("commitId"), request.commitId);
    }
    return body;
}

} // namespace Roost
