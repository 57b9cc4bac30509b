#include "gui/migration/migrationrunner.h"

#include "gui/services.h"
#include "jobs/jobrunner.h"
#include "storage/paths.h"

namespace Roost {

namespace {

constexpr int foldEveryMs = 40; ///< events come in bursts

struct Reading
{
    QList<MigrationEvent> events;
    qint64 holder = 0;
};

} // namespace

MigrationRunner::MigrationRunner(Services &services, MigrationEngine engine, QObject *parent)
    : QObject(parent)
    , m_services(services)
    , m_engine(std::move(engine))
    , m_ground(makeMigrationGround(services))
    , m_held(std::make_shared<Held>())
    , m_relay(new QObject, [](QObject *relay) { relay->deleteLater(); })
{
    m_folding.setSingleShot(true);
    connect(&m_folding, &QTimer::timeout, this, &MigrationRunner::fold);
}

MigrationRunner::~MigrationRunner()
{
    if (m_job) {
        m_job->cancel();
    }
}

void MigrationRunner::setStage(Stage stage)
{
    m_stage = stage;
    emit stageChanged();
}

QString MigrationRunner::title() const
{
    return m_state ? tr("Move %1").arg(m_state->plan.source.name) : tr("Move an instance");
}

void MigrationRunner::read(const QString &id)
{
    m_id = id;
    setStage(Stage::Reading);
    m_services.jobs->runQuietly<Reading>(
        [folder = Paths::migrations(), id](JobContext &) -> Result<Reading> {
            auto events = MigrationJournal::read(folder, id);
            if (!events) {
                return failure(events.error());
            }
            return Reading{std::move(*events), MigrationJournal::holder(folder, id)};
        },
        this,
        [this](const Result<Reading> &read) {
            if (!read) {
                m_error = read.error();
                setStage(Stage::Unreadable);
                return;
            }
            m_events = read->events;
            m_holder = read->holder;
            fold();
            if (m_stage == Stage::Unreadable) {
                return;
            }
            const auto next = m_state->next();
            const MigrationStepState its = next ? m_state->step(*next) : MigrationStepState();
            if (m_state->end != MigrationState::End::Open) {
                setStage(m_state->end == MigrationState::End::Finished ? Stage::Finished : Stage::GivenUp);
            } else if (m_holder != 0) {
                setStage(Stage::Elsewhere);
            } else if (its.status == MigrationStepState::Status::Failed) {
                m_error = Error{ErrorCode::Internal, its.problem, its.detail, {}, 0};
                setStage(Stage::Failed);
            } else {
                setStage(Stage::Standing);
            }
        });
}

void MigrationRunner::begin(const MigrationPlan &plan)
{
    m_id = plan.id;
    m_events = {};
    MigrationState state;
    state.plan = plan;
    m_state = state;
    const QString folder = Paths::migrations();
    run(
        title(),
        [go = m_engine.goOn, ground = m_ground](MigrationJournal &journal, JobContext &context) {
            return go(journal, ground->environment(), std::nullopt, context);
        },
        [folder, plan] { return beginMigration(folder, plan); });
}

void MigrationRunner::goOn(const std::optional<MigrationAnswer> &answer)
{
    run(
        title(),
        [go = m_engine.goOn, ground = m_ground, answer](MigrationJournal &journal, JobContext &context) {
            return go(journal, ground->environment(), answer, context);
        },
        [folder = Paths::migrations(), id = m_id] { return MigrationJournal::open(folder, id); });
}

void MigrationRunner::giveUp()
{
    run(
        m_state ? tr("Give up moving %1").arg(m_state->plan.source.name) : title(),
        [giveUp = m_engine.giveUp, ground = m_ground](MigrationJournal &journal, JobContext &context) {
            return giveUp(journal, ground->environment(), context).map([] { return Pause(); });
        },
        [folder = Paths::migrations(), id = m_id] { return MigrationJournal::open(folder, id); });
}

void MigrationRunner::run(const QString &title, std::function<Result<Pause>(MigrationJournal &, JobContext &)> deed,
                          std::function<Result<std::unique_ptr<MigrationJournal>>()> open)
{
    if (m_job && !m_job->isEnded()) {
        return;
    }
    m_pause.reset();
    m_error = {};
    const auto work = [deed = std::move(deed), open = std::move(open), held = m_held, ground = m_ground,
                       tell = listener()](JobContext &context) -> Result<Pause> {
        const std::scoped_lock lock(held->mutex);
        if (!held->journal) {
            auto opened = open();
            held->isRefused = !opened;
            if (!opened) {
                return failure(opened.error());
            }
            held->journal = std::move(*opened);
            const QList<MigrationEvent> before = held->journal->events();
            for (const MigrationEvent &event : before) {
                tell(event);
            }
            held->journal->setOnAppended(tell);
        }
        auto result = deed(*held->journal, context);
        if (!result || !*result) { // it stands still, and may be gone on with by anybody
            held->journal.reset();
            ground->release();
        }
        return result;
    };
    m_job = m_services.jobs->start<Pause>(
        title, work, this, [this](const Result<Pause> &result) { ended(result); },
        [](const Pause &pause) { return pause ? tr("It waits for you.") : tr("Done."); });
    setStage(Stage::Running);
}

std::function<void(const MigrationEvent &)> MigrationRunner::listener()
{
    return [relay = m_relay, guard = QPointer(this)](const MigrationEvent &event) {
        QMetaObject::invokeMethod(
            relay.get(),
            [guard, event] {
                if (guard) {
                    guard->take(event);
                }
            },
            Qt::QueuedConnection);
    };
}

void MigrationRunner::take(const MigrationEvent &event)
{
    if (event.sequence == 1) {
        m_events.clear(); // told from the beginning
    }
    m_events += event;
    if (!m_folding.isActive()) {
        m_folding.start(foldEveryMs);
    }
}

void MigrationRunner::fold()
{
    m_folding.stop();
    auto state = stateOf(m_events);
    if (!state) {
        m_error = state.error();
        setStage(Stage::Unreadable);
        return;
    }
    m_state = std::move(*state);
    emit stateChanged();
}

void MigrationRunner::ended(const Result<Pause> &result)
{
    m_job = nullptr;
    if (!m_events.isEmpty()) {
        fold();
    }
    if (!result) {
        m_error = result.error();
        if (m_events.isEmpty()) {
            setStage(Stage::Nothing); // it could not even begin
        } else if (m_error.isCancelled()) {
            setStage(Stage::Standing);
        } else if (m_held->isRefused && m_error.code == ErrorCode::Conflict) {
            read(m_id); // somebody else has it
        } else {
            setStage(Stage::Failed);
        }
        return;
    }
    if (*result) {
        m_pause = **result;
        setStage(Stage::Asking);
        return;
    }
    setStage(m_state && m_state->end == MigrationState::End::GivenUp ? Stage::GivenUp : Stage::Finished);
}

void MigrationRunner::stop()
{
    if (m_job) {
        m_job->cancel();
        return;
    }
    m_services.jobs->runQuietly<bool>(
        [held = m_held, ground = m_ground](JobContext &) -> Result<bool> {
            const std::scoped_lock lock(held->mutex);
            held->journal.reset();
            ground->release();
            return true;
        },
        this, [](const Result<bool> &) {});
    setStage(Stage::Standing);
}

} // namespace Roost
