#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "storage/backupcatalog.h"

#include <QString>

namespace Roost {

// What can be done with a listed backup's files. Each changes the catalogue with the files. Blocking.

/// What is known of a dump by itself and the manifest beside it; no checksum is computed. Not in the catalogue yet.
[[nodiscard]] BackupRecord recordOfFile(const QString &file);

/// Gives dump and manifest another name in the same folder, never over anything. InvalidInput for what is no name of a
/// file, NotFound, AlreadyExists.
[[nodiscard]] Result<BackupRecord> renameBackup(const BackupCatalog &catalog, const BackupRecord &record,
                                                const QString &name);

enum class Removal { ToTrash, ForGood };
/// Removes dump and manifest, and the record. Files that are gone already are no error; a second copy is left.
[[nodiscard]] Result<void> removeBackup(const BackupCatalog &catalog, const BackupRecord &record, Removal removal);

/// Copies dump and manifest into another folder under the same name, reads the copy back and compares its checksum. The
/// record says where it is. AlreadyExists, NotFound, DiskFull, FileFailed; InvalidInput when the dump is not what was
/// made.
[[nodiscard]] Result<BackupRecord> copyBackup(const BackupCatalog &catalog, const BackupRecord &record,
                                              const QString &folder, const JobContext &context);

/// Takes a dump that was made elsewhere into the list: copies it, and its manifest if there is one, into `folder`. With
/// a manifest that is of this very file it counts as read back. Refuses what is no archive, as inspectDump().
[[nodiscard]] Result<BackupRecord> importBackup(const BackupCatalog &catalog, const QString &file,
                                                const QString &folder, JobContext &context);

} // namespace Roost
