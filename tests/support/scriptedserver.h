#pragma once

#include <QByteArray>
#include <QtGlobal>

#include <functional>
#include <memory>

namespace Roost::Testing {

/// A TCP server on 127.0.0.1 that does with each connection what the test says, in a thread of its own; the connection
/// is closed when the script returns. Its end cuts what is still open.
class ScriptedServer
{
public:
    using Script = std::function<void(int socket)>;

    explicit ScriptedServer(Script script);
    ~ScriptedServer();
    Q_DISABLE_COPY_MOVE(ScriptedServer)

    int port() const;

    // What scripts are made of; each ends with the connection.
    static QByteArray read(int socket, qsizetype count); ///< exactly so much; less when it ended
    static QByteArray readUntil(int socket, const QByteArray &end);
    static void write(int socket, const QByteArray &bytes);
    static void waitForEnd(int socket); ///< reads and says nothing
    /// PostgreSQL's message of an error at the start.
    static void refuse(int socket, const QByteArray &sqlState, const QByteArray &text);
    /// To and from a PostgreSQL on another port, when the client's SSLRequest is answered and its greeting is read.
    static void relayTls(int socket, int port, const QByteArray &request, const QByteArray &greeting);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// A port of this computer where the packets of new connections are dropped: its queue is full.
class SilentPort
{
public:
    SilentPort();
    ~SilentPort();
    Q_DISABLE_COPY_MOVE(SilentPort)

    int port() const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace Roost::Testing
