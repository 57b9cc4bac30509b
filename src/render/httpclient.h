#pragma once

#include "core/secret.h"

#include <QByteArray>
#include <QHash>
#include <QString>
#include <QUrl>

#include <chrono>
#include <memory>
#include <stop_token>
#include <tl/expected.hpp>

namespace Roost {

/// One request. Its path and query are added to the client's address as they are, so they must be encoded already.
struct HttpRequest
{
    QByteArray verb = QByteArrayLiteral("GET");
    QByteArray target; ///< "/postgres?limit=100"
    QByteArray body;   ///< JSON; empty: none is sent
};

/// A whole answer, of whatever status.
struct HttpAnswer
{
    int status = 0;
    QHash<QByteArray, QByteArray> headers; ///< names in lower case
    QByteArray body;

    QByteArray header(const QByteArray &lowerCaseName) const { return headers.value(lowerCaseName); }
};

/// Why there is no whole answer.
struct HttpFault
{
    enum class Kind {
        NotSent,     ///< no server was reached: it cannot have done anything
        Certificate, ///< likewise, because the server could not show who it is
        Lost,        ///< the connection ended or the answer is not HTTP; it may have been done
        Stalled,     ///< nothing came for too long; it may have been done
        TooLarge,    ///< the answer is beyond all measure; it may have been done
        Cancelled    ///< while it was under way; it may have been done
    };
    Kind kind = Kind::Lost;
    QString reason;             ///< the system's words, redacted
    bool isAboutTime = false;   ///< the certificate is not valid yet or no longer
    bool isHostUnknown = false; ///< the name could not be looked up: probably offline
};

/// HTTP with a bearer key: https, or http on loopback; the key travels in the header alone, to this address alone, and
/// redirects are not followed. Blocking; made, used and ended on one worker thread.
///
/// A request that changes something is written to the network once, on a connection of its own. Qt by itself sends a
/// POST again when the connection closes before an answer.
class HttpClient
{
public:
    HttpClient(QUrl api, Secret key);
    ~HttpClient();
    Q_DISABLE_COPY_MOVE(HttpClient)

    /// How long nothing may come, from the start on, before a request counts as stalled. 30 s unless set.
    void setPatience(std::chrono::milliseconds patience);

    [[nodiscard]] tl::expected<HttpAnswer, HttpFault> send(const HttpRequest &request, const std::stop_token &stop);
    /// The `Date` that the server shows to anybody, asked without the key and without looking at its certificate: good
    /// for a hint only. Empty when it shows none.
    [[nodiscard]] QByteArray unprovenDate(const std::stop_token &stop);

    /// Waits; false as soon as it is stopped.
    static bool pause(std::chrono::milliseconds time, const std::stop_token &stop);

private:
    class Exchange;
    struct Private;
    std::unique_ptr<Private> d;
};

/// Whether this address is on this computer: its name or a loopback address.
[[nodiscard]] bool isLoopback(const QUrl &url);

} // namespace Roost
