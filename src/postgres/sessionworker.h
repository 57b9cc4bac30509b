#pragma once

#include "postgres/databaseconnection.h"

#include <QMutex>
#include <QObject>
#include <QPointer>
#include <QWaitCondition>

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

namespace Roost {

/// One piece of work of a DatabaseSession.
struct SessionTask
{
    std::function<std::optional<Error>(DatabaseConnection &, const std::stop_token &)> work;
    std::function<void(const std::optional<Error> &)> done;
    std::function<void()> ended; ///< called after done, and also when the receiver is gone
    QPointer<QObject> receiver;
    bool hasReceiver = false; ///< without one, done is always called
    bool repeatable = false;
};

/// The thread side of a DatabaseSession: a queue, a connection and the thread that works on both. Shared by the session
/// and its thread, because the thread may need a moment longer. Results travel through a relay object that lives in the
/// session's thread.
class SessionWorker : public std::enable_shared_from_this<SessionWorker>
{
public:
    struct Events
    {
        std::function<void(const ServerInfo &)> opened;
        std::function<void()> lost;
    };
    SessionWorker(ConnectionSpec spec, Events events);
    ~SessionWorker();
    Q_DISABLE_COPY_MOVE(SessionWorker)

    // In the session's thread:
    void submit(SessionTask task);
    void cancelAll();
    void end(); ///< cancels all; the thread ends on its own

    /// Waits until the threads of all ended sessions are done. False when the time runs out.
    static bool waitForEnded(std::chrono::milliseconds patience);

private:
    void run();
    std::optional<Error> perform(const SessionTask &task, const std::stop_token &stop);
    std::optional<Error> open(const std::stop_token &stop);
    bool isStillThere();
    void drop();
    void tidy(const std::optional<Error> &error);
    void deliverAll(const Error &error);
    void deliver(SessionTask task, const std::optional<Error> &error);
    void post(std::function<void()> call);

    const ConnectionSpec m_spec;
    const Events m_events;
    QObject *m_relay;

    QMutex m_mutex; ///< guards these four
    QWaitCondition m_changed;
    std::deque<SessionTask> m_queue;
    std::stop_source m_stop; ///< of the running task
    bool m_isEnding = false;

    bool m_isStarted = false; // the session's thread only

    // The worker's thread only:
    std::unique_ptr<DatabaseConnection> m_connection;
    qint64 m_lastUse = 0; ///< by the wall clock: a monotonic one stands still while a laptop sleeps
    bool m_isInTransaction = false;
    bool m_couldNotOpen = false;
};

} // namespace Roost
