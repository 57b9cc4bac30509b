#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "operations/scheduleunits.h"
#include "operations/usertimer.h"

#include <QDateTime>
#include <QList>

namespace Roost {

/// A schedule that was made, and what systemd says of it.
struct ScheduleState : TimerState
{
    ScheduleState() = default;
    ScheduleState(const TimerState &state, BackupSchedule made)
        : TimerState(state)
        , schedule(std::move(made))
        , timerFile(state.file)
    {
    }

    BackupSchedule schedule;
    QString timerFile;
};

// As all timers of usertimer.h: blocking, on a worker thread.

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
