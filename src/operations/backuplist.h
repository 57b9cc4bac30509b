#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "storage/backupcatalog.h"

#include <QList>
#include <QString>

namespace Roost {

/// A backup of the catalogue, and what its file looks like now.
struct ListedBackup
{
    BackupRecord record;
    bool isThere = false;     ///< a file of the recorded size; false for failures
    bool hasManifest = false; ///< a file beside it that should be the proof
};

/// The catalogue's backups, the latest first. Dumps that lie in `folder` (Roost's own, with all in it) and are not
/// listed yet are taken in first, with what their manifests say. Looks at every file: blocking, on a worker thread.
[[nodiscard]] Result<QList<ListedBackup>> listBackups(const BackupCatalog &catalog, const QString &folder);

/// The newest backup of the database that is still there and was shown to hold what the source held: read back whole or
/// better. Null (number 0) when there is none.
[[nodiscard]] BackupRecord lastProven(const QList<ListedBackup> &backups, const QString &instanceId,
                                      const QString &database);

/// Which backups of one database retention may remove so that `keep` scheduled ones are left: the oldest by their
/// numbers, not by a clock. Never one that somebody asked for or wrote a note on, never one that is broken (somebody
/// should look), and never the last that was restored and compared, nor the last that was read back. Only backups that
/// are still there count.
[[nodiscard]] QList<BackupRecord> retirable(const QList<ListedBackup> &backups, const QString &instanceId,
                                            const QString &database, int keep);

/// Removes those files, their manifests, and what the catalogue says of them. What was removed. Blocking.
[[nodiscard]] Result<QList<BackupRecord>> retire(const BackupCatalog &catalog, const QString &folder,
                                                 const QString &instanceId, const QString &database, int keep,
                                                 const JobContext &context);

} // namespace Roost
