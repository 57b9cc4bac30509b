#include "operations/backup.h"

#include "operations/archivefile.h"
#include "operations/archivesequences.h"
#include "operations/archivetoc.h"
#include "operations/dumpprogress.h"
#include "operations/partialfolder.h"
#include "operations/phasedprogress.h"
#include "operations/postgrestool.h"
#include "operations/snapshotproof.h"
#include "operations/sourcefacts.h"
#include "operations/watchedtool.h"
#include "process/pgtoolchain.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QStorageInfo>

#include <algorithm>
#include <future>

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

/// For errors of parts that know nothing of a backup: what failed, and in what state everything is.
Error ofBackup(Error error)
{
    if (error.isCancelled()) {
        return error;
    }
    QStringList parts{Text::tr("The backup failed."), error.message, nothingMade()};
    if (error.code == ErrorCode::ServerRefused || error.code == ErrorCode::ProcessFailed) {
        parts += Text::tr("The details say more. Start again.");
    }
    error.message = parts.join(u' ');
    return error;
}

/// One backup from its first check to its final name. On the operation's thread.
class BackupRun
{
public:
    BackupRun(const BackupRequest &request, const JobContext &context)
        : m_request(request)
        , m_context(context)
        , m_progress(context)
        , m_dumpProgress(m_facts, m_progress)
    {
    }

    Result<Backup> run();

private:
    Result<void> checkTarget() const;
    Result<void> checkSource();
    Result<void> checkRoom() const;
    Result<void> dump();
    Result<void> prove();
    Result<void> readBack();
    Result<void> holdAgainstManifest() const;
    std::future<Result<QByteArray>> startHash();
    Result<void> writeManifest();

    const BackupRequest &m_request;
    const JobContext &m_context;
    PhasedProgress m_progress;
    ConnectionSpec m_source;
    SourceFacts m_facts;
    DumpProgress m_dumpProgress;
    PgToolchain m_toolchain;
    std::unique_ptr<PartialFolder> m_folder;
    std::unique_ptr<SnapshotProof> m_proof;
    Backup m_backup;
    ArchiveToc m_toc;
    QHash<QString, ArchivedTable> m_dumped; ///< by schema.name, as the archive was read back
};

Result<Backup> BackupRun::run()
{
    m_progress.enter(0, DumpProgress::from);
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
    const auto done =
        dump().and_then([this] { return readBack(); }).and_then([this] { return prove(); }).and_then([this] {
            return writeManifest();
        });
    if (!done) {
        return tl::unexpected(done.error());
    }
    if (m_context.isCancelled()) {
        return failure(Error::cancelled());
    }
    if (auto published = m_folder->publish(); !published) {
        return tl::unexpected(published.error());
    }
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
    const QFileInfo manifest(manifestFileOf(m_request.file));
    if (target.exists() || target.isSymLink() || manifest.exists() || manifest.isSymLink()) {
        return failure(ErrorCode::AlreadyExists,
                       Text::tr("There is already a file %1. It was left as it is; a backup never replaces anything. "
                                "Choose another name.")
                           .arg(target.exists() || target.isSymLink() ? m_request.file : manifest.filePath()));
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
        return failure(ofBackup(facts.error()));
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
    m_dumpProgress.begin();
    m_proof = std::make_unique<SnapshotProof>(m_source, m_context);
    const Result<QString> snapshot = m_proof->snapshot();
    if (!snapshot) {
        return failure(ofBackup(snapshot.error()));
    }
    WatchedTool tool;
    tool.messagePrefix = QStringLiteral("pg_dump");
    tool.command = postgresTool(m_toolchain, tool.messagePrefix, m_source, m_facts.server.version);
    // The usual level 6 takes three times as long as 1 and saves a tenth of the bytes. The link carries the rows as
    // they are: where it is slow the processor has the time.
    const int level = m_facts.isFar() ? 6 : 1;
    tool.command.arguments = {QStringLiteral("--format=custom"),
                              QStringLiteral("--compress=%1").arg(level),
                              QStringLiteral("--snapshot=") + *snapshot,
                              QStringLiteral("--no-acl"),
                              QStringLiteral("--no-owner"),
                              QStringLiteral("--verbose"),
                              QStringLiteral("--no-password"),
                              QStringLiteral("--lock-wait-timeout=%1").arg(m_request.lockWaitMs),
                              QStringLiteral("--file=") + m_folder->archivePath(),
                              QStringLiteral("--dbname=") + toolConnectionString(m_source.parameters.database)};
    tool.onLine = [this](const QString &line) {
        m_context.log(line);
        m_dumpProgress.takeLine(line);
    };
    tool.onProgress = [this](const CopyMonitor::State &state) { m_dumpProgress.take(state); };
    tool.onStall = [this](const QString &note) { m_dumpProgress.setNote(note); };
    tool.growing = [this] { return m_folder->archiveSize(); };
    m_context.log(tool.command.program + u' ' + tool.command.arguments.join(u' '));

    const auto outcome = runWatched(tool, m_context);
    if (!outcome) {
        return failure(ofBackup(outcome.error()));
    }
    if (!toolSucceeded(outcome->process, outcome->messages)) {
        return failure(explainToolFailure(ToolTask::Dump, outcome->process, outcome->messages, nothingMade()));
    }
    for (const QString &warning : outcome->messages.serverWarnings()) {
        m_backup.warnings += Text::tr("The server warned: %1").arg(warning);
    }
    return {};
}

/// The manifest was read beside the dump and its reading back; most of the time it is there before them.
Result<void> BackupRun::prove()
{
    m_progress.enter(DumpProgress::readBackTo, 1);
    const QString step = Text::tr("Computing the fingerprints of the tables");
    m_progress.report(step);
    Result<Manifest> manifest = m_proof->take([this, &step](double fraction) { m_progress.report(step, fraction); });
    m_proof.reset();
    if (!manifest) {
        return failure(ofBackup(manifest.error()));
    }
    m_backup.manifest = std::move(*manifest);
    return holdAgainstManifest();
}

/// A dump is believed when all of it could be read, not because pg_dump said so: it was seen to end with 0 after a disk
/// had been full.
Result<void> BackupRun::readBack()
{
    m_progress.enter(m_dumpProgress.end(), DumpProgress::readBackTo);
    const QString step = Text::tr("Reading the backup back");
    m_progress.report(step);
    const ArchiveFile archive = ArchiveFile::borrowed(m_folder->archivePath(), m_folder->archiveDescriptor());
    std::future<Result<QByteArray>> hash = startHash();
    const auto listing = archive.list(m_toolchain, m_context);
    m_toc = listing ? parseToc(*listing) : ArchiveToc();
    const auto onProgress = [&](double fraction, qint64) { m_progress.report(step, fraction); };
    auto tables = listing ? archive.readWhole(m_toolchain, m_context, onProgress)
                          : Result<QList<ArchivedTable>>(tl::unexpected(listing.error()));
    const Result<QByteArray> sum = hash.get();
    const bool isWhole = tables && tables->size() == m_toc.count(QStringLiteral("TABLE DATA"));
    if (!isWhole && !tables && tables.error().isCancelled()) {
        return tl::unexpected(tables.error());
    }
    if (!isWhole) {
        return failure(
            ErrorCode::FileFailed,
            Text::tr("The backup was written, but could not be read back whole: probably the disk was full for a "
                     "moment, or is failing. %1 Choose another disk, and start again.")
                .arg(nothingMade()),
            tables ? QString() : tables.error().detail);
    }
    if (!sum) {
        return failure(ofBackup(sum.error()));
    }
    m_backup.sha256 = *sum;
    m_backup.sizeBytes = m_folder->archiveSize();
    m_backup.tables = int(tables->size());
    for (const ArchivedTable &table : std::as_const(*tables)) {
        m_dumped.insert(table.schema + u'.' + table.name, table);
        m_backup.rows += table.rows;
    }
    return {};
}

/// On a thread of its own, while pg_restore unpacks.
std::future<Result<QByteArray>> BackupRun::startHash()
{
    return std::async(std::launch::async, [this] {
        const ArchiveFile archive = ArchiveFile::borrowed(m_folder->archivePath(), m_folder->archiveDescriptor());
        return archive.sha256(m_context);
    });
}

/// Dump and manifest are of one snapshot: each table must have the same number of rows in both.
Result<void> BackupRun::holdAgainstManifest() const
{
    for (auto it = m_backup.manifest.tables.cbegin(); it != m_backup.manifest.tables.cend(); ++it) {
        const TableId table = Manifest::tableOf(it.key());
        const qint64 rows = m_dumped.value(table.schema + u'.' + table.name, ArchivedTable{{}, {}, -1, 0}).rows;
        if (rows != it->rows) {
            return failure(
                ErrorCode::Conflict,
                Text::tr("The dump does not hold what the database held: of %1 it has %2 rows, and there were "
                         "%3. %4 Start again; if it happens again, tell the authors of Roost.")
                    .arg(it.key())
                    .arg(rows)
                    .arg(it->rows)
                    .arg(nothingMade()));
        }
    }
    return {};
}

Result<void> BackupRun::writeManifest()
{
    const ArchiveFile archive = ArchiveFile::borrowed(m_folder->archivePath(), m_folder->archiveDescriptor());
    auto sequences = archivedSequences(archive, m_toc, m_toolchain, m_context);
    if (!sequences) {
        return failure(ofBackup(sequences.error()));
    }
    m_backup.file = m_request.file;
    m_backup.database = m_request.source.parameters.database;
    m_backup.serverVersion = m_facts.server.versionText;
    m_backup.toolVersion = m_toolchain.version.toString();
    Manifest &manifest = m_backup.manifest;
    manifest.sequences = std::move(*sequences);
    manifest.toolVersion = m_backup.toolVersion;
    manifest.dumpFile = QFileInfo(m_request.file).fileName();
    manifest.dumpBytes = m_backup.sizeBytes;
    manifest.dumpSha256 = m_backup.sha256;
    for (auto it = manifest.tables.cbegin(); it != manifest.tables.cend(); ++it) {
        const TableId table = Manifest::tableOf(it.key());
        manifest.dumpedBytes.insert(it.key(), m_dumped.value(table.schema + u'.' + table.name).bytes);
    }
    m_backup.takenAt = manifest.takenAt;
    return m_folder->addCompanion(manifest.toJson(), manifestFileOf(QString()));
}

} // namespace

Result<Backup> backUp(const BackupRequest &request, JobContext &context)
{
    return BackupRun(request, context).run();
}

} // namespace Roost
