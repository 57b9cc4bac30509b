#include "operations/backupfileverbs.h"

#include "operations/archivefile.h"
#include "operations/backup.h"
#include "operations/partialfolder.h"
#include "operations/phasedprogress.h"
#include "operations/publishfile.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(BackupFileVerbs)
};

Error gone(const QString &file)
{
    return {
        ErrorCode::NotFound,
        Text::tr("The file %1 is not there any more. Perhaps it was moved, or lies on a disk that is not connected. "
                 "Nothing was changed.")
            .arg(file),
        {},
        {}};
}

Error cannotRename(const QString &from, const QString &to, int systemError)
{
    if (systemError == EEXIST) {
        return {ErrorCode::AlreadyExists,
                Text::tr("There is already a file %1. Nothing was renamed; choose another name.").arg(to),
                {},
                {}};
    }
    return {ErrorCode::FileFailed,
            Text::tr("%1 could not be renamed, and is as it was. Check that you may write in its folder.").arg(from),
            QString::fromLocal8Bit(std::strerror(systemError)),
            {}};
}

int renameFile(const QString &from, const QString &to)
{
    return renameExclusively(QFile::encodeName(from), QFile::encodeName(to));
}

bool removeFile(const QString &file, Removal removal)
{
    return !QFileInfo::exists(file) || (removal == Removal::ToTrash ? QFile::moveToTrash(file) : QFile::remove(file));
}

/// From one descriptor to the end of another, flushed, and out of the cache so that reading it back reads the disk.
Result<void> copyBytes(QFile &from, int to, const QString &target, const std::function<bool(double)> &goesOn)
{
    const qint64 total = std::max<qint64>(from.size(), 1);
    QByteArray block(qsizetype(1) << 20, Qt::Uninitialized);
    for (;;) {
        const qint64 count = from.read(block.data(), block.size());
        if (count == 0) {
            break;
        }
        for (qint64 written = 0; written < count;) {
            const ssize_t one = ::write(to, block.constData() + written, size_t(count - written));
            if (one < 0 && errno != EINTR) {
                return failure(errno == ENOSPC ? ErrorCode::DiskFull : ErrorCode::FileFailed,
                               Text::tr("%1 could not be written: the disk may be full or failing. No copy was made; "
                                        "choose another place.")
                                   .arg(target),
                               QString::fromLocal8Bit(std::strerror(errno)));
            }
            written += std::max<ssize_t>(one, 0);
        }
        if (count < 0) {
            return failure(ErrorCode::FileFailed,
                           Text::tr("%1 could not be read to its end: the disk may be failing. No copy was made.")
                               .arg(from.fileName()),
                           from.errorString());
        }
        if (!goesOn(double(from.pos()) / double(total))) {
            return failure(Error::cancelled());
        }
    }
    if (::fsync(to) != 0) {
        return failure(
            ErrorCode::DiskFull,
            Text::tr("%1 could not be written to the disk. No copy was made; choose another place.").arg(target),
            QString::fromLocal8Bit(std::strerror(errno)));
    }
    ::posix_fadvise(to, 0, 0, POSIX_FADV_DONTNEED);
    return {};
}

/// A copy of dump and manifest under `target`, read back. The checksum of what was written.
Result<QByteArray> copyRead(const QString &source, const QString &target, const QByteArray &expected,
                            const JobContext &context)
{
    PhasedProgress progress(context);
    const QString copying = Text::tr("Copying the backup");
    progress.enter(0, 0.6);
    progress.report(copying);
    QFile from(source);
    if (!from.open(QIODevice::ReadOnly)) {
        return failure(gone(source));
    }
    PartialFolder::sweepAbandoned(QFileInfo(target).path());
    auto folder = PartialFolder::createBeside(target);
    if (!folder) {
        return failure(folder.error());
    }
    const auto copied = copyBytes(from, (*folder)->archiveDescriptor(), target, [&](double fraction) {
        progress.report(copying, fraction, amountText(from.pos()));
        return !context.isCancelled();
    });
    if (!copied) {
        return failure(copied.error());
    }
    progress.enter(0.6, 1);
    const QString reading = Text::tr("Reading the copy back");
    const auto sum = ArchiveFile::borrowed((*folder)->archivePath(), (*folder)->archiveDescriptor())
                         .sha256(context, [&](double fraction) { progress.report(reading, fraction); });
    if (!sum) {
        return failure(sum.error());
    }
    if (!expected.isEmpty() && *sum != expected) {
        return failure(
            ErrorCode::InvalidInput,
            Text::tr("The copy of %1 has another checksum than the backup had when it was made, so it was not "
                     "kept. The backup may have been changed, or a disk is failing: verify it.")
                .arg(source));
    }
    QFile manifest(manifestFileOf(source));
    if (manifest.open(QIODevice::ReadOnly)) {
        if (auto added = (*folder)->addCompanion(manifest.readAll(), manifestFileOf(QString())); !added) {
            return failure(added.error());
        }
    }
    if (auto published = (*folder)->publish(); !published) {
        return failure(published.error());
    }
    return *sum;
}

} // namespace

BackupRecord recordOfFile(const QString &file)
{
    BackupRecord record;
    const QFileInfo info(file);
    record.file = info.absoluteFilePath();
    record.sizeBytes = info.size();
    record.takenAt = info.lastModified().toUTC();
    record.origin = BackupRecord::Origin::Imported;
    const Result<Manifest> manifest = manifestOf(file);
    if (!manifest) {
        return record;
    }
    record.host = manifest->host;
    record.database = manifest->database;
    record.takenAt = manifest->takenAt;
    record.serverVersion = manifest->serverVersion;
    record.toolVersion = manifest->toolVersion;
    record.tables = int(manifest->tables.size());
    record.rows = manifest->rowCount();
    record.sha256 = manifest->dumpSha256;
    if (manifest->dumpBytes == record.sizeBytes) {
        record.proof = BackupRecord::Proof::Read;
        record.provenAt = manifest->takenAt;
    } else {
        record.proof = BackupRecord::Proof::Broken;
        record.provenAt = QDateTime::currentDateTimeUtc();
        record.problem = Text::tr("The file has another size than the one that was made and proven.");
    }
    return record;
}

Result<BackupRecord> renameBackup(const BackupCatalog &catalog, const BackupRecord &record, const QString &name)
{
    const QString bare = name.trimmed();
    if (bare.isEmpty() || bare.contains(u'/') || bare.startsWith(u'.') || bare.contains(QChar(0))) {
        return failure(ErrorCode::InvalidInput,
                       Text::tr("“%1” cannot be a file's name: it must not be empty, hold a slash or begin with a full "
                                "stop.")
                           .arg(name));
    }
    BackupRecord renamed = record;
    renamed.file =
        QFileInfo(record.file).path() + u'/' + (bare.endsWith(u".dump") ? bare : bare + QStringLiteral(".dump"));
    if (renamed.file == record.file) {
        return record;
    }
    if (!QFileInfo::exists(record.file)) {
        return failure(gone(record.file));
    }
    const QString manifest = manifestFileOf(record.file);
    const bool hasManifest = QFileInfo::exists(manifest);
    // The manifest first, as when a backup is made: a dump never stands without its proof under its name.
    if (hasManifest) {
        if (const int error = renameFile(manifest, manifestFileOf(renamed.file)); error != 0) {
            return failure(cannotRename(manifest, manifestFileOf(renamed.file), error));
        }
    }
    const auto undoManifest = [&] {
        if (hasManifest) {
            renameFile(manifestFileOf(renamed.file), manifest);
        }
    };
    if (const int error = renameFile(record.file, renamed.file); error != 0) {
        undoManifest();
        return failure(cannotRename(record.file, renamed.file, error));
    }
    if (const auto updated = catalog.update(renamed); !updated) {
        renameFile(renamed.file, record.file);
        undoManifest();
        return failure(updated.error());
    }
    return renamed;
}

Result<void> removeBackup(const BackupCatalog &catalog, const BackupRecord &record, Removal removal)
{
    // The dump first: a manifest alone promises nothing, a dump without its proof looks like one that never had any.
    if (!record.isFailure() &&
        (!removeFile(record.file, removal) || !removeFile(manifestFileOf(record.file), removal))) {
        return failure(
            ErrorCode::FileFailed,
            removal == Removal::ToTrash
                ? Text::tr("%1 could not be moved to the trash: its disk may have none. It is as it was.")
                      .arg(record.file)
                : Text::tr("%1 could not be removed. Check that you may write in its folder.").arg(record.file));
    }
    return catalog.remove(record.number);
}

Result<BackupRecord> copyBackup(const BackupCatalog &catalog, const BackupRecord &record, const QString &folder,
                                const JobContext &context)
{
    if (!QFileInfo(folder).isDir()) {
        return failure(ErrorCode::NotFound, Text::tr("There is no folder %1. Nothing was copied.").arg(folder));
    }
    BackupRecord copied = record;
    copied.secondCopy = QFileInfo(folder).absoluteFilePath() + u'/' + QFileInfo(record.file).fileName();
    const auto sum = copyRead(record.file, copied.secondCopy, record.sha256, context);
    if (!sum) {
        return failure(sum.error());
    }
    const auto updated = catalog.update(copied);
    return updated ? Result<BackupRecord>(copied) : failure(updated.error());
}

Result<BackupRecord> importBackup(const BackupCatalog &catalog, const QString &file, const QString &folder,
                                  JobContext &context)
{
    const auto dump = inspectDump(file, context);
    if (!dump) {
        return failure(dump.error());
    }
    QString name = QFileInfo(file).completeBaseName();
    QString target = QStringLiteral("%1/%2.dump").arg(folder, name);
    for (int n = 2; QFileInfo::exists(target) || QFileInfo::exists(manifestFileOf(target)); ++n) {
        target = QStringLiteral("%1/%2-%3.dump").arg(folder, name).arg(n);
    }
    const Result<Manifest> manifest = manifestOf(file);
    const auto sum = copyRead(file, target, manifest ? manifest->dumpSha256 : QByteArray(), context);
    if (!sum) {
        return failure(sum.error());
    }
    BackupRecord record = recordOfFile(target);
    record.sha256 = *sum;
    if (!manifest) {
        record.database = dump->database;
        record.serverVersion = dump->serverVersion;
        record.toolVersion = dump->toolVersion;
        record.takenAt = dump->takenAt;
        record.tables = int(dump->tables.size());
    }
    const auto number = catalog.add(record);
    if (!number) {
        return failure(number.error());
    }
    record.number = *number;
    return record;
}

} // namespace Roost
