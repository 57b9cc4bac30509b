#pragma once

#include "models/sessionpool.h"

#include <QElapsedTimer>

#include <memory>
#include <stop_token>

namespace Roost {

/// Reads over the pool, one thing at a time, that can be stopped by themselves: other work of the same session goes on.
/// A new start() stops what was before it. Lives in the GUI thread, as a member of its receiver.
class PoolReader
{
public:
    PoolReader(SessionPool *sessions, QObject *receiver)
        : m_sessions(sessions)
        , m_receiver(receiver)
    {
    }
    ~PoolReader() { stop(); }
    Q_DISABLE_COPY_MOVE(PoolReader)

    template <class T>
    void start(const Instance &instance, const QString &database, SessionPool::Lane lane, DatabaseSession::Work<T> work,
               DatabaseSession::Done<T> done)
    {
        stop();
        const auto run = std::make_shared<Run>();
        m_run = run;
        m_elapsed.start();
        m_sessions->read<T>(
            instance, database, m_receiver,
            [work = std::move(work), run](DatabaseConnection &connection,
                                          const std::stop_token &sessionStop) -> Result<T> {
                const std::stop_callback forward(sessionStop, [&run] { run->stop.request_stop(); });
                if (run->stop.stop_requested()) {
                    return tl::unexpected<Error>(Error::cancelled());
                }
                return work(connection, run->stop.get_token());
            },
            [this, run, done = std::move(done)](const Result<T> &result) {
                if (m_run == run) { // else stopped, or started again
                    m_run.reset();
                    done(result);
                }
            },
            lane);
    }

    /// Ends it, on the server too; its answer does not come.
    void stop()
    {
        if (m_run) {
            m_run->stop.request_stop();
            m_run.reset();
        }
    }
    bool isRunning() const { return m_run != nullptr; }
    qint64 elapsedMs() const { return isRunning() ? m_elapsed.elapsed() : 0; }

private:
    struct Run
    {
        std::stop_source stop;
    };
    SessionPool *m_sessions;
    QObject *m_receiver;
    std::shared_ptr<Run> m_run;
    QElapsedTimer m_elapsed;
};

} // namespace Roost
