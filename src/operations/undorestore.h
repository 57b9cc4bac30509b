#pragma once

#include "core/connectionparameters.h"
#include "core/jobcontext.h"
#include "core/result.h"

#include <QString>

namespace Roost {

struct UndoRestoreRequest
{
    ConnectionSpec target; ///< its database was replaced by a restore
    QString retired;       ///< where the old content is: RestoreReport::retiredDatabase
    bool endSessions = false;
};

struct UndoRestoreReport
{
    QString database; ///< holds the old content again
    QString undone;   ///< where the restored content is now
};

/// Puts the content that a restore has replaced back into its place: two renames in one transaction. What was restored
/// is kept as `…_undone_…`. NotFound when the old content was dropped, Conflict naming the sessions in the way. Nothing
/// is changed by a failure. Blocking, on a worker thread.
[[nodiscard]] Result<UndoRestoreReport> undoRestore(const UndoRestoreRequest &request, JobContext &context);

} // namespace Roost
