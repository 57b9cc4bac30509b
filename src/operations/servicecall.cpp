#include "operations/servicecall.h"

#include "core/redact.h"
#include "operations/renderpatience.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QHostAddress>
#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QTimer>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(ServiceCall)
};

constexpr qsizetype longestBody = qsizetype(256) << 10;
constexpr auto tick = std::chrono::milliseconds(50);
constexpr qint64 soonMs = 3000; ///< a service that is awake has answered by then
constexpr auto betweenAttempts = std::chrono::seconds(2);

bool isLoopback(const QString &host)
{
    return host == u"localhost" || QHostAddress(host).isLoopback();
}

Result<QUrl> urlOf(const ServiceCall &call)
{
    QUrl url = call.service;
    const bool isSafe = url.scheme() == u"https" || (url.scheme() == u"http" && isLoopback(url.host()));
    if (!url.isValid() || url.host().isEmpty() || !isSafe || !url.userInfo().isEmpty()) {
        return failure(
            ErrorCode::InvalidInput,
            url.isEmpty()
                ? Text::tr("%1 has no public URL: only web services and static sites can be called.").arg(call.name)
                : Text::tr("Only https addresses are called, and http ones on this computer."));
    }
    const QString path = call.path.startsWith(u'/') ? call.path : u'/' + call.path;
    const QUrl relative(path, QUrl::StrictMode);
    if (!relative.isValid() || path.startsWith(u"//")) {
        return failure(ErrorCode::InvalidInput, Text::tr("“%1” is no path: /birds, say.").arg(call.path));
    }
    url.setPath(relative.path());
    url.setQuery(relative.query());
    url.setFragment({});
    return url;
}

/// One request, until the deadline.
class Attempt
{
public:
    Attempt(const QUrl &url, const ServiceCall &call, const QElapsedTimer &clock, const JobContext &context)
        : m_url(url)
        , m_call(call)
        , m_clock(clock)
        , m_context(context)
    {
    }

    Result<ServiceAnswer> run()
    {
        QNetworkRequest request(m_url);
        request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::SameOriginRedirectPolicy);
        request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
        request.setRawHeader("Accept", "application/json, */*");
        request.setRawHeader("User-Agent", "Roost/" ROOST_VERSION);
        if (isLoopback(m_url.host())) {
            m_network.setProxy(QNetworkProxy::NoProxy);
        }
        QNetworkReply *reply = m_network.get(request);
        QEventLoop loop;
        QTimer ticker;
        QObject::connect(reply, &QNetworkReply::finished, &loop, &QEventLoop::quit);
        QObject::connect(reply, &QNetworkReply::readyRead, &loop, [this, reply] { take(reply); });
        QObject::connect(&ticker, &QTimer::timeout, &loop, [this, &loop] {
            sayWhatIsWaitedFor();
            if (m_context.isCancelled() || m_clock.hasExpired(m_call.patience.count())) {
                loop.quit();
            }
        });
        ticker.start(tick);
        if (!reply->isFinished()) {
            loop.exec();
        }
        const bool isFinished = reply->isFinished();
        if (isFinished) {
            take(reply);
        }
        Result<ServiceAnswer> result = isFinished ? answerOf(*reply) : Result<ServiceAnswer>(failure(unfinished()));
        reply->disconnect(&loop);
        delete reply; // aborts what still runs
        return result;
    }

private:
    void take(QNetworkReply *reply)
    {
        const QByteArray bytes = reply->readAll();
        m_isWhole = m_isWhole && m_body.size() + bytes.size() <= longestBody;
        m_body += bytes.left(longestBody - m_body.size());
    }

    void sayWhatIsWaitedFor()
    {
        if (m_call.maySleep && m_clock.elapsed() > soonMs) {
            m_context.report({Text::tr("%1 sleeps, as free services do after 15 idle minutes; waking may need a minute")
                                  .arg(m_call.name),
                              m_clock.elapsed(),
                              m_call.patience.count(),
                              {}});
        }
    }

    Error unfinished() const
    {
        if (m_context.isCancelled()) {
            return Error::cancelled();
        }
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(m_call.patience).count();
        return {
            ErrorCode::TimedOut,
            Text::tr("%1 did not answer within %2 seconds. If it sleeps, waking takes longer than usual: try again. "
                     "Else its log in the dashboard says what it waits for.")
                .arg(m_call.name)
                .arg(seconds),
            {},
            {}};
    }

    Result<ServiceAnswer> answerOf(const QNetworkReply &reply) const
    {
        const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        // Statuses from 400 on are errors to Qt, but answers to us; a broken body is not.
        const bool isAnswer = status >= 400 || (status > 0 && reply.error() == QNetworkReply::NoError);
        if (isAnswer) {
            return ServiceAnswer{reply.url(), status, reply.rawHeader("Content-Type"), m_body, m_isWhole, 0, 1};
        }
        const QString detail = redact(reply.errorString());
        if (reply.error() == QNetworkReply::SslHandshakeFailedError) {
            return failure(ErrorCode::TlsFailed,
                           Text::tr("The link to %1 could not be encrypted: the certificate does not check out. Is the "
                                    "computer's clock right?")
                               .arg(m_url.host()),
                           detail);
        }
        if (reply.error() == QNetworkReply::HostNotFoundError) {
            return failure(ErrorCode::NotFound,
                           Text::tr("There is no host %1: this computer is offline, or the service is new or deleted.")
                               .arg(m_url.host()),
                           detail);
        }
        return failure(ErrorCode::ConnectionFailed,
                       Text::tr("%1 could not be reached, or broke off its answer. It may be suspended, starting or "
                                "crashing: its log in the dashboard says more.")
                           .arg(m_call.name),
                       detail);
    }

    QUrl m_url;
    const ServiceCall &m_call;
    const QElapsedTimer &m_clock;
    const JobContext &m_context;
    QNetworkAccessManager m_network;
    QByteArray m_body;
    bool m_isWhole = true;
};

bool isStarting(int status)
{
    return status == 502 || status == 503 || status == 504;
}

} // namespace

Result<ServiceAnswer> callService(const ServiceCall &call, const JobContext &context)
{
    const Result<QUrl> url = urlOf(call);
    if (!url) {
        return failure(url.error());
    }
    QElapsedTimer clock;
    clock.start();
    context.report({Text::tr("Calling %1").arg(url->toDisplayString()), 0, 0, {}});
    for (int attempts = 1;; ++attempts) {
        Result<ServiceAnswer> answer = Attempt(*url, call, clock, context).run();
        const bool mayBeLater =
            answer ? isStarting(answer->status) : answer.error().code == ErrorCode::ConnectionFailed;
        const bool isLast = !call.maySleep || clock.elapsed() + 2000 > call.patience.count();
        if (!mayBeLater || isLast) {
            if (answer) {
                answer->elapsedMs = clock.elapsed();
                answer->attempts = attempts;
            }
            return answer;
        }
        context.report({Text::tr("%1 does not answer yet; it may be waking up, which may need a minute").arg(call.name),
                        clock.elapsed(),
                        call.patience.count(),
                        {}});
        if (!sleepFor(betweenAttempts, context.stopToken())) {
            return failure(Error::cancelled());
        }
    }
}

} // namespace Roost
