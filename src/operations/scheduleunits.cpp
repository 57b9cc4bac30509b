#include "operations/scheduleunits.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDir>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>
#include <QRegularExpression>
#include <QStandardPaths>

#include <algorithm>
#include <array>
#include <unistd.h>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(BackupSchedule)
};

using Rhythm = BackupSchedule::Rhythm;

const QByteArray ownSection = "[X-Roost]\nSchedule=";
const QString timeForm = QStringLiteral("HH:mm");

QString weekdayName(int weekday)
{
    static const std::array<const char *, 7> names{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    return QString::fromLatin1(names.at(size_t(weekday - 1)));
}

QStringList argumentsOf(const BackupSchedule &schedule)
{
    return {QStringLiteral("backup"), QStringLiteral("--all"),        schedule.instance,
            QStringLiteral("--keep"), QString::number(schedule.keep), QStringLiteral("--notify")};
}

/// A word of a unit file: quoted, so that blanks do not part it; `%` would begin a specifier, `$` a variable.
QString unitWord(QString word, bool isArgument)
{
    word.replace(u'\\', QStringLiteral("\\\\"));
    word.replace(u'"', QStringLiteral("\\\""));
    word.replace(u'%', QStringLiteral("%%"));
    if (isArgument) {
        word.replace(u'$', QStringLiteral("$$"));
    }
    return u'"' + word + u'"';
}

QString shellWord(const QString &word)
{
    static const QRegularExpression plain(QStringLiteral("\\A[A-Za-z0-9_./:=,@+-]+\\z"));
    if (plain.match(word).hasMatch()) {
        return word;
    }
    QString quoted = word;
    quoted.replace(u'\'', QStringLiteral("'\\''"));
    return u'\'' + quoted + u'\'';
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

ScheduleHost ScheduleHost::ofThisComputer()
{
    ScheduleHost host;
    host.program = QCoreApplication::applicationDirPath() + QStringLiteral("/roost-cli");
    for (const char *name : {"ROOST_HOME", "XDG_DATA_HOME"}) {
        const QString value = qEnvironmentVariable(name);
        if (!value.isEmpty()) {
            host.environment.insert(QString::fromLatin1(name),
                                    QDir::cleanPath(QDir::current().absoluteFilePath(value)));
        }
    }
    host.unitFolder =
        QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) + QStringLiteral("/systemd/user");
    host.systemctl = QStandardPaths::findExecutable(QStringLiteral("systemctl"));
    return host;
}

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

QByteArray serviceUnit(const BackupSchedule &schedule, const ScheduleHost &host)
{
    QStringList command{unitWord(host.program, false)};
    static const QRegularExpression refused(QStringLiteral("['\"\\\\]"));
    if (host.program.contains(refused)) { // systemd starts no program with such a path, but passes it on
        command = {QStringLiteral("/usr/bin/env"), unitWord(host.program, true)};
    }
    for (const QString &argument : argumentsOf(schedule)) {
        command += unitWord(argument, true);
    }
    QString description = schedule.instance;
    description.replace(u'\\', QStringLiteral("\\\\")).replace(u'%', QStringLiteral("%%"));
    QString unit = QStringLiteral("# Made by Roost; “Schedule backups…” or `roost-cli schedule` changes it.\n"
                                  "[Unit]\nDescription=Roost: back up %1\n\n[Service]\nType=oneshot\nNice=10\n")
                       .arg(description);
    for (auto each = host.environment.cbegin(); each != host.environment.cend(); ++each) {
        unit += QStringLiteral("Environment=") + unitWord(each.key() + u'=' + each.value(), false) + u'\n';
    }
    unit += QStringLiteral("ExecStart=") + command.join(u' ') + u'\n';
    return unit.toUtf8();
}

QByteArray timerUnit(const BackupSchedule &schedule)
{
    QString description = schedule.instance;
    description.replace(u'\\', QStringLiteral("\\\\")).replace(u'%', QStringLiteral("%%"));
    const QString days = schedule.rhythm == Rhythm::Weekly ? weekdayName(schedule.weekday) + u' ' : QString();
    const QString unit =
        QStringLiteral("# Made by Roost; “Schedule backups…” or `roost-cli schedule` changes it.\n"
                       "[Unit]\nDescription=Roost: back up %1, %2\n\n"
                       "[Timer]\nOnCalendar=%3*-*-* %4:00\n"
                       // What was missed while the computer was off is made up for.
                       "Persistent=true\n\n"
                       "[Install]\nWantedBy=timers.target\n\n")
            .arg(description, schedule.rhythm == Rhythm::Daily ? QStringLiteral("daily") : QStringLiteral("weekly"),
                 days, schedule.at.toString(timeForm));
    return unit.toUtf8() + ownSection + asJson(schedule) + '\n';
}

std::optional<BackupSchedule> scheduleOf(const QByteArray &timerUnit)
{
    const qsizetype at = timerUnit.indexOf(ownSection);
    if (at < 0) {
        return std::nullopt;
    }
    const qsizetype begin = at + ownSection.size();
    const QByteArray line = timerUnit.mid(begin, timerUnit.indexOf('\n', begin) - begin);
    const QJsonObject json = QJsonDocument::fromJson(line).object();
    BackupSchedule schedule;
    schedule.instance = json.value(QStringLiteral("instance")).toString();
    schedule.rhythm = json.contains(QStringLiteral("weekday")) ? Rhythm::Weekly : Rhythm::Daily;
    schedule.weekday = json.value(QStringLiteral("weekday")).toInt(1);
    schedule.at = QTime::fromString(json.value(QStringLiteral("at")).toString(), timeForm);
    schedule.keep = json.value(QStringLiteral("keep")).toInt();
    return scheduleProblem(schedule).isEmpty() ? std::optional(schedule) : std::nullopt;
}

QString cronLine(const BackupSchedule &schedule, const ScheduleHost &host)
{
    // cron knows nothing of the desktop's session, where the keychain and the notifications are.
    const QString runtime = QStringLiteral("/run/user/%1").arg(::getuid());
    QStringList words{QStringLiteral("XDG_RUNTIME_DIR=") + runtime,
                      QStringLiteral("DBUS_SESSION_BUS_ADDRESS=unix:path=%1/bus").arg(runtime)};
    for (auto each = host.environment.cbegin(); each != host.environment.cend(); ++each) {
        words += each.key() + u'=' + shellWord(each.value());
    }
    words += shellWord(host.program);
    for (const QString &argument : argumentsOf(schedule)) {
        words += shellWord(argument);
    }
    const QString day = schedule.rhythm == Rhythm::Weekly ? QString::number(schedule.weekday % 7) : QStringLiteral("*");
    // A percent sign would be a line end to cron, in quotes as well.
    return QStringLiteral("%1 %2 * * %3 ").arg(schedule.at.minute()).arg(schedule.at.hour()).arg(day) +
           words.join(u' ').replace(u'%', QStringLiteral("\\%"));
}

} // namespace Roost
