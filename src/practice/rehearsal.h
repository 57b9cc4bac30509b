#pragma once

#include "core/connectionparameters.h"
#include "core/jobcontext.h"
#include "core/result.h"
#include "operations/renderpatience.h"
#include "render/renderaccess.h"
#include "storage/backupcatalog.h"

#include <QDateTime>
#include <QString>
#include <QStringList>

#include <optional>

namespace Roost {

/// What a move is rehearsed with: backups, or the databases of an instance as they are now.
struct RehearsalRequest
{
    std::optional<RenderAccess> access; ///< the stand-in's; nothing: it is found running, or started
    QString name;                       ///< of the instance to make there
    QString region;                     ///< empty: Render's usual one
    QStringList backups;                ///< absolute files, one a database
    std::optional<ConnectionSpec> live; ///< all of its databases are backed up first; nothing of it is changed
    QString liveId;                     ///< of the saved connection, for the catalogue
    QString liveName;
    QString backupFolder; ///< for what is backed up on the way; made when missing
    int day = 29;         ///< of the instance's thirty, that the clock shows afterwards
    RenderPatience patience = rehearsalPatience();

    /// The stand-in is nearby, and quick.
    static RenderPatience rehearsalPatience();
};

struct Rehearsal
{
    RenderAccess access;
    QString instanceId;
    QString instanceName;
    ConnectionSpec connection; ///< to the instance's own database
    QStringList databases;     ///< that were restored
    QStringList backups;       ///< the files they came from
    QString serviceId;   ///< of the sample service that was pointed at bird_app_db; empty: there was nothing to do
    QDateTime expiresAt; ///< UTC
    QStringList notes;   ///< translated: what was moved out of the way, what a restore left out
};

/// Makes a free instance with these databases on the stand-in for Render, and moves its clock on, so that what is left
/// to do is what the real day will bring. Refused (NotAllowed) where the access is not the stand-in's, before anything
/// is asked of it. On the stand-in an instance of the same name is deleted, as it is of an earlier rehearsal, and
/// other free ones go on a paid plan, which costs nothing there: Render allows one free instance. Blocking, on a worker
/// thread.
[[nodiscard]] Result<Rehearsal> prepareRehearsal(const RehearsalRequest &request, const BackupCatalog &catalog,
                                                 JobContext &context);

} // namespace Roost
