#include "render/renderclient.h"
#include "render/renderclientprivate.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(RenderClient)
};

using Kind = RenderCall::Kind;

QString path(const QString &id, const QString &rest = {})
{
    return QStringLiteral("/services/") + id + rest;
}

QString groupPath(const QString &id, const QString &rest = {})
{
    return QStringLiteral("/env-groups/") + id + rest;
}

/// Render counts deploys, suspending and resuming of each service by itself.
QByteArray serviceBucket(const char *what, const QString &id)
{
    return QByteArray(what) + ' ' + id.toLatin1();
}

QJsonObject valueBody(const EnvironmentVariable &variable)
{
    return {{QStringLiteral("value"), variable.value.reveal()}};
}

} // namespace

bool isServiceId(const QString &id)
{
    return isRenderId(id, "srv") || isRenderId(id, "crn");
}

Result<QList<Service>> RenderClient::services(const QString &ownerId, const QString &name)
{
    if (!ownerId.isEmpty() && !isOwnerId(ownerId)) {
        return notAnId(ownerId);
    }
    RenderCall call = RenderCall::read(QStringLiteral("/services"), Text::tr("list the services"));
    if (!ownerId.isEmpty()) {
        call.ask("ownerId", ownerId);
    }
    if (!name.isEmpty() && !name.contains(u',')) { // a comma would stand between two names
        call.ask("name", name);
    }
    auto all = d->all(call, "service", &readService);
    if (all && !name.isEmpty()) {
        all->removeIf([&](const Service &service) { return service.name != name; });
    }
    return all;
}

Result<Service> RenderClient::service(const QString &id)
{
    if (!isServiceId(id)) {
        return notAnId(id);
    }
    return d->one(RenderCall::read(path(id), Text::tr("look up the service")), &readService);
}

Result<Service> RenderClient::createService(const ServiceDraft &draft)
{
    if (!isOwnerId(draft.ownerId)) {
        return notAnId(draft.ownerId);
    }
    if (draft.name.trimmed().isEmpty()) {
        return notAName({});
    }
    const RenderCall call = RenderCall::write(Kind::Once, "POST", QStringLiteral("/services"),
                                              Text::tr("create the service “%1”").arg(draft.name))
                                .inBucket("POST /services")
                                .with(bodyOf(draft));
    return d->one(call, &readCreatedService);
}

Result<void> RenderClient::suspendService(const QString &id)
{
    if (!isServiceId(id)) {
        return notAnId(id);
    }
    return d->done(
        RenderCall::write(Kind::Once, "POST", path(id, QStringLiteral("/suspend")), Text::tr("suspend the service"))
            .inBucket(serviceBucket("suspend", id)));
}

Result<void> RenderClient::resumeService(const QString &id)
{
    if (!isServiceId(id)) {
        return notAnId(id);
    }
    return d->done(
        RenderCall::write(Kind::Once, "POST", path(id, QStringLiteral("/resume")), Text::tr("resume the service"))
            .inBucket(serviceBucket("resume", id)));
}

Result<QList<EnvironmentVariable>> RenderClient::variables(const QString &serviceId)
{
    if (!isServiceId(serviceId)) {
        return notAnId(serviceId);
    }
    return d->all(
        RenderCall::read(path(serviceId, QStringLiteral("/env-vars")), Text::tr("list the service's variables")),
        "envVar", &readVariable);
}

Result<EnvironmentVariable> RenderClient::variable(const QString &serviceId, const QString &key)
{
    const QString part = pathPart(key);
    if (!isServiceId(serviceId)) {
        return notAnId(serviceId);
    }
    if (part.isEmpty()) {
        return notAName(key);
    }
    return d->one(RenderCall::read(path(serviceId, QStringLiteral("/env-vars/")) + part,
                                   Text::tr("look up the variable %1").arg(key)),
                  &readVariable);
}

Result<void> RenderClient::setVariable(const QString &serviceId, const EnvironmentVariable &variable)
{
    const QString part = pathPart(variable.key);
    if (!isServiceId(serviceId)) {
        return notAnId(serviceId);
    }
    if (part.isEmpty()) {
        return notAName(variable.key);
    }
    return d->done(RenderCall::write(Kind::Set, "PUT", path(serviceId, QStringLiteral("/env-vars/")) + part,
                                     Text::tr("set the variable %1").arg(variable.key))
                       .with(valueBody(variable)));
}

Result<void> RenderClient::deleteVariable(const QString &serviceId, const QString &key)
{
    const QString part = pathPart(key);
    if (!isServiceId(serviceId)) {
        return notAnId(serviceId);
    }
    if (part.isEmpty()) {
        return notAName(key);
    }
    return d->done(RenderCall::write(Kind::Once, "DELETE", path(serviceId, QStringLiteral("/env-vars/")) + part,
                                     Text::tr("delete the variable %1").arg(key)));
}

Result<QList<EnvironmentGroup>> RenderClient::environmentGroups(const QString &ownerId)
{
    if (!ownerId.isEmpty() && !isOwnerId(ownerId)) {
        return notAnId(ownerId);
    }
    RenderCall call = RenderCall::read(QStringLiteral("/env-groups"), Text::tr("list the environment groups"));
    if (!ownerId.isEmpty()) {
        call.ask("ownerId", ownerId);
    }
    return d->all(call, "envGroup", &readGroup);
}

Result<EnvironmentGroup> RenderClient::environmentGroup(const QString &id)
{
    if (!isRenderId(id, "evg")) {
        return notAnId(id);
    }
    return d->one(RenderCall::read(groupPath(id), Text::tr("look up the environment group")), &readGroup);
}

Result<void> RenderClient::setGroupVariable(const QString &groupId, const EnvironmentVariable &variable)
{
    const QString part = pathPart(variable.key);
    if (!isRenderId(groupId, "evg")) {
        return notAnId(groupId);
    }
    if (part.isEmpty()) {
        return notAName(variable.key);
    }
    return d->done(RenderCall::write(Kind::Set, "PUT", groupPath(groupId, QStringLiteral("/env-vars/")) + part,
                                     Text::tr("set the group's variable %1").arg(variable.key))
                       .with(valueBody(variable)));
}

Result<void> RenderClient::deleteGroupVariable(const QString &groupId, const QString &key)
{
    const QString part = pathPart(key);
    if (!isRenderId(groupId, "evg")) {
        return notAnId(groupId);
    }
    if (part.isEmpty()) {
        return notAName(key);
    }
    return d->done(RenderCall::write(Kind::Once, "DELETE", groupPath(groupId, QStringLiteral("/env-vars/")) + part,
                                     Text::tr("delete the group's variable %1").arg(key)));
}

Result<Deploy> RenderClient::deploy(const QString &serviceId, const DeployRequest &request)
{
    if (!isServiceId(serviceId)) {
        return notAnId(serviceId);
    }
    const RenderCall call = RenderCall::write(Kind::Once, "POST", path(serviceId, QStringLiteral("/deploys")),
                                              Text::tr("deploy the service"))
                                .inBucket(serviceBucket("deploy", serviceId))
                                .with(bodyOf(request));
    const Result<QJsonValue> json = d->link.send(call);
    if (!json) {
        return failure(json.error());
    }
    if (json->isUndefined() || json->isNull() || *json == QJsonObject()) {
        Deploy queued;
        queued.status = QStringLiteral("queued");
        return queued;
    }
    const Read<Deploy> deploy = readDeploy(*json);
    return deploy ? Result<Deploy>(*deploy) : failure(d->link.wrongShape(call, deploy.error()));
}

Result<QList<Deploy>> RenderClient::deploys(const QString &serviceId, int newest)
{
    if (!isServiceId(serviceId)) {
        return notAnId(serviceId);
    }
    RenderCall call =
        RenderCall::read(path(serviceId, QStringLiteral("/deploys")), Text::tr("list the service's deploys"));
    call.ask("limit", QString::number(std::clamp(newest, 1, 100)));
    return d->list(call, "deploy", &readDeploy);
}

Result<Deploy> RenderClient::deploy(const QString &serviceId, const QString &deployId)
{
    if (!isServiceId(serviceId)) {
        return notAnId(serviceId);
    }
    if (!isRenderId(deployId, "dep")) {
        return notAnId(deployId);
    }
    return d->one(
        RenderCall::read(path(serviceId, QStringLiteral("/deploys/") + deployId), Text::tr("look up the deploy")),
        &readDeploy);
}

Result<QList<MetricSeries>> RenderClient::metric(const QString &name, const QString &resourceId)
{
    static const QRegularExpression word(QStringLiteral("^[a-z]+(-[a-z]+)*\\z"));
    if (!word.match(name).hasMatch()) {
        return notAName(name);
    }
    if (!isRenderId(resourceId, "dpg") && !isServiceId(resourceId)) {
        return notAnId(resourceId);
    }
    RenderCall call = RenderCall::read(QStringLiteral("/metrics/") + name, Text::tr("tell what was measured"));
    call.ask("resource", resourceId);
    auto series = d->list(call, "metrics", &readSeries);
    // Which plans are measured is not known; a refusal says that this one is not.
    if (!series && (series.error().httpStatus == 400 || series.error().httpStatus == 404)) {
        return QList<MetricSeries>();
    }
    return series;
}

} // namespace Roost
