#include "operations/restore.h"

#include "operations/archivetools.h"
#include "operations/earlyfingerprints.h"
#include "operations/fillprogress.h"
#include "operations/phasedprogress.h"
#include "operations/postgrestool.h"
#include "operations/restorecheck.h"
#include "operations/restorerights.h"
#include "operations/restorescope.h"
#include "operations/restoreshares.h"
#include "operations/restoresource.h"
#include "operations/restoretarget.h"
#include "operations/safetybackup.h"
#include "operations/targetcontents.h"
#include "operations/watchedtool.h"

#include <QCoreApplication>
#include <QFile>
#include <QTemporaryDir>

#include <algorithm>

namespace Roost {

namespace {

constexpr int firstToolWithTransactionTimeout = 17;
/// Of rows as text: less is compared in a moment, and gains nothing from being compared ahead.
constexpr qint64 compareAheadFrom = qint64(32) << 20;
constexpr qint64 bigTable = qint64(4) << 20;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Restore)
};

/// For errors of parts that know nothing of a restore.
Result<void> ofRestore(Result<void> done)
{
    if (!done && !done.error().isCancelled()) {
        done.error().message = Text::tr("The restore failed.") + u' ' + done.error().message;
    }
    return done;
}

/// One restore: reads the archive whole, prepares a target that holds nothing, fills it, reads the result back. On the
/// operation's thread.
class RestoreRun
{
public:
    RestoreRun(const RestoreRequest &request, const JobContext &context, PhasedProgress progress, RestoreSource source,
               ConnectionSpec target)
        : m_request(request)
        , m_context(context)
        , m_progress(progress)
        , m_source(std::move(source))
        , m_fillProgress(m_source.toc, m_progress)
        , m_target(request, std::move(target), context)
    {
        m_report.warnings = m_source.warnings;
    }

    Result<RestoreReport> run();

private:
    Result<void> backUpFirst();
    Result<void> makePlan();
    Result<void> chooseTools();
    Result<void> fill();
    QList<ArchivedTable> tablesToFill() const;
    bool canCompareAhead() const;
    QList<ArchivedTable> tablesToCompareAhead() const;
    void compareAhead();
    QStringList arguments(const QString &listFile) const;
    void tell(const ToolMessages &messages);
    Result<void> check();
    std::stop_token checkingStop() const;

    const RestoreRequest &m_request;
    const JobContext &m_context;
    PhasedProgress m_progress;
    RestoreSource m_source;
    FillProgress m_fillProgress;
    std::unique_ptr<EarlyFingerprints> m_early; ///< where tables are compared ahead
    double m_fillFrom = RestoreShares::readTo;  ///< of the whole
    RestoreTarget m_target;
    RestoreScope m_scope;
    RestorePlan m_plan;
    PgToolchain m_toolchain;
    int m_serverVersion = 0;
    bool m_isTransactional = true;
    bool m_isFilled = false; ///< pg_restore ended well: what it did is committed
    RestoreReport m_report;
};

Result<RestoreReport> RestoreRun::run()
{
    auto done = m_target.prepare();
    if (!done) {
        return tl::unexpected(done.error());
    }
    done = backUpFirst()
               .and_then([this] { return ofRestore(makePlan()); })
               .and_then([this] { return fill(); })
               .and_then([this] { return ofRestore(check()); });
    m_early.reset(); // its session would be in the way of what follows
    if (done) {
        m_progress.report(Text::tr("Putting it in its place"), 1);
        done = ofRestore(m_target.finish(m_report.retiredDatabase, m_report.warnings));
    }
    if (!done) {
        Error error = done.error();
        error.message += u' ' + m_target.abandon(m_isTransactional, m_isFilled);
        if (!m_report.safetyBackupFile.isEmpty()) {
            error.message += u' ' + Text::tr("The safety backup stays: %1").arg(m_report.safetyBackupFile);
        }
        return failure(error);
    }
    m_report.database = m_request.target.parameters.database;
    m_report.tables = m_plan.tables;
    m_report.isPart = m_scope.isPart();
    m_report.leftOut = m_plan.leftOut + m_scope.notes;
    m_progress.enter(1, 1);
    m_progress.report(Text::tr("Done"), 1);
    return m_report;
}

/// The old content stays on the server too, but a server can be lost.
Result<void> RestoreRun::backUpFirst()
{
    if (m_request.safetyBackupFile.isEmpty() || m_request.mode != RestoreMode::ReplaceExisting) {
        return {};
    }
    m_fillFrom = 0.45;
    m_progress.enter(RestoreShares::readTo, m_fillFrom);
    const auto backup =
        takeSafetyBackup(m_request.target, m_request.safetyBackupFile, m_request.safetyListing, m_progress, m_context);
    if (!backup) {
        Error error = backup.error();
        if (!error.isCancelled()) {
            error.message = Text::tr("Nothing was restored, because the safety backup failed.") + u' ' + error.message;
        }
        return failure(error);
    }
    m_report.safetyBackupFile = backup->file;
    m_report.safetyBackupBytes = backup->sizeBytes;
    return {};
}

Result<void> RestoreRun::makePlan()
{
    const auto connection = DatabaseConnection::open(m_target.working(), m_context.stopToken());
    if (!connection) {
        return tl::unexpected(connection.error());
    }
    m_serverVersion = (*connection)->server().version;
    const auto objects = targetObjects(**connection, m_context.stopToken());
    if (!objects) {
        return tl::unexpected(objects.error());
    }
    auto scope = scopeOf(m_request, m_source, *objects, **connection, m_context);
    if (!scope) {
        return tl::unexpected(scope.error());
    }
    m_scope = std::move(*scope);
    RestoreWish wish{m_scope.entries, m_request.structureOnly};
    wish.needs = m_source.needs;
    for (const ArchivedTable &table : tablesToFill()) {
        wish.tableBytes.insert(table.schema + u'.' + table.name, table.bytes);
    }
    for (const ArchivedTable &table : tablesToCompareAhead()) {
        wish.comparedAhead.insert(table.schema + u'.' + table.name);
    }
    m_plan = planRestore(m_source.toc, *objects, wish);
    const QString user = m_target.working().parameters.user;
    if (auto allowed = checkRights(m_source.toc, m_plan, *objects, user, m_request.target.parameters.database);
        !allowed) {
        return allowed;
    }
    if (const auto remark = remarkOnOwners(m_source.toc, m_plan, user)) {
        m_report.messages += *remark;
    }
    for (const QString &leftOut : m_plan.leftOut + m_scope.notes) {
        m_context.log(Text::tr("Left out: %1").arg(leftOut));
    }
    return chooseTools();
}

Result<void> RestoreRun::chooseTools()
{
    auto toolchain = toolchainToRestore(m_source.archive, m_source.toc.toolMajor(), m_serverVersion, m_context);
    if (!toolchain) {
        return tl::unexpected(toolchain.error());
    }
    m_toolchain = std::move(*toolchain);
    // Such tools begin with a setting that older servers refuse, so they have to go on after an error.
    const bool mustTolerate =
        m_toolchain.version.majorVersion() >= firstToolWithTransactionTimeout && m_serverVersion < 170000;
    m_isTransactional = m_plan.fitsOneTransaction && !mustTolerate && m_request.jobs == 1 && !canCompareAhead();
    if (m_request.mode == RestoreMode::IntoExisting && !m_isTransactional) {
        return failure(ErrorCode::NotAllowed,
                       Text::tr("Among what is there already, objects are restored only where a failure can be undone "
                                "as a whole. Here it cannot be: they are too many for one transaction, or the "
                                "PostgreSQL tools that the backup needs are newer than the server. Restore them into a "
                                "new database."));
    }
    return {};
}

QList<ArchivedTable> RestoreRun::tablesToFill() const
{
    QList<ArchivedTable> tables;
    std::copy_if(m_source.tables.begin(), m_source.tables.end(), std::back_inserter(tables),
                 [this](const ArchivedTable &table) { return m_scope.has(table) && !m_request.structureOnly; });
    return tables;
}

/// Where what fails is dropped as a whole, each table can be committed by itself, and looked at while others are
/// loaded.
bool RestoreRun::canCompareAhead() const
{
    const bool isDisposable = m_request.mode == RestoreMode::IntoNew || m_request.mode == RestoreMode::ReplaceExisting;
    qint64 bytes = 0;
    for (const ArchivedTable &table : tablesToFill()) {
        bytes += table.bytes;
    }
    return isDisposable && m_source.manifest && m_request.jobs == 1 && bytes >= compareAheadFrom;
}

QList<ArchivedTable> RestoreRun::tablesToCompareAhead() const
{
    QList<ArchivedTable> tables = canCompareAhead() ? tablesToFill() : QList<ArchivedTable>();
    tables.removeIf([](const ArchivedTable &table) { return table.bytes < bigTable; });
    return tables;
}

void RestoreRun::compareAhead()
{
    m_early = std::make_unique<EarlyFingerprints>(m_target.working(), m_source.manifest->rowHash);
    QList<TableId> big;
    for (const ArchivedTable &table : tablesToCompareAhead()) {
        big += {table.schema, table.name};
    }
    m_fillProgress.setOnLoaded([this, big](const TableId &table) {
        if (big.contains(table)) {
            m_early->add(table);
        }
    });
}

QStringList RestoreRun::arguments(const QString &listFile) const
{
    QStringList list = {QStringLiteral("--verbose"),
                        QStringLiteral("--no-acl"),
                        QStringLiteral("--no-owner"),
                        QStringLiteral("--no-password"),
                        QStringLiteral("--use-list=") + listFile,
                        QStringLiteral("--dbname=") + toolConnectionString(m_target.working().parameters.database)};
    // Without --clean: the target holds nothing, and each DROP would cost a round trip.
    if (m_isTransactional) {
        list += QStringLiteral("--single-transaction");
    }
    if (m_request.jobs > 1) {
        list += QStringLiteral("--jobs=%1").arg(m_request.jobs);
    }
    if (m_isTransactional || m_serverVersion >= 170000 ||
        m_toolchain.version.majorVersion() < firstToolWithTransactionTimeout) {
        list += QStringLiteral("--exit-on-error");
    }
    return list;
}

Result<void> RestoreRun::fill()
{
    if (canCompareAhead()) {
        compareAhead();
    }
    m_fillProgress.begin(m_fillFrom, tablesToFill(), m_plan.finishingSteps, m_request.jobs);
    const QTemporaryDir folder;
    QFile list(folder.filePath(QStringLiteral("contents")));
    if (!list.open(QIODevice::WriteOnly) || list.write(m_plan.useList) != m_plan.useList.size() || !list.flush()) {
        return failure(ErrorCode::FileFailed,
                       Text::tr("The list of what to restore could not be written. Check that there is room on this "
                                "computer's disk."),
                       list.errorString());
    }
    WatchedTool tool;
    tool.messagePrefix = QStringLiteral("pg_restore");
    tool.command = postgresTool(m_toolchain, tool.messagePrefix, m_target.working(), m_serverVersion);
    tool.command.arguments = arguments(list.fileName());
    m_source.archive.handTo(tool.command);
    tool.onLine = [this](const QString &line) {
        m_context.log(line);
        m_fillProgress.takeLine(line);
    };
    tool.onProgress = [this](const CopyMonitor::State &state) { m_fillProgress.take(state); };
    tool.onStall = [this](const QString &note) { m_fillProgress.setNote(note); };
    m_context.log(tool.command.program + u' ' + tool.command.arguments.join(u' '));

    const auto outcome = runWatched(tool, m_context);
    if (!outcome) {
        return tl::unexpected(outcome.error());
    }
    const bool isDone = toolSucceeded(outcome->process, outcome->messages) ||
                        (!m_isTransactional && onlyUnknownSettingErrors(outcome->process, outcome->messages));
    tell(outcome->messages);
    if (!isDone) {
        Error error = explainToolFailure(ToolTask::Restore, outcome->process, outcome->messages, {});
        error.detail = groupedText(m_report.messages);
        return failure(error);
    }
    m_isFilled = true;
    return {};
}

void RestoreRun::tell(const ToolMessages &messages)
{
    m_report.messages = weighed(messages) + m_report.messages;
    if (m_request.onMessages) {
        m_request.onMessages(m_report.messages);
    }
}

/// What is committed into the user's own database is not "cancelled" any more: it is looked at to the end.
std::stop_token RestoreRun::checkingStop() const
{
    const bool isUsersOwn = m_request.mode == RestoreMode::IntoEmpty || m_request.mode == RestoreMode::IntoExisting;
    return isUsersOwn ? std::stop_token() : m_context.stopToken();
}

Result<void> RestoreRun::check()
{
    m_fillProgress.end();
    RestoredContent content{m_request, m_source, m_scope, {}};
    if (m_early) {
        content.early = m_early->finish(checkingStop());
        const QStringList names = content.early.tables.keys();
        m_context.log(Text::tr("Read back while others were loaded: %1").arg(names.join(QStringLiteral(", "))));
    }
    return checkRestored(m_target.working(), content, m_progress, m_report, checkingStop());
}

} // namespace

Result<RestoreReport> restore(const RestoreRequest &request, JobContext &context)
{
    if (const auto sound = checkRequest(request); !sound) {
        return failure(sound.error());
    }
    PhasedProgress progress(context);
    auto source = readSource(request, progress, context);
    if (!source) {
        return tl::unexpected(source.error());
    }
    auto target = specForTools(request.target);
    if (!target) {
        return tl::unexpected(target.error());
    }
    return RestoreRun(request, context, progress, std::move(*source), std::move(*target)).run();
}

} // namespace Roost
