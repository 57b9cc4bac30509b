#include "operations/migrationgate.h"

#include "operations/migrationgatelook.h"
#include "operations/migrationwork.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationGate)
};

/// What will be gone, and what there is instead.
QStringList whatIsAtStake(const MigrationState &state)
{
    QStringList lines;
    for (const MigrationDatabase &planned : state.plan.databases) {
        const QString &name = planned.properties.name;
        const QJsonObject backup = state.backupOf(name);
        lines += Text::tr("%1: %2 rows in %3 tables. Backup %4, %5, restored and found equal; second copy %6.")
                     .arg(name, QLocale().toString(backup[u"rows"].toInteger()),
                          QLocale().toString(backup[u"tables"].toInteger()), backup[u"file"].toString(),
                          QLocale().formattedDataSize(backup[u"size"].toInteger(), 1, QLocale::DataSizeSIFormat),
                          state.secondCopyOf(name)[u"file"].toString());
    }
    return lines;
}

QString textOf(const MigrationState &state)
{
    const QString name = state.plan.source.name;
    const bool deletes = state.plan.path == MigrationPath::OneSlot;
    return deletes
               ? Text::tr("Behind this gate %1 is suspended, and deleted if Render has no place for the new one beside "
                          "it. Deleted means for ever: Render keeps no copy of a free instance. You can stop here "
                          "and go on days later, as long as the instance does not expire. To open the gate, type "
                          "the name of the instance.")
                     .arg(name)
               : Text::tr("Behind this gate %1 is suspended: nobody can connect to it any more. It is not deleted, and "
                          "can be resumed at Render's dashboard. You can stop here and go on days later. To open the "
                          "gate, type the name of the instance.")
                     .arg(name);
}

/// Written to the old instance after its data had moved: in the fresh backups alone.
QStringList lateChanges(const MigrationState &state)
{
    QStringList lines;
    const QJsonObject late = state.facts.value(MigrationStep::CompareLive)[u"late"].toObject();
    for (auto it = late.begin(); it != late.end(); ++it) {
        lines +=
            Text::tr("%1 was changed on the old instance after its data had moved (%2). The new instance does not have "
                     "that; the fresh backup %3 does. Compare the two and carry over what is needed before you type "
                     "the name.")
                .arg(it.key(), it->toString(), state.backupOf(it.key())[u"file"].toString());
    }
    return lines;
}

MigrationPause gatePause(const MigrationState &state, const QStringList &problems, bool mayBeAnswered)
{
    MigrationPause pause;
    pause.step = MigrationStep::Gate;
    pause.question = MigrationQuestion::Gate;
    pause.text = mayBeAnswered
                     ? textOf(state)
                     : Text::tr("The gate stays shut, and nothing was done to %1. When you go on, everything is "
                                "looked at anew.")
                           .arg(state.plan.source.name);
    pause.doing = mayBeAnswered ? whatIsAtStake(state) : QStringList();
    pause.problems = problems;
    pause.mayBeAnswered = mayBeAnswered;
    return pause;
}

/// What was typed is said last.
QString mistyped(const QString &instance, const QString &typed)
{
    GateFacts facts;
    facts.instance = instance;
    facts.typedName = typed;
    return problemsOf(facts).last();
}

} // namespace

Result<StepOutcome> passGate(MigrationWork &work)
{
    const QString name = work.plan().source.name;
    const auto answer = work.takeAnswer(MigrationQuestion::Gate);
    if (answer && answer->text != name) {
        return StepOutcome(gatePause(work.state(), {mistyped(name, answer->text)}, true));
    }
    auto facts = lookAtGate(work, !work.state().fateOfOld().isEmpty());
    if (!facts) {
        return failure(facts.error());
    }
    facts->wantsName = false;
    const QStringList problems = problemsOf(*facts);
    if (!problems.isEmpty()) {
        return closeGate(work, problems);
    }
    if (!answer) {
        return StepOutcome(gatePause(work.state(), lateChanges(work.state()), true));
    }
    const auto noted =
        work.note(MigrationStep::Gate,
                  {{QStringLiteral("typedName"), answer->text},
                   {QStringLiteral("openedAt"), QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs)}});
    if (!noted) {
        return failure(noted.error());
    }
    work.setSummary(Text::tr("Opened: everything is proven and was read again just now"));
    return StepOutcome();
}

Result<QStringList> gateProblems(MigrationWork &work, bool sourceIsGone)
{
    const auto facts = lookAtGate(work, sourceIsGone);
    return facts ? Result<QStringList>(problemsOf(*facts)) : failure(facts.error());
}

Result<StepOutcome> closeGate(MigrationWork &work, const QStringList &problems)
{
    // Once the old instance is suspended, what is wrong can only be put right from outside; the step looks again then.
    if (work.state().fateOfOld().isEmpty()) {
        const auto reopened = work.reopen({MigrationStep::CompareLive, MigrationStep::SecondCopy}).and_then([&work] {
            return work.undo(MigrationStep::Gate);
        });
        if (!reopened) {
            return failure(reopened.error());
        }
    }
    return StepOutcome(gatePause(work.state(), problems, false));
}

} // namespace Roost
