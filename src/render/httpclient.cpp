#include "render/httpclient.h"

#include "core/redact.h"
#include "render/oncedevice.h"

#include <QEventLoop>
#include <QHostAddress>
#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QSslConfiguration>
#include <QSslError>
#include <QTimer>

#include <functional>

namespace Roost {

namespace {

constexpr qint64 largestBody = 16LL * 1024 * 1024;
constexpr auto patienceForDate = std::chrono::seconds(5);

/// An event loop that a stop token ends.
class StoppableLoop
{
public:
    explicit StoppableLoop(const std::stop_token &stop)
        : m_onStop(stop, [this] { QMetaObject::invokeMethod(&loop, &QEventLoop::quit, Qt::QueuedConnection); })
    {
    }
    QEventLoop loop;

private:
    std::stop_callback<std::function<void()>> m_onStop; // ends before the loop that it quits
};

QNetworkProxy proxyFor(const QUrl &url)
{
    if (isLoopback(url)) {
        return QNetworkProxy(QNetworkProxy::NoProxy);
    }
    const QList<QNetworkProxy> proxies = QNetworkProxyFactory::systemProxyForQuery(QNetworkProxyQuery(url));
    return proxies.isEmpty() ? QNetworkProxy(QNetworkProxy::NoProxy) : proxies.first();
}

/// Errors that come before a byte of the request is on its way.
bool isBeforeSending(QNetworkReply::NetworkError error)
{
    switch (error) {
    case QNetworkReply::ConnectionRefusedError:
    case QNetworkReply::HostNotFoundError:
    case QNetworkReply::ProxyConnectionRefusedError:
    case QNetworkReply::ProxyConnectionClosedError:
    case QNetworkReply::ProxyNotFoundError:
    case QNetworkReply::ProxyTimeoutError:
    case QNetworkReply::ProxyAuthenticationRequiredError:
    case QNetworkReply::ProtocolUnknownError:
        return true;
    default:
        return false;
    }
}

/// Qt has an error for each status from 400 on; those are answers like any other.
bool isAnswer(const QNetworkReply &reply)
{
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    const auto error = reply.error();
    const bool isStatusError =
        error >= QNetworkReply::ContentAccessDenied && error != QNetworkReply::ContentReSendError;
    return status > 0 && (error == QNetworkReply::NoError || (isStatusError && status >= 400));
}

bool isTimeError(const QSslError &error)
{
    return error.error() == QSslError::CertificateExpired || error.error() == QSslError::CertificateNotYetValid;
}

} // namespace

bool isLoopback(const QUrl &url)
{
    const QString host = url.host();
    return host.compare(QLatin1String("localhost"), Qt::CaseInsensitive) == 0 || QHostAddress(host).isLoopback();
}

struct HttpClient::Private
{
    QUrl api;
    Secret key;
    std::chrono::milliseconds patience = std::chrono::seconds(30);
    QNetworkAccessManager network;

    QNetworkRequest request(const QByteArray &target) const;
};

QNetworkRequest HttpClient::Private::request(const QByteArray &target) const
{
    QByteArray address = api.toEncoded();
    while (address.endsWith('/')) {
        address.chop(1);
    }
    QNetworkRequest request(QUrl::fromEncoded(address + target, QUrl::StrictMode));
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false); // one request at a time needs none of it
    request.setHeader(QNetworkRequest::UserAgentHeader, QStringLiteral("Roost/" ROOST_VERSION));
    request.setRawHeader("Accept", "application/json");
    return request;
}

/// One request under way.
class HttpClient::Exchange
{
public:
    Exchange(Private &client, const HttpRequest &request)
        : m_client(client)
        , m_request(request)
        , m_body(request.body)
    {
    }

    tl::expected<HttpAnswer, HttpFault> run(const std::stop_token &stop);

private:
    void start();
    void watch(QEventLoop &loop);
    void take();
    HttpFault fault() const;
    HttpAnswer answer() const;

    Private &m_client;
    const HttpRequest &m_request;
    OnceDevice m_body;
    std::unique_ptr<QNetworkReply> m_reply;
    QTimer m_silence;
    QByteArray m_received;
    QList<QSslError> m_tlsErrors;
    bool m_isEncrypted = false;
    bool m_isStalled = false;
    bool m_isTooLarge = false;
};

void HttpClient::Exchange::start()
{
    QNetworkRequest request = m_client.request(m_request.target);
    request.setRawHeader("Authorization", "Bearer " + m_client.key.revealUtf8());
    if (m_request.verb == "GET") {
        m_reply.reset(m_client.network.get(request));
        return;
    }
    // An old connection may be closed by now, and then nobody could say whether the request got through.
    m_client.network.clearConnectionCache();
    request.setAttribute(QNetworkRequest::DoNotBufferUploadDataAttribute, true);
    request.setHeader(QNetworkRequest::ContentLengthHeader, m_request.body.size());
    request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
    m_reply.reset(m_client.network.sendCustomRequest(request, m_request.verb, &m_body));
}

void HttpClient::Exchange::watch(QEventLoop &loop)
{
    m_silence.setSingleShot(true);
    m_silence.setInterval(m_client.patience);
    QObject::connect(&m_silence, &QTimer::timeout, &loop, [this, &loop] {
        m_isStalled = true;
        loop.quit();
    });
    QNetworkReply *reply = m_reply.get();
    QObject::connect(reply, &QNetworkReply::finished, &loop, &QEventLoop::quit);
    QObject::connect(reply, &QNetworkReply::sslErrors, &loop,
                     [this](const QList<QSslError> &errors) { m_tlsErrors = errors; });
    QObject::connect(reply, &QNetworkReply::encrypted, &loop, [this] {
        m_isEncrypted = true;
        m_silence.start();
    });
    QObject::connect(reply, &QNetworkReply::metaDataChanged, &loop, [this] { m_silence.start(); });
    QObject::connect(reply, &QNetworkReply::readyRead, &loop, [this, &loop] {
        take();
        if (m_isTooLarge) {
            loop.quit();
        }
    });
    m_silence.start();
}

void HttpClient::Exchange::take()
{
    m_silence.start();
    m_received += m_reply->readAll();
    m_isTooLarge = m_received.size() > largestBody;
}

tl::expected<HttpAnswer, HttpFault> HttpClient::Exchange::run(const std::stop_token &stop)
{
    start();
    {
        StoppableLoop waiting(stop);
        watch(waiting.loop);
        if (!m_reply->isFinished()) {
            waiting.loop.exec();
        }
        m_silence.stop();
    }
    if (!m_reply->isFinished()) {
        HttpFault why = fault();
        if (stop.stop_requested()) {
            why.kind = HttpFault::Kind::Cancelled;
        }
        m_reply->abort();
        return tl::unexpected(std::move(why));
    }
    take();
    if (m_isTooLarge || !isAnswer(*m_reply)) {
        return tl::unexpected(fault());
    }
    return answer();
}

HttpFault HttpClient::Exchange::fault() const
{
    HttpFault fault;
    const auto error = m_reply->error();
    const bool isTls = m_reply->url().scheme() == QLatin1String("https");
    // Reads may go over a connection that was encrypted before, and never mind whether they were sent.
    const bool isNotSent = isBeforeSending(error) || (isTls && !m_isEncrypted && m_request.verb != "GET");
    fault.reason = redact(m_reply->errorString());
    if (!m_tlsErrors.isEmpty()) {
        fault.kind = HttpFault::Kind::Certificate;
        QStringList reasons;
        for (const QSslError &tls : m_tlsErrors) {
            reasons += tls.errorString();
            fault.isAboutTime = fault.isAboutTime || isTimeError(tls);
        }
        reasons.removeDuplicates();
        fault.reason = redact(reasons.join(QLatin1String("; ")));
    } else if (error == QNetworkReply::SslHandshakeFailedError && !m_isEncrypted) {
        fault.kind = HttpFault::Kind::Certificate;
    } else if (m_isTooLarge) {
        fault.kind = HttpFault::Kind::TooLarge;
    } else if (isNotSent) {
        fault.kind = HttpFault::Kind::NotSent;
        fault.isHostUnknown = error == QNetworkReply::HostNotFoundError;
    } else if (m_isStalled) {
        fault.kind = HttpFault::Kind::Stalled;
    }
    return fault;
}

HttpAnswer HttpClient::Exchange::answer() const
{
    HttpAnswer answer;
    answer.status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    const auto headers = m_reply->rawHeaderPairs();
    for (const auto &[name, value] : headers) {
        answer.headers.insert(name.toLower(), value);
    }
    answer.body = m_received;
    return answer;
}

HttpClient::HttpClient(QUrl api, Secret key)
    : d(std::make_unique<Private>())
{
    d->api = std::move(api);
    d->key = std::move(key);
    d->network.setProxy(proxyFor(d->api));
    d->network.setStrictTransportSecurityEnabled(false);
}

HttpClient::~HttpClient() = default;

void HttpClient::setPatience(std::chrono::milliseconds patience)
{
    d->patience = patience;
}

tl::expected<HttpAnswer, HttpFault> HttpClient::send(const HttpRequest &request, const std::stop_token &stop)
{
    return Exchange(*d, request).run(stop);
}

QByteArray HttpClient::unprovenDate(const std::stop_token &stop)
{
    QNetworkAccessManager network; // no connection of it carries a key
    network.setProxy(d->network.proxy());
    const std::unique_ptr<QNetworkReply> reply(network.head(d->request({})));
    reply->ignoreSslErrors();
    StoppableLoop waiting(stop);
    QObject::connect(reply.get(), &QNetworkReply::finished, &waiting.loop, &QEventLoop::quit);
    QTimer::singleShot(patienceForDate, &waiting.loop, &QEventLoop::quit);
    if (!reply->isFinished()) {
        waiting.loop.exec();
    }
    return reply->rawHeader("Date");
}

bool HttpClient::pause(std::chrono::milliseconds time, const std::stop_token &stop)
{
    StoppableLoop waiting(stop);
    QTimer::singleShot(time, &waiting.loop, &QEventLoop::quit);
    waiting.loop.exec();
    return !stop.stop_requested();
}

} // namespace Roost
