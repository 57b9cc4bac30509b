#pragma once

#include "operations/timerunits.h"

#include <QByteArray>
#include <QString>
#include <QTime>

#include <optional>

namespace Roost {

/// When an instance is backed up by itself, and how many of these backups are kept of each database.
struct BackupSchedule
{
    enum class Rhythm { Daily, Weekly };

    QString instance; ///< the name of a saved connection, or `practice`
    Rhythm rhythm = Rhythm::Daily;
    int weekday = 1; ///< 1 Monday … 7 Sunday; for Weekly
    QTime at{3, 30}; ///< local, to the minute
    int keep = 14;

    bool operator==(const BackupSchedule &) const = default;
};

/// What is wrong with it, translated; empty if fine.
[[nodiscard]] QString scheduleProblem(const BackupSchedule &schedule);
/// "every day at 03:30", "every Monday at 03:30".
[[nodiscard]] QString scheduleText(const BackupSchedule &schedule);

/// `roost-backup-NAME`, the same for the same instance and another one for any other: without `.timer`.
[[nodiscard]] QString scheduleUnitName(const QString &instance);
/// The timer that runs it; holds the schedule itself as well, see scheduleOf().
[[nodiscard]] TimerUnits timerOf(const BackupSchedule &schedule);
[[nodiscard]] QByteArray serviceUnit(const BackupSchedule &schedule, const ScheduleHost &host);
[[nodiscard]] QByteArray timerUnit(const BackupSchedule &schedule);
/// The schedule that a timer of ours was made for.
[[nodiscard]] std::optional<BackupSchedule> scheduleOf(const QByteArray &timerUnit);
/// The line of a crontab that does the same.
[[nodiscard]] QString cronLine(const BackupSchedule &schedule, const ScheduleHost &host);

} // namespace Roost
