#include "cli/output.h"
#include "cli/services.h"
#include "cli/targets.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "operations/backupschedule.h"

#include <QLocale>

namespace Roost {

namespace {

const QString dailyOption = QStringLiteral("daily");
const QString weeklyOption = QStringLiteral("weekly");
const QString keepOption = QStringLiteral("keep");
const QString removeOption = QStringLiteral("remove");
const QString cronOption = QStringLiteral("cron");
const QString jsonOption = QStringLiteral("json");

QTime timeOf(const QString &text)
{
    return QTime::fromString(text, QStringLiteral("H:mm"));
}

/// "Sun" and "sunday" are 7; 0 for anything else.
int weekdayOf(const QString &text)
{
    for (int day = 1; day <= 7; ++day) {
        const QString name = QLocale::c().dayName(day);
        if (text.compare(name, Qt::CaseInsensitive) == 0 || text.compare(name.left(3), Qt::CaseInsensitive) == 0) {
            return day;
        }
    }
    return 0;
}

BackupSchedule scheduleIn(const Invocation &call)
{
    BackupSchedule schedule;
    schedule.instance = call.arguments.first();
    if (call.has(weeklyOption)) {
        schedule.rhythm = BackupSchedule::Rhythm::Weekly;
        schedule.weekday = weekdayOf(call.value(weeklyOption).section(u'@', 0, 0));
        schedule.at = timeOf(call.value(weeklyOption).section(u'@', 1));
    } else if (call.has(dailyOption)) {
        schedule.at = timeOf(call.value(dailyOption));
    }
    if (call.has(keepOption)) {
        schedule.keep = call.value(keepOption).toInt();
    }
    return schedule;
}

QString localTime(const QDateTime &time)
{
    return time.isValid() ? time.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm")) : QString();
}

QString resultWord(ScheduleState::LastResult result)
{
    switch (result) {
    case ScheduleState::LastResult::Running:
        return QStringLiteral("running");
    case ScheduleState::LastResult::Succeeded:
        return QStringLiteral("succeeded");
    case ScheduleState::LastResult::Failed:
        return QStringLiteral("failed");
    case ScheduleState::LastResult::Unknown:
        break;
    }
    return {};
}

Result<void> schedule(const Invocation &call, const CliServices &services, JobContext &context)
{
    const ScheduleHost host = ScheduleHost::ofThisComputer();
    BackupSchedule wanted = scheduleIn(call);
    if (call.has(removeOption)) {
        const Result<void> removed = removeSchedule(wanted.instance, host, context);
        if (removed) {
            services.terminal.note(CliText::tr("%1 is not backed up by itself any more.").arg(wanted.instance));
        }
        return removed;
    }
    // A name that means nothing would fail every night.
    if (const auto parameters = TargetName::parse(wanted.instance)->kind == TargetName::Kind::Saved
                                    ? services.targets.parameters(wanted.instance)
                                    : Result<ConnectionParameters>();
        !parameters) {
        return failure(parameters.error());
    }
    if (call.has(cronOption)) {
        services.terminal.writeLine(cronLine(wanted, host));
        return {};
    }
    if (const auto profile = services.profiles.byName(wanted.instance); profile && !profile->secretIsStored) {
        services.terminal.note(CliText::tr("The password of %1 is not in the keychain, and a timer cannot ask for it: "
                                           "its backups will fail. Save the connection again with `roost-cli add`.")
                                   .arg(wanted.instance));
    }
    const Result<ScheduleState> state = saveSchedule(wanted, host, context);
    if (!state) {
        if (state.error().code == ErrorCode::NotAllowed || state.error().code == ErrorCode::ToolMissing) {
            services.terminal.note(CliText::tr("The line for cron: %1").arg(cronLine(wanted, host)));
        }
        return failure(state.error());
    }
    services.terminal.note(CliText::tr("%1 is backed up %2; the next time %3. It needs you to be logged in, and your "
                                       "keyring to be unlocked.")
                               .arg(wanted.instance, scheduleText(wanted), localTime(state->nextRun)));
    services.terminal.writeLine(state->timerFile);
    return {};
}

Result<void> list(const Invocation &call, const CliServices &services, JobContext &context)
{
    const ScheduleHost host = ScheduleHost::ofThisComputer();
    const Result<QList<ScheduleState>> states = listSchedules(host, context);
    if (!states) {
        return failure(states.error());
    }
    const bool isJson = call.has(jsonOption);
    RowOutput output(services.terminal, isJson ? OutputFormat::Json : OutputFormat::Table,
                     {{CliText::tr("Instance"), QStringLiteral("instance")},
                      {CliText::tr("When"), QStringLiteral("when")},
                      {CliText::tr("Keeps"), QStringLiteral("keep"), true},
                      {CliText::tr("Active"), QStringLiteral("is_active")},
                      {CliText::tr("Next"), QStringLiteral("next_run")},
                      {CliText::tr("Last"), QStringLiteral("last_run")},
                      {CliText::tr("Result"), QStringLiteral("last_result")}});
    for (const ScheduleState &state : *states) {
        const auto time = [isJson](const QDateTime &when) {
            return OutputCell::orNull(!when.isValid() ? QString()
                                      : isJson        ? when.toString(Qt::ISODate)
                                                      : localTime(when));
        };
        output.add({OutputCell::of(state.schedule.instance), OutputCell::of(scheduleText(state.schedule)),
                    OutputCell::number(state.schedule.keep),
                    state.isAskedOf ? OutputCell::boolean(state.isActive) : OutputCell::null(), time(state.nextRun),
                    time(state.lastRun), OutputCell::orNull(resultWord(state.lastResult))});
    }
    output.end();
    return {};
}

QString problemOf(const Invocation &call)
{
    const bool hasTime = call.has(dailyOption) || call.has(weeklyOption);
    if (call.has(removeOption)) {
        return call.options.size() > 1 ? CliText::tr("--remove goes with no other option.") : QString();
    }
    if (!hasTime && !call.has(cronOption)) {
        return CliText::tr("Say when, with --daily HH:MM or --weekly DAY@HH:MM; or --remove.");
    }
    if (call.has(dailyOption) && call.has(weeklyOption)) {
        return CliText::tr("--daily and --weekly do not go together.");
    }
    return scheduleProblem(scheduleIn(call));
}

} // namespace

QList<Verb> scheduleVerbs()
{
    Verb verb;
    verb.name = QStringLiteral("schedule");
    verb.summary = CliText::tr("Let the computer back up an instance by itself, every day or week.");
    verb.arguments = {{QStringLiteral("INSTANCE"), CliText::tr("the name of a saved connection, or practice")}};
    verb.options = {{dailyOption, QStringLiteral("HH:MM"), CliText::tr("every day at this time")},
                    {weeklyOption, QStringLiteral("DAY@HH:MM"), CliText::tr("every week, as in Sun@03:30")},
                    {keepOption, QStringLiteral("N"), CliText::tr("how many are kept of each database; else 14")},
                    {cronOption, {}, CliText::tr("change nothing, print the line for a crontab instead")},
                    {removeOption, {}, CliText::tr("no longer")}};
    verb.description = CliText::tr(
        "Makes a timer of systemd's user manager that runs `roost-cli backup --all INSTANCE --keep N --notify`.\n"
        "What was missed while the computer was off is made up for. It runs while you are logged in and your\n"
        "keyring is unlocked; a failure shows a notification. `roost-cli schedule --list` shows what there is.");
    verb.run = schedule;
    verb.check = problemOf;

    Verb listVerb;
    listVerb.name = QStringLiteral("schedule --list");
    listVerb.summary = CliText::tr("List what is backed up by itself: when, the next time, how the last one ended.");
    listVerb.options = {{jsonOption, {}, CliText::tr("as an array of objects; times in UTC")}};
    listVerb.run = list;
    return {verb, listVerb};
}

} // namespace Roost
