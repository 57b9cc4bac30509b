#include "support/scriptedhttp.h"

#include <QMutex>
#include <QSslConfiguration>
#include <QSslSocket>
#include <QTcpServer>
#include <QThread>
#include <QWaitCondition>

#include <optional>

namespace Roost::Testing {

namespace {

QByteArray written(const ScriptedAnswer &answer)
{
    QByteArray head = "HTTP/1.1 " + QByteArray::number(answer.status) + " Scripted\r\n";
    for (const auto &[name, value] : answer.headers) {
        head += name + ": " + value + "\r\n";
    }
    QByteArray body = answer.body;
    if (answer.isChunked) {
        head += "Transfer-Encoding: chunked\r\n";
        body = QByteArray::number(body.size(), 16) + "\r\n" + body + "\r\n0\r\n\r\n";
    } else if (answer.status != 204) {
        head += "Content-Length: " + QByteArray::number(body.size()) + "\r\n";
    }
    const qsizetype shown = answer.end == ScriptedAnswer::End::CutWithin ? body.size() / 2 : body.size();
    return head + "\r\n" + body.left(shown);
}

/// The request at the start of `bytes`, taken off it; nothing until it is whole.
std::optional<RecordedRequest> takeRequest(QByteArray &bytes)
{
    const qsizetype end = bytes.indexOf("\r\n\r\n");
    if (end < 0) {
        return {};
    }
    QList<QByteArray> lines = bytes.left(end).split('\n');
    const QList<QByteArray> first = lines.takeFirst().trimmed().split(' ');
    RecordedRequest request{first.value(0), first.value(1), {}, {}};
    for (const QByteArray &line : std::as_const(lines)) {
        const qsizetype colon = line.indexOf(':');
        request.headers.insert(line.left(colon).trimmed().toLower(), line.mid(colon + 1).trimmed());
    }
    const qsizetype size = request.headers.value("content-length", "0").toLongLong();
    if (bytes.size() < end + 4 + size) {
        return {};
    }
    request.body = bytes.mid(end + 4, size);
    bytes.remove(0, end + 4 + size);
    return request;
}

} // namespace

struct ScriptedHttp::Private
{
    std::optional<QSslConfiguration> tls;
    mutable QMutex mutex;
    mutable QWaitCondition arrived;
    QList<ScriptedAnswer> queue;
    QHash<QByteArray, ScriptedAnswer> routes;
    QList<RecordedRequest> requests;
    quint16 port = 0;
    QThread thread;
    std::unique_ptr<Server> server;

    ScriptedAnswer answerTo(const RecordedRequest &request);
    void start();
};

class ScriptedHttp::Server : public QTcpServer
{
public:
    explicit Server(Private &owner)
        : m_owner(owner)
    {
    }

protected:
    void incomingConnection(qintptr descriptor) override
    {
        auto *socket = new QSslSocket(this);
        socket->setSocketDescriptor(descriptor);
        if (m_owner.tls) {
            socket->setSslConfiguration(*m_owner.tls);
            socket->startServerEncryption();
        }
        connect(socket, &QSslSocket::readyRead, this, [this, socket] { read(socket); });
        connect(socket, &QSslSocket::disconnected, socket, &QObject::deleteLater);
    }

private:
    void read(QSslSocket *socket)
    {
        QByteArray &bytes = m_received[socket];
        bytes += socket->readAll();
        while (const auto request = takeRequest(bytes)) {
            const ScriptedAnswer answer = m_owner.answerTo(*request);
            if (answer.end == ScriptedAnswer::End::Stall) {
                continue;
            }
            if (answer.end != ScriptedAnswer::End::CutBefore) {
                socket->write(written(answer));
            }
            if (answer.end != ScriptedAnswer::End::Whole) {
                m_received.remove(socket);
                socket->disconnectFromHost();
                return;
            }
        }
    }

    Private &m_owner;
    QHash<QSslSocket *, QByteArray> m_received;
};

ScriptedAnswer ScriptedHttp::Private::answerTo(const RecordedRequest &request)
{
    const QMutexLocker lock(&mutex);
    requests += request;
    arrived.wakeAll();
    if (!queue.isEmpty()) {
        return queue.takeFirst();
    }
    return routes.value(request.verb + ' ' + request.path(), ScriptedAnswer{404, R"({"message":"not found"})"});
}

void ScriptedHttp::Private::start()
{
    server = std::make_unique<Server>(*this);
    if (!server->listen(QHostAddress::LocalHost)) {
        qFatal("The scripted server cannot listen on loopback.");
    }
    port = server->serverPort();
    server->moveToThread(&thread);
    thread.start();
}

ScriptedHttp::ScriptedHttp()
    : d(std::make_unique<Private>())
{
    d->start();
}

ScriptedHttp::ScriptedHttp(const QSslConfiguration &tls)
    : d(std::make_unique<Private>())
{
    d->tls = tls;
    d->start();
}

ScriptedHttp::~ScriptedHttp()
{
    QMetaObject::invokeMethod(
        d->server.get(), [this] { d->server.reset(); }, Qt::BlockingQueuedConnection);
    d->thread.quit();
    d->thread.wait();
}

QUrl ScriptedHttp::url(const QString &path) const
{
    const QString start = d->tls ? QStringLiteral("https://localhost") : QStringLiteral("http://127.0.0.1");
    return QUrl(QStringLiteral("%1:%2%3").arg(start).arg(d->port).arg(path));
}

int ScriptedHttp::port() const
{
    return d->port;
}

void ScriptedHttp::queue(const ScriptedAnswer &answer)
{
    const QMutexLocker lock(&d->mutex);
    d->queue += answer;
}

void ScriptedHttp::route(const QByteArray &verbAndPath, const ScriptedAnswer &answer)
{
    const QMutexLocker lock(&d->mutex);
    d->routes.insert(verbAndPath, answer);
}

QList<RecordedRequest> ScriptedHttp::requests() const
{
    const QMutexLocker lock(&d->mutex);
    return d->requests;
}

int ScriptedHttp::count(const QByteArray &verb) const
{
    int number = 0;
    const auto all = requests();
    for (const RecordedRequest &request : all) {
        number += request.verb == verb ? 1 : 0;
    }
    return number;
}

void ScriptedHttp::clear()
{
    const QMutexLocker lock(&d->mutex);
    d->queue.clear();
    d->routes.clear();
    d->requests.clear();
}

bool ScriptedHttp::waitForRequests(int number) const
{
    const QMutexLocker lock(&d->mutex);
    while (d->requests.size() < number) {
        if (!d->arrived.wait(&d->mutex, 5000)) {
            return false;
        }
    }
    return true;
}

} // namespace Roost::Testing
