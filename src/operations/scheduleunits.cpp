#include "operations/scheduleunits.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>
#include <QRegularExpression>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(BackupSchedule)
};

using Rhythm = BackupSchedule::Rhythm;

const QString timeForm = QStringLiteral("HH:mm");

QStringList argumentsOf(const BackupSchedule &schedule)
{
    return {QStringLiteral("backup"), QStringLiteral("--all"),        schedule.instance,
            QStringLiteral("--keep"), QString::number(schedule.keep), QStringLiteral("--notify")};
}

QByteArray asJson(const BackupSchedule &schedule)
{
    QJsonObject json{{QStringLiteral("instance"), schedule.instance},
                     {QStringLiteral("at"), schedule.at.toString(timeForm)},
                     {QStringLiteral("keep"), schedule.keep}};
    if (schedule.rhythm == Rhythm::Weekly) {
        json.insert(QStringLiteral("weekday"), schedule.weekday);
    }
    return QJsonDocument(json).toJson(QJsonDocument::Compact);
}

} // namespace

QString scheduleProblem(const BackupSchedule &schedule)
{
    const QString &name = schedule.instance;
    if (name.isEmpty()) {
        return Text::tr("Say which instance is to be backed up.");
    }
    if (name.startsWith(u"env:")) {
        return Text::tr("A timer has no variables of your terminal. Save the connection with `roost-cli add`, and use "
                        "its name.");
    }
    if (name.contains(u'/')) {
        return Text::tr("A whole instance is backed up: leave out the database.");
    }
    if (name.startsWith(u'-') || std::any_of(name.begin(), name.end(), [](QChar c) { return !c.isPrint(); })) {
        return Text::tr("The instance's name cannot stand in a timer.");
    }
    if (!schedule.at.isValid()) {
        return Text::tr("The time is no time of a day; write it as 03:30.");
    }
    if (schedule.rhythm == Rhythm::Weekly && (schedule.weekday < 1 || schedule.weekday > 7)) {
        return Text::tr("The day is no day of a week; write it as Mon, Tue, Wed, Thu, Fri, Sat or Sun.");
    }
    return schedule.keep < 1 ? Text::tr("At least one backup has to be kept.") : QString();
}

QString scheduleText(const BackupSchedule &schedule)
{
    const QString time = schedule.at.toString(timeForm);
    return schedule.rhythm == Rhythm::Daily ? Text::tr("every day at %1").arg(time)
                                            : Text::tr("every %1 at %2").arg(QLocale().dayName(schedule.weekday), time);
}

QString scheduleUnitName(const QString &instance)
{
    static const QRegularExpression unfit(QStringLiteral("[^A-Za-z0-9_.-]+"));
    QString slug = instance;
    slug.replace(unfit, QStringLiteral("-"));
    constexpr qsizetype longest = 60;
    if (slug != instance || slug.size() > longest) { // two names may have the same slug
        const QByteArray hash = QCryptographicHash::hash(instance.toUtf8(), QCryptographicHash::Sha256).toHex();
        slug = slug.left(longest) + u'-' + QString::fromLatin1(hash.left(8));
    }
    return QStringLiteral("roost-backup-") + slug;
}

TimerUnits timerOf(const BackupSchedule &schedule)
{
    const bool isWeekly = schedule.rhythm == Rhythm::Weekly;
    TimerUnits units;
    units.name = scheduleUnitName(schedule.instance);
    units.description = QStringLiteral("back up ") + schedule.instance;
    units.rhythm = isWeekly ? QStringLiteral("weekly") : QStringLiteral("daily");
    units.arguments = argumentsOf(schedule);
    units.changedBy = QStringLiteral("“Schedule backups…” or `roost-cli schedule`");
    units.at = schedule.at;
    units.weekday = isWeekly ? schedule.weekday : 0;
    units.settings = asJson(schedule);
    return units;
}

QByteArray serviceUnit(const BackupSchedule &schedule, const ScheduleHost &host)
{
    return serviceUnit(timerOf(schedule), host);
}

QByteArray timerUnit(const BackupSchedule &schedule)
{
    return timerUnit(timerOf(schedule));
}

QString cronLine(const BackupSchedule &schedule, const ScheduleHost &host)
{
    return cronLine(timerOf(schedule), host);
}

std::optional<BackupSchedule> scheduleOf(const QByteArray &timerUnit)
{
    const QByteArray line = settingsOf(timerUnit);
    if (line.isEmpty()) {
        return std::nullopt;
    }
    const QJsonObject json = QJsonDocument::fromJson(line).object();
    BackupSchedule schedule;
    schedule.instance = json.value(QStringLiteral("instance")).toString();
    schedule.rhythm = json.contains(QStringLiteral("weekday")) ? Rhythm::Weekly : Rhythm::Daily;
    schedule.weekday = json.value(QStringLiteral("weekday")).toInt(1);
    schedule.at = QTime::fromString(json.value(QStringLiteral("at")).toString(), timeForm);
    schedule.keep = json.value(QStringLiteral("keep")).toInt();
    return scheduleProblem(schedule).isEmpty() ? std::optional(schedule) : std::nullopt;
}

} // namespace Roost
