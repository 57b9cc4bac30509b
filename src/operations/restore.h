#pragma once

#include "core/connectionparameters.h"
#include "core/jobcontext.h"
#include "core/result.h"
#include "operations/databaseproperties.h"
#include "operations/restoremessage.h"
#include "storage/backupcatalog.h"

#include <QString>
#include <QStringList>

#include <functional>
#include <optional>

namespace Roost {

/// Where the safety backup of an operation is listed.
struct SafetyListing
{
    BackupCatalog catalog;
    QString instanceId;
    QString instanceName;
};

enum class RestoreMode {
    IntoEmpty,      ///< the database exists and holds nothing
    IntoNew,        ///< it does not exist: created first, dropped again if the restore fails
    IntoExisting,   ///< chosen objects only: it exists, and has none of them; all of them get in, or none
    ReplaceExisting ///< restored into a new database beside it, which takes its place when all went well
};

struct RestoreRequest
{
    QString file;
    ConnectionSpec target; ///< its database is the one to restore into
    RestoreMode mode = RestoreMode::IntoEmpty;
    bool endSessions = false; ///< ReplaceExisting: end the sessions that are in the way
    /// Only these objects of the archive, each as SelectableObject::what, with what belongs to them and what they need;
    /// empty: all.
    QStringList chosen = {};
    bool structureOnly = false; ///< no rows, and sequences at their start
    /// Leave out what cannot be made without an extension that the server does not have, instead of refusing.
    bool leavesOutMissingExtensions = false;
    QString safetyBackupFile = {}; ///< ReplaceExisting: a backup of the old content is taken first, unless empty
    std::optional<SafetyListing> safetyListing = {}; ///< nothing: it is not listed
    /// IntoNew and ReplaceExisting: so many connections load at the same time; 1 or 2. A small server has no more to
    /// give.
    int jobs = 1;
    /// What pg_restore said, once it has ended, also when the restore fails. On the operation's thread.
    std::function<void(const QList<RestoreMessage> &)> onMessages = {};
    /// Hold what was restored against the manifest beside the file, where there is one.
    bool comparesContent = true;
    /// IntoNew: the database is created with this encoding, collation and owner; nothing: as the server's usual ones. A
    /// collation that the server does not have is left out, with a warning.
    std::optional<DatabaseProperties> like = {};
};

struct RestoreReport
{
    QString database;
    QString retiredDatabase; ///< ReplaceExisting: where the old content is now; empty otherwise
    int tables = 0;
    qint64 rows = 0; ///< counted in the target after the restore, and equal to the archive's
    /// Every table, sequence and object was held against the manifest beside the backup, and is what the source had.
    bool isProven = false;
    bool isPart = false;      ///< only chosen objects, or without those that need a missing extension
    QString safetyBackupFile; ///< empty if there was none
    qint64 safetyBackupBytes = 0;
    QList<RestoreMessage> messages; ///< of pg_restore and the server
    QStringList leftOut;            ///< entries of the archive not restored, and why; translated
    QStringList warnings;           ///< translated; also what differs from the manifest
};

/// All that there is to tell of a restore that succeeded, in its groups; the gravest first.
[[nodiscard]] QList<RestoreMessage> allMessages(const RestoreReport &report);

/// `pg_restore` of an archive, with progress, into a database that nobody's data is in. The backend's death, a lost
/// link, a full disk or any message of pg_restore that is not known to be harmless is a failure with its cause. A
/// target that a failed restore leaves half filled is dropped (IntoNew, ReplaceExisting) or emptied by rolling back
/// (IntoEmpty). Believed only when each table has as many rows as the archive, and, where a manifest lies beside it,
/// the same content as the source. Blocking, on a worker thread.
[[nodiscard]] Result<RestoreReport> restore(const RestoreRequest &request, JobContext &context);

struct ResetRequest
{
    ConnectionSpec target; ///< its database is dropped and created again
    QString confirmation;  ///< must equal the database's name
    bool endSessions = false;
    QString safetyBackupFile;                        ///< taken first unless empty
    std::optional<SafetyListing> safetyListing = {}; ///< nothing: it is not listed
};

struct ResetReport
{
    QString database;
    QString safetyBackupFile; ///< empty if there was none
    qint64 safetyBackupBytes = 0;
    QStringList warnings; ///< translated: settings that could not be set again
};

/// Drops the database and creates it again, empty, with its owner, encoding, collation, comment and settings as before.
/// Refuses the instance's own default database when there is no other one to connect through. Blocking, on a worker
/// thread.
[[nodiscard]] Result<ResetReport> reset(const ResetRequest &request, JobContext &context);

} // namespace Roost
