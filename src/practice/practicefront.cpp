#include "practice/practicefront.h"

#include <QList>
#include <QPointer>
#include <QTcpServer>
#include <QTcpSocket>

#include <array>

namespace Roost {

namespace {

constexpr qint64 bufferSize = 1 << 18;

/// Carries bytes from one socket to the other, and holds back when the other does not keep up.
void pump(QTcpSocket &from, QTcpSocket &to)
{
    std::array<char, 1 << 16> block{};
    while (from.bytesAvailable() > 0 && to.bytesToWrite() < bufferSize) {
        const qint64 length = from.read(block.data(), qint64(block.size()));
        if (length <= 0) {
            return;
        }
        to.write(block.data(), length);
    }
}

/// One connection that is forwarded. Deletes itself with both of its ends.
class Carrier : public QObject
{
public:
    Carrier(QTcpSocket *client, int port, QObject *parent)
        : QObject(parent)
        , m_client(client)
        , m_server(new QTcpSocket(this))
    {
        m_client->setParent(this);
        for (QTcpSocket *socket : {m_client, m_server}) {
            socket->setReadBufferSize(bufferSize);
        }
        const auto both = [this] {
            pump(*m_client, *m_server);
            pump(*m_server, *m_client);
        };
        for (QTcpSocket *socket : {m_client, m_server}) {
            connect(socket, &QTcpSocket::readyRead, this, both);
            connect(socket, &QTcpSocket::bytesWritten, this, both);
        }
        connect(m_client, &QTcpSocket::disconnected, this, [this] { end(*m_client, *m_server); });
        connect(m_server, &QTcpSocket::disconnected, this, [this] { end(*m_server, *m_client); });
        connect(m_server, &QTcpSocket::errorOccurred, this, [this] {
            if (m_server->state() == QAbstractSocket::UnconnectedState) {
                m_client->disconnectFromHost();
            }
        });
        connect(m_server, &QTcpSocket::connected, this, both);
        m_server->setSocketOption(QAbstractSocket::LowDelayOption, 1);
        m_client->setSocketOption(QAbstractSocket::LowDelayOption, 1);
        m_server->connectToHost(QHostAddress(QHostAddress::LocalHost), quint16(port));
    }

private:
    void end(QTcpSocket &ended, QTcpSocket &other)
    {
        // What it still said goes on first.
        other.write(ended.readAll());
        other.disconnectFromHost();
        if (other.state() == QAbstractSocket::UnconnectedState) {
            deleteLater();
        }
    }

    QTcpSocket *m_client;
    QTcpSocket *m_server;
};

} // namespace

// Not Q_OBJECTs: they have no signals of their own.
class PracticeFront::Listener : public QTcpServer // clazy:exclude=missing-qobject-macro
{
public:
    explicit Listener(int wantedPort)
    {
        if (wantedPort == 0 || !listen(QHostAddress::LocalHost, quint16(wantedPort))) {
            listen(QHostAddress::LocalHost);
        }
        connect(this, &QTcpServer::newConnection, this, [this] {
            while (QTcpSocket *client = nextPendingConnection()) {
                connect(client, &QTcpSocket::disconnected, client, &QObject::deleteLater);
                admit(client);
            }
        });
    }

    void setPlan(const Plan &plan)
    {
        m_plan = plan;
        if (plan.kind == Plan::Kind::Wait) {
            return;
        }
        for (const QPointer<QTcpSocket> &client : std::exchange(m_waiting, {})) {
            if (client) {
                admit(client);
            }
        }
    }

    void cut()
    {
        for (QObject *child : children()) {
            if (auto *carrier = dynamic_cast<Carrier *>(child)) {
                delete carrier;
            }
        }
    }

private:
    void admit(QTcpSocket *client)
    {
        if (client->state() != QAbstractSocket::ConnectedState) {
            return; // gone while it waited
        }
        switch (m_plan.kind) {
        case Plan::Kind::Forward:
            client->disconnect();
            new Carrier(client, m_plan.port, this);
            break;
        case Plan::Kind::Wait:
            m_waiting += client;
            if (m_plan.onWaiting) {
                m_plan.onWaiting();
            }
            break;
        case Plan::Kind::Close:
        case Plan::Kind::Answer: {
            const auto speak = [client, answer = m_plan.answer] {
                client->readAll();
                client->write(answer);
                client->disconnectFromHost();
            };
            connect(client, &QTcpSocket::readyRead, client, speak);
            if (client->bytesAvailable() > 0) {
                speak();
            }
            break;
        }
        }
    }

    Plan m_plan;
    QList<QPointer<QTcpSocket>> m_waiting;
};

PracticeFront::PracticeFront(QThread &thread, int wantedPort)
    : m_listener(new Listener(wantedPort))
    , m_port(m_listener->serverPort())
{
    m_listener->moveToThread(&thread);
}

PracticeFront::~PracticeFront()
{
    if (m_listener->thread()->isRunning()) {
        QMetaObject::invokeMethod(
            m_listener, [listener = m_listener] { delete listener; }, Qt::BlockingQueuedConnection);
    } else {
        delete m_listener;
    }
}

void PracticeFront::setPlan(const Plan &plan)
{
    QMetaObject::invokeMethod(m_listener, [listener = m_listener, plan] { listener->setPlan(plan); });
}

void PracticeFront::cut()
{
    QMetaObject::invokeMethod(m_listener, [listener = m_listener] { listener->cut(); });
}

} // namespace Roost
