#include "postgres/sessionworker.h"

#include "postgres/connectionerror.h"
#include "postgres/postgresdriver.h"
#include "postgres/postgreslink.h"

#include <QDateTime>
#include <QDeadlineTimer>
#include <QThread>

#include "postgres/libpq.h"

namespace Roost {

namespace {

using namespace std::chrono_literals;
constexpr qint64 idleBeforeAsking = 60'000; // ms; longer than the keepalives need to notice a dead link while awake
constexpr auto answerPatience = 3000ms;

/// Counts the threads, so that the process can wait for them before it ends.
struct Threads
{
    QMutex mutex;
    QWaitCondition changed;
    int count = 0;
};

Threads &threads()
{
    static auto *shared = new Threads; // outlives every thread
    return *shared;
}

void addThread(int change)
{
    Threads &all = threads();
    const QMutexLocker lock(&all.mutex);
    all.count += change;
    all.changed.wakeAll();
}

} // namespace

bool SessionWorker::waitForEnded(std::chrono::milliseconds patience)
{
    Threads &all = threads();
    const QDeadlineTimer deadline(patience);
    const QMutexLocker lock(&all.mutex);
    while (all.count > 0) {
        if (!all.changed.wait(&all.mutex, deadline)) {
            return all.count == 0;
        }
    }
    return true;
}

SessionWorker::SessionWorker(ConnectionSpec spec, Events events)
    : m_spec(std::move(spec))
    , m_events(std::move(events))
    , m_relay(new QObject)
{
}

SessionWorker::~SessionWorker() = default;

void SessionWorker::submit(SessionTask task)
{
    {
        const QMutexLocker lock(&m_mutex);
        m_queue.push_back(std::move(task));
        m_changed.wakeOne();
    }
    if (!m_isStarted) {
        m_isStarted = true;
        addThread(1);
        QThread *thread = QThread::create([self = shared_from_this()]() mutable {
            self->run();
            self.reset();
            addThread(-1);
        });
        QObject::connect(thread, &QThread::finished, thread, &QObject::deleteLater);
        thread->setObjectName(QStringLiteral("session"));
        thread->start();
    }
}

void SessionWorker::cancelAll()
{
    std::stop_source running = [this] {
        const QMutexLocker lock(&m_mutex);
        return m_stop;
    }();
    running.request_stop();
    deliverAll(Error::cancelled());
}

/// Ends all that is queued with this error.
void SessionWorker::deliverAll(const Error &error)
{
    std::deque<SessionTask> tasks;
    {
        const QMutexLocker lock(&m_mutex);
        tasks.swap(m_queue);
    }
    for (SessionTask &task : tasks) {
        deliver(std::move(task), error);
    }
}

void SessionWorker::end()
{
    cancelAll();
    if (!m_isStarted) {
        m_relay->deleteLater();
        return;
    }
    const QMutexLocker lock(&m_mutex);
    m_isEnding = true;
    m_stop.request_stop(); // a task may have begun since
    m_changed.wakeOne();
}

void SessionWorker::run()
{
    while (true) {
        SessionTask task;
        std::stop_token stop;
        {
            const QMutexLocker lock(&m_mutex);
            while (m_queue.empty() && !m_isEnding) {
                m_changed.wait(&m_mutex);
            }
            if (m_queue.empty()) {
                break;
            }
            task = std::move(m_queue.front());
            m_queue.pop_front();
            m_stop = std::stop_source();
            stop = m_stop.get_token();
        }
        const std::optional<Error> error = perform(task, stop);
        task.work = {}; // what it holds belongs to this thread
        deliver(std::move(task), error);
        if (std::exchange(m_couldNotOpen, false)) {
            deliverAll(*error); // whoever waited behind it: not one more attempt for each
        }
    }
    m_connection.reset();
    m_relay->deleteLater(); // after all that was posted to it
}

void SessionWorker::post(std::function<void()> call)
{
    QMetaObject::invokeMethod(m_relay, std::move(call), Qt::QueuedConnection);
}

void SessionWorker::deliver(SessionTask task, const std::optional<Error> &error)
{
    post([task = std::move(task), error] {
        if (!task.hasReceiver || task.receiver) {
            task.done(error);
        }
        task.ended();
    });
}

std::optional<Error> SessionWorker::open(const std::stop_token &stop)
{
    Result<std::unique_ptr<DatabaseConnection>> connection = DatabaseConnection::open(m_spec, stop);
    if (!connection) {
        m_couldNotOpen = true;
        return connection.error();
    }
    m_connection = std::move(*connection);
    m_isInTransaction = false;
    post([opened = m_events.opened, info = m_connection->server()] { opened(info); });
    return std::nullopt;
}

void SessionWorker::drop()
{
    m_connection.reset();
    m_isInTransaction = false;
    post(m_events.lost);
}

bool SessionWorker::isStillThere()
{
    PostgresLink &link = m_connection->driver().link();
    const qint64 idle = QDateTime::currentMSecsSinceEpoch() - m_lastUse;
    return idle > idleBeforeAsking || idle < 0 ? link.answers(answerPatience) : link.looksAlive();
}

/// A failed task leaves nothing open behind it; one that went well may, on purpose.
void SessionWorker::tidy(const std::optional<Error> &error)
{
    m_lastUse = QDateTime::currentMSecsSinceEpoch();
    if (!m_connection->isOpen()) {
        drop();
        return;
    }
    const auto isIdle = [this] { return PQtransactionStatus(m_connection->driver().link().handle()) == PQTRANS_IDLE; };
    if (error && !isIdle()) {
        m_connection->driver().rollbackTransaction();
    }
    m_isInTransaction = m_connection->isOpen() && !isIdle();
}

std::optional<Error> SessionWorker::perform(const SessionTask &task, const std::stop_token &stop)
{
    bool wasOpen = m_connection != nullptr;
    if (wasOpen && !isStillThere()) {
        const bool wasInTransaction = m_isInTransaction;
        drop();
        wasOpen = false;
        if (wasInTransaction) {
            return connectionLost(m_spec.parameters, {}); // a new connection knows nothing of what was begun
        }
    }
    if (!m_connection) {
        if (std::optional<Error> error = open(stop)) {
            return error;
        }
    }
    const bool mayRepeat = wasOpen && task.repeatable && !m_isInTransaction;
    std::optional<Error> error = task.work(*m_connection, stop);
    tidy(error);
    if (m_connection || !mayRepeat || !error || error->code != ErrorCode::ConnectionLost || stop.stop_requested()) {
        return error;
    }
    if (std::optional<Error> reopening = open(stop)) {
        return reopening;
    }
    error = task.work(*m_connection, stop);
    tidy(error);
    return error;
}

} // namespace Roost
