#pragma once

#include "operations/migrationinstances.h"

namespace Roost {

// What the steps that fill and check the new instance share.

/// Restores one planned database on the new instance, whatever is there of an earlier try, and writes it down. Nothing
/// is done when it is there already, and equal to its backup.
[[nodiscard]] Result<void> restoreDatabase(MigrationWork &work, const ConnectionSpec &target,
                                           const MigrationDatabase &database, JobContext &context);
/// The file to restore a database from: the backup that was proven, or its second copy where that is gone or damaged.
[[nodiscard]] Result<QString> backupFileOf(const MigrationState &state, const QString &database);
/// What is gone by the restored database's own name on the new instance.
[[nodiscard]] QString restoredName(const MigrationState &state, const QString &database);

} // namespace Roost
