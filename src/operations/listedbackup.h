#pragma once

#include "core/connectionparameters.h"
#include "core/jobcontext.h"
#include "core/result.h"
#include "operations/backup.h"
#include "operations/verify.h"
#include "storage/backupcatalog.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace Roost {

/// A backup to be made, and what the catalogue is to say of it.
struct ListedBackupRequest
{
    BackupRequest backup;
    BackupRecord::Origin origin = BackupRecord::Origin::Made;
    QString instanceId;
    QString instanceName;
    QString note;
};

/// backUp(), and the catalogue says what came of it: also that it failed, with its log; nothing of one that was
/// cancelled. A catalogue that cannot be written is a warning: the backup is what counts. Blocking, on a worker thread.
[[nodiscard]] Result<Backup> backUpListed(const ListedBackupRequest &request, const BackupCatalog &catalog,
                                          JobContext &context);

/// verifyBackup(), and the catalogue, when it lists the file, says what came of it and when. What could not be found
/// out (no tools, no server, cancelled) changes nothing there.
[[nodiscard]] Result<Verification> verifyListed(const VerifyRequest &request, const BackupCatalog &catalog,
                                                JobContext &context);

struct InstanceBackupRequest
{
    ConnectionSpec instance; ///< its database is only connected through
    QString folder;          ///< absolute; must exist
    BackupRecord::Origin origin = BackupRecord::Origin::Made;
    QString instanceId;
    QString instanceName;
};

struct InstanceBackup
{
    struct Failed
    {
        QString database;
        Error error;
    };
    QList<Backup> made;
    QList<Failed> failed;
    QStringList skipped; ///< what was not backed up on purpose, and why; translated
};

/// All databases of an instance, one after the other, in one job. One that fails does not stop the others. `postgres`
/// is left out when it is empty, as it is on every new instance. An error when nothing could be begun, or when
/// cancelled: what was finished by then stays. Blocking, on a worker thread.
[[nodiscard]] Result<InstanceBackup> backUpInstance(const InstanceBackupRequest &request, const BackupCatalog &catalog,
                                                    JobContext &context);

} // namespace Roost
