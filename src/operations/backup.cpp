#include "operations/backup.h"

#include "operations/archivefile.h"
#include "operations/archivetoc.h"
#include "operations/archivetools.h"
#include "operations/partialfolder.h"
#include "operations/phasedprogress.h"
#include "operations/postgrestool.h"
#include "operations/sourcefacts.h"
#include "operations/watchedtool.h"
#include "process/pgtoolchain.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <QStorageInfo>

#include <algorithm>

namespace Roost {

namespace {

constexpr qint64 roomToLeave = qint64(64) << 20;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Backup)
};

QString nothingMade()
{
    return Text::tr("No backup was made; what was there before is as it was.");
}

/// One backup from its first check to its final name. On the operation's thread.
class BackupRun
{
public:
    BackupRun(const BackupRequest &request, const JobContext &context)
        : m_request(request)
        , m_context(context)
        , m_progress(context)
    {
    }

    Result<Backup> run();

private:
    Result<void> checkTarget() const;
    Result<void> checkSource();
    Result<void> checkRoom() const;
    Result<void> dump();
    void takeLine(const QString &line);
    void takeProgress(const CopyMonitor::State &state);
    Result<void> readBack();
    Result<void> hash();

    const BackupRequest &m_request;
    const JobContext &m_context;
    PhasedProgress m_progress;
    ConnectionSpec m_source;
    SourceFacts m_facts;
    PgToolchain m_toolchain;
    std::unique_ptr<PartialFolder> m_folder;
    Backup m_backup;

    // While pg_dump runs: which table it is at.
    QString m_table;
    qint64 m_bytesOfEarlierTables = 0;
    QString m_note;
};

Result<Backup> BackupRun::run()
{
    m_progress.enter(0, 0.03);
    m_progress.report(Text::tr("Looking at the database"));
    if (auto ready = checkTarget().and_then([this] { return checkSource(); }).and_then([this] { return checkRoom(); });
        !ready) {
        return tl::unexpected(ready.error());
    }
    PartialFolder::sweepAbandoned(QFileInfo(m_request.file).path());
    auto folder = PartialFolder::createBeside(m_request.file);
    if (!folder) {
        return tl::unexpected(folder.error());
    }
    m_folder = std::move(*folder);
    m_backup.takenAt = QDateTime::currentDateTimeUtc();
    if (auto done = dump().and_then([this] { return readBack(); }).and_then([this] { return hash(); }); !done) {
        return tl::unexpected(done.error());
    }
    if (m_context.isCancelled()) {
        return failure(Error::cancelled());
    }
    if (auto published = m_folder->publish(); !published) {
        return tl::unexpected(published.error());
    }
    m_backup.file = m_request.file;
    m_backup.database = m_request.source.parameters.database;
    m_backup.serverVersion = m_facts.server.versionText;
    m_backup.toolVersion = m_toolchain.version.toString();
    m_progress.enter(1, 1);
    m_progress.report(Text::tr("Done"), 1, amountText(m_backup.sizeBytes));
    return m_backup;
}

Result<void> BackupRun::checkTarget() const
{
    const QFileInfo target(m_request.file);
    if (m_request.source.parameters.database.isEmpty()) {
        return failure(ErrorCode::InvalidInput, Text::tr("Choose the database to back up.") + u' ' + nothingMade());
    }
    if (!target.isAbsolute() || target.fileName().isEmpty()) {
        return failure(ErrorCode::InvalidInput,
                       Text::tr("“%1” is no full path of a file. %2").arg(m_request.file, nothingMade()));
    }
    if (!QFileInfo(target.path()).isDir()) {
        return failure(
            ErrorCode::NotFound,
            Text::tr("There is no folder %1. %2 Create it, or choose another one.").arg(target.path(), nothingMade()));
    }
    // A link counts, even one that leads nowhere: what it leads to would be written.
    if (target.exists() || target.isSymLink()) {
        return failure(ErrorCode::AlreadyExists,
                       Text::tr("There is already a file %1. It was left as it is; a backup never replaces anything. "
                                "Choose another name.")
                           .arg(m_request.file));
    }
    return {};
}

Result<void> BackupRun::checkSource()
{
    auto source = specForTools(m_request.source);
    if (!source) {
        return tl::unexpected(source.error());
    }
    m_source = std::move(*source);
    auto facts = readSourceFacts(m_source, m_context);
    if (!facts) {
        return tl::unexpected(facts.error());
    }
    m_facts = std::move(*facts);
    if (!m_facts.hiddenRows.isEmpty()) {
        return failure(ErrorCode::NotAllowed,
                       Text::tr("Row-level security hides some rows of these tables from this user: %1. A backup would "
                                "silently lack them. %2 Connect as a user who sees all rows: the owner (without FORCE "
                                "ROW LEVEL SECURITY) or a user with BYPASSRLS.")
                           .arg(m_facts.hiddenRows.join(QStringLiteral(", ")), nothingMade()));
    }
    if (!m_facts.unreadable.isEmpty()) {
        return failure(ErrorCode::NotAllowed,
                       Text::tr("This user may not read all of the database: %1. %2 Connect as the owner of these, or "
                                "let the owner grant SELECT on them.")
                           .arg(m_facts.unreadable.join(QStringLiteral(", ")), nothingMade()));
    }
    auto toolchain = toolchainFor(m_facts.server.version, m_context);
    if (!toolchain) {
        return tl::unexpected(toolchain.error());
    }
    m_toolchain = std::move(*toolchain);
    return {};
}

Result<void> BackupRun::checkRoom() const
{
    const QString folder = QFileInfo(m_request.file).path();
    const qint64 available = QStorageInfo(folder).bytesAvailable();
    const qint64 needed = m_facts.bytes * 6 / 5 + roomToLeave;
    if (available >= 0 && available < needed) {
        return failure(ErrorCode::DiskFull,
                       Text::tr("There may not be enough room in %1: %2 are free, and a safe backup of this database "
                                "needs %3. %4 Make room, or choose a folder on another disk.")
                           .arg(folder, amountText(available), amountText(needed), nothingMade()));
    }
    return {};
}

Result<void> BackupRun::dump()
{
    m_progress.enter(0.03, 0.8);
    WatchedTool tool;
    tool.messagePrefix = QStringLiteral("pg_dump");
    tool.command = postgresTool(m_toolchain, tool.messagePrefix, m_source, m_facts.server.version);
    tool.command.arguments = {QStringLiteral("--format=custom"),
                              QStringLiteral("--no-acl"),
                              QStringLiteral("--no-owner"),
                              QStringLiteral("--verbose"),
                              QStringLiteral("--no-password"),
                              QStringLiteral("--lock-wait-timeout=%1").arg(m_request.lockWaitMs),
                              QStringLiteral("--file=") + m_folder->archivePath(),
                              QStringLiteral("--dbname=") + toolConnectionString(m_source.parameters.database)};
    tool.onLine = [this](const QString &line) { takeLine(line); };
    tool.onProgress = [this](const CopyMonitor::State &state) { takeProgress(state); };
    tool.onStall = [this](const QString &note) { m_note = note; };
    tool.growing = [this] { return m_folder->archiveSize(); };
    m_context.log(tool.command.program + u' ' + tool.command.arguments.join(u' '));

    const auto outcome = runWatched(tool, m_context);
    if (!outcome) {
        Error error = outcome.error();
        if (!error.isCancelled()) {
            error.message += u' ' + nothingMade();
        }
        return failure(error);
    }
    if (!toolSucceeded(outcome->process, outcome->messages)) {
        return failure(explainToolFailure(ToolTask::Dump, outcome->process, outcome->messages, nothingMade()));
    }
    for (const QString &warning : outcome->messages.serverWarnings()) {
        m_backup.warnings += Text::tr("The server warned: %1").arg(warning);
    }
    return {};
}

void BackupRun::takeLine(const QString &line)
{
    m_context.log(line);
    static const QString copying = QStringLiteral("pg_dump: dumping contents of table \"");
    if (line.startsWith(copying)) {
        m_bytesOfEarlierTables += m_facts.tables.value(m_table).bytes;
        m_table = line.sliced(copying.size()).chopped(1); // the closing quote
        takeProgress({});
    }
}

void BackupRun::takeProgress(const CopyMonitor::State &state)
{
    const double all = double(std::max<qint64>(m_facts.bytes, 1));
    if (m_table.isEmpty()) {
        m_progress.report(m_note.isEmpty() ? Text::tr("Reading the structure") : m_note);
        return;
    }
    const TableWeight weight = m_facts.tables.value(m_table);
    double part = 0;
    if (weight.oid != 0 && state.relation == weight.oid) { // else the figures are still those of the table before
        part = weight.rows > 0 ? double(state.rows) / double(weight.rows) : double(state.bytes) / double(weight.bytes);
    }
    const double done = double(m_bytesOfEarlierTables) + std::min(part, 0.99) * double(weight.bytes);
    m_progress.report(m_note.isEmpty() ? Text::tr("Copying %1").arg(m_table) : m_note, done / all,
                      Text::tr("%1 of %2").arg(amountText(qint64(done)), amountText(m_facts.bytes)));
}

/// A dump is believed when all of it could be read, not because pg_dump said so: it was seen to end with 0 after a disk
/// had been full.
Result<void> BackupRun::readBack()
{
    m_progress.enter(0.8, 0.95);
    const QString step = Text::tr("Reading the backup back");
    m_progress.report(step);
    const ArchiveFile archive = ArchiveFile::borrowed(m_folder->archivePath(), m_folder->archiveDescriptor());
    const auto listing = archive.list(m_toolchain, m_context);
    const auto tables = listing
                            ? archive.readWhole(m_toolchain, m_context,
                                                [&](qint64 bytes, const QString &) {
                                                    m_progress.report(step, double(bytes) / double(m_facts.bytes + 1));
                                                })
                            : Result<QList<ArchivedTable>>(tl::unexpected(listing.error()));
    const bool isWhole = tables && tables->size() == parseToc(*listing).count(QStringLiteral("TABLE DATA"));
    if (tables && isWhole) {
        m_backup.tables = int(tables->size());
        for (const ArchivedTable &table : *tables) {
            m_backup.rows += table.rows;
        }
        return {};
    }
    if (!tables && tables.error().isCancelled()) {
        return tl::unexpected(tables.error());
    }
    return failure(
        ErrorCode::FileFailed,
        Text::tr("The backup was written, but could not be read back whole: probably the disk was full for a "
                 "moment, or is failing. %1 Choose another disk, and start again.")
            .arg(nothingMade()),
        tables ? QString() : tables.error().detail);
}

Result<void> BackupRun::hash()
{
    m_progress.enter(0.95, 0.99);
    const QString step = Text::tr("Computing the checksum");
    const ArchiveFile archive = ArchiveFile::borrowed(m_folder->archivePath(), m_folder->archiveDescriptor());
    auto sum = archive.sha256(m_context, [&](double fraction) { m_progress.report(step, fraction); });
    if (!sum) {
        return tl::unexpected(sum.error());
    }
    m_backup.sha256 = std::move(*sum);
    m_backup.sizeBytes = m_folder->archiveSize();
    return {};
}

} // namespace

Result<Backup> backUp(const BackupRequest &request, JobContext &context)
{
    return BackupRun(request, context).run();
}

QString suggestedBackupFile(const QString &folder, const QString &database)
{
    static const QRegularExpression unfit(QStringLiteral(R"([/\\:*?"<>|\x00-\x1f\x7f]|\A[-. ]+)"));
    QString name = database;
    name.replace(unfit, QStringLiteral("_"));
    const QString stem = name.left(60) + QDateTime::currentDateTimeUtc().toString(QStringLiteral("-yyyyMMdd-HHmmss"));
    for (int number = 1;; ++number) {
        QString file = QDir(folder).filePath(number == 1 ? stem + QStringLiteral(".dump")
                                                         : QStringLiteral("%1-%2.dump").arg(stem).arg(number));
        if (!QFileInfo::exists(file) && !QFileInfo(file).isSymLink()) {
            return file;
        }
    }
}

Result<DumpFile> inspectDump(const QString &file, JobContext &context)
{
    const auto archive = ArchiveFile::open(file);
    if (!archive) {
        return tl::unexpected(archive.error());
    }
    const auto toolchain = toolchainToRead(*archive, context);
    if (!toolchain) {
        return tl::unexpected(toolchain.error());
    }
    const auto listing = archive->list(*toolchain, context);
    if (!listing) {
        return tl::unexpected(listing.error());
    }
    const ArchiveToc toc = parseToc(*listing);
    DumpFile dump;
    dump.database = toc.database;
    dump.serverVersion = toc.serverVersion;
    dump.toolVersion = toc.toolVersion;
    dump.takenAt = toc.createdAt;
    dump.tables = toc.tablesWithData();
    dump.entries = int(toc.entries.size());
    return dump;
}

} // namespace Roost
