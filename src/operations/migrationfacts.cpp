#include "operations/migrationfacts.h"

#include "operations/instanceconnection.h"
#include "operations/sourcefacts.h"
#include "postgres/catalogreader.h"
#include "postgres/databaseconnection.h"
#include "storage/keychain.h"

#include <QCoreApplication>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationFacts)
};

/// Sessions of superusers are the provider's own: it watches its servers.
const QString sessionsStatement = QStringLiteral(
    "SELECT a.datname, a.usename, coalesce(a.application_name, ''), coalesce(pg_catalog.host(a.client_addr), ''), "
    "pg_catalog.count(*) FROM pg_catalog.pg_stat_activity a "
    "WHERE a.datname IS NOT NULL AND a.pid <> pg_catalog.pg_backend_pid() "
    "AND coalesce(a.backend_type, 'client backend') = 'client backend' "
    "AND coalesce(a.application_name, '') <> 'Roost' AND coalesce(a.application_name, '') NOT LIKE 'roost-%' "
    "AND NOT EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = a.usename AND r.rolsuper) "
    "GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4");

const QString extensionsStatement =
    QStringLiteral("SELECT extname FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql' ORDER BY 1");

/// One look at the server. On the operation's thread.
class ServerReading
{
public:
    ServerReading(MigrationFacts &facts, ConnectionSpec spec, const JobContext &context)
        : m_facts(facts)
        , m_spec(std::move(spec))
        , m_context(context)
    {
    }

    Result<void> run();

private:
    Result<void> readDatabases(DatabaseConnection &connection);
    Result<void> readDatabase(DatabaseConnection &beside, const DatabaseInfo &info);
    void readInside(const QString &name);
    Result<void> readSessions(DatabaseConnection &connection);
    bool isEmptyByDesign(const DatabaseInfo &info);
    std::stop_token stop() const { return m_context.stopToken(); }

    MigrationFacts &m_facts;
    const ConnectionSpec m_spec;
    const JobContext &m_context;
};

Result<void> ServerReading::run()
{
    m_context.report({Text::tr("Connecting to %1").arg(m_facts.profile.name), 0, 0, {}, -1});
    const auto connection = DatabaseConnection::open(m_spec, stop());
    if (!connection) {
        return failure(connection.error());
    }
    if (auto read = readDatabases(**connection); !read) {
        return read;
    }
    if (auto read = readSessions(**connection); !read) {
        return read;
    }
    m_facts.serverVersion = (*connection)->server().version;
    m_facts.versionText = (*connection)->server().versionText;
    return {};
}

Result<void> ServerReading::readDatabases(DatabaseConnection &connection)
{
    const auto listed = CatalogReader::databases(connection, stop());
    if (!listed) {
        return failure(listed.error());
    }
    int done = 0;
    for (const DatabaseInfo &info : *listed) {
        m_context.report({Text::tr("Looking at %1").arg(info.name), done++, listed->size(), {}, -1});
        if (info.name == u"template0" || info.name == u"template1") {
            continue;
        }
        if (!info.allowsConnections) {
            m_facts.shutDatabases += info.name;
            continue;
        }
        if (isEmptyByDesign(info)) {
            continue;
        }
        if (auto read = readDatabase(connection, info); !read) {
            return read;
        }
        if (m_context.isCancelled()) {
            return failure(Error::cancelled());
        }
    }
    m_facts.extensions.removeDuplicates();
    m_facts.extensions.sort();
    return {};
}

/// `postgres` is there for connecting through; somebody may have put tables into it all the same.
bool ServerReading::isEmptyByDesign(const DatabaseInfo &info)
{
    if (info.name != u"postgres") {
        return false;
    }
    const auto connection = DatabaseConnection::open(m_spec.withDatabase(info.name), stop());
    if (!connection) {
        m_facts.gaps +=
            Text::tr("The database postgres could not be looked into, so it is taken for empty, as it is on every new "
                     "instance. %1")
                .arg(connection.error().message);
        return true;
    }
    const auto relations = CatalogReader::relations(**connection, stop());
    return relations && relations->isEmpty();
}

Result<void> ServerReading::readDatabase(DatabaseConnection &beside, const DatabaseInfo &info)
{
    auto properties = readDatabaseProperties(beside, info.name, stop());
    if (!properties) {
        return failure(properties.error());
    }
    m_facts.userMayCreate = properties->userMayCreate;
    const QString own = m_facts.instance ? m_facts.instance->databaseName : m_facts.profile.parameters.database;
    m_facts.databases += {std::move(*properties), std::max<qint64>(info.sizeBytes, 0), info.name == own};
    readInside(info.name);
    return {};
}

void ServerReading::readInside(const QString &name)
{
    const ConnectionSpec spec = m_spec.withDatabase(name);
    const auto facts = readSourceFacts(spec, m_context);
    if (!facts) {
        m_facts.troubles += Text::tr("%1 could not be looked into: %2").arg(name, facts.error().message);
        return;
    }
    for (const QString &table : facts->hiddenRows) {
        m_facts.hiddenRows += Text::tr("%1: %2").arg(name, table);
    }
    for (const QString &table : facts->unreadable) {
        m_facts.unreadable += Text::tr("%1: %2").arg(name, table);
    }
    const auto connection = DatabaseConnection::open(spec, stop());
    auto rows = connection ? (*connection)->query(extensionsStatement, {}, stop())
                           : Result<QSqlQuery>(failure(connection.error()));
    while (rows && rows->next()) {
        m_facts.extensions += rows->value(0).toString();
    }
}

Result<void> ServerReading::readSessions(DatabaseConnection &connection)
{
    auto rows = connection.query(sessionsStatement, {}, stop());
    if (!rows) {
        return failure(rows.error());
    }
    while (rows->next()) {
        m_facts.sessions += {rows->value(0).toString(), rows->value(1).toString(), rows->value(2).toString(),
                             rows->value(3).toString(), rows->value(4).toInt()};
    }
    return {};
}

/// As the steps find it later: the saved connection with the keychain's password, else what Render says.
Result<ConnectionSpec> specOf(MigrationFacts &facts, const MigrationEnvironment &environment, JobContext &context)
{
    const bool isKnown = !facts.profile.parameters.host.isEmpty();
    const auto secret = environment.keychain.load(facts.profile.id, context.stopToken());
    if (isKnown && secret) {
        return ConnectionSpec{facts.profile.parameters, *secret};
    }
    if (facts.access && facts.instance) {
        auto spec = connectionOf(*facts.access, facts.instance->id, context, environment.patience.times);
        if (spec && isKnown) {
            spec->parameters = facts.profile.parameters;
        }
        return spec;
    }
    if (!isKnown) {
        return failure(ErrorCode::InvalidInput, Text::tr("The saved connection %1 has no address yet. Connect to it "
                                                         "once, then plan again.")
                                                    .arg(facts.profile.name));
    }
    return failure(secret.error());
}

} // namespace

qint64 MigrationFacts::totalBytes() const
{
    qint64 sum = 0;
    for (const MigrationDatabase &database : databases) {
        sum += database.sizeBytes;
    }
    return sum;
}

qint64 MigrationFacts::largestBytes() const
{
    qint64 largest = 0;
    for (const MigrationDatabase &database : databases) {
        largest = std::max(largest, database.sizeBytes);
    }
    return largest;
}

Result<void> readServerFacts(MigrationFacts &facts, const MigrationEnvironment &environment, JobContext &context)
{
    const auto spec = specOf(facts, environment, context);
    if (spec) {
        facts.connection = spec->parameters;
    }
    const Result<void> read = spec ? ServerReading(facts, *spec, context).run() : failure(spec.error());
    if (!read && (read.error().isCancelled() || context.isCancelled())) {
        return failure(Error::cancelled());
    }
    if (!read) {
        facts.serverError = read.error();
    }
    return {};
}

} // namespace Roost
