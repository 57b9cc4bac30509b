#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "operations/scheduleunits.h"

#include <QDateTime>
#include <QList>

namespace Roost {

/// A schedule that was made, and what systemd says of it.
struct ScheduleState
{
    enum class LastResult { Unknown, Running, Succeeded, Failed };

    BackupSchedule schedule;
    QString timerFile;
    bool isActive = false;  ///< its timer waits for the next time
    bool isAskedOf = false; ///< false where the user manager could not be asked: all that follows is unknown
    QDateTime nextRun = {}; ///< null when unknown
    QDateTime lastRun = {}; ///< when it was started last; null: never, or unknown
    LastResult lastResult = LastResult::Unknown;
};

// Timers and services of systemd's user manager (`systemctl --user`). Blocking, on a worker thread. Without a user
// manager: ToolMissing (no systemctl) or NotAllowed (it does not answer), saying that a crontab can do the same.

/// Whether timers can be made here.
[[nodiscard]] Result<void> findUserManager(const ScheduleHost &host, const JobContext &context);

/// Writes both units, enables and starts the timer, and reads back that it waits. Replaces the instance's schedule if
/// there is one; on failure what was there before is there again. InvalidInput, FileFailed, ProcessFailed.
[[nodiscard]] Result<ScheduleState> saveSchedule(const BackupSchedule &schedule, const ScheduleHost &host,
                                                 const JobContext &context);

/// By the instances' names. Needs no user manager; without one only the files are told of.
[[nodiscard]] Result<QList<ScheduleState>> listSchedules(const ScheduleHost &host, const JobContext &context);

/// Stops the timer and removes both units, also where there is no user manager. A backup that runs goes on. NotFound,
/// FileFailed.
[[nodiscard]] Result<void> removeSchedule(const QString &instance, const ScheduleHost &host, const JobContext &context);

} // namespace Roost
