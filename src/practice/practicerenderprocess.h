#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "render/renderclient.h"

#include <QDateTime>
#include <QJsonObject>

#include <optional>

namespace Roost {

// The stand-in for Render that runs as a process of its own, found again by a file (0600) in Paths::practice().
// Blocking, on a worker thread.

/// Finds it running, or starts `roost-cli practice serve`, which runs on until stopPracticeRender(). ToolMissing when
/// roost-cli is not beside this program.
[[nodiscard]] Result<RenderAccess> startPracticeRender(JobContext &context);
/// Absent when it does not run.
[[nodiscard]] std::optional<RenderAccess> runningPracticeRender();
[[nodiscard]] qint64 practiceRenderProcess(); ///< 0 when it does not run
/// A success when it does not run. Its instances keep their data.
[[nodiscard]] Result<void> stopPracticeRender(JobContext &context);

/// Runs it in this process until the context's stop is requested: `roost-cli practice serve`. AlreadyExists when
/// another process does.
[[nodiscard]] Result<void> servePracticeRender(JobContext &context);

/// What time it is there (UTC).
[[nodiscard]] Result<QDateTime> practiceTime(const RenderAccess &access, JobContext &context);
/// Moves its clock on, and returns the new time: thirty days by a click.
[[nodiscard]] Result<QDateTime> movePracticeClock(const RenderAccess &access, int days, JobContext &context);
/// One of the extra verbs: `method` on "/practice/…" with a body.
[[nodiscard]] Result<QJsonObject> askPracticeRender(const RenderAccess &access, const QByteArray &method,
                                                    const QString &path, const QJsonObject &body, JobContext &context);

} // namespace Roost
