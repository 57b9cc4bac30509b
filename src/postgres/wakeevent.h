#pragma once

#include <QtGlobal>

#include <functional>
#include <optional>
#include <stop_token>

namespace Roost {

/// A file descriptor that becomes readable when raised: lets poll() hear a stop request of another thread.
class WakeEvent
{
public:
    WakeEvent();
    ~WakeEvent();
    Q_DISABLE_COPY_MOVE(WakeEvent)

    int descriptor() const { return m_descriptor; }
    void raise() const; ///< from any thread
    void clear() const;

private:
    int m_descriptor = -1;
};

/// As long as it lives, a request on the token raises the event.
class WakeOnStop
{
public:
    WakeOnStop(const std::stop_token &stop, const WakeEvent &event)
    {
        event.clear(); // of an earlier request, which was for something else
        if (stop.stop_possible()) {
            m_callback.emplace(stop, [&event] { event.raise(); });
        }
    }

private:
    std::optional<std::stop_callback<std::function<void()>>> m_callback;
};

} // namespace Roost
