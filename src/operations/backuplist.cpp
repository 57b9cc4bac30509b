#include "operations/backuplist.h"

#include "operations/backup.h"
#include "operations/backupfileverbs.h"

#include <QCoreApplication>
#include <QDirIterator>
#include <QFileInfo>
#include <QSet>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(BackupList)
};

bool isProven(const BackupRecord &record)
{
    return record.proof == BackupRecord::Proof::Read || record.proof == BackupRecord::Proof::Restored;
}

bool isOf(const ListedBackup &backup, const QString &instanceId, const QString &database)
{
    return backup.record.instanceId == instanceId && backup.record.database == database;
}

/// Takes dumps in that are not listed, the oldest first. True when there were any.
Result<bool> takeIn(const BackupCatalog &catalog, const QList<BackupRecord> &known, const QString &folder)
{
    QSet<QString> files;
    for (const BackupRecord &record : known) {
        files += record.file;
    }
    QFileInfoList found;
    QDirIterator each(folder, {QStringLiteral("*.dump")}, QDir::Files | QDir::NoSymLinks, QDirIterator::Subdirectories);
    while (each.hasNext()) {
        const QFileInfo file(each.next());
        if (!files.contains(file.absoluteFilePath()) && !file.path().contains(u".partial-")) {
            found += file;
        }
    }
    std::sort(found.begin(), found.end(),
              [](const QFileInfo &a, const QFileInfo &b) { return a.lastModified() < b.lastModified(); });
    for (const QFileInfo &file : std::as_const(found)) {
        if (const auto added = catalog.add(recordOfFile(file.absoluteFilePath())); !added) {
            return failure(added.error());
        }
    }
    return !found.isEmpty();
}

} // namespace

Result<QList<ListedBackup>> listBackups(const BackupCatalog &catalog, const QString &folder)
{
    auto records = catalog.all();
    if (!records) {
        return failure(records.error());
    }
    const auto isChanged = takeIn(catalog, *records, folder);
    if (!isChanged) {
        return failure(isChanged.error());
    }
    if (*isChanged) {
        records = catalog.all();
        if (!records) {
            return failure(records.error());
        }
    }
    QList<ListedBackup> backups;
    for (const BackupRecord &record : std::as_const(*records)) {
        ListedBackup backup{record, false, false};
        if (!record.isFailure()) {
            const QFileInfo file(record.file);
            backup.isThere = file.isFile() && file.size() == record.sizeBytes;
            backup.hasManifest = QFileInfo(manifestFileOf(record.file)).isFile();
        }
        backups += backup;
    }
    return backups;
}

BackupRecord lastProven(const QList<ListedBackup> &backups, const QString &instanceId, const QString &database)
{
    const auto found = std::find_if(backups.begin(), backups.end(), [&](const ListedBackup &backup) {
        return backup.isThere && isProven(backup.record) && isOf(backup, instanceId, database);
    });
    return found == backups.end() ? BackupRecord() : found->record;
}

QList<BackupRecord> retirable(const QList<ListedBackup> &backups, const QString &instanceId, const QString &database,
                              int keep)
{
    QList<BackupRecord> candidates;
    bool hasRestored = false;
    bool hasProven = false;
    int kept = 0;
    for (const ListedBackup &backup : backups) { // the latest first
        const BackupRecord &record = backup.record;
        if (!backup.isThere || !isProven(record) || !isOf(backup, instanceId, database)) {
            continue;
        }
        const bool isLastRestored = !hasRestored && record.proof == BackupRecord::Proof::Restored;
        const bool isLastProven = !hasProven;
        hasRestored = hasRestored || record.proof == BackupRecord::Proof::Restored;
        hasProven = true;
        if (record.origin != BackupRecord::Origin::Scheduled) {
            continue;
        }
        ++kept;
        if (kept > keep && record.note.isEmpty() && !isLastRestored && !isLastProven) {
            candidates += record;
        }
    }
    return candidates;
}

Result<QList<BackupRecord>> retire(const BackupCatalog &catalog, const QString &folder, const QString &instanceId,
                                   const QString &database, int keep, const JobContext &context)
{
    const auto backups = listBackups(catalog, folder);
    if (!backups) {
        return failure(backups.error());
    }
    QList<BackupRecord> removed;
    for (const BackupRecord &record : retirable(*backups, instanceId, database, keep)) {
        if (const auto gone = removeBackup(catalog, record, Removal::ForGood); !gone) {
            return failure(gone.error());
        }
        context.log(Text::tr("Removed %1: newer ones are kept.").arg(record.file));
        removed += record;
    }
    return removed;
}

} // namespace Roost
