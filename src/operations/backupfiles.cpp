// What is known of backups by looking at their files.

#include "operations/archivefile.h"
#include "operations/archivetoc.h"
#include "operations/archivetools.h"
#include "operations/backup.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>

namespace Roost {

namespace {

constexpr qint64 largestManifest = qint64(256) << 20;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(BackupFiles)
};

} // namespace

QString manifestFileOf(const QString &backup)
{
    return backup + QStringLiteral(".json");
}

Result<Manifest> manifestOf(const QString &backup)
{
    QFile file(manifestFileOf(backup));
    if (!file.open(QIODevice::ReadOnly)) {
        return failure(
            file.exists() ? ErrorCode::NotAllowed : ErrorCode::NotFound,
            Text::tr(
                "There is no proof beside %1 (%2), so nothing says what the database held. Backups that Roost makes "
                "have one. The file was left as it is: restore it into a new database, and look at it.")
                .arg(backup, QFileInfo(file).fileName()),
            file.errorString());
    }
    return Manifest::fromJson(file.read(largestManifest));
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
