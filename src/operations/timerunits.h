#pragma once

#include <QByteArray>
#include <QMap>
#include <QString>
#include <QStringList>
#include <QTime>

namespace Roost {

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

/// A timer of systemd's user manager that runs roost-cli: what the two unit files say, and the line of a crontab that
/// does the same.
struct TimerUnits
{
    QString name;          ///< of the units, without `.timer`
    QString description;   ///< "back up my_database"
    QString rhythm;        ///< for the reader of the timer: "daily"
    QStringList arguments; ///< of roost-cli
    QString changedBy;     ///< where in Roost it is changed, for the reader of the units
    QTime at;              ///< local, to the minute
    int weekday = 0;       ///< 1 Monday … 7 Sunday; 0: every day
    QByteArray settings;   ///< JSON that the timer keeps for us, in a section that systemd ignores

    bool operator==(const TimerUnits &) const = default;
};

[[nodiscard]] QByteArray serviceUnit(const TimerUnits &units, const ScheduleHost &host);
[[nodiscard]] QByteArray timerUnit(const TimerUnits &units);
/// The settings in the bytes of a timer; null when it is none of ours.
[[nodiscard]] QByteArray settingsOf(const QByteArray &timerUnit);
[[nodiscard]] QString cronLine(const TimerUnits &units, const ScheduleHost &host);

} // namespace Roost
