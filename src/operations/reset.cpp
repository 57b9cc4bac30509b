#include "operations/restore.h"

#include "operations/databaseproperties.h"
#include "operations/maintenance.h"
#include "operations/phasedprogress.h"
#include "operations/safetybackup.h"
#include "postgres/catalogreader.h"
#include "postgres/databaseadmin.h"
#include "postgres/databaseconnection.h"

#include <QCoreApplication>

namespace Roost {

namespace {

constexpr qsizetype sessionsNamed = 5;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Reset)
};

/// One reset. Everything that can be refused is checked before anything is dropped. On the operation's thread.
class ResetRun
{
public:
    ResetRun(const ResetRequest &request, JobContext &context)
        : m_request(request)
        , m_context(context)
        , m_database(request.target.parameters.database)
        , m_progress(context)
    {
    }

    Result<ResetReport> run();

private:
    Result<void> check();
    Result<void> checkSessions();
    Result<void> backUpFirst();
    Result<void> drop();
    Result<void> createAgain();
    QString backupText() const;

    const ResetRequest &m_request;
    JobContext &m_context;
    const QString m_database;
    PhasedProgress m_progress;
    std::unique_ptr<DatabaseConnection> m_beside;
    DatabaseProperties m_properties;
    ResetReport m_report;
};

Result<ResetReport> ResetRun::run()
{
    m_progress.enter(0, m_request.safetyBackupFile.isEmpty() ? 0.5 : 0.05);
    m_progress.report(Text::tr("Looking at the database"));
    auto done = check().and_then([this] { return checkSessions(); }).and_then([this] { return backUpFirst(); });
    if (done && m_context.isCancelled()) {
        done = failure(Error::cancelled());
    }
    if (done) {
        m_progress.enter(0.9, 1);
        m_progress.report(Text::tr("Dropping %1 and creating it again").arg(m_database));
        // From here on a cancel would leave the user without the database.
        done = drop().and_then([this] { return createAgain(); });
    }
    if (!done) {
        return tl::unexpected(done.error());
    }
    m_report.database = m_database;
    m_report.warnings = applyDatabaseExtras(*m_beside, m_properties, m_database);
    m_progress.report(Text::tr("Done"), 1);
    return m_report;
}

Result<void> ResetRun::check()
{
    if (m_database.isEmpty() || m_request.confirmation != m_database) {
        return failure(
            ErrorCode::InvalidInput,
            Text::tr("To reset “%1”, its name has to be typed exactly as it is. Nothing was changed.").arg(m_database));
    }
    auto beside = openBeside(m_request.target, m_context);
    if (!beside) {
        return tl::unexpected(beside.error());
    }
    m_beside = std::move(*beside);
    auto properties = readDatabaseProperties(*m_beside, m_database, m_context.stopToken());
    if (!properties) {
        return tl::unexpected(properties.error());
    }
    m_properties = std::move(*properties);
    if (m_properties.isTemplate || m_database == u"postgres") {
        return failure(
            ErrorCode::NotAllowed,
            Text::tr("“%1” belongs to the server itself and is not reset. Nothing was changed.").arg(m_database));
    }
    if (!m_properties.userOwnsIt || !m_properties.userMayCreate) {
        return failure(ErrorCode::NotAllowed,
                       Text::tr("The user “%1” cannot reset “%2”: that takes its owner (%3), with the right to create "
                                "databases. Nothing was changed.")
                           .arg(m_properties.user, m_database, m_properties.owner));
    }
    return {};
}

Result<void> ResetRun::checkSessions()
{
    if (m_request.endSessions) {
        return {};
    }
    const auto sessions = CatalogReader::sessions(*m_beside, m_database, m_context.stopToken());
    if (!sessions) {
        return tl::unexpected(sessions.error());
    }
    if (sessions->isEmpty()) {
        return {};
    }
    QStringList names;
    for (const SessionInfo &session : sessions->first(qMin(sessions->size(), sessionsNamed))) {
        names +=
            QStringLiteral("%1 %2 %3").arg(session.user, session.applicationName, session.clientAddress).simplified();
    }
    return failure(
        ErrorCode::Conflict,
        Text::tr("%n session(s) are connected to “%1”: %2. Nothing was changed. Close them, or choose to end "
                 "them, and start again.",
                 nullptr, int(sessions->size()))
            .arg(m_database, names.join(QStringLiteral("; "))));
}

Result<void> ResetRun::backUpFirst()
{
    if (m_request.safetyBackupFile.isEmpty()) {
        return {};
    }
    m_progress.enter(0.05, 0.9);
    const auto backup =
        takeSafetyBackup(m_request.target, m_request.safetyBackupFile, m_request.safetyListing, m_progress, m_context);
    if (!backup) {
        Error error = backup.error();
        if (!error.isCancelled()) {
            error.message = Text::tr("“%1” was not reset, because the safety backup failed.").arg(m_database) + u' ' +
                            error.message;
        }
        return failure(error);
    }
    m_report.safetyBackupFile = backup->file;
    m_report.safetyBackupBytes = backup->sizeBytes;
    // The one from before lay idle for as long as the backup took.
    auto beside = openBeside(m_request.target, m_context);
    if (!beside) {
        return tl::unexpected(beside.error());
    }
    m_beside = std::move(*beside);
    return {};
}

Result<void> ResetRun::drop()
{
    const auto dropped = DatabaseAdmin::drop(*m_beside, m_database, m_request.endSessions);
    if (dropped) {
        return {};
    }
    Error error = dropped.error();
    if (!m_beside->isOpen()) {
        // The answer was lost, not necessarily the deed: look.
        auto again = openBeside(m_request.target, JobContext());
        if (!again) {
            error.message = Text::tr("The connection was lost while “%1” was being dropped, so it may or may not be "
                                     "there. %2 Connect again and look; if it is gone, create it again.")
                                .arg(m_database, backupText());
            return failure(error);
        }
        m_beside = std::move(*again);
        const auto there = readDatabaseProperties(*m_beside, m_database);
        if (!there && there.error().code == ErrorCode::NotFound) {
            return {};
        }
    }
    error.message += u' ' + Text::tr("“%1” was not dropped; all its data are still there.").arg(m_database);
    return failure(error);
}

Result<void> ResetRun::createAgain()
{
    auto created = createDatabaseLike(*m_beside, m_properties, m_database);
    if (!created && !m_beside->isOpen()) {
        auto again = openBeside(m_request.target, JobContext());
        if (again) {
            m_beside = std::move(*again);
            created = readDatabaseProperties(*m_beside, m_database).has_value()
                          ? Result<void>()
                          : createDatabaseLike(*m_beside, m_properties, m_database);
        }
    }
    if (created) {
        return {};
    }
    Error error = created.error();
    error.message =
        Text::tr("“%1” was dropped, but could not be created again. %2 Create a database with this name (the "
                 "details say what the server answered).")
            .arg(m_database, backupText());
    return failure(error);
}

QString ResetRun::backupText() const
{
    return m_report.safetyBackupFile.isEmpty()
               ? Text::tr("There is no safety backup of it.")
               : Text::tr("All its data are in the safety backup %1.").arg(m_report.safetyBackupFile);
}

} // namespace

Result<ResetReport> reset(const ResetRequest &request, JobContext &context)
{
    return ResetRun(request, context).run();
}

} // namespace Roost
