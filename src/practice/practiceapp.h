#pragma once

#include "operations/birdapp.h"

#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace Roost {

/// One run of the bird app by gunicorn, on a thread of its own.
class PracticeApp
{
public:
    struct Events
    {
        std::function<void()> ready;
        std::function<void(const QString &line)> output;
        std::function<void(const QString &why)> ended; ///< by itself
    };

    /// The events are called in the run's thread.
    PracticeApp(LaunchRequest request, Events events);
    ~PracticeApp(); ///< as end()
    Q_DISABLE_COPY_MOVE(PracticeApp)

    /// Ends it and waits for that; not in the server's thread.
    void end();
    int port() const { return m_request.port; }

private:
    LaunchRequest m_request;
    std::once_flag m_ended;
    std::jthread m_thread;
};

} // namespace Roost
