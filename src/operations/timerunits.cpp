#include "operations/timerunits.h"

#include <QCoreApplication>
#include <QDir>
#include <QRegularExpression>
#include <QStandardPaths>

#include <array>
#include <unistd.h>

namespace Roost {

namespace {

const QByteArray ownSection = "[X-Roost]\nSchedule=";
const QString timeForm = QStringLiteral("HH:mm");

QString weekdayName(int weekday)
{
    static const std::array<const char *, 7> names{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    return QString::fromLatin1(names.at(size_t(weekday - 1)));
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

/// A text of a unit file, in which `%` would begin a specifier.
QString unitText(QString text)
{
    return text.replace(u'\\', QStringLiteral("\\\\")).replace(u'%', QStringLiteral("%%"));
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

QByteArray serviceUnit(const TimerUnits &units, const ScheduleHost &host)
{
    QStringList command{unitWord(host.program, false)};
    static const QRegularExpression refused(QStringLiteral("['\"\\\\]"));
    if (host.program.contains(refused)) { // systemd starts no program with such a path, but passes it on
        command = {QStringLiteral("/usr/bin/env"), unitWord(host.program, true)};
    }
    for (const QString &argument : units.arguments) {
        command += unitWord(argument, true);
    }
    QString unit = QStringLiteral("# Made by Roost; %1 changes it.\n"
                                  "[Unit]\nDescription=Roost: %2\n\n[Service]\nType=oneshot\nNice=10\n")
                       .arg(units.changedBy, unitText(units.description));
    for (auto each = host.environment.cbegin(); each != host.environment.cend(); ++each) {
        unit += QStringLiteral("Environment=") + unitWord(each.key() + u'=' + each.value(), false) + u'\n';
    }
    unit += QStringLiteral("ExecStart=") + command.join(u' ') + u'\n';
    return unit.toUtf8();
}

QByteArray timerUnit(const TimerUnits &units)
{
    const QString days = units.weekday > 0 ? weekdayName(units.weekday) + u' ' : QString();
    const QString unit =
        QStringLiteral("# Made by Roost; %1 changes it.\n"
                       "[Unit]\nDescription=Roost: %2, %3\n\n"
                       "[Timer]\nOnCalendar=%4*-*-* %5:00\n"
                       // What was missed while the computer was off is made up for.
                       "Persistent=true\n\n"
                       "[Install]\nWantedBy=timers.target\n\n")
            .arg(units.changedBy, unitText(units.description), units.rhythm, days, units.at.toString(timeForm));
    return unit.toUtf8() + ownSection + units.settings + '\n';
}

QByteArray settingsOf(const QByteArray &timerUnit)
{
    const qsizetype at = timerUnit.indexOf(ownSection);
    if (at < 0) {
        return {};
    }
    const qsizetype begin = at + ownSection.size();
    return timerUnit.mid(begin, timerUnit.indexOf('\n', begin) - begin);
}

QString cronLine(const TimerUnits &units, const ScheduleHost &host)
{
    // cron knows nothing of the desktop's session, where the keychain and the notifications are.
    const QString runtime = QStringLiteral("/run/user/%1").arg(::getuid());
    QStringList words{QStringLiteral("XDG_RUNTIME_DIR=") + runtime,
                      QStringLiteral("DBUS_SESSION_BUS_ADDRESS=unix:path=%1/bus").arg(runtime)};
    for (auto each = host.environment.cbegin(); each != host.environment.cend(); ++each) {
        words += each.key() + u'=' + shellWord(each.value());
    }
    words += shellWord(host.program);
    for (const QString &argument : units.arguments) {
        words += shellWord(argument);
    }
    const QString day = units.weekday > 0 ? QString::number(units.weekday % 7) : QStringLiteral("*");
    // A percent sign would be a line end to cron, in quotes as well.
    return QStringLiteral("%1 %2 * * %3 ").arg(units.at.minute()).arg(units.at.hour()).arg(day) +
           words.join(u' ').replace(u'%', QStringLiteral("\\%"));
}

} // namespace Roost
