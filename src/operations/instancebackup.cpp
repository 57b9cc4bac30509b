#include "operations/listedbackup.h"

#include "postgres/catalogreader.h"
#include "postgres/databaseconnection.h"

#include <QCoreApplication>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(InstanceBackup)
};

/// One backup of a whole instance. On the operation's thread.
class InstanceBackupRun
{
public:
    InstanceBackupRun(const InstanceBackupRequest &request, const BackupCatalog &catalog, JobContext &context)
        : m_request(request)
        , m_catalog(catalog)
        , m_context(context)
    {
    }

    Result<InstanceBackup> run();

private:
    Result<QList<DatabaseInfo>> databases();
    bool isEmptyByDesign(const DatabaseInfo &database);
    Result<Backup> backUpOne(const QString &database);

    const InstanceBackupRequest &m_request;
    const BackupCatalog &m_catalog;
    JobContext &m_context;
    InstanceBackup m_report;
    double m_before = 0; ///< the share of the databases that are done
    double m_share = 0;  ///< of the one at hand
};

Result<InstanceBackup> InstanceBackupRun::run()
{
    const auto databases = this->databases();
    if (!databases) {
        return failure(databases.error());
    }
    // What is small has its share too: connecting and reading the structure take their time.
    constexpr qint64 base = qint64(8) << 20;
    double all = 0;
    for (const DatabaseInfo &database : *databases) {
        all += double(base + std::max<qint64>(database.sizeBytes, 0));
    }
    for (const DatabaseInfo &database : *databases) {
        m_share = double(base + std::max<qint64>(database.sizeBytes, 0)) / all;
        auto backup = backUpOne(database.name);
        if (!backup && backup.error().isCancelled()) {
            return failure(backup.error());
        }
        if (backup) {
            m_report.made += std::move(*backup);
        } else {
            m_report.failed += {database.name, backup.error()};
        }
        m_before += m_share;
    }
    return std::move(m_report);
}

Result<QList<DatabaseInfo>> InstanceBackupRun::databases()
{
    const auto connection = DatabaseConnection::open(m_request.instance, m_context.stopToken());
    if (!connection) {
        return failure(connection.error());
    }
    const auto found = CatalogReader::databases(**connection, m_context.stopToken());
    if (!found) {
        return failure(found.error());
    }
    QList<DatabaseInfo> wanted;
    for (const DatabaseInfo &database : *found) {
        if (database.name == u"template0" || database.name == u"template1") {
            continue;
        }
        if (!database.allowsConnections) {
            m_report.skipped += Text::tr("%1 allows no connections, so it was not backed up.").arg(database.name);
        } else if (!isEmptyByDesign(database)) {
            wanted += database;
        }
    }
    if (wanted.isEmpty()) {
        return failure(ErrorCode::NotFound, Text::tr("There is no database on this instance to back up."));
    }
    return wanted;
}

/// `postgres` is there for connecting through; somebody may have put tables into it all the same.
bool InstanceBackupRun::isEmptyByDesign(const DatabaseInfo &database)
{
    if (database.name != u"postgres") {
        return false;
    }
    const auto connection =
        DatabaseConnection::open(m_request.instance.withDatabase(database.name), m_context.stopToken());
    if (!connection) {
        m_report.skipped +=
            Text::tr("postgres cannot be connected to, so it was not backed up: %1").arg(connection.error().message);
        return true;
    }
    const auto relations = CatalogReader::relations(**connection, m_context.stopToken());
    return relations && relations->isEmpty();
}

Result<Backup> InstanceBackupRun::backUpOne(const QString &database)
{
    JobContext inner(
        m_context.stopToken(),
        [this, &database](const Progress &progress) {
            constexpr qint64 total = 10000;
            const double done = m_before + m_share * std::max(progress.fraction(), 0.0);
            m_context.report({Text::tr("%1: %2").arg(database, progress.step), qint64(done * double(total)), total,
                              progress.amount});
        },
        [this](const QString &line) { m_context.log(line); });
    ListedBackupRequest request;
    request.backup.source = m_request.instance.withDatabase(database);
    request.backup.file = suggestedBackupFile(m_request.folder, database);
    request.origin = m_request.origin;
    request.instanceId = m_request.instanceId;
    request.instanceName = m_request.instanceName;
    return backUpListed(request, m_catalog, inner);
}

} // namespace

Result<InstanceBackup> backUpInstance(const InstanceBackupRequest &request, const BackupCatalog &catalog,
                                      JobContext &context)
{
    return InstanceBackupRun(request, catalog, context).run();
}

} // namespace Roost
