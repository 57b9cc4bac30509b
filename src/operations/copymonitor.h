#pragma once

#include "core/connectionparameters.h"

#include <QString>

#include <condition_variable>
#include <mutex>
#include <thread>

namespace Roost {

/// Watches the backends of a pg_dump or pg_restore (one, or one for each of its jobs) over a session of its own: how
/// far its COPY is, whom it waits for. It has a thread and a connection of its own, so that a dead link delays neither
/// the tool nor a cancel. Owned by one operation; its functions never wait for the server but for endBackend(), which
/// says how long.
class CopyMonitor
{
public:
    struct State
    {
        int pid = 0;            ///< of the tool's backend; 0 when there is none now; of several one that copies
        quint32 relation = 0;   ///< being copied by that one; 0 when none
        qint64 bytes = 0;       ///< of the data as text; of all backends
        qint64 rows = 0;        ///< of all backends
        bool isWorking = false; ///< the server is busy for the tool, not waiting for the link or a lock
        QString waitsFor;       ///< the session that holds the lock it waits for, in words; empty when none
        quint64 polls = 0;      ///< answers so far
    };

    CopyMonitor(ConnectionSpec spec, QString applicationName);
    ~CopyMonitor();
    CopyMonitor(const CopyMonitor &) = delete;
    CopyMonitor &operator=(const CopyMonitor &) = delete;

    State state() const;
    /// Has the server end the tool's backend, and waits until it was told, at most this long.
    void endBackend(int waitMs);

private:
    void watch(const std::stop_token &stop);

    const ConnectionSpec m_spec;
    const QString m_applicationName;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_changed;
    State m_state;
    bool m_endRequested = false;
    bool m_endDone = false;
    std::jthread m_thread; // last: it uses all of the above
};

} // namespace Roost
