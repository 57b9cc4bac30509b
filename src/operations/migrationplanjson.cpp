#include "operations/migrationplan.h"

#include <QCoreApplication>
#include <QJsonArray>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationPlan)
};

constexpr int planVersion = 1;

QJsonObject jsonOf(const DatabaseProperties &properties)
{
    QJsonArray settings;
    for (const auto &one : properties.settings) {
        settings += QJsonObject{{"role", one.role}, {"name", one.name}, {"value", one.value}};
    }
    QJsonArray privileges;
    for (const auto &one : properties.privileges) {
        privileges += QJsonObject{{"grantee", one.grantee}, {"privilege", one.privilege}, {"mayGrant", one.mayGrant}};
    }
    return {{"name", properties.name},
            {"owner", properties.owner},
            {"encoding", properties.encoding},
            {"collation", properties.collation},
            {"characterType", properties.characterType},
            {"localeProvider", properties.localeProvider},
            {"locale", properties.locale},
            {"tablespace", properties.tablespace},
            {"connectionLimit", properties.connectionLimit},
            {"comment", properties.comment},
            {"isTemplate", properties.isTemplate},
            {"settings", settings},
            {"hasPrivileges", properties.hasPrivileges},
            {"privileges", privileges},
            {"userOwnsIt", properties.userOwnsIt},
            {"userMayCreate", properties.userMayCreate},
            {"user", properties.user}};
}

DatabaseProperties propertiesFrom(const QJsonObject &json)
{
    DatabaseProperties properties;
    properties.name = json[u"name"].toString();
    properties.owner = json[u"owner"].toString();
    properties.encoding = json[u"encoding"].toString();
    properties.collation = json[u"collation"].toString();
    properties.characterType = json[u"characterType"].toString();
    properties.localeProvider = json[u"localeProvider"].toString();
    properties.locale = json[u"locale"].toString();
    properties.tablespace = json[u"tablespace"].toString();
    properties.connectionLimit = json[u"connectionLimit"].toInt(-1);
    properties.comment = json[u"comment"].toString();
    properties.isTemplate = json[u"isTemplate"].toBool();
    for (const QJsonValue one : json[u"settings"].toArray()) {
        properties.settings += {one[u"role"].toString(), one[u"name"].toString(), one[u"value"].toString()};
    }
    properties.hasPrivileges = json[u"hasPrivileges"].toBool();
    for (const QJsonValue one : json[u"privileges"].toArray()) {
        properties.privileges += {one[u"grantee"].toString(), one[u"privilege"].toString(), one[u"mayGrant"].toBool()};
    }
    properties.userOwnsIt = json[u"userOwnsIt"].toBool();
    properties.userMayCreate = json[u"userMayCreate"].toBool();
    properties.user = json[u"user"].toString();
    return properties;
}

QJsonArray jsonOf(const QList<AllowedAddresses> &ranges)
{
    QJsonArray array;
    for (const AllowedAddresses &range : ranges) {
        array += QJsonObject{{"cidrBlock", range.cidrBlock}, {"description", range.description}};
    }
    return array;
}

QList<AllowedAddresses> rangesFrom(const QJsonArray &array)
{
    QList<AllowedAddresses> ranges;
    for (const QJsonValue one : array) {
        ranges += {one[u"cidrBlock"].toString(), one[u"description"].toString()};
    }
    return ranges;
}

QString timeText(const QDateTime &time)
{
    return time.isValid() ? time.toUTC().toString(Qt::ISODateWithMs) : QString();
}

QDateTime timeFrom(const QJsonValue &value)
{
    return QDateTime::fromString(value.toString(), Qt::ISODateWithMs);
}

QJsonObject jsonOf(const PostgresInstance &instance)
{
    return {{"id", instance.id},
            {"name", instance.name},
            {"ownerId", instance.owner.id},
            {"ownerName", instance.owner.name},
            {"plan", instance.plan},
            {"version", instance.version},
            {"region", instance.region},
            {"status", instance.status},
            {"isSuspended", instance.isSuspended},
            {"databaseName", instance.databaseName},
            {"databaseUser", instance.databaseUser},
            {"diskSizeGb", instance.diskSizeGb},
            {"allowedAddresses", jsonOf(instance.allowedAddresses)},
            {"environmentId", instance.environmentId},
            {"expiresAt", timeText(instance.expiresAt)},
            {"createdAt", timeText(instance.createdAt)},
            {"dashboardUrl", instance.dashboardUrl}};
}

PostgresInstance instanceFrom(const QJsonObject &json)
{
    PostgresInstance instance;
    instance.id = json[u"id"].toString();
    instance.name = json[u"name"].toString();
    instance.owner.id = json[u"ownerId"].toString();
    instance.owner.name = json[u"ownerName"].toString();
    instance.plan = json[u"plan"].toString();
    instance.version = json[u"version"].toString();
    instance.region = json[u"region"].toString();
    instance.status = json[u"status"].toString();
    instance.isSuspended = json[u"isSuspended"].toBool();
    instance.databaseName = json[u"databaseName"].toString();
    instance.databaseUser = json[u"databaseUser"].toString();
    instance.diskSizeGb = json[u"diskSizeGb"].toInt();
    instance.allowedAddresses = rangesFrom(json[u"allowedAddresses"].toArray());
    instance.environmentId = json[u"environmentId"].toString();
    instance.expiresAt = timeFrom(json[u"expiresAt"]);
    instance.createdAt = timeFrom(json[u"createdAt"]);
    instance.dashboardUrl = json[u"dashboardUrl"].toString();
    return instance;
}

QJsonObject jsonOf(const PostgresDraft &draft)
{
    return {{"name", draft.name},
            {"ownerId", draft.ownerId},
            {"plan", draft.plan},
            {"version", draft.version},
            {"region", draft.region},
            {"databaseName", draft.databaseName},
            {"databaseUser", draft.databaseUser},
            {"environmentId", draft.environmentId},
            {"diskSizeGb", draft.diskSizeGb},
            {"allowedAddresses", jsonOf(draft.allowedAddresses)}};
}

PostgresDraft draftFrom(const QJsonObject &json)
{
    PostgresDraft draft;
    draft.name = json[u"name"].toString();
    draft.ownerId = json[u"ownerId"].toString();
    draft.plan = json[u"plan"].toString();
    draft.version = json[u"version"].toString();
    draft.region = json[u"region"].toString();
    draft.databaseName = json[u"databaseName"].toString();
    draft.databaseUser = json[u"databaseUser"].toString();
    draft.environmentId = json[u"environmentId"].toString();
    draft.diskSizeGb = json[u"diskSizeGb"].toInt();
    draft.allowedAddresses = rangesFrom(json[u"allowedAddresses"].toArray());
    return draft;
}

QJsonObject jsonOf(const MigrationService &service)
{
    return {{"id", service.id},
            {"name", service.name},
            {"type", service.type},
            {"url", service.url},
            {"healthPath", service.healthPath},
            {"variables", QJsonArray::fromStringList(service.variables)},
            {"isSuspended", service.isSuspended},
            {"isFrozen", service.isFrozen},
            {"answersBirds", service.answersBirds}};
}

QStringList textsFrom(const QJsonValue &value)
{
    QStringList texts;
    for (const QJsonValue one : value.toArray()) {
        texts += one.toString();
    }
    return texts;
}

MigrationService serviceFrom(const QJsonObject &json)
{
    return {json[u"id"].toString(),        json[u"name"].toString(),       json[u"type"].toString(),
            json[u"url"].toString(),       json[u"healthPath"].toString(), textsFrom(json[u"variables"]),
            json[u"isSuspended"].toBool(), json[u"isFrozen"].toBool(true), json[u"answersBirds"].toBool()};
}

} // namespace

QJsonObject toJson(const ConnectionParameters &parameters)
{
    return {{"host", parameters.host},    {"port", parameters.port},
            {"user", parameters.user},    {"database", parameters.database},
            {"tls", int(parameters.tls)}, {"rootCertificateFile", parameters.rootCertificateFile}};
}

ConnectionParameters connectionFromJson(const QJsonObject &json)
{
    ConnectionParameters parameters;
    parameters.host = json[u"host"].toString();
    parameters.port = json[u"port"].toInt(parameters.port);
    parameters.user = json[u"user"].toString();
    parameters.database = json[u"database"].toString();
    const int tls = json[u"tls"].toInt(int(TlsMode::Verified));
    parameters.tls = tls >= int(TlsMode::Verified) && tls <= int(TlsMode::Optional) ? TlsMode(tls) : TlsMode::Verified;
    parameters.rootCertificateFile = json[u"rootCertificateFile"].toString();
    return parameters;
}

QJsonObject toJson(const MigrationPlan &plan)
{
    QJsonArray databases;
    for (const MigrationDatabase &database : plan.databases) {
        databases += QJsonObject{{"properties", jsonOf(database.properties)},
                                 {"sizeBytes", database.sizeBytes},
                                 {"isDefault", database.isDefault}};
    }
    QJsonArray services;
    for (const MigrationService &service : plan.services) {
        services += jsonOf(service);
    }
    QJsonArray sessions;
    for (const MigrationSession &session : plan.sessions) {
        sessions += QJsonObject{{"database", session.database},
                                {"user", session.user},
                                {"application", session.application},
                                {"address", session.address},
                                {"count", session.count}};
    }
    return {{"version", planVersion},
            {"id", plan.id},
            {"madeAt", timeText(plan.madeAt)},
            {"path", keyOf(plan.path)},
            {"accountId", plan.accountId},
            {"isPractice", plan.isPractice},
            {"profileId", plan.profileId},
            {"profileName", plan.profileName},
            {"source", jsonOf(plan.source)},
            {"connection", toJson(plan.connection)},
            {"serverVersion", plan.serverVersion},
            {"databases", databases},
            {"services", services},
            {"sessions", sessions},
            {"draft", jsonOf(plan.draft)},
            {"backupFolder", plan.backupFolder},
            {"secondFolder", plan.secondFolder},
            {"provesOnInstance", plan.provesOnInstance},
            {"warnings", QJsonArray::fromStringList(plan.warnings)},
            {"blockers", QJsonArray::fromStringList(plan.blockers)}};
}

Result<MigrationPlan> planFromJson(const QJsonObject &json)
{
    MigrationPlan plan;
    plan.id = json[u"id"].toString();
    const QString path = json[u"path"].toString();
    bool isKnown = false;
    for (const auto each : {MigrationPath::UpgradeInPlace, MigrationPath::OneSlot, MigrationPath::SideBySide}) {
        if (path == keyOf(each)) {
            plan.path = each;
            isKnown = true;
        }
    }
    const int version = json[u"version"].toInt();
    if (plan.id.isEmpty() || !isKnown || version < 1 || version > planVersion) {
        return failure(
            ErrorCode::InvalidInput,
            Text::tr("This is not a migration that this version of Roost can read. It may have been begun by "
                     "a newer one: go on with that."));
    }
    plan.madeAt = timeFrom(json[u"madeAt"]);
    plan.accountId = json[u"accountId"].toString();
    plan.isPractice = json[u"isPractice"].toBool();
    plan.profileId = json[u"profileId"].toString();
    plan.profileName = json[u"profileName"].toString();
    plan.source = instanceFrom(json[u"source"].toObject());
    plan.connection = connectionFromJson(json[u"connection"].toObject());
    plan.serverVersion = json[u"serverVersion"].toString();
    for (const QJsonValue one : json[u"databases"].toArray()) {
        plan.databases +=
            {propertiesFrom(one[u"properties"].toObject()), one[u"sizeBytes"].toInteger(), one[u"isDefault"].toBool()};
    }
    for (const QJsonValue one : json[u"services"].toArray()) {
        plan.services += serviceFrom(one.toObject());
    }
    for (const QJsonValue one : json[u"sessions"].toArray()) {
        plan.sessions += {one[u"database"].toString(), one[u"user"].toString(), one[u"application"].toString(),
                          one[u"address"].toString(), one[u"count"].toInt(1)};
    }
    plan.draft = draftFrom(json[u"draft"].toObject());
    plan.backupFolder = json[u"backupFolder"].toString();
    plan.secondFolder = json[u"secondFolder"].toString();
    plan.provesOnInstance = json[u"provesOnInstance"].toBool();
    plan.warnings = textsFrom(json[u"warnings"]);
    plan.blockers = textsFrom(json[u"blockers"]);
    return plan;
}

} // namespace Roost
