#include "operations/connectiondoctorprobes.h"

#include "postgres/hostlookup.h"
#include "postgres/polling.h"
#include "postgres/wakeevent.h"

#include <QElapsedTimer>
#include <QLocale>
#include <QSslConfiguration>
#include <QSslSocket>

#include <cerrno>
#include <fcntl.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace Roost::Probes {

namespace {

constexpr int sliceMs = 100; ///< how long a wait of Qt's may keep from hearing a stop request

/// Sends all of it; false when it cannot.
bool sendAll(int descriptor, const QByteArray &bytes, QDeadlineTimer deadline, int wake)
{
    for (qsizetype sent = 0; sent < bytes.size();) {
        const ssize_t count = ::send(descriptor, bytes.constData() + sent, size_t(bytes.size() - sent), MSG_NOSIGNAL);
        if (count >= 0) {
            sent += count;
        } else if (errno != EAGAIN || pollFor(descriptor, POLLOUT, wake, deadline) != Polled::Ready) {
            return false;
        }
    }
    return true;
}

/// The next bytes; `ended` when there will be none.
struct Received
{
    QByteArray bytes;
    enum class End { No, Closed, TimedOut, Stopped } end = End::No;
};

Received receive(int descriptor, QDeadlineTimer deadline, int wake)
{
    switch (pollFor(descriptor, POLLIN, wake, deadline)) {
    case Polled::Stopped:
        return {{}, Received::End::Stopped};
    case Polled::TimedOut:
        return {{}, Received::End::TimedOut};
    case Polled::Ready:
        break;
    }
    char buffer[4096];
    const ssize_t count = ::recv(descriptor, buffer, sizeof buffer, 0);
    return count > 0 ? Received{QByteArray(buffer, count)} : Received{{}, Received::End::Closed};
}

Tcp outcomeOf(int error)
{
    switch (error) {
    case 0:
        return Tcp::Open;
    case ECONNREFUSED:
        return Tcp::Refused;
    case ETIMEDOUT:
        return Tcp::TimedOut;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EADDRNOTAVAIL:
        return Tcp::Unreachable;
    default:
        return Tcp::Failed;
    }
}

/// The error of a connect() under way, once it is decided; ETIMEDOUT and ECANCELED are ours.
int waitForConnect(int descriptor, QDeadlineTimer deadline, int wake)
{
    switch (pollFor(descriptor, POLLOUT, wake, deadline)) {
    case Polled::Stopped:
        return ECANCELED;
    case Polled::TimedOut:
        return ETIMEDOUT;
    case Polled::Ready:
        break;
    }
    int error = 0;
    socklen_t size = sizeof error;
    return ::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

Handshake outcomeOf(const QSslSocket &socket, QAbstractSocket::SocketError error)
{
    // OpenSSL's own words, which it has in English only.
    const QString text = socket.errorString();
    if (text.contains(QLatin1String("protocol version")) || text.contains(QLatin1String("unsupported protocol"))) {
        return Handshake::TooOld;
    }
    if (text.contains(QLatin1String("unrecognized name"))) {
        return Handshake::UnknownName;
    }
    return error == QAbstractSocket::RemoteHostClosedError ? Handshake::Closed : Handshake::Failed;
}

/// Waits for the end of a handshake in short slices.
Handshake waitForHandshake(QSslSocket &socket, QDeadlineTimer deadline, const std::stop_token &stop)
{
    std::optional<QAbstractSocket::SocketError> error;
    QObject::connect(&socket, &QAbstractSocket::errorOccurred, &socket,
                     [&error](QAbstractSocket::SocketError occurred) { error = occurred; });
    while (!socket.waitForEncrypted(sliceMs)) {
        if (stop.stop_requested()) {
            return Handshake::Stopped;
        }
        if (deadline.hasExpired()) {
            return Handshake::TimedOut;
        }
        if (error && *error != QAbstractSocket::SocketTimeoutError) {
            return outcomeOf(socket, *error);
        }
        if (socket.state() != QAbstractSocket::ConnectedState) {
            return Handshake::Closed;
        }
        error.reset();
    }
    return Handshake::Done;
}

QString protocolText(QSsl::SslProtocol protocol)
{
    switch (protocol) {
    case QSsl::TlsV1_2:
        return QStringLiteral("TLSv1.2");
    case QSsl::TlsV1_3:
        return QStringLiteral("TLSv1.3");
    default:
        return QStringLiteral("TLS");
    }
}

} // namespace

Socket &Socket::operator=(Socket &&other) noexcept
{
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

Socket::~Socket()
{
    if (m_descriptor >= 0) {
        ::close(m_descriptor);
    }
}

int Socket::release()
{
    return std::exchange(m_descriptor, -1);
}

TcpAnswer connectTo(const QByteArray &address, int port, QDeadlineTimer deadline, const std::stop_token &stop)
{
    TcpAnswer answer;
    addrinfo wanted = {};
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    addrinfo *place = nullptr;
    if (getaddrinfo(address.constData(), QByteArray::number(port).constData(), &wanted, &place) != 0) {
        answer.error = EINVAL;
        return answer;
    }
    QElapsedTimer timer;
    timer.start();
    Socket socket(::socket(place->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    int error = ::connect(socket.descriptor(), place->ai_addr, place->ai_addrlen) == 0 ? 0 : errno;
    freeaddrinfo(place);
    const WakeEvent wake;
    const WakeOnStop wakeOnStop(stop, wake);
    if (error == EINPROGRESS) {
        error = waitForConnect(socket.descriptor(), deadline, wake.descriptor());
    }
    answer.ms = timer.elapsed();
    answer.error = error;
    answer.outcome = error == ECANCELED ? Tcp::Stopped : outcomeOf(error);
    if (answer.outcome == Tcp::Open) {
        answer.socket = std::move(socket);
    }
    return answer;
}

OfferAnswer askForTls(const Socket &socket, QDeadlineTimer deadline, const std::stop_token &stop)
{
    static const QByteArray request("\x00\x00\x00\x08\x04\xd2\x16\x2f", 8);
    const WakeEvent wake;
    const WakeOnStop wakeOnStop(stop, wake);
    if (!sendAll(socket.descriptor(), request, deadline, wake.descriptor())) {
        return {stop.stop_requested() ? Offer::Stopped : Offer::Closed, {}};
    }
    const Received received = receive(socket.descriptor(), deadline, wake.descriptor());
    switch (received.end) {
    case Received::End::Stopped:
        return {Offer::Stopped, {}};
    case Received::End::TimedOut:
        return {Offer::Silent, {}};
    case Received::End::Closed:
        return {Offer::Closed, {}};
    case Received::End::No:
        break;
    }
    if (received.bytes == "S") {
        return {Offer::Yes, {}};
    }
    if (received.bytes == "N") {
        return {Offer::No, {}};
    }
    // An error has a length after its letter; anything else that begins with an E has not.
    const bool isError = received.bytes.startsWith("E") && received.bytes.size() > 5 && received.bytes.at(1) == 0;
    return {isError ? Offer::Error : Offer::Other, received.bytes};
}

QByteArray askForPage(const Socket &socket, QDeadlineTimer deadline, const std::stop_token &stop)
{
    const WakeEvent wake;
    const WakeOnStop wakeOnStop(stop, wake);
    if (!sendAll(socket.descriptor(), "GET / HTTP/1.0\r\n\r\n", deadline, wake.descriptor())) {
        return {};
    }
    return receive(socket.descriptor(), deadline, wake.descriptor()).bytes;
}

HandshakeAnswer shakeHands(Socket socket, const QString &host, const QString &rootsFile, QDeadlineTimer deadline,
                           const std::stop_token &stop)
{
    HandshakeAnswer answer;
    QSslSocket tls;
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setProtocol(QSsl::TlsV1_2OrLater);
    configuration.setCaCertificates(rootsFile.isEmpty() ? QSslConfiguration::systemCaCertificates()
                                                        : QSslCertificate::fromPath(rootsFile));
    answer.hasRoots = !configuration.caCertificates().isEmpty();
    tls.setSslConfiguration(configuration);
    tls.setPeerVerifyMode(QSslSocket::VerifyPeer);
    tls.setPeerVerifyName(host); // what is sent as SNI, too
    if (!tls.setSocketDescriptor(socket.descriptor())) {
        answer.text = tls.errorString();
        return answer;
    }
    static_cast<void>(socket.release()); // it is the other's now
    tls.ignoreSslErrors();
    tls.startClientEncryption();
    answer.outcome = waitForHandshake(tls, deadline, stop);
    answer.text = answer.outcome == Handshake::Done ? QString() : tls.errorString();
    answer.errors = tls.sslHandshakeErrors();
    answer.certificate = tls.peerCertificate();
    answer.protocol = protocolText(tls.sessionProtocol());
    return answer;
}

QDateTime timeAt(const QUrl &server, QDeadlineTimer deadline, const std::stop_token &stop)
{
    const bool isEncrypted = server.scheme() == QLatin1String("https");
    ConnectionParameters place;
    place.host = server.host();
    place.port = server.port(isEncrypted ? 443 : 80);
    const auto addresses = lookUpHost(place, stop, deadline);
    if (!addresses) {
        return {};
    }
    TcpAnswer open = connectTo(addresses->first(), place.port, deadline, stop);
    if (open.outcome != Tcp::Open) {
        return {};
    }
    QSslSocket socket;
    socket.setPeerVerifyName(place.host);
    socket.ignoreSslErrors();
    if (!socket.setSocketDescriptor(open.socket.release())) {
        return {};
    }
    if (isEncrypted) {
        socket.startClientEncryption();
        if (waitForHandshake(socket, deadline, stop) != Handshake::Done) {
            return {};
        }
    }
    socket.write("HEAD / HTTP/1.1\r\nHost: " + place.host.toUtf8() + "\r\nConnection: close\r\n\r\n");
    QByteArray head;
    while (!head.contains("\r\n\r\n") && head.size() < 65536 && !stop.stop_requested() && !deadline.hasExpired() &&
           (socket.waitForReadyRead(sliceMs) || socket.state() == QAbstractSocket::ConnectedState)) {
        head += socket.readAll();
    }
    for (const QByteArray &line : head.split('\n')) {
        if (line.left(5).toLower() == "date:") {
            const QString date = QString::fromLatin1(line.mid(5).trimmed());
            QDateTime time = QLocale::c().toDateTime(date, QStringLiteral("ddd, dd MMM yyyy hh:mm:ss 'GMT'"));
            time.setTimeSpec(Qt::UTC);
            return time;
        }
    }
    return {};
}

} // namespace Roost::Probes
