#include "render/renderlink.h"

#include "core/pace.h"
#include "render/rendererror.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QJsonDocument>
#include <QRandomGenerator>
#include <QSet>

#include <algorithm>
#include <cstdlib>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(RenderClient)
};

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int mostTries = 5;
constexpr int mostPages = 1000;
constexpr int pageSize = 100; ///< the most that Render gives
constexpr auto clockTolerance = std::chrono::minutes(5);

/// Half as long to half as long again, so that many clients do not come back all at once.
milliseconds withJitter(milliseconds time)
{
    return milliseconds(qint64(double(time.count()) * (0.5 + QRandomGenerator::global()->generateDouble())));
}

bool isSendable(const QByteArray &key)
{
    return std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < 127; });
}

/// The body of a 2xx answer: undefined when there is none, nothing when it is no JSON.
std::optional<QJsonValue> valueOf(const QByteArray &body)
{
    const QByteArray text = body.trimmed();
    if (text.isEmpty()) {
        return QJsonValue(QJsonValue::Undefined);
    }
    if (text == "null") {
        return QJsonValue(QJsonValue::Null);
    }
    const QJsonDocument json = QJsonDocument::fromJson(text);
    if (json.isNull()) {
        return {};
    }
    return json.isArray() ? QJsonValue(json.array()) : QJsonValue(json.object());
}

} // namespace

RenderCall RenderCall::read(const QString &path, QString doing)
{
    RenderCall call = write(Kind::Read, QByteArrayLiteral("GET"), path, std::move(doing));
    call.bucket = QByteArrayLiteral("GET");
    return call;
}

RenderCall RenderCall::write(Kind kind, const QByteArray &verb, const QString &path, QString doing)
{
    return {kind, {verb, path.toLatin1(), {}}, std::move(doing), QByteArrayLiteral("write")};
}

RenderCall &RenderCall::with(const QJsonObject &body)
{
    request.body = QJsonDocument(body).toJson(QJsonDocument::Compact);
    return *this;
}

RenderCall &RenderCall::inBucket(const QByteArray &name)
{
    bucket = name;
    return *this;
}

RenderCall &RenderCall::ask(const QByteArray &name, const QString &value)
{
    request.target += (request.target.contains('?') ? '&' : '?') + name + '=' + QUrl::toPercentEncoding(value);
    return *this;
}

RenderLink::RenderLink(RenderAccess access, JobContext context, RenderTimes times)
    : m_access(std::move(access))
    , m_context(std::move(context))
    , m_times(times)
    , m_http(m_access.api, m_access.key)
{
    m_http.setPatience(m_times.answer);
}

/// Why nothing is sent at all.
std::optional<Error> RenderLink::refusal() const
{
    const QString problem = renderApiProblem(m_access.api);
    if (!problem.isEmpty()) {
        return Error{ErrorCode::InvalidInput, problem, {}, {}};
    }
    if (m_access.key.isEmpty()) {
        return Error{
            ErrorCode::SecretMissing, Text::tr("There is no API key for this account. Give it one first."), {}, {}};
    }
    if (!isSendable(m_access.key.revealUtf8())) {
        return Error{ErrorCode::InvalidInput,
                     Text::tr("The API key has characters that no key of Render's has. Copy it again, as a whole and "
                              "without spaces."),
                     {},
                     {}};
    }
    return {};
}

Result<QJsonValue> RenderLink::send(const RenderCall &call)
{
    if (auto problem = refusal()) {
        return failure(std::move(*problem));
    }
    m_waited = milliseconds(0);
    m_begun = std::chrono::steady_clock::now();
    std::optional<Error> unknown; // of a try before: it may have been done, whatever comes after
    milliseconds pause = m_times.pause;
    for (int tries = 1;; ++tries) {
        const milliseconds room = m_limits.waitFor(call.bucket);
        if (room > milliseconds(0) && room <= m_times.waiting - m_waited && call.kind != RenderCall::Kind::Once) {
            m_waited += room;
            waitForRoom(room);
        }
        if (m_context.isCancelled()) {
            return failure(unknown.value_or(Error::cancelled()));
        }
        Try tried = tryOnce(call);
        if (tried.result) {
            return std::move(tried.result);
        }
        const Error &error = tried.result.error();
        if (error.code == ErrorCode::OutcomeUnknown) {
            unknown = error;
        }
        if (!mayGoOn(call, tried, tries, withJitter(pause))) {
            const bool isDecided = error.code == ErrorCode::InvalidInput || error.code == ErrorCode::NotFound;
            return failure(unknown && !isDecided ? *unknown : error);
        }
        pause *= 2;
    }
}

/// Whether to try again unless it was cancelled; has waited then.
bool RenderLink::mayGoOn(const RenderCall &call, const Try &tried, int tries, milliseconds pause)
{
    if (!tried.mayTryAgain || tries >= mostTries) {
        return false;
    }
    if (tried.wait) {
        const milliseconds wait = std::max(milliseconds(*tried.wait), pause);
        if (m_waited + wait > m_times.waiting) {
            return false;
        }
        m_waited += wait;
        waitForRoom(wait);
        return true;
    }
    const auto spent = std::chrono::steady_clock::now() - m_begun - m_waited;
    if (spent + pause > m_times.trying) {
        return false;
    }
    m_context.log(QStringLiteral("%1: try %2").arg(call.doing).arg(tries + 1));
    HttpClient::pause(pause, m_context.stopToken());
    return true;
}

/// Waits because Render asks for it, and says so; shorter when it is cancelled.
void RenderLink::waitForRoom(milliseconds time) const
{
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + time;
    for (;;) {
        const auto left = std::chrono::ceil<milliseconds>(end - Clock::now());
        if (left <= milliseconds(0)) {
            return;
        }
        const milliseconds shown = std::chrono::ceil<seconds>(left);
        m_context.report({Text::tr("Render asks to wait %1").arg(Pace::durationText(shown.count())), 0, 0, {}, -1});
        if (!HttpClient::pause(std::min<milliseconds>(left, seconds(1)), m_context.stopToken())) {
            return;
        }
    }
}

RenderLink::Try RenderLink::tryOnce(const RenderCall &call)
{
    const auto answer = m_http.send(call.request, m_context.stopToken());
    const QString line = QString::fromLatin1(call.request.verb + ' ' + call.request.target.split('?').constFirst());
    if (!answer) {
        m_context.log(line + QStringLiteral(": ") + answer.error().reason);
        return judge(call, answer.error());
    }
    m_context.log(line + QStringLiteral(": ") + QString::number(answer->status));
    m_limits.note(call.bucket, *answer);
    noteDate(*answer);
    return judge(call, *answer);
}

RenderLink::Try RenderLink::judge(const RenderCall &call, const HttpAnswer &answer)
{
    const bool isRepeatable = call.kind != RenderCall::Kind::Once;
    if (answer.status >= 200 && answer.status < 300) {
        auto value = valueOf(answer.body);
        const bool isMissing = value && value->isUndefined() && call.kind == RenderCall::Kind::Read;
        if (value && !isMissing) {
            return {std::move(*value), false, {}};
        }
        return {failure(brokenAnswer(call, answer)), isRepeatable, {}};
    }
    if (answer.status >= 500) {
        return {failure(brokenAnswer(call, answer)), isRepeatable, RateLimits::retryAfter(answer)};
    }
    const bool isTooMany = answer.status == 429;
    return {failure(refusedByRender(call, answer)), isTooMany,
            isTooMany ? RateLimits::wait(answer) : std::optional<seconds>()};
}

RenderLink::Try RenderLink::judge(const RenderCall &call, const HttpFault &fault)
{
    using Kind = HttpFault::Kind;
    const bool mayHelp = fault.kind == Kind::NotSent || fault.kind == Kind::Lost || fault.kind == Kind::Stalled;
    return {failure(noAnswer(call, fault, m_access.api, clockHint(fault))),
            mayHelp && call.kind != RenderCall::Kind::Once,
            {}};
}

void RenderLink::noteDate(const HttpAnswer &answer)
{
    const QDateTime date = httpDate(answer.header("date"));
    if (date.isValid()) {
        m_clockOffset = seconds(QDateTime::currentDateTimeUtc().secsTo(date));
    }
}

/// A clock that is wrong makes every certificate look expired or not valid yet.
QString RenderLink::clockHint(const HttpFault &fault)
{
    if (!fault.isAboutTime) {
        return {};
    }
    const QDateTime now = QDateTime::currentDateTimeUtc();
    const QDateTime date = httpDate(m_http.unprovenDate(m_context.stopToken()));
    const qint64 off = date.isValid() ? now.secsTo(date) : 0;
    if (std::abs(off) < std::chrono::seconds(clockTolerance).count()) {
        return {};
    }
    return Text::tr("This computer's clock shows %1 (UTC) while Render's shows %2: set the clock right, and it will "
                    "work.")
        .arg(now.toString(QStringLiteral("yyyy-MM-dd hh:mm")), date.toString(QStringLiteral("yyyy-MM-dd hh:mm")));
}

Error RenderLink::wrongShape(const RenderCall &call, const QString &problem) const
{
    const QString detail = QStringLiteral("%1 %2: %3")
                               .arg(QString::fromLatin1(call.request.verb),
                                    QString::fromLatin1(call.request.target.split('?').constFirst()), problem);
    if (call.kind != RenderCall::Kind::Read) {
        return outcomeUnknown(call, Text::tr("its answer is not as expected."), detail);
    }
    return {ErrorCode::ServerRefused,
            Text::tr("Render's answer to %1 is not as expected. Render may have changed its API; a newer Roost may "
                     "know it.")
                .arg(call.doing),
            detail,
            {}};
}

Result<QJsonArray> RenderLink::sendPaged(const RenderCall &call)
{
    QJsonArray all;
    QSet<QString> cursors;
    QString cursor;
    for (int page = 0; page < mostPages; ++page) {
        RenderCall part = call;
        part.ask(QByteArrayLiteral("limit"), QString::number(pageSize));
        if (!cursor.isEmpty()) {
            part.ask(QByteArrayLiteral("cursor"), cursor);
        }
        const Result<QJsonValue> answer = send(part);
        if (!answer) {
            return failure(answer.error());
        }
        if (!answer->isArray() && !answer->isNull()) {
            return failure(wrongShape(call, QStringLiteral("not a list")));
        }
        const QJsonArray items = answer->toArray();
        for (const QJsonValue &item : items) {
            all += item;
        }
        cursor = items.isEmpty() ? QString() : items.last().toObject().value(QLatin1String("cursor")).toString();
        if (items.size() < pageSize || cursor.isEmpty()) {
            return all;
        }
        if (cursors.contains(cursor)) {
            break;
        }
        cursors.insert(cursor);
    }
    return failure(wrongShape(call, QStringLiteral("the list does not end")));
}

} // namespace Roost
