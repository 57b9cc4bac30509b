#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "operations/timerunits.h"

#include <QDateTime>

namespace Roost {

/// What systemd says of a timer.
struct TimerState
{
    enum class LastResult { Unknown, Running, Succeeded, Failed };

    QString file;           ///< of the timer
    bool isActive = false;  ///< it waits for the next time
    bool isAskedOf = false; ///< false where the user manager could not be asked: all that follows is unknown
    QDateTime nextRun = {}; ///< null when unknown
    QDateTime lastRun = {}; ///< when it was started last; null: never, or unknown
    LastResult lastResult = LastResult::Unknown;
};

// Timers and services of systemd's user manager (`systemctl --user`). Blocking, on a worker thread. Without a user
// manager: ToolMissing (no systemctl) or NotAllowed (it does not answer), saying that a crontab can do the same.

/// Whether timers can be made here.
[[nodiscard]] Result<void> findUserManager(const ScheduleHost &host, const JobContext &context);

/// Writes both units, enables and starts the timer, and reads back that it waits. Replaces the timer of this name; on
/// failure what was there before is there again. FileFailed, ProcessFailed.
[[nodiscard]] Result<TimerState> saveTimer(const TimerUnits &units, const ScheduleHost &host,
                                           const JobContext &context);
[[nodiscard]] TimerState askTimer(const QString &name, const ScheduleHost &host, const JobContext &context);
/// Stops the timer and removes both units, also where there is no user manager. What runs goes on. NotFound,
/// FileFailed.
[[nodiscard]] Result<void> removeTimer(const QString &name, const ScheduleHost &host, const JobContext &context);

} // namespace Roost
