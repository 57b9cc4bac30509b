#include "operations/restore.h"

#include "operations/archivetools.h"
#include "operations/phasedprogress.h"
#include "operations/postgrestool.h"
#include "operations/restorecheck.h"
#include "operations/restorerights.h"
#include "operations/restorescope.h"
#include "operations/restoresource.h"
#include "operations/restoreshares.h"
#include "operations/restoretarget.h"
#include "operations/safetybackup.h"
#include "operations/targetcontents.h"
#include "operations/watchedtool.h"

#include <QCoreApplication>
#include <QFile>
#include <QHash>
#include <QTemporaryDir>

#include <algorithm>

namespace Roost {

namespace {

constexpr int firstToolWithTransactionTimeout = 17;

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
    QStringList arguments(const QString &listFile) const;
    void takeLine(const QString &line);
    void takeProgress(const CopyMonitor::State &state);
    void takeFinished(const QString &item);
    void takeParallelProgress(const CopyMonitor::State &state);
    void tell(const ToolMessages &messages);
    Result<void> check();
    std::stop_token checkingStop() const;

    const RestoreRequest &m_request;
    const JobContext &m_context;
    PhasedProgress m_progress;
    RestoreSource m_source;
    RestoreTarget m_target;
    RestoreScope m_scope;
    qint64 m_allBytes = 0;
    RestorePlan m_plan;
    PgToolchain m_toolchain;
    int m_serverVersion = 0;
    bool m_isTransactional = true;
    bool m_isFilled = false; ///< pg_restore ended well: what it did is committed
    RestoreReport m_report;

    // While pg_restore runs: which table it is at.
    QHash<QString, qint64> m_bytesByTable;
    QString m_table;
    qint64 m_bytesOfEarlierTables = 0;
    qint64 m_bytesDone = 0;
    RestoreShares m_shares;
    quint32 m_relation = 0;        ///< that the last figures were of
    quint32 m_earlierRelation = 0; ///< of the table before: figures of it are late
    int m_finished = 0;
    bool m_isFinishing = false;
    QString m_note;
    double m_fillFrom = RestoreShares::readTo; ///< of the whole
    // With two jobs.
    qint64 m_bytesUnderWay = 0;
    quint64 m_polls = 0;
    quint64 m_lateUntil = 0; ///< polls up to this one may be from before the last table was finished
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
    const auto backup = takeSafetyBackup(m_request.target, m_request.safetyBackupFile, m_progress, m_context);
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
    m_plan = planRestore(m_source.toc, *objects, {m_scope.entries, m_request.structureOnly});
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
    for (const ArchivedTable &table : std::as_const(m_source.tables)) {
        if (m_scope.has(table) && !m_request.structureOnly) {
            m_bytesByTable[table.schema + u'.' + table.name] += table.bytes;
            m_allBytes += table.bytes;
        }
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
    m_isTransactional = m_plan.fitsOneTransaction && !mustTolerate && m_request.jobs == 1;
    if (m_request.mode == RestoreMode::IntoExisting && !m_isTransactional) {
        return failure(ErrorCode::NotAllowed,
                       Text::tr("Among what is there already, objects are restored only where a failure can be undone "
                                "as a whole. Here it cannot be: they are too many for one transaction, or the "
                                "PostgreSQL tools that the backup needs are newer than the server. Restore them into a "
                                "new database."));
    }
    return {};
}

QStringList RestoreRun::arguments(const QString &listFile) const
{
    QStringList list = {QStringLiteral("--verbose"),
                        QStringLiteral("--no-acl"),
                        QStringLiteral("--no-owner"),
                        QStringLiteral("--no-password"),
                        QStringLiteral("--use-list=") + listFile,
                        QStringLiteral("--dbname=") + toolConnectionString(m_target.working().parameters.database)};
    // The target is empty, so there is nothing to clean, and it does no harm; but for a view that depends on a primary
    // key the archive would clean by making a stand-in of types that are not there yet.
    if (m_plan.mayClean && m_request.mode != RestoreMode::IntoExisting) {
        list.insert(1, QStringLiteral("--clean"));
        list.insert(2, QStringLiteral("--if-exists"));
    }
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
    m_shares.begin(m_fillFrom, m_allBytes, m_plan.finishingSteps > 0);
    m_progress.enter(m_fillFrom, m_shares.copyTo(0));
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
    tool.onLine = [this](const QString &line) { takeLine(line); };
    tool.onProgress = [this](const CopyMonitor::State &state) { takeProgress(state); };
    tool.onStall = [this](const QString &note) { m_note = note; };
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

void RestoreRun::takeLine(const QString &line)
{
    m_context.log(line);
    static const QString finished = QStringLiteral("pg_restore: finished item ");
    if (m_request.jobs > 1 && line.startsWith(finished)) {
        takeFinished(line.sliced(finished.size()));
    }
    static const QString data = QStringLiteral("pg_restore: processing data for table \"");
    static const QStringList finishing = {QStringLiteral("pg_restore: creating INDEX "),
                                          QStringLiteral("pg_restore: creating CONSTRAINT "),
                                          QStringLiteral("pg_restore: creating FK CONSTRAINT "),
                                          QStringLiteral("pg_restore: creating TRIGGER "),
                                          QStringLiteral("pg_restore: creating RULE "),
                                          QStringLiteral("pg_restore: creating MATERIALIZED VIEW DATA ")};
    if (line.startsWith(data)) {
        m_bytesOfEarlierTables += m_bytesByTable.value(m_table);
        m_table = line.sliced(data.size()).chopped(1); // the closing quote
        m_earlierRelation = m_relation;
        takeProgress({});
    } else if (std::any_of(finishing.begin(), finishing.end(),
                           [&](const QString &prefix) { return line.startsWith(prefix); })) {
        m_isFinishing = true;
        ++m_finished;
    }
}

void RestoreRun::takeProgress(const CopyMonitor::State &state)
{
    m_relation = state.relation;
    if (m_request.jobs > 1 && !m_table.isEmpty()) {
        takeParallelProgress(state);
        return;
    }
    if (m_isFinishing) {
        m_shares.endCopying();
        m_progress.enter(m_shares.copyTo(1), m_shares.indexTo());
        m_progress.report(m_note.isEmpty() ? Text::tr("Making indexes and constraints") : m_note,
                          double(m_finished) / std::max(m_plan.finishingSteps, 1));
        return;
    }
    if (m_table.isEmpty()) {
        m_progress.report(m_note.isEmpty() ? Text::tr("Making tables") : m_note);
        return;
    }
    const qint64 weight = m_bytesByTable.value(m_table);
    const bool isCurrent = state.relation != 0 && state.relation != m_earlierRelation;
    m_bytesDone = std::max(m_bytesDone, m_bytesOfEarlierTables + (isCurrent ? std::min(state.bytes, weight) : 0));
    const double fraction = double(m_bytesDone) / double(std::max<qint64>(m_allBytes, 1));
    m_progress.enter(m_fillFrom, m_shares.copyTo(fraction));
    m_progress.report(m_note.isEmpty() ? Text::tr("Copying %1").arg(m_table) : m_note, fraction,
                      Text::tr("%1 of %2").arg(amountText(m_bytesDone), amountText(m_allBytes)), m_bytesDone);
}

/// With two at work the lines come in no order: what counts is which items are finished, and what the server says of
/// those under way.
void RestoreRun::takeFinished(const QString &item)
{
    static const QString data = QStringLiteral("TABLE DATA");
    const QString number = item.section(u' ', 0, 0);
    for (const ArchiveToc::Entry &entry : std::as_const(m_source.toc.entries)) {
        if (entry.number() == number.toInt() && entry.what.startsWith(data)) {
            const QString names = entry.what.section(u' ', 2);
            const qint64 bytes = m_bytesByTable.value(names.section(u' ', 0, 0) + u'.' + names.section(u' ', 1, -2));
            m_bytesOfEarlierTables += bytes;
            m_bytesUnderWay = std::max<qint64>(0, m_bytesUnderWay - bytes);
            m_lateUntil = m_polls + 1; // a poll that is on its way may still count them
        }
    }
}

void RestoreRun::takeParallelProgress(const CopyMonitor::State &state)
{
    m_polls = std::max(m_polls, state.polls);
    if (state.polls > m_lateUntil) {
        m_bytesUnderWay = state.bytes;
    }
    const qint64 done = std::min(m_bytesOfEarlierTables + m_bytesUnderWay, m_allBytes);
    const double loaded = double(done) / double(std::max<qint64>(m_allBytes, 1));
    const double finished = double(m_finished) / std::max(m_plan.finishingSteps, 1);
    m_shares.copyTo(loaded);
    m_progress.enter(m_fillFrom, m_shares.indexTo());
    // Indexes of one table are made while another is loaded.
    m_progress.report(m_note.isEmpty() ? Text::tr("Copying tables, making indexes") : m_note,
                      0.8 * loaded + 0.2 * finished,
                      Text::tr("%1 of %2").arg(amountText(done), amountText(m_allBytes)));
}

/// What is committed into the user's own database is not "cancelled" any more: it is looked at to the end.
std::stop_token RestoreRun::checkingStop() const
{
    const bool isUsersOwn = m_request.mode == RestoreMode::IntoEmpty || m_request.mode == RestoreMode::IntoExisting;
    return isUsersOwn ? std::stop_token() : m_context.stopToken();
}

Result<void> RestoreRun::check()
{
    m_shares.endCopying();
    m_progress.enter(m_shares.indexTo(), m_shares.compareTo());
    return checkRestored(m_target.working(), m_request, m_source, m_scope, m_progress, m_report, checkingStop());
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
