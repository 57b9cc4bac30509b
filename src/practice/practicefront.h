#pragma once

#include <QByteArray>
#include <QThread>

#include <functional>
#include <memory>

namespace Roost {

/// A port of loopback that stays while what is behind it comes and goes: an instance's address from outside with its
/// allow list, a service's address that wakes it. Works in the given thread; calls may come from any other.
class PracticeFront
{
public:
    /// What happens to whoever connects.
    struct Plan
    {
        enum class Kind {
            Close,   ///< ends the connection at the first word, as Render's proxy does to strangers
            Forward, ///< to `port`
            Answer,  ///< says `answer`, and ends
            Wait     ///< holds it until another plan comes; `onWaiting` is called, in the front's thread
        };
        Kind kind = Kind::Close;
        int port = 0;
        QByteArray answer;
        std::function<void()> onWaiting;
    };

    /// Listens on `wantedPort` if that is free, else on any.
    PracticeFront(QThread &thread, int wantedPort);
    ~PracticeFront(); ///< ends all connections
    Q_DISABLE_COPY_MOVE(PracticeFront)

    int port() const { return m_port; } ///< 0: no port could be had
    void setPlan(const Plan &plan);     ///< for the next connections, and for those that wait
    void cut();                         ///< ends those that are being forwarded

private:
    class Listener;
    Listener *m_listener; ///< lives in the thread
    int m_port = 0;
};

} // namespace Roost
