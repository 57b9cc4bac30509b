#include "operations/backupschedule.h"

#include <QCoreApplication>
#include <QDir>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(BackupSchedule)
};

} // namespace

Result<ScheduleState> saveSchedule(const BackupSchedule &schedule, const ScheduleHost &host, const JobContext &context)
{
    if (const QString problem = scheduleProblem(schedule); !problem.isEmpty()) {
        return failure(ErrorCode::InvalidInput, problem);
    }
    return saveTimer(timerOf(schedule), host, context).map([&schedule](const TimerState &state) {
        return ScheduleState(state, schedule);
    });
}

Result<QList<ScheduleState>> listSchedules(const ScheduleHost &host, const JobContext &context)
{
    QList<ScheduleState> states;
    const QFileInfoList files =
        QDir(host.unitFolder).entryInfoList({QStringLiteral("roost-backup-*.timer")}, QDir::Files, QDir::Name);
    for (const QFileInfo &info : files) {
        QFile file(info.filePath());
        if (!file.open(QIODevice::ReadOnly)) {
            continue;
        }
        if (const auto schedule = scheduleOf(file.readAll())) {
            ScheduleState state(askTimer(scheduleUnitName(schedule->instance), host, context), *schedule);
            state.timerFile = info.filePath();
            states += state;
        }
    }
    if (context.isCancelled()) {
        return failure(Error::cancelled());
    }
    return states;
}

Result<void> removeSchedule(const QString &instance, const ScheduleHost &host, const JobContext &context)
{
    Result<void> removed = removeTimer(scheduleUnitName(instance), host, context);
    if (!removed && removed.error().code == ErrorCode::NotFound) {
        return failure(ErrorCode::NotFound, Text::tr("There is no schedule for “%1”.").arg(instance));
    }
    return removed;
}

} // namespace Roost
