#include "operations/usertimer.h"

#include "process/processrunner.h"

#include <QCoreApplication>
#include <QDir>
#include <QLocale>
#include <QSaveFile>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(UserTimer)
};

constexpr int timeoutMs = 30'000;

QString unitFile(const ScheduleHost &host, const QString &unit)
{
    return host.unitFolder + u'/' + unit;
}

QString cronHint()
{
    return Text::tr("A crontab can do the same: `crontab -e`, and paste the line for cron.");
}

/// `systemctl --user …`, in the session of this user, its times in UTC.
Result<ProcessOutcome> systemctl(const ScheduleHost &host, const QStringList &arguments, const JobContext &context)
{
    if (host.systemctl.isEmpty()) {
        return failure(ErrorCode::ToolMissing,
                       Text::tr("This computer has no systemd, so no timer can be made.") + u' ' + cronHint());
    }
    ProcessCommand command;
    command.program = host.systemctl;
    command.arguments = QStringList{QStringLiteral("--user"), QStringLiteral("--no-pager")} + arguments;
    for (const char *name : {"XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "XDG_CONFIG_HOME"}) {
        const QString value = qEnvironmentVariable(name);
        if (!value.isEmpty()) {
            command.environment.insert(QString::fromLatin1(name), value);
        }
    }
    command.environment.insert(QStringLiteral("TZ"), QStringLiteral("UTC"));
    command.timeoutMs = timeoutMs;
    return runProcess(command, context);
}

/// As above; an exit code is a failure that says what was to be done.
Result<void> order(const ScheduleHost &host, const QStringList &arguments, const JobContext &context)
{
    const auto outcome = systemctl(host, arguments, context);
    if (!outcome) {
        return failure(outcome.error());
    }
    if (!outcome->succeeded()) {
        return failure(ErrorCode::ProcessFailed,
                       Text::tr("systemd did not do it (`systemctl --user %1`).").arg(arguments.join(u' ')),
                       QString::fromUtf8(outcome->standardError).trimmed());
    }
    return {};
}

/// `Key=value` lines of `systemctl show`.
QMap<QString, QString> show(const ScheduleHost &host, const QString &unit, const QString &properties,
                            const JobContext &context)
{
    QMap<QString, QString> values;
    const auto outcome =
        systemctl(host, {QStringLiteral("show"), unit, QStringLiteral("--property=") + properties}, context);
    if (outcome && outcome->succeeded()) {
        const QStringList lines = QString::fromUtf8(outcome->standardOutput).split(u'\n', Qt::SkipEmptyParts);
        for (const QString &line : lines) {
            values.insert(line.section(u'=', 0, 0), line.section(u'=', 1));
        }
    }
    return values;
}

/// "Mon 2026-11-30 03:30:00 UTC"
QDateTime timeOf(const QString &text)
{
    QDateTime time = QLocale::c().toDateTime(text.section(u' ', 1, 2), QStringLiteral("yyyy-MM-dd HH:mm:ss"));
    time.setTimeSpec(Qt::UTC);
    return time;
}

/// The bytes of a file; null when there is none.
QByteArray bytesOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

Result<void> write(const QString &path, const QByteArray &bytes)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit()) {
        return failure(ErrorCode::FileFailed,
                       Text::tr("%1 could not be written. Check that you may write there, and that the disk is not "
                                "full.")
                           .arg(path),
                       file.errorString());
    }
    return {};
}

/// Puts a file back as it was: its bytes, or none.
void putBack(const QString &path, const QByteArray &bytes)
{
    if (bytes.isNull()) {
        QFile::remove(path);
    } else {
        [[maybe_unused]] const Result<void> written = write(path, bytes); // the first failure is the one to tell
    }
}

Result<void> enable(const QString &timer, const ScheduleHost &host, const JobContext &context)
{
    if (auto read = order(host, {QStringLiteral("daemon-reload")}, context); !read) {
        return read;
    }
    if (auto enabled = order(host, {QStringLiteral("enable"), timer}, context); !enabled) {
        return enabled;
    }
    // Not `enable --now`: a timer that runs already would keep its old time.
    return order(host, {QStringLiteral("restart"), timer}, context);
}

} // namespace

Result<void> findUserManager(const ScheduleHost &host, const JobContext &context)
{
    const auto outcome = systemctl(host, {QStringLiteral("show"), QStringLiteral("--property=Version")}, context);
    if (!outcome) {
        return failure(outcome.error());
    }
    if (!outcome->succeeded()) {
        return failure(ErrorCode::NotAllowed,
                       Text::tr("systemd does not run timers for you here: its user manager does not answer. It runs "
                                "in a session that you logged into, not in one that was opened with su or in a "
                                "container.") +
                           u' ' + cronHint(),
                       QString::fromUtf8(outcome->standardError).trimmed());
    }
    return {};
}

TimerState askTimer(const QString &name, const ScheduleHost &host, const JobContext &context)
{
    const auto timer =
        show(host, name + QStringLiteral(".timer"),
             QStringLiteral("ActiveState,UnitFileState,NextElapseUSecRealtime,LastTriggerUSec"), context);
    const auto service = show(host, name + QStringLiteral(".service"),
                              QStringLiteral("ActiveState,Result,ExecMainExitTimestamp"), context);
    TimerState state;
    state.file = unitFile(host, name + QStringLiteral(".timer"));
    if (timer.isEmpty()) {
        return state;
    }
    using Last = TimerState::LastResult;
    state.isAskedOf = true;
    state.isActive = timer.value(QStringLiteral("ActiveState")) == u"active" &&
                     timer.value(QStringLiteral("UnitFileState")) == u"enabled";
    state.nextRun = timeOf(timer.value(QStringLiteral("NextElapseUSecRealtime")));
    state.lastRun = timeOf(timer.value(QStringLiteral("LastTriggerUSec")));
    if (service.value(QStringLiteral("ActiveState")) == u"activating") {
        state.lastResult = Last::Running;
    } else if (timeOf(service.value(QStringLiteral("ExecMainExitTimestamp"))).isValid()) {
        state.lastResult = service.value(QStringLiteral("Result")) == u"success" ? Last::Succeeded : Last::Failed;
    }
    return state;
}

Result<TimerState> saveTimer(const TimerUnits &units, const ScheduleHost &host, const JobContext &context)
{
    if (const auto manager = findUserManager(host, context); !manager) {
        return failure(manager.error());
    }
    if (!QDir().mkpath(host.unitFolder)) {
        return failure(ErrorCode::FileFailed, Text::tr("The folder %1 could not be made.").arg(host.unitFolder));
    }
    const QString &name = units.name;
    const QString service = unitFile(host, name + QStringLiteral(".service"));
    const QString timer = unitFile(host, name + QStringLiteral(".timer"));
    const QByteArray oldService = bytesOf(service);
    const QByteArray oldTimer = bytesOf(timer);
    Result<void> done = write(service, serviceUnit(units, host));
    if (done) {
        done = write(timer, timerUnit(units));
    }
    if (done) {
        done = enable(name + QStringLiteral(".timer"), host, context);
    }
    TimerState state;
    if (done) {
        state = askTimer(name, host, context);
        if (!state.isActive || !state.nextRun.isValid()) {
            done = failure(ErrorCode::ProcessFailed,
                           Text::tr("systemd took the timer, but does not wait for its time. See `systemctl --user "
                                    "status %1.timer`.")
                               .arg(name));
        }
    }
    if (!done) {
        const JobContext cleanUp;
        if (oldTimer.isNull()) {
            [[maybe_unused]] const auto off = order(
                host, {QStringLiteral("disable"), QStringLiteral("--now"), name + QStringLiteral(".timer")}, cleanUp);
        }
        putBack(service, oldService);
        putBack(timer, oldTimer);
        [[maybe_unused]] const auto read = order(host, {QStringLiteral("daemon-reload")}, cleanUp);
        return failure(done.error());
    }
    return state;
}

Result<void> removeTimer(const QString &name, const ScheduleHost &host, const JobContext &context)
{
    const QString timer = unitFile(host, name + QStringLiteral(".timer"));
    if (!QFile::exists(timer)) {
        return failure(ErrorCode::NotFound, Text::tr("There is no timer %1.").arg(name));
    }
    const bool hasManager = findUserManager(host, context).has_value();
    if (hasManager) {
        const auto off =
            order(host, {QStringLiteral("disable"), QStringLiteral("--now"), name + QStringLiteral(".timer")}, context);
        if (!off) {
            return off;
        }
    }
    QFile::remove(unitFile(host, QStringLiteral("timers.target.wants/%1.timer").arg(name)));
    for (const QString &file : {timer, unitFile(host, name + QStringLiteral(".service"))}) {
        if (!QFile::remove(file) && QFile::exists(file)) {
            return failure(ErrorCode::FileFailed,
                           Text::tr("The timer is stopped, but %1 could not be removed.").arg(file));
        }
    }
    return hasManager ? order(host, {QStringLiteral("daemon-reload")}, context) : Result<void>();
}

} // namespace Roost
