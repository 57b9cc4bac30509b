#pragma once

#include "operations/usertimer.h"

#include <QTime>

namespace Roost {

/// What the computer does by itself while no Roost runs: remind of ends, and of databases without a fresh proven
/// backup. Each is a timer of systemd's user manager of its own.
struct ReminderTimers
{
    bool remindsOfExpiry = false;
    int staleDays = 0; ///< reminds of databases without a proven backup of so many days; 0: not
    QTime at{9, 0};    ///< local, to the minute

    bool operator==(const ReminderTimers &) const = default;
};

[[nodiscard]] TimerUnits expiryTimer(const QTime &at);
[[nodiscard]] TimerUnits staleTimer(int days, const QTime &at);

/// As the files of the timers say; needs no user manager. Blocking, as all of these.
[[nodiscard]] ReminderTimers readReminders(const ScheduleHost &host);
/// Makes, changes and removes timers until it is so. What usertimer.h says of failures.
[[nodiscard]] Result<void> saveReminders(const ReminderTimers &wanted, const ScheduleHost &host,
                                         const JobContext &context);

} // namespace Roost
