#include "operations/migrationplan.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <numeric>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationPlan)
};

struct StepWords
{
    MigrationStep step;
    const char *key;
    const char *name;
};

constexpr StepWords stepWords[] = {
    {MigrationStep::Freeze, "freeze", QT_TRANSLATE_NOOP("MigrationPlan", "Freeze writers")},
    {MigrationStep::BackUp, "backup", QT_TRANSLATE_NOOP("MigrationPlan", "Back up all databases")},
    {MigrationStep::Prove, "prove", QT_TRANSLATE_NOOP("MigrationPlan", "Prove the backups")},
    {MigrationStep::CompareLive, "compare-live", QT_TRANSLATE_NOOP("MigrationPlan", "Compare with the live databases")},
    {MigrationStep::SecondCopy, "second-copy", QT_TRANSLATE_NOOP("MigrationPlan", "Second copy")},
    {MigrationStep::Gate, "gate", QT_TRANSLATE_NOOP("MigrationPlan", "The gate")},
    {MigrationStep::Upgrade, "upgrade", QT_TRANSLATE_NOOP("MigrationPlan", "Change the plan")},
    {MigrationStep::RetireOld, "retire-old", QT_TRANSLATE_NOOP("MigrationPlan", "Suspend or delete the old instance")},
    {MigrationStep::CreateNew, "create-new", QT_TRANSLATE_NOOP("MigrationPlan", "Create the new instance")},
    {MigrationStep::AwaitNew, "await-new", QT_TRANSLATE_NOOP("MigrationPlan", "Wait until it is available")},
    {MigrationStep::Restore, "restore", QT_TRANSLATE_NOOP("MigrationPlan", "Restore all databases")},
    {MigrationStep::Compare, "compare", QT_TRANSLATE_NOOP("MigrationPlan", "Compare with the backups")},
    {MigrationStep::Analyze, "analyze", QT_TRANSLATE_NOOP("MigrationPlan", "Renew the statistics")},
    {MigrationStep::Variables, "variables", QT_TRANSLATE_NOOP("MigrationPlan", "Point services at it")},
    {MigrationStep::Deploy, "deploy", QT_TRANSLATE_NOOP("MigrationPlan", "Deploy the services")},
    {MigrationStep::Call, "call", QT_TRANSLATE_NOOP("MigrationPlan", "Check that they answer")},
    {MigrationStep::Resume, "resume", QT_TRANSLATE_NOOP("MigrationPlan", "Resume what was suspended")},
    {MigrationStep::Connections, "connections", QT_TRANSLATE_NOOP("MigrationPlan", "Update the saved connection")},
    {MigrationStep::Report, "report", QT_TRANSLATE_NOOP("MigrationPlan", "Report")},
};

const StepWords &wordsOf(MigrationStep step)
{
    return *std::find_if(std::begin(stepWords), std::end(stepWords),
                         [step](const StepWords &words) { return words.step == step; });
}

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

constexpr int planVersion = 1;

} // namespace

QString keyOf(MigrationStep step)
{
    return QLatin1String(wordsOf(step).key);
}

std::optional<MigrationStep> migrationStepOf(const QString &key)
{
    for (const StepWords &words : stepWords) {
        if (key == QLatin1String(words.key)) {
            return words.step;
        }
    }
    return std::nullopt;
}

QString nameOf(MigrationStep step)
{
    return Text::tr(wordsOf(step).name);
}

QString keyOf(MigrationPath path)
{
    switch (path) {
    case MigrationPath::UpgradeInPlace:
        return QStringLiteral("in-place");
    case MigrationPath::OneSlot:
        return QStringLiteral("one-slot");
    case MigrationPath::SideBySide:
        return QStringLiteral("side-by-side");
    }
    return {};
}

QString nameOf(MigrationPath path)
{
    switch (path) {
    case MigrationPath::UpgradeInPlace:
        return Text::tr("Upgrade in place");
    case MigrationPath::OneSlot:
        return Text::tr("One slot: the old one goes first");
    case MigrationPath::SideBySide:
        return Text::tr("Side by side");
    }
    return {};
}

QList<MigrationStep> stepsOf(MigrationPath path)
{
    using Step = MigrationStep;
    switch (path) {
    case MigrationPath::UpgradeInPlace:
        return {Step::BackUp,  Step::Prove,       Step::SecondCopy, Step::Upgrade,
                Step::Compare, Step::Connections, Step::Report};
    case MigrationPath::OneSlot:
        return {Step::Freeze,    Step::BackUp,    Step::Prove,    Step::CompareLive, Step::SecondCopy,  Step::Gate,
                Step::RetireOld, Step::CreateNew, Step::AwaitNew, Step::Restore,     Step::Compare,     Step::Analyze,
                Step::Variables, Step::Deploy,    Step::Call,     Step::Resume,      Step::Connections, Step::Report};
    case MigrationPath::SideBySide:
        return {Step::CreateNew,  Step::AwaitNew, Step::Freeze,  Step::BackUp,    Step::Prove,       Step::CompareLive,
                Step::SecondCopy, Step::Restore,  Step::Compare, Step::Analyze,   Step::Variables,   Step::Deploy,
                Step::Call,       Step::Resume,   Step::Gate,    Step::RetireOld, Step::Connections, Step::Report};
    }
    return {};
}

qint64 MigrationPlan::totalBytes() const
{
    return std::accumulate(databases.begin(), databases.end(), qint64(0),
                           [](qint64 sum, const MigrationDatabase &database) { return sum + database.sizeBytes; });
}

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
