#include "practice/practiceapi.h"

#include <QHttpServerRequest>
#include <QLocale>
#include <QTimer>
#include <QUuid>

namespace Roost {

namespace {

constexpr qsizetype keptCalls = 2000;

QByteArray reason(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 201:
        return "Created";
    case 202:
        return "Accepted";
    case 204:
        return "No Content";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 402:
        return "Payment Required";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 409:
        return "Conflict";
    case 410:
        return "Gone";
    case 429:
        return "Too Many Requests";
    case 500:
        return "Internal Server Error";
    case 503:
        return "Service Unavailable";
    default:
        return "Status";
    }
}

QByteArray methodName(QHttpServerRequest::Method method)
{
    switch (method) {
    case QHttpServerRequest::Method::Get:
        return "GET";
    case QHttpServerRequest::Method::Post:
        return "POST";
    case QHttpServerRequest::Method::Put:
        return "PUT";
    case QHttpServerRequest::Method::Patch:
        return "PATCH";
    case QHttpServerRequest::Method::Delete:
        return "DELETE";
    default:
        return "OTHER";
    }
}

QStringList decodedParts(const QUrl &url)
{
    QStringList parts;
    for (const QString &part : url.path(QUrl::FullyEncoded).split(u'/', Qt::SkipEmptyParts)) {
        parts += QUrl::fromPercentEncoding(part.toLatin1());
    }
    return parts;
}

} // namespace

PracticeApi::PracticeApi(PracticeWorld &world, PracticeInstances &instances, PracticeServices &services)
    : m_world(world)
    , m_instances(instances)
    , m_services(services)
{
}

bool PracticeApi::handleRequest(const QHttpServerRequest &request, QTcpSocket *socket)
{
    PracticeCall call;
    call.method = methodName(request.method());
    call.path = decodedParts(request.url());
    call.query = request.query();
    call.body = request.body();
    const QByteArray authorization = request.value("Authorization");
    if (authorization != "Bearer " + m_world.key.revealUtf8()) {
        deliver(socket, PracticeAnswer::refusal(401, QStringLiteral("Unauthorized")), {}, {});
        return true;
    }
    // No two calls overtake each other on their way in.
    const QPointer<QTcpSocket> guarded(socket);
    const int latency = call.part(0) == u"practice" ? 0 : m_world.setting(QStringLiteral("latency_ms")).toInt();
    if (latency > 0) {
        QTimer::singleShot(latency, this, [this, call, guarded] { answer(call, guarded); });
    } else {
        answer(call, guarded);
    }
    return true;
}

void PracticeApi::missingHandler(const QHttpServerRequest &, QTcpSocket *socket)
{
    deliver(socket, PracticeAnswer::refusal(404, QStringLiteral("not found")), {}, {});
}

void PracticeApi::answer(const PracticeCall &call, const QPointer<QTcpSocket> &socket)
{
    if (call.part(0) == u"practice") {
        deliver(socket, answerKnob(call), {}, {});
        return;
    }
    PracticeCall api = call;
    if (api.path.isEmpty() || api.path.takeFirst() != u"v1") {
        deliver(socket, PracticeAnswer::refusal(404, QStringLiteral("not found")), {}, {});
        return;
    }
    const auto limit = m_limits.count(api, m_world.now(), m_world.setting(QStringLiteral("limits")).toObject());
    const Headers limits{{"Ratelimit-Limit", QByteArray::number(limit.limit)},
                         {"Ratelimit-Remaining", QByteArray::number(limit.remaining)},
                         {"Ratelimit-Reset", QByteArray::number(limit.resetSeconds)}};
    const PracticeFault fault = limit.isExceeded ? PracticeFault() : m_faults.take(api);
    m_calls += QJsonObject{{QStringLiteral("method"), QString::fromLatin1(api.method)},
                           {QStringLiteral("path"), u'/' + api.path.join(u'/')},
                           {QStringLiteral("isFaulty"), fault.kind != PracticeFault::Kind::None}};
    if (m_calls.size() > keptCalls) {
        m_calls.removeFirst();
    }
    if (limit.isExceeded) {
        PracticeAnswer refused = PracticeAnswer::refusal(429, QStringLiteral("rate limit exceeded"));
        refused.headers = {{"Retry-After", QByteArray::number(limit.resetSeconds + 1)}};
        deliver(socket, refused, {}, limits);
    } else if (fault.isBeforeDoing()) {
        deliver(socket, faulty(fault), fault, limits);
    } else {
        dispatch(api, [this, socket, fault, limits](const PracticeAnswer &made) {
            deliver(socket, fault.kind == PracticeFault::Kind::ErrorAfter ? faulty(fault) : made, fault, limits);
        });
    }
}

PracticeAnswer PracticeApi::faulty(const PracticeFault &fault)
{
    PracticeAnswer answer = PracticeAnswer::refusal(fault.status, QString::fromLatin1(reason(fault.status)).toLower());
    if (fault.retryAfter >= 0) {
        answer.headers = {{"Retry-After", QByteArray::number(fault.retryAfter)}};
    }
    return answer;
}

void PracticeApi::dispatch(const PracticeCall &call, const PracticeReply &reply)
{
    const QString first = call.part(0);
    if (call.matches("GET", {QStringLiteral("users")})) {
        reply(PracticeAnswer::json(QJsonObject{{QStringLiteral("email"), m_world.owner()[u"email"]},
                                               {QStringLiteral("name"), QStringLiteral("Practice")}}));
    } else if (first == u"owners" && call.method == "GET") {
        reply(answerOwners(call));
    } else if (call.method == "GET" && (first == u"projects" || first == u"environments" || first == u"maintenance")) {
        reply(PracticeAnswer::json(QJsonArray()));
    } else if (!m_instances.answer(call, reply) && !m_services.answer(call, reply)) {
        reply(PracticeAnswer::refusal(404, QStringLiteral("not found")));
    }
}

PracticeAnswer PracticeApi::answerOwners(const PracticeCall &call) const
{
    QJsonObject owner = m_world.owner();
    if (call.path.size() == 1) {
        owner[QStringLiteral("_number")] = 1;
        const QStringList names = call.queryWords(QStringLiteral("name"));
        const bool fits = names.isEmpty() || names.contains(owner[u"name"].toString());
        return practicePage(call, fits ? QList<QJsonObject>{owner} : QList<QJsonObject>(), QStringLiteral("owner"),
                            withoutPrivate);
    }
    return call.path.size() == 2 && call.part(1) == owner[u"id"].toString() ? PracticeAnswer::json(owner)
                                                                            : PracticeAnswer::notFound(call.part(1));
}

void PracticeApi::deliver(const QPointer<QTcpSocket> &socket, const PracticeAnswer &answer, const PracticeFault &fault,
                          const Headers &limits)
{
    using Kind = PracticeFault::Kind;
    if (!socket || fault.kind == Kind::Stall || fault.kind == Kind::StallAfter) {
        return;
    }
    if (fault.kind == Kind::DropBefore || fault.kind == Kind::DropAfter) {
        socket->disconnectFromHost();
        return;
    }
    const QByteArray body = fault.kind == Kind::BadJson ? QByteArray("{\"id\": <html>\n") : answer.body;
    const QString date = QLocale::c().toString(m_world.now(), QStringLiteral("ddd, dd MMM yyyy HH:mm:ss"));
    Headers headers = answer.headers + limits;
    if (!body.isEmpty()) {
        headers.prepend({"Content-Type", "application/json; charset=utf-8"});
    }
    headers += Headers{{"Date", date.toLatin1() + " GMT"},
                       {"Render-Request-Id", QUuid::createUuid().toByteArray(QUuid::WithoutBraces)},
                       {"Vary", "Origin"},
                       {"X-Content-Type-Options", "nosniff"},
                       {"X-Frame-Options", "DENY"},
                       {"Referrer-Policy", "same-origin"}};
    if (answer.status != 204) {
        headers += {"Content-Length", QByteArray::number(body.size())};
    }
    QByteArray text = "HTTP/1.1 " + QByteArray::number(answer.status) + ' ' + reason(answer.status) + "\r\n";
    for (const auto &[name, value] : headers) {
        text += name + ": " + value + "\r\n";
    }
    text += "\r\n";
    if (fault.kind == Kind::CutBody) {
        socket->write(text + body.left(body.size() / 2));
        socket->disconnectFromHost();
        return;
    }
    socket->write(text + body);
}

} // namespace Roost
