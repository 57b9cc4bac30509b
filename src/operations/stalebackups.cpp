#include "operations/stalebackups.h"

namespace Roost {

QList<StaleDatabase> staleDatabases(const QList<ListedBackup> &backups, const QList<WatchedInstance> &instances,
                                    const QDateTime &limit)
{
    QList<StaleDatabase> stale;
    for (const WatchedInstance &instance : instances) {
        for (const QString &database : instance.databases) {
            const BackupRecord last = lastProven(backups, instance.id, database);
            if (last.number == 0 || last.takenAt < limit) {
                stale += {instance.name, database, last.number == 0 ? QDateTime() : last.takenAt};
            }
        }
    }
    return stale;
}

QStringList databasesIn(const QList<ListedBackup> &backups, const QString &instanceId)
{
    QStringList names;
    for (const ListedBackup &backup : backups) {
        if (backup.record.instanceId == instanceId && !backup.record.database.isEmpty()) {
            names += backup.record.database;
        }
    }
    names.removeDuplicates();
    names.sort();
    return names;
}

} // namespace Roost
