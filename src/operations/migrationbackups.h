#pragma once

#include "operations/migrationwork.h"

namespace Roost {

// What the steps before the gate share. Internal to them.

/// A backup as it lies there now.
struct FoundBackup
{
    bool isThere = false;
    bool isRight = false;      ///< hashed now: the bytes that were noted
    bool manifestFits = false; ///< beside it, whole, of these bytes and of this database

    bool isWhole() const { return isThere && isRight && manifestFits; }
};
/// Hashes the file. Only a cancel is an error.
[[nodiscard]] Result<FoundBackup> lookAtBackup(const QString &file, const QByteArray &sha256, const QString &database,
                                               const JobContext &context);
/// The one that was noted last, of this database.
[[nodiscard]] Result<FoundBackup> lookAtNotedBackup(const MigrationWork &work, const QString &database,
                                                    const JobContext &context);

/// A fresh backup, noted in place of an earlier one.
[[nodiscard]] Result<void> takeMigrationBackup(MigrationWork &work, const ConnectionSpec &source,
                                               const QString &database, JobContext &context);
/// The noted backup is the one that was proven.
[[nodiscard]] bool isProvenBackup(const MigrationState &state, const QString &database);
/// Restores the noted backup into a scratch database and compares; takes a fresh one first where the last proof failed
/// on this one. Noted.
[[nodiscard]] Result<void> proveMigrationBackup(MigrationWork &work, const ConnectionSpec &source,
                                                const QString &database, JobContext &context);
/// The noted backup whole and proven, by a fresh one where it is not.
[[nodiscard]] Result<void> ensureProvenBackup(MigrationWork &work, const ConnectionSpec &source,
                                              const QString &database, JobContext &context);
[[nodiscard]] QStringList databaseNames(const MigrationPlan &plan);

} // namespace Roost
