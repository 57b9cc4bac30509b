#include "operations/instanceconnection.h"
#include "operations/instancecreation.h"
#include "operations/migrationwork.h"
#include "postgres/databaseconnection.h"
#include "render/renderclient.h"

#include <QCoreApplication>
#include <QElapsedTimer>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationUpgrade)
};

constexpr int cardNeeded = 402;

/// One change of a plan. On the operation's thread.
class UpgradeRun
{
public:
    UpgradeRun(MigrationWork &work, const RenderAccess &access)
        : m_work(work)
        , m_access(access)
        , m_client(access, work.context(), work.environment().patience.times)
        // Once asked for, the answer is waited for: a cancelled request would leave nobody knowing what became of it.
        , m_sender(access, JobContext(), work.environment().patience.times)
    {
    }

    Result<StepOutcome> run();

private:
    Result<PostgresInstance> look();
    Result<void> ask(const PostgresInstance &seen);
    Result<void> lookAfter(const Error &unanswered);
    Result<void> connect();
    const QString &wanted() const { return m_work.plan().draft.plan; }
    const PostgresInstance &source() const { return m_work.plan().source; }

    MigrationWork &m_work;
    const RenderAccess m_access;
    RenderClient m_client;
    RenderClient m_sender;
};

Result<StepOutcome> UpgradeRun::run()
{
    const auto seen = look();
    if (!seen) {
        return failure(seen.error());
    }
    if (seen->isFree()) {
        if (const auto asked = ask(*seen); !asked) {
            return failure(asked.error());
        }
    }
    const auto ready = waitUntilAvailable(m_client, *seen, m_work.environment().patience, m_work.context());
    if (!ready) {
        return failure(ready.error());
    }
    if (!ready->isAvailable()) { // the wait was cancelled
        return failure(Error::cancelled());
    }
    if (ready->isFree()) {
        return failure(ErrorCode::Conflict, Text::tr("%1 is still on the free plan, although Render took the change. "
                                                     "Look at it in Render's dashboard, then go on.")
                                                .arg(source().name));
    }
    if (const auto connected = connect(); !connected) {
        return failure(connected.error());
    }
    if (const auto noted = m_work.note(MigrationStep::Upgrade, {{QStringLiteral("plan"), ready->plan},
                                                                {QStringLiteral("diskSizeGb"), ready->diskSizeGb},
                                                                {QStringLiteral("version"), ready->version}});
        !noted) {
        return failure(noted.error());
    }
    m_work.setSummary(Text::tr("%1 is on the plan %2").arg(ready->name, ready->plan));
    return StepOutcome();
}

/// The instance as it is, if it is the one that was planned for.
Result<PostgresInstance> UpgradeRun::look()
{
    auto seen = m_client.instance(source().id);
    if (!seen) {
        return seen;
    }
    if (seen->createdAt != source().createdAt || seen->owner.id != source().owner.id) {
        return failure(ErrorCode::Conflict,
                       Text::tr("Nothing was changed: %1 is not the instance that the plan was made for, but %2.")
                           .arg(source().id, instanceInWords(*seen)));
    }
    return seen;
}

Result<void> UpgradeRun::ask(const PostgresInstance &seen)
{
    if (m_work.context().isCancelled()) {
        return failure(Error::cancelled());
    }
    if (auto noted = m_work.note(
            MigrationStep::Upgrade,
            {{QStringLiteral("asked"), true}, {QStringLiteral("from"), seen.plan}, {QStringLiteral("to"), wanted()}});
        !noted) {
        return noted;
    }
    m_work.context().report({Text::tr("Asking Render to change the plan of %1").arg(seen.name), 0, 0, {}, -1});
    PostgresChanges changes;
    changes.plan = wanted();
    if (m_work.plan().draft.diskSizeGb > 0) {
        changes.diskSizeGb = m_work.plan().draft.diskSizeGb;
    }
    const auto changed = m_sender.updateInstance(seen.id, changes);
    if (changed) {
        return {};
    }
    if (mayHaveHappened(changed.error())) {
        return lookAfter(changed.error());
    }
    Error error = changed.error();
    error.message = Text::tr("Render did not change the plan of %1: %2").arg(seen.name, error.message);
    if (error.httpStatus == cardNeeded) {
        error.message += u' ' + Text::tr("Render asks for a payment card first: add one on "
                                         "dashboard.render.com/billing, then go on.");
    }
    return failure(error);
}

/// No whole answer came.
Result<void> UpgradeRun::lookAfter(const Error &unanswered)
{
    const RenderPatience &patience = m_work.environment().patience;
    QElapsedTimer clock;
    clock.start();
    do {
        const auto now = m_sender.instance(source().id);
        if (now && !now->isFree()) {
            return {};
        }
    } while (clock.elapsed() < patience.lookFor.count() && sleepFor(patience.lookEvery, m_work.stopToken()));
    return failure(
        ErrorCode::OutcomeUnknown,
        Text::tr("Render was asked to change the plan of %1 and gave no whole answer, and no change is to be "
                 "seen so far. Go on in some minutes: Roost looks first, and asks again only if it is "
                 "still on the free plan.")
            .arg(source().name),
        unanswered.message);
}

/// It is available when it lets us in; the server starts anew with the plan.
Result<void> UpgradeRun::connect()
{
    const auto spec = m_work.source();
    if (!spec) {
        return failure(spec.error());
    }
    const RenderPatience &patience = m_work.environment().patience;
    QElapsedTimer clock;
    clock.start();
    for (auto pause = patience.firstPoll;; pause = patience.nextPoll(pause)) {
        m_work.context().report({Text::tr("Connecting to %1").arg(source().name), 0, 0, {}, -1});
        const auto connection = DatabaseConnection::open(*spec, m_work.stopToken());
        if (connection) {
            return {};
        }
        if (connection.error().isCancelled() || clock.elapsed() >= patience.waitFor.count() ||
            !sleepFor(pause, m_work.stopToken())) {
            return failure(m_work.context().isCancelled() ? Error::cancelled() : connection.error());
        }
    }
}

} // namespace

Result<StepOutcome> upgradeInPlace(MigrationWork &work)
{
    const auto access = work.access();
    if (!access) {
        return failure(access.error());
    }
    return UpgradeRun(work, *access).run();
}

} // namespace Roost
