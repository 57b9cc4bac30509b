#include "operations/instancechanges.h"
#include "operations/instancecreation.h"
#include "operations/migrationrestore.h"
#include "postgres/hostlookup.h"

#include <QCoreApplication>
#include <QTcpSocket>

#include <netdb.h>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationRetire)
};

const QString suspending = QStringLiteral("suspending");
const QString suspended = QStringLiteral("suspended");
const QString deleting = QStringLiteral("deleting");
const QString deleted = QStringLiteral("deleted");

const QString bySomebodyElse = QStringLiteral("bySomebodyElse");

Result<void> noteFate(MigrationWork &work, const QString &fate, QJsonObject more = {})
{
    more.insert(QStringLiteral("fate"), fate);
    if (!more.contains(bySomebodyElse)) {
        more.insert(bySomebodyElse, false);
    }
    return work.note(MigrationStep::RetireOld, more);
}

/// It is as it was: then a gate that has to be shut leads back to fresh backups.
Result<void> takeBackFate(MigrationWork &work)
{
    return work.state().fateOfOld().isEmpty() ? Result<void>() : noteFate(work, QString());
}

/// Of both ways: what is left may only go when everything is proven.
Result<StepOutcome> whenProven(MigrationWork &work, bool sourceIsGone)
{
    const auto problems = gateProblems(work, sourceIsGone);
    if (!problems) {
        return failure(problems.error());
    }
    return problems->isEmpty() ? Result<StepOutcome>(StepOutcome()) : closeGate(work, *problems);
}

/// Where there is nothing left to keep, it takes the proven files to go on.
Result<StepOutcome> whenRestorable(MigrationWork &work)
{
    for (const MigrationDatabase &database : work.plan().databases) {
        if (const auto file = backupFileOf(work.state(), database.properties.name); !file) {
            return failure(file.error());
        }
    }
    return StepOutcome();
}

/// Somebody else did what was to be done. That is as good, if everything is proven.
Result<StepOutcome> acceptFate(MigrationWork &work, const QString &fate)
{
    if (const auto noted = noteFate(work, fate, {{bySomebodyElse, true}}); !noted) {
        return failure(noted.error());
    }
    auto outcome = fate == deleted ? whenRestorable(work) : whenProven(work, true);
    if (!outcome || *outcome) {
        return outcome;
    }
    work.setSummary(fate == deleted ? Text::tr("%1 had been deleted by somebody").arg(work.plan().source.name)
                                    : Text::tr("%1 was suspended already").arg(work.plan().source.name));
    return StepOutcome();
}

Result<StepOutcome> suspendOld(MigrationWork &work)
{
    if (const auto taken = takeBackFate(work); !taken) {
        return failure(taken.error());
    }
    auto outcome = whenProven(work, false);
    if (!outcome || *outcome) {
        return outcome;
    }
    const auto access = work.access();
    if (!access) {
        return failure(access.error());
    }
    if (const auto noted = noteFate(work, suspending); !noted) {
        return failure(noted.error());
    }
    const PostgresInstance &source = work.plan().source;
    const auto done = suspendInstance(*access, {source, work.environment().patience}, work.context());
    if (!done) {
        return failure(done.error());
    }
    if (const auto noted = noteFate(work, suspended); !noted) {
        return failure(noted.error());
    }
    work.setSummary(Text::tr("%1 is suspended").arg(source.name));
    return StepOutcome();
}

// ---- by hand

/// The old instance, as it looks from outside.
enum class Door {
    Open,   ///< a server answers
    Shut,   ///< something takes the connection and ends it
    Gone,   ///< there is nothing any more
    Unknown ///< this computer may be offline
};

constexpr int knockMs = 10'000;

Door knock(const ConnectionParameters &parameters, const std::stop_token &stop)
{
    int trouble = 0;
    if (!lookUpHost(parameters, stop, QDeadlineTimer(knockMs), &trouble)) {
        return trouble == EAI_NONAME ? Door::Gone : Door::Unknown;
    }
    QTcpSocket socket;
    socket.connectToHost(parameters.host, quint16(parameters.port));
    if (socket.waitForConnected(knockMs)) {
        return Door::Shut;
    }
    return socket.error() == QAbstractSocket::ConnectionRefusedError ? Door::Gone : Door::Unknown;
}

Result<Door> tryOldDoor(MigrationWork &work)
{
    const auto source = work.source();
    if (!source) {
        return failure(source.error());
    }
    work.context().report({Text::tr("Trying whether %1 still lets us in").arg(work.plan().source.name), 0, 0, {}, -1});
    const Door door = knock(source->parameters, work.stopToken());
    if (door != Door::Shut) {
        return work.context().isCancelled() ? Result<Door>(failure(Error::cancelled())) : door;
    }
    const auto opened = DatabaseConnection::open(*source, work.stopToken());
    if (opened) {
        return Door::Open;
    }
    const Error &error = opened.error();
    if (error.isCancelled()) {
        return failure(error);
    }
    if (!error.sqlState.isEmpty()) {
        return Door::Open; // only a server says such things
    }
    return error.code == ErrorCode::ConnectionFailed ? Door::Shut : Door::Unknown;
}

MigrationPause askToSuspend(const MigrationPlan &plan, const QStringList &problems)
{
    MigrationPause pause;
    pause.step = MigrationStep::RetireOld;
    pause.question = MigrationQuestion::OldDeleted;
    pause.text =
        plan.path == MigrationPath::OneSlot
            ? Text::tr("Suspend %1 in Render's dashboard. Everything in it stays, and nobody can write to it any more. "
                       "It is deleted later, and only if Render does not create the new instance beside it.")
                  .arg(plan.source.name)
            : Text::tr("Everything runs on the new instance. Suspend %1 in Render's dashboard, so that nobody writes "
                       "to it by mistake. Delete it some days later, when you are sure that nothing is missing.")
                  .arg(plan.source.name);
    pause.doing = {Text::tr("Open dashboard.render.com and choose %1 (%2).").arg(plan.source.name, plan.source.id),
                   Text::tr("Compare the id in the page's address with the one here: it must be the same."),
                   Text::tr("At the end of the page, press “Suspend Database” and confirm. Do not press “Delete "
                            "Database”."),
                   Text::tr("Wait until the page says “Suspended”, then come back and go on.")};
    pause.values = {{Text::tr("Name"), plan.source.name, {}, {}}, {Text::tr("Id"), plan.source.id, {}, {}}};
    if (!plan.source.dashboardUrl.isEmpty()) {
        pause.values += MigrationValue{Text::tr("Page"), plan.source.dashboardUrl, {}, {}};
    }
    pause.problems = problems;
    return pause;
}

QString problemOf(Door door, const MigrationPlan &plan)
{
    const QString place = QStringLiteral("%1:%2").arg(plan.connection.host).arg(plan.connection.port);
    if (door == Door::Open) {
        return Text::tr("%1 still answers at %2. It may take a minute until Render has suspended it. Look at the page "
                        "in the dashboard: does it say “Suspended”, and is it the right instance?")
            .arg(plan.source.name, place);
    }
    return Text::tr("Roost could not find out whether %1 still answers at %2. Check this computer's connection to the "
                    "internet, then go on.")
        .arg(plan.source.name, place);
}

Result<StepOutcome> retireByHand(MigrationWork &work)
{
    const bool isAnswered = work.takeAnswer(MigrationQuestion::OldDeleted).has_value();
    const auto door = tryOldDoor(work);
    if (!door) {
        return failure(door.error());
    }
    const bool isShut = *door == Door::Shut || *door == Door::Gone;
    if (isAnswered && isShut) {
        const QString fate = *door == Door::Gone ? deleted : suspended;
        if (const auto noted = noteFate(work, fate, {{QStringLiteral("byHand"), true}}); !noted) {
            return failure(noted.error());
        }
        work.setSummary(Text::tr("%1 does not let anybody in any more").arg(work.plan().source.name));
        return StepOutcome();
    }
    if (isAnswered) {
        return StepOutcome(askToSuspend(work.plan(), {problemOf(*door, work.plan())}));
    }
    if (const auto taken = isShut ? Result<void>() : takeBackFate(work); !taken) {
        return failure(taken.error());
    }
    // Before the user is told to do it, as before Roost would do it itself.
    auto outcome = whenProven(work, isShut);
    if (!outcome || *outcome) {
        return outcome;
    }
    if (const auto noted = noteFate(work, suspending, {{QStringLiteral("byHand"), true}}); !noted) {
        return failure(noted.error());
    }
    return StepOutcome(askToSuspend(work.plan(), {}));
}

Result<void> checkDeletable(MigrationWork &work)
{
    const MigrationPlan &plan = work.plan();
    const bool isItsTurn = plan.path == MigrationPath::OneSlot && !plan.isByHand() &&
                           work.state().isDone(MigrationStep::Gate) && work.state().isDone(MigrationStep::RetireOld);
    if (!isItsTurn || !isRenderId(plan.source.id, "dpg") || plan.source.id == work.state().newInstanceId()) {
        return failure(ErrorCode::NotAllowed,
                       Text::tr("Nothing was deleted: it is not yet time to delete %1.").arg(plan.source.name));
    }
    return {};
}

} // namespace

Result<std::optional<PostgresInstance>> lookAtOld(MigrationWork &work)
{
    const auto access = work.access();
    if (!access) {
        return failure(access.error());
    }
    const PostgresInstance &source = work.plan().source;
    work.context().report({Text::tr("Looking at %1").arg(source.name), 0, 0, {}, -1});
    RenderClient client(*access, work.context(), work.environment().patience.times);
    const auto now = client.instance(source.id);
    if (now) {
        return std::optional(*now);
    }
    if (now.error().code != ErrorCode::NotFound) {
        return failure(now.error());
    }
    // A key of somebody else would be told the same.
    const auto owner = client.owner(source.owner.id);
    if (!owner) {
        Error error = owner.error();
        if (!error.isCancelled()) {
            error.message = Text::tr("Render does not show %1 (%2), nor its workspace, so it is not known whether it "
                                     "still exists. Check that the account's key is the one it was. %3")
                                .arg(source.name, source.id, error.message);
        }
        return failure(error);
    }
    return std::optional<PostgresInstance>();
}

Result<StepOutcome> retireOld(MigrationWork &work)
{
    if (work.plan().isByHand()) {
        return retireByHand(work);
    }
    const auto now = lookAtOld(work);
    if (!now) {
        return failure(now.error());
    }
    if (!*now) {
        return acceptFate(work, deleted);
    }
    const bool isOurs = !work.state().fateOfOld().isEmpty() &&
                        !work.state().facts.value(MigrationStep::RetireOld)[bySomebodyElse].toBool();
    if ((*now)->isSuspended && !isOurs) {
        return acceptFate(work, suspended);
    }
    if (!(*now)->isSuspended) {
        return suspendOld(work);
    }
    if (const auto noted = noteFate(work, suspended); !noted) {
        return failure(noted.error());
    }
    work.setSummary(Text::tr("%1 is suspended").arg(work.plan().source.name));
    return StepOutcome();
}

Result<void> settleDeletion(MigrationWork &work)
{
    if (work.state().fateOfOld() != deleting) {
        return {};
    }
    const auto now = lookAtOld(work);
    if (!now) {
        return failure(now.error());
    }
    return *now ? Result<void>() : noteFate(work, deleted);
}

Result<StepOutcome> deleteOld(MigrationWork &work)
{
    if (const auto allowed = checkDeletable(work); !allowed) {
        return failure(allowed.error());
    }
    const auto now = lookAtOld(work);
    if (!now) {
        return failure(now.error());
    }
    const QString fate = work.state().fateOfOld();
    const bool wasAsked = fate == deleting || fate == deleted;
    if (!*now) {
        return wasAsked ? noteFate(work, deleted).map([] { return StepOutcome(); }) : acceptFate(work, deleted);
    }
    auto outcome = whenProven(work, true);
    if (!outcome || *outcome) {
        return outcome;
    }
    const auto access = work.access();
    if (!access) {
        return failure(access.error());
    }
    if (const auto noted = noteFate(work, deleting); !noted) {
        return failure(noted.error());
    }
    const QString typed = work.state().facts.value(MigrationStep::Gate)[u"typedName"].toString();
    const auto gone = deleteInstance(*access, {work.plan().source, typed, work.environment().patience}, work.context());
    if (!gone && gone.error().code != ErrorCode::NotFound) {
        return failure(gone.error());
    }
    if (!gone) { // not seen any more: by whom, and is that so?
        const auto again = lookAtOld(work);
        if (!again || *again) {
            return failure(gone.error());
        }
    }
    return noteFate(work, deleted).map([] { return StepOutcome(); });
}

} // namespace Roost
