#pragma once

#include "operations/backuplist.h"

#include <QDateTime>
#include <QList>
#include <QString>
#include <QStringList>

namespace Roost {

/// An instance and what is to be backed up of it.
struct WatchedInstance
{
    QString id; ///< as the catalogue names it
    QString name;
    QStringList databases;
};

struct StaleDatabase
{
    QString instanceName;
    QString database;
    QDateTime lastProven; ///< UTC; null when it never was
};

/// The databases whose newest proven backup that is still there was taken before `limit` (UTC), or that have none.
[[nodiscard]] QList<StaleDatabase> staleDatabases(const QList<ListedBackup> &backups,
                                                  const QList<WatchedInstance> &instances, const QDateTime &limit);

/// The databases of an instance that the catalogue knows of.
[[nodiscard]] QStringList databasesIn(const QList<ListedBackup> &backups, const QString &instanceId);

} // namespace Roost
