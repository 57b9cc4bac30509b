#include "operations/restore.h"

#include "operations/archivefile.h"
#include "operations/archivetoc.h"
#include "operations/archivetools.h"
#include "operations/backup.h"
#include "operations/phasedprogress.h"
#include "operations/postgrestool.h"
#include "operations/restoretarget.h"
#include "operations/targetcontents.h"
#include "operations/watchedtool.h"
#include "postgres/manifestcompare.h"
#include "postgres/manifestreader.h"

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

/// One restore: reads the archive whole, prepares a target that holds nothing, fills it, reads the result back. On the
/// operation's thread.
class RestoreRun
{
public:
    RestoreRun(const RestoreRequest &request, const JobContext &context, ArchiveFile archive, ConnectionSpec target)
        : m_request(request)
        , m_context(context)
        , m_progress(context)
        , m_archive(std::move(archive))
        , m_target(request, std::move(target), context)
    {
    }

    Result<RestoreReport> run();

private:
    Result<void> readArchive();
    Result<void> takeManifest();
    bool takeTablesFromManifest();
    Result<void> makePlan();
    Result<void> fill();
    QStringList arguments(const QString &listFile) const;
    void takeLine(const QString &line);
    void takeProgress(const CopyMonitor::State &state);
    Result<void> check();
    Result<void> holdAgainstManifest(DatabaseConnection &connection);
    std::stop_token checkingStop() const;

    const RestoreRequest &m_request;
    const JobContext &m_context;
    PhasedProgress m_progress;
    ArchiveFile m_archive;
    RestoreTarget m_target;
    ArchiveToc m_toc;
    QList<ArchivedTable> m_tables;
    qint64 m_allBytes = 0;
    std::optional<Manifest> m_manifest;
    RestorePlan m_plan;
    PgToolchain m_toolchain;
    int m_serverVersion = 0;
    bool m_isTransactional = true;
    RestoreReport m_report;

    // While pg_restore runs: which table it is at.
    QHash<QString, qint64> m_bytesByTable;
    QString m_table;
    qint64 m_bytesOfEarlierTables = 0;
    qint64 m_bytesDone = 0;
    quint32 m_relation = 0;        ///< that the last figures were of
    quint32 m_earlierRelation = 0; ///< of the table before: figures of it are late
    int m_finished = 0;
    bool m_isFinishing = false;
    QString m_note;
};

Result<RestoreReport> RestoreRun::run()
{
    m_progress.report(Text::tr("Reading the backup"));
    if (auto read = takeManifest().and_then([this] { return readArchive(); }); !read) {
        return tl::unexpected(read.error());
    }
    auto done = m_target.prepare();
    if (!done) {
        return tl::unexpected(done.error());
    }
    done = makePlan().and_then([this] { return fill(); }).and_then([this] { return check(); });
    if (done) {
        m_progress.report(Text::tr("Putting it in its place"), 1);
        done = m_target.finish(m_report.retiredDatabase, m_report.warnings);
    }
    if (!done) {
        Error error = done.error();
        error.message += u' ' + m_target.abandon(m_isTransactional);
        return failure(error);
    }
    m_report.database = m_request.target.parameters.database;
    m_report.tables = m_plan.tables;
    m_report.leftOut = m_plan.leftOut;
    m_progress.enter(1, 1);
    m_progress.report(Text::tr("Done"), 1);
    return m_report;
}

/// Before anything is touched: a damaged file must not be found out about in the middle.
Result<void> RestoreRun::readArchive()
{
    m_progress.enter(0.01, 0.2);
    const auto reader = toolchainToRead(m_archive, m_context);
    if (!reader) {
        return tl::unexpected(reader.error());
    }
    const auto withState = [](Error error) {
        if (!error.isCancelled()) {
            error.message += u' ' + Text::tr("Nothing was changed.");
        }
        return failure(error);
    };
    const auto listing = m_archive.list(*reader, m_context);
    if (!listing) {
        return withState(listing.error());
    }
    m_toc = parseToc(*listing);
    if (!takeTablesFromManifest()) {
        auto tables = m_archive.readWhole(*reader, m_context, [this](double fraction, qint64 bytes) {
            m_progress.report(Text::tr("Reading the backup"), fraction, amountText(bytes), bytes);
        });
        if (!tables) {
            return withState(tables.error());
        }
        m_tables = std::move(*tables);
    }
    for (const ArchivedTable &table : std::as_const(m_tables)) {
        m_bytesByTable[table.schema + u'.' + table.name] += table.bytes;
        m_allBytes += table.bytes;
    }
    return {};
}

/// A file that is bit for bit the one that was read back whole when it was made need not be read whole again.
bool RestoreRun::takeTablesFromManifest()
{
    if (!m_manifest || m_manifest->dumpedBytes.size() != m_manifest->tables.size()) {
        return false;
    }
    for (auto it = m_manifest->tables.cbegin(); it != m_manifest->tables.cend(); ++it) {
        const TableId table = Manifest::tableOf(it.key());
        m_tables += {table.schema, table.name, it->rows, m_manifest->dumpedBytes.value(it.key())};
    }
    return true;
}

/// The proof beside the backup, if there is one and it is of this very file.
Result<void> RestoreRun::takeManifest()
{
    if (!m_request.comparesContent) {
        return {};
    }
    auto manifest = manifestOf(m_request.file);
    if (!manifest) {
        if (manifest.error().code != ErrorCode::NotFound) {
            m_report.warnings += manifest.error().message;
        }
        return {};
    }
    const auto sum = m_archive.sha256(m_context);
    if (!sum) {
        return failure(sum.error());
    }
    if (*sum != manifest->dumpSha256) {
        return failure(ErrorCode::InvalidInput,
                       Text::tr("%1 is not the file that was made and proven: its checksum is another one. Nothing was "
                                "changed. Use another copy of the backup; or, if you know why it changed, move %2 away "
                                "and restore it without its proof.")
                           .arg(m_request.file, manifestFileOf(m_request.file)));
    }
    m_manifest = std::move(*manifest);
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
    auto toolchain = toolchainToRestore(m_archive, m_toc.toolMajor(), m_serverVersion, m_context);
    if (!toolchain) {
        return tl::unexpected(toolchain.error());
    }
    m_toolchain = std::move(*toolchain);
    m_plan = planRestore(m_toc, *objects);
    for (const QString &leftOut : std::as_const(m_plan.leftOut)) {
        m_context.log(Text::tr("Left out: %1").arg(leftOut));
    }
    // Such tools begin with a setting that older servers refuse, so they have to go on after an error.
    const bool mustTolerate =
        m_toolchain.version.majorVersion() >= firstToolWithTransactionTimeout && m_serverVersion < 170000;
    m_isTransactional = m_plan.fitsOneTransaction && !mustTolerate;
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
    if (m_plan.mayClean) {
        list.insert(1, QStringLiteral("--clean"));
        list.insert(2, QStringLiteral("--if-exists"));
    }
    if (m_isTransactional) {
        list += QStringLiteral("--single-transaction");
    }
    if (m_isTransactional || m_serverVersion >= 170000 ||
        m_toolchain.version.majorVersion() < firstToolWithTransactionTimeout) {
        list += QStringLiteral("--exit-on-error");
    }
    return list;
}

Result<void> RestoreRun::fill()
{
    m_progress.enter(0.2, 0.8);
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
    m_archive.handTo(tool.command);
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
    if (!isDone) {
        return failure(explainToolFailure(ToolTask::Restore, outcome->process, outcome->messages, {}));
    }
    for (const QString &warning : outcome->messages.serverWarnings()) {
        m_report.warnings += Text::tr("The server warned: %1").arg(warning);
    }
    return {};
}

void RestoreRun::takeLine(const QString &line)
{
    m_context.log(line);
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
    if (m_isFinishing) {
        m_progress.enter(0.8, 0.95);
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
    m_progress.report(m_note.isEmpty() ? Text::tr("Copying %1").arg(m_table) : m_note,
                      double(m_bytesDone) / double(std::max<qint64>(m_allBytes, 1)),
                      Text::tr("%1 of %2").arg(amountText(m_bytesDone), amountText(m_allBytes)), m_bytesDone);
}

/// What is committed into the user's own database is not "cancelled" any more: it is looked at to the end.
std::stop_token RestoreRun::checkingStop() const
{
    return m_request.mode == RestoreMode::IntoEmpty ? std::stop_token() : m_context.stopToken();
}

/// The verdict is the comparison, never an exit code.
Result<void> RestoreRun::check()
{
    m_progress.enter(0.95, 1);
    m_progress.report(Text::tr("Counting what was restored"));
    const auto connection = DatabaseConnection::open(m_target.working(), checkingStop());
    if (!connection) {
        return tl::unexpected(connection.error());
    }
    const auto rows = compareRows(**connection, m_tables, m_report.warnings, checkingStop());
    if (!rows) {
        return tl::unexpected(rows.error());
    }
    m_report.rows = *rows;
    if (m_manifest) {
        if (const auto held = holdAgainstManifest(**connection); !held) {
            return held;
        }
    }
    m_progress.report(Text::tr("Renewing the statistics"), 0.9);
    const auto analyzed = (*connection)->execute(QStringLiteral("ANALYZE"), {}, checkingStop());
    if (!analyzed && analyzed.error().isCancelled()) {
        return tl::unexpected(analyzed.error());
    }
    if (!analyzed) {
        m_report.warnings += Text::tr("The server's statistics could not be renewed, so the first queries may be slow: "
                                      "%1")
                                 .arg(analyzed.error().message);
    }
    return {};
}

/// Other data than the source's is a failure; what else differs is told: some of it was left out on purpose.
Result<void> RestoreRun::holdAgainstManifest(DatabaseConnection &connection)
{
    const QString step = Text::tr("Comparing with what the source held");
    m_progress.report(step, 0.1);
    const auto onProgress = [this, &step](qint64 done, qint64 all) {
        m_progress.report(step, 0.1 + 0.8 * double(done) / double(std::max<qint64>(all, 1)));
    };
    const auto copy = readManifest(connection, m_manifest->rowHash, onProgress, checkingStop());
    if (!copy) {
        if (copy.error().isCancelled() || !connection.isOpen()) {
            return failure(copy.error());
        }
        m_report.warnings += Text::tr("The rows were counted, but could not be compared with the source's: %1")
                                 .arg(copy.error().message);
        return {};
    }
    const QList<ManifestDifference> differences = compareManifests(*m_manifest, *copy);
    m_report.isProven = isProven(differences);
    for (const ManifestDifference &one : differences) {
        if (one.weight == ManifestDifference::Weight::Data) {
            return failure(ErrorCode::Conflict,
                           Text::tr("The copy is not what the source held: %1 %2.").arg(one.what, one.text));
        }
        if (one.weight == ManifestDifference::Weight::Structure) {
            m_report.warnings += Text::tr("Not as in the source: %1 %2.").arg(one.what, one.text);
        }
    }
    return {};
}

} // namespace

Result<RestoreReport> restore(const RestoreRequest &request, JobContext &context)
{
    auto archive = ArchiveFile::open(request.file);
    if (!archive) {
        return tl::unexpected(archive.error());
    }
    auto target = specForTools(request.target);
    if (!target) {
        return tl::unexpected(target.error());
    }
    return RestoreRun(request, context, std::move(*archive), std::move(*target)).run();
}

} // namespace Roost
