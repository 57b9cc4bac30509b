#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QMap>
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

/// What a schedule starts, and where the files of systemd's user manager are.
struct ScheduleHost
{
    QString program;                    ///< roost-cli, absolute
    QMap<QString, QString> environment; ///< what it needs to find Roost's things: ROOST_HOME, XDG_DATA_HOME
    QString unitFolder;
    QString systemctl; ///< absolute; empty where there is none

    /// As it is here: roost-cli beside this program.
    [[nodiscard]] static ScheduleHost ofThisComputer();
};

/// What is wrong with it, translated; empty if fine.
[[nodiscard]] QString scheduleProblem(const BackupSchedule &schedule);
/// "every day at 03:30", "every Monday at 03:30".
[[nodiscard]] QString scheduleText(const BackupSchedule &schedule);

/// `roost-backup-NAME`, the same for the same instance and another one for any other: without `.timer`.
[[nodiscard]] QString scheduleUnitName(const QString &instance);
[[nodiscard]] QByteArray serviceUnit(const BackupSchedule &schedule, const ScheduleHost &host);
/// Holds the schedule itself as well; see scheduleOf().
[[nodiscard]] QByteArray timerUnit(const BackupSchedule &schedule);
/// The schedule that a timer of ours was made for.
[[nodiscard]] std::optional<BackupSchedule> scheduleOf(const QByteArray &timerUnit);
/// The line of a crontab that does the same.
[[nodiscard]] QString cronLine(const BackupSchedule &schedule, const ScheduleHost &host);

} // namespace Roost
