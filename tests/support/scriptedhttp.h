#pragma once

#include <QByteArray>
#include <QHash>
#include <QList>
#include <QString>
#include <QUrl>

#include <chrono>
#include <memory>

class QSslConfiguration;

namespace Roost::Testing {

/// What a scripted server does with a request.
struct ScriptedAnswer
{
    enum class End {
        Whole,     ///< the answer as it is
        CutBefore, ///< the connection ends without a byte of an answer
        CutWithin, ///< likewise, after half of the body
        Stall      ///< nothing comes
    };
    int status = 200;
    QByteArray body;
    QList<std::pair<QByteArray, QByteArray>> headers = {}; ///< besides Content-Length and Connection
    End end = End::Whole;
    bool isChunked = false;
};

struct RecordedRequest
{
    QByteArray verb;
    QByteArray target;
    QHash<QByteArray, QByteArray> headers; ///< names in lower case
    QByteArray body;

    QByteArray path() const { return target.split('?').constFirst(); }
};

/// An HTTP server on loopback that answers as told and writes down what it was asked. Works in a thread of its own;
/// every call may come from any thread.
class ScriptedHttp
{
public:
    ScriptedHttp();
    /// With TLS.
    explicit ScriptedHttp(const QSslConfiguration &tls);
    ~ScriptedHttp();
    Q_DISABLE_COPY_MOVE(ScriptedHttp)

    QUrl url(const QString &path = QStringLiteral("/v1")) const;
    int port() const;

    /// Answers in their order, whatever is asked; after the last one come those by route.
    void queue(const ScriptedAnswer &answer);
    /// Whatever asks for this: "GET /v1/postgres". Without an answer of either kind: 404.
    void route(const QByteArray &verbAndPath, const ScriptedAnswer &answer);

    QList<RecordedRequest> requests() const;
    int count() const { return int(requests().size()); }
    int count(const QByteArray &verb) const;
    /// Forgets requests, queue and routes.
    void clear();
    /// Blocks until so many requests have come; false when that takes more than five seconds.
    [[nodiscard]] bool waitForRequests(int number) const;

private:
    class Server;
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace Roost::Testing
