#pragma once

#include "operations/copymonitor.h"
#include "operations/toolmessages.h"
#include "process/processrunner.h"

#include <functional>

namespace Roost {

/// A run of pg_dump or pg_restore against a server, under watch: its messages are sorted, its backend's progress is
/// read, a cancel ends the backend first, and a run in which nothing moves any more is ended.
struct WatchedTool
{
    ProcessCommand command; ///< with connection and applicationName; its callbacks are set here
    QString messagePrefix;  ///< "pg_dump" or "pg_restore"
    std::function<void(const QString &line)> onLine; ///< each line on standard error
    /// A few times a second.
    std::function<void(const CopyMonitor::State &state)> onProgress;
    /// Something besides the server's figures that grows while the tool works: the size of its file.
    std::function<qint64()> growing;
    /// Says that nothing moved for a while, translated; an empty text when it moves again.
    std::function<void(const QString &note)> onStall;
    int noteAfterMs = 120'000;
    int giveUpAfterMs = 600'000;
};

struct WatchedOutcome
{
    ProcessOutcome process;
    ToolMessages messages;
};

/// Blocking, on a worker thread. TimedOut when nothing moved for giveUpAfterMs; else as runProcess().
[[nodiscard]] Result<WatchedOutcome> runWatched(const WatchedTool &tool, const JobContext &context);

} // namespace Roost
