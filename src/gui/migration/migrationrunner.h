#pragma once

#include "gui/migration/migrationengine.h"
#include "gui/migration/migrationenvironment.h"

#include "jobs/job.h"

#include <QObject>
#include <QPointer>
#include <QTimer>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

namespace Roost {

struct Services;

/// One migration as its page sees it: reads its journal, runs it in jobs and tells of what its journal says. Holds the
/// journal from the first deed until it stands still, so that nobody else goes on with it meanwhile. Lives in the GUI
/// thread; when it is gone, a job that runs still ends by itself.
class MigrationRunner : public QObject
{
    Q_OBJECT

public:
    enum class Stage {
        Nothing,    ///< no journal yet
        Reading,    //
        Running,    //
        Asking,     ///< pause() says what
        Failed,     ///< error() says why
        Standing,   ///< stopped, or interrupted in another run
        Elsewhere,  ///< holder() has it open
        Unreadable, ///< error() says why
        GivenUp,    //
        Finished    //
    };
    Q_ENUM(Stage)

    MigrationRunner(Services &services, MigrationEngine engine, QObject *parent = nullptr);
    ~MigrationRunner() override;

    Stage stage() const { return m_stage; }
    QString id() const { return m_id; }
    const std::optional<MigrationState> &state() const { return m_state; }
    const std::optional<MigrationPause> &pause() const { return m_pause; }
    const Error &error() const { return m_error; }
    qint64 holder() const { return m_holder; }
    Job *job() const { return m_job; } ///< null while nothing runs
    std::shared_ptr<MigrationGround> ground() const { return m_ground; }

    /// Looks what the journal says, without the right to add to it.
    void read(const QString &id);
    void begin(const MigrationPlan &plan);
    void goOn(const std::optional<MigrationAnswer> &answer = std::nullopt);
    void giveUp();
    /// Lets the journal go: what runs ends where it can, and can be gone on with later.
    void stop();

signals:
    void stageChanged();
    void stateChanged();

private:
    struct Held
    {
        std::mutex mutex;
        std::unique_ptr<MigrationJournal> journal;
        std::atomic_bool isRefused = false; ///< the last try to open it
    };
    using Pause = std::optional<MigrationPause>;

    void run(const QString &title, std::function<Result<Pause>(MigrationJournal &, JobContext &)> deed,
             std::function<Result<std::unique_ptr<MigrationJournal>>()> open);
    std::function<void(const MigrationEvent &)> listener();
    void take(const MigrationEvent &event);
    void fold();
    void ended(const Result<Pause> &result);
    void setStage(Stage stage);
    QString title() const;

    Services &m_services;
    MigrationEngine m_engine;
    std::shared_ptr<MigrationGround> m_ground;
    std::shared_ptr<Held> m_held;     ///< used by one job at a time
    std::shared_ptr<QObject> m_relay; ///< where events of the worker thread arrive; outlives it
    QList<MigrationEvent> m_events;
    QTimer m_folding;
    QString m_id;
    Stage m_stage = Stage::Nothing;
    std::optional<MigrationState> m_state;
    std::optional<MigrationPause> m_pause;
    Error m_error;
    qint64 m_holder = 0;
    QPointer<Job> m_job;
};

} // namespace Roost
