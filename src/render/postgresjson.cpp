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

Owner ownerFrom(JsonMembers &members)
{
    Owner owner;
    owner.id = members.text(QStringLiteral("id"));
    owner.name = members.text(QStringLiteral("name"));
    owner.email = members.text(QStringLiteral("email"));
    owner.type = members.text(QStringLiteral("type"));
    return owner;
}

QList<AllowedAddresses> addressesFrom(JsonMembers &of)
{
    QList<AllowedAddresses> all;
    const QJsonArray items = of.list(QStringLiteral("ipAllowList"));
    for (const QJsonValue &item : items) {
        JsonMembers one(item, QStringLiteral("ipAllowList"));
        all += AllowedAddresses{one.needed(QStringLiteral("cidrBlock")), one.text(QStringLiteral("description"))};
        of.take(one);
    }
    return all;
}

QJsonArray jsonOf(const QList<AllowedAddresses> &addresses)
{
    QJsonArray items;
    for (const AllowedAddresses &range : addresses) {
        items += QJsonObject{{QStringLiteral("cidrBlock"), range.cidrBlock},
                             {QStringLiteral("description"), range.description}};
    }
    return items;
}

QStringList replicasFrom(JsonMembers &of)
{
    QStringList ids;
    const QJsonArray items = of.list(QStringLiteral("readReplicas"));
    for (const QJsonValue &item : items) {
        JsonMembers one(item, QStringLiteral("readReplicas"));
        ids += one.text(QStringLiteral("id"));
        of.take(one);
    }
    return ids;
}

/// Render capitalises the names of GET …/query/sizes; that may be an oversight.
QString eitherCase(JsonMembers &of, const QString &name)
{
    return of.has(name) ? of.text(name) : of.text(name.toLower());
}

} // namespace

Read<RenderUser> readUser(const QJsonValue &json)
{
    JsonMembers from(json, QStringLiteral("user"));
    RenderUser user{from.text(QStringLiteral("name")), from.text(QStringLiteral("email"))};
    return finished(from, std::move(user));
}

Read<Owner> readOwner(const QJsonValue &json)
{
    JsonMembers from(json, QStringLiteral("owner"));
    Owner owner = ownerFrom(from);
    owner.id = from.needed(QStringLiteral("id"));
    return finished(from, std::move(owner));
}

Read<PostgresInstance> readInstance(const QJsonValue &json)
{
    JsonMembers from(json, QStringLiteral("postgres"));
    PostgresInstance instance;
    instance.id = from.needed(QStringLiteral("id"));
    instance.name = from.text(QStringLiteral("name"));
    JsonMembers owner = from.object(QStringLiteral("owner"));
    instance.owner = ownerFrom(owner);
    from.take(owner);
    instance.plan = from.text(QStringLiteral("plan"));
    instance.version = from.text(QStringLiteral("version"));
    instance.region = from.text(QStringLiteral("region"));
    instance.role = from.text(QStringLiteral("role"));
    instance.status = from.text(QStringLiteral("status"));
    instance.isSuspended = from.truth(suspended, suspended);
    instance.suspenders = from.texts(QStringLiteral("suspenders"));
    instance.databaseName = from.text(QStringLiteral("databaseName"));
    instance.databaseUser = from.text(QStringLiteral("databaseUser"));
    instance.diskSizeGb = int(from.number(QStringLiteral("diskSizeGB")));
    instance.allowedAddresses = addressesFrom(from);
    instance.environmentId = from.text(QStringLiteral("environmentId"));
    instance.primaryId = from.text(QStringLiteral("primaryPostgresID"));
    instance.replicas = replicasFrom(from);
    instance.hasHighAvailability = from.truth(QStringLiteral("highAvailabilityEnabled"));
    instance.connectionPool = from.text(QStringLiteral("connectionPool"));
    instance.expiresAt = from.time(QStringLiteral("expiresAt"));
    instance.createdAt = from.time(QStringLiteral("createdAt"));
    instance.updatedAt = from.time(QStringLiteral("updatedAt"));
    instance.dashboardUrl = from.text(QStringLiteral("dashboardUrl"));
    return finished(from, std::move(instance));
}

Read<PostgresConnectionInfo> readConnectionInfo(const QJsonValue &json)
{
    JsonMembers from(json, QStringLiteral("connectionInfo"));
    PostgresConnectionInfo info;
    info.password = Secret(from.text(QStringLiteral("password")));
    info.externalUrl = Secret(from.needed(QStringLiteral("externalConnectionString")));
    info.internalUrl = Secret(from.text(QStringLiteral("internalConnectionString")));
    info.psqlCommand = Secret(from.text(QStringLiteral("psqlCommand")));
    return finished(from, std::move(info));
}

Read<PostgresCredential> readCredential(const QJsonValue &json)
{
    JsonMembers from(json, QStringLiteral("credential"));
    PostgresCredential credential;
    credential.username = from.text(QStringLiteral("username"));
    credential.isDefault = from.truth(QStringLiteral("default"));
    credential.createdAt = from.time(QStringLiteral("createdAt"));
    credential.openConnections = int(from.number(QStringLiteral("openConnections"), -1));
    return finished(from, std::move(credential));
}

Read<PostgresSize> readSize(const QJsonValue &json)
{
    JsonMembers from(json, QStringLiteral("sizes"));
    PostgresSize size;
    size.database = eitherCase(from, QStringLiteral("Database"));
    size.schema = eitherCase(from, QStringLiteral("Schema"));
    size.table = eitherCase(from, QStringLiteral("Table"));
    size.index = eitherCase(from, QStringLiteral("Index"));
    size.bytes = from.number(from.has(QStringLiteral("Bytes")) ? QStringLiteral("Bytes") : QStringLiteral("bytes"));
    return finished(from, std::move(size));
}

Read<PostgresProcess> readProcess(const QJsonValue &json)
{
    JsonMembers from(json, QStringLiteral("processes"));
    PostgresProcess process;
    process.pid = from.number(QStringLiteral("pid"));
    process.username = from.text(QStringLiteral("username"));
    process.database = from.text(QStringLiteral("databaseName"));
    process.application = from.text(QStringLiteral("applicationName"));
    process.clientAddress = from.text(QStringLiteral("clientAddr"));
    process.state = from.text(QStringLiteral("state"));
    process.query = from.text(QStringLiteral("query"));
    return finished(from, std::move(process));
}

Read<PostgresExport> readExport(const QJsonValue &json)
{
    JsonMembers from(json, QStringLiteral("export"));
    PostgresExport made;
    made.id = from.needed(QStringLiteral("id"));
    made.createdAt = from.time(QStringLiteral("createdAt"));
    made.url = from.text(QStringLiteral("url"));
    return finished(from, std::move(made));
}

QJsonObject bodyOf(const PostgresDraft &draft)
{
    QJsonObject body{{QStringLiteral("name"), draft.name},
                     {QStringLiteral("ownerId"), draft.ownerId},
                     {QStringLiteral("plan"), draft.plan},
                     {QStringLiteral("version"), draft.version},
                     {QStringLiteral("ipAllowList"), jsonOf(draft.allowedAddresses)}};
    for (const auto &[name, value] : {std::pair{QStringLiteral("region"), draft.region},
                                      {QStringLiteral("databaseName"), draft.databaseName},
                                      {QStringLiteral("databaseUser"), draft.databaseUser},
                                      {QStringLiteral("environmentId"), draft.environmentId}}) {
        if (!value.isEmpty()) {
            body.insert(name, value);
        }
    }
    if (draft.diskSizeGb > 0) {
        body.insert(QStringLiteral("diskSizeGB"), draft.diskSizeGb);
    }
    return body;
}

QJsonObject bodyOf(const PostgresChanges &changes)
{
    QJsonObject body;
    if (changes.name) {
        body.insert(QStringLiteral("name"), *changes.name);
    }
    if (changes.plan) {
        body.insert(QStringLiteral("plan"), *changes.plan);
    }
    if (changes.diskSizeGb) {
        body.insert(QStringLiteral("diskSizeGB"), *changes.diskSizeGb);
    }
    if (changes.allowedAddresses) {
        body.insert(QStringLiteral("ipAllowList"), jsonOf(*changes.allowedAddresses));
    }
    return body;
}

} // namespace Roost
