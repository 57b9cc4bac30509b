#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QDeadlineTimer>
#include <QList>
#include <QSslCertificate>
#include <QSslError>
#include <QString>
#include <QUrl>

#include <stop_token>

namespace Roost::Probes {

/// A socket that is closed with its owner.
class Socket
{
public:
    Socket() = default;
    explicit Socket(int descriptor)
        : m_descriptor(descriptor)
    {
    }
    Socket(Socket &&other) noexcept
        : m_descriptor(other.release())
    {
    }
    Socket &operator=(Socket &&other) noexcept;
    ~Socket();
    Socket(const Socket &) = delete;
    Socket &operator=(const Socket &) = delete;

    int descriptor() const { return m_descriptor; }
    int release();

private:
    int m_descriptor = -1;
};

enum class Tcp { Open, Refused, TimedOut, Unreachable, Failed, Stopped };

struct TcpAnswer
{
    Tcp outcome = Tcp::Failed;
    Socket socket; ///< when open; not blocking
    int error = 0; ///< errno
    qint64 ms = 0;
};

/// To an address in numbers.
[[nodiscard]] TcpAnswer connectTo(const QByteArray &address, int port, QDeadlineTimer deadline,
                                  const std::stop_token &stop);

enum class Offer { Yes, No, Error, Closed, Silent, Other, Stopped };

struct OfferAnswer
{
    Offer offer = Offer::Silent;
    QByteArray bytes; ///< what came first, when it is no answer of PostgreSQL's (or an error in its place)
};

/// PostgreSQL's SSLRequest on a fresh connection: will it encrypt?
[[nodiscard]] OfferAnswer askForTls(const Socket &socket, QDeadlineTimer deadline, const std::stop_token &stop);
/// The beginning of what a server says to a web browser's request; empty when it says nothing. It owns the connection.
[[nodiscard]] QByteArray askForPage(const Socket &socket, QDeadlineTimer deadline, const std::stop_token &stop);

enum class Handshake { Done, Closed, TooOld, UnknownName, TimedOut, Failed, Stopped };

struct HandshakeAnswer
{
    Handshake outcome = Handshake::Failed;
    QString protocol;        ///< "TLSv1.3"
    QList<QSslError> errors; ///< of the certificate; the handshake goes on in spite of them
    QSslCertificate certificate;
    bool hasRoots = true; ///< there are authorities to trust at all
    QString text;         ///< of the TLS library, in English
};

/// After an offer. Sends the host's name (SNI) unless it is an address. `rootsFile` empty: the system's authorities.
[[nodiscard]] HandshakeAnswer shakeHands(Socket socket, const QString &host, const QString &rootsFile,
                                         QDeadlineTimer deadline, const std::stop_token &stop);

/// What time a web server has, from its `Date`; null when it does not answer. Its certificate does not matter: nothing
/// is told to it, and with a wrong clock none would check out.
[[nodiscard]] QDateTime timeAt(const QUrl &server, QDeadlineTimer deadline, const std::stop_token &stop);

} // namespace Roost::Probes
