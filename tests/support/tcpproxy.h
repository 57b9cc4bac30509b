#pragma once

#include <QtGlobal>

#include <memory>

namespace Roost::Testing {

/// A TCP proxy on loopback that counts and misbehaves on purpose. Works in a thread of its own; every call may come
/// from any thread and acts at once, on all connections.
class TcpProxy
{
public:
    explicit TcpProxy(int targetPort); ///< on 127.0.0.1; listens at once
    ~TcpProxy();
    Q_DISABLE_COPY_MOVE(TcpProxy)

    int port() const;

    /// How often a client spoke and was waited for: each time that data goes to the server after data that came from
    /// it (or after nothing). Opening the TCP connection itself is not counted.
    int roundTrips() const;
    void resetCount();
    int connections() const; ///< accepted since the start
    qint64 bytesToClient() const;
    qint64 bytesToServer() const;

    void setDelayMs(int oneWay); ///< each way: a round trip takes twice as long
    /// As a link of this speed, in each direction, for all connections together; 0 is as fast as it goes.
    void setBytesPerSecond(qint64 rate);
    void cut();          ///< resets (RST) every connection there is; new ones work
    void stall(bool on); ///< nothing moves, in either direction; new connections are accepted and silent
    void cutAfterBytes(qint64 toClient); ///< counted from now; then as cut(), once
    void
    endAfterBytes(qint64 toClient); ///< likewise, but the connections end as if the other side had closed them (FIN)
    /// Lets just so much through to the server, counted from now, and then cuts that one connection: the server still
    /// gets these bytes, the client no answer. Once; -1 takes it back.
    void cutAfterBytesToServer(qint64 toServer);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace Roost::Testing
