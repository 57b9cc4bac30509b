#include "operations/birdapphttp.h"

#include "operations/birdapp.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QNetworkProxy>
#include <QUrl>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(BirdApp)
};

constexpr int glanceMs = 20;
constexpr int sliceMs = 50;
constexpr int answerTimeoutMs = 30'000;
constexpr qsizetype longestAnswer = qsizetype(16) << 20;

/// HTTP/1.0, so that the answer comes unchunked and ends with the connection.
QByteArray getRequest(const QByteArray &path, int port)
{
    return "GET " + path + " HTTP/1.0\r\nHost: 127.0.0.1:" + QByteArray::number(port) +
           "\r\nAccept: application/json, */*\r\n\r\n";
}

void connectTo(QTcpSocket &socket, int port)
{
    socket.setProxy(QNetworkProxy::NoProxy);
    socket.connectToHost(QHostAddress(QHostAddress::LocalHost), quint16(port));
}

} // namespace

ReadinessProbe::ReadinessProbe(int port, QString runId)
    : m_port(port)
    , m_runId(std::move(runId))
{
}

bool ReadinessProbe::answers()
{
    if (m_socket.state() == QAbstractSocket::UnconnectedState) {
        m_answer.clear();
        connectTo(m_socket, m_port);
        if (!m_socket.waitForConnected(glanceMs)) {
            m_socket.abort();
            return false;
        }
        m_socket.write(getRequest("/", m_port));
    }
    m_socket.waitForReadyRead(glanceMs);
    m_answer += m_socket.readAll();
    if (!m_answer.contains("\r\n\r\n")) {
        return false;
    }
    m_socket.abort();
    return m_answer.contains("\r\nRoost-Run: " + m_runId.toLatin1() + "\r\n");
}

Result<HttpAnswer> askBirdApp(const QString &address, const JobContext &context)
{
    const QUrl url(address, QUrl::StrictMode);
    const bool isLocal = url.host() == u"127.0.0.1" || url.host() == u"localhost";
    if (!url.isValid() || url.scheme() != u"http" || !isLocal) {
        return failure(ErrorCode::InvalidInput,
                       Text::tr("Only an app on this computer can be asked: http://127.0.0.1:8000/birds, say."));
    }
    constexpr int httpPort = 80;
    const int port = url.port(httpPort);
    const QByteArray path = url.toEncoded(QUrl::RemoveScheme | QUrl::RemoveAuthority | QUrl::RemoveFragment);
    QElapsedTimer timer;
    timer.start();
    QTcpSocket socket;
    connectTo(socket, port);
    QByteArray answer;
    bool isAsked = false;
    while (!isAsked || socket.state() != QAbstractSocket::UnconnectedState) {
        if (context.isCancelled()) {
            return failure(Error::cancelled());
        }
        if (timer.elapsed() > answerTimeoutMs || answer.size() > longestAnswer) {
            return failure(ErrorCode::TimedOut, Text::tr("The app did not answer %1 within 30 seconds. Its log may say "
                                                         "what it waits for.")
                                                    .arg(address));
        }
        if (isAsked) {
            socket.waitForReadyRead(sliceMs);
            answer += socket.readAll();
        } else if (socket.waitForConnected(sliceMs)) {
            socket.write(getRequest(path.isEmpty() ? QByteArray("/") : path, port));
            isAsked = true;
        } else if (socket.state() == QAbstractSocket::UnconnectedState) {
            return failure(
                ErrorCode::ConnectionFailed,
                Text::tr("Nothing answers at %1. The app has probably been stopped; launch it again.").arg(address),
                socket.errorString());
        }
    }
    const qsizetype headEnd = answer.indexOf("\r\n\r\n");
    HttpAnswer result;
    result.status = answer.startsWith("HTTP/") ? answer.mid(answer.indexOf(' ') + 1, 3).toInt() : 0;
    if (headEnd < 0 || result.status == 0) {
        return failure(ErrorCode::ConnectionLost,
                       Text::tr("The app broke off its answer to %1. Its log may say why.").arg(address));
    }
    result.body = answer.mid(headEnd + 4);
    result.elapsedMs = timer.elapsed();
    return result;
}

} // namespace Roost
