#include "render/rendererror.h"

#include "core/pace.h"
#include "core/redact.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QStringList>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(RenderClient)
};

constexpr qsizetype longestExcerpt = 300;
constexpr QLatin1String oneFreeDatabase("cannot have more than one active free tier database");

/// Render's own words; empty when it has none for us.
QString messageOf(const HttpAnswer &answer)
{
    const QJsonObject body = QJsonDocument::fromJson(answer.body).object();
    const QString message = body.value(QLatin1String("message")).toString();
    return redact(message.isEmpty() ? body.value(QLatin1String("error")).toString() : message).left(longestExcerpt);
}

/// "Render says: …", where it says something.
QString quoted(const HttpAnswer &answer)
{
    const QString message = messageOf(answer);
    return message.isEmpty() ? QString() : u' ' + Text::tr("Render says: “%1”").arg(message);
}

Error error(ErrorCode code, const QString &message, const QString &detail, int status = 0)
{
    Error made{code, message, detail, {}};
    made.httpStatus = status;
    return made;
}

QString waitText(const HttpAnswer &answer)
{
    const auto wait = RateLimits::wait(answer);
    if (!wait || wait->count() == 0) {
        return Text::tr("Try again in a minute.");
    }
    return Text::tr("Try again in %1.").arg(Pace::durationText(std::chrono::milliseconds(*wait).count()));
}

/// The sentence for a status, and what kind of error it is.
std::pair<ErrorCode, QString> meaning(const RenderCall &call, const HttpAnswer &answer)
{
    switch (answer.status) {
    case 400:
        return {ErrorCode::InvalidInput, Text::tr("Render refused to %1.").arg(call.doing)};
    case 401:
        return {ErrorCode::NotAllowed,
                Text::tr("Render does not accept the API key: it is mistyped or was revoked. Make a new one at Render "
                         "under Account Settings → API Keys and give it to this account.")};
    case 402:
        return {ErrorCode::NotAllowed,
                Text::tr("Render wants a payment card before it will %1, even where it costs nothing. Add one at "
                         "https://dashboard.render.com/billing and try again.")
                    .arg(call.doing)};
    case 403:
        return {ErrorCode::NotAllowed,
                Text::tr("This API key may not %1: the role of its owner in the workspace does not allow it, or the "
                         "environment is protected. An admin of the workspace may.")
                    .arg(call.doing)};
    case 404:
    case 410:
        return {
            ErrorCode::NotFound,
            Text::tr("Render could not %1: it is not there any more, or this API key may not see it.").arg(call.doing)};
    case 409:
        return {ErrorCode::Conflict,
                Text::tr("Render could not %1 in its state now: something else is being changed. Wait until that is "
                         "done and try again.")
                    .arg(call.doing)};
    case 429:
        return {ErrorCode::RateLimited,
                Text::tr("Render was asked too often and did not %1. %2").arg(call.doing, waitText(answer))};
    default:
        break;
    }
    if (answer.status < 400) {
        return {ErrorCode::ServerRefused,
                Text::tr("Render's API answered with a redirection, which is not followed because the key would go "
                         "with it. Check the address of the API.")};
    }
    return {ErrorCode::ServerRefused, Text::tr("Render refused to %1 (status %2).").arg(call.doing).arg(answer.status)};
}

} // namespace

QString requestDetail(const RenderCall &call, const HttpAnswer &answer)
{
    const QByteArray path = call.request.target.split('?').constFirst();
    QStringList lines{QStringLiteral("%1 %2: HTTP %3")
                          .arg(QString::fromLatin1(call.request.verb), QString::fromLatin1(path))
                          .arg(answer.status)};
    const QByteArray id = answer.header("render-request-id");
    if (!id.isEmpty()) {
        lines += QStringLiteral("Render-Request-Id: ") + QString::fromLatin1(id).left(longestExcerpt);
    }
    // What a 2xx holds may be a password, and then nobody knows it as one yet.
    if (answer.status >= 300 && messageOf(answer).isEmpty() && !answer.body.trimmed().isEmpty()) {
        lines += QString::fromUtf8(answer.body).simplified().left(longestExcerpt);
    }
    return redact(lines.join(u'\n'));
}

Error refusedByRender(const RenderCall &call, const HttpAnswer &answer)
{
    const QString detail = requestDetail(call, answer);
    if (messageOf(answer).contains(oneFreeDatabase, Qt::CaseInsensitive)) {
        return error(ErrorCode::Conflict,
                     Text::tr("Render allows one active free database per workspace, and this workspace has one. "
                              "Delete or upgrade that one first, or choose a paid plan.") +
                         quoted(answer),
                     detail, answer.status);
    }
    const auto [code, message] = meaning(call, answer);
    return error(code, message + quoted(answer), detail, answer.status);
}

Error outcomeUnknown(const RenderCall &call, const QString &reason, const QString &detail)
{
    return error(ErrorCode::OutcomeUnknown,
                 Text::tr("Render was asked to %1, but %2 It may have been done or not: look before you ask again.")
                     .arg(call.doing, reason),
                 detail);
}

Error brokenAnswer(const RenderCall &call, const HttpAnswer &answer)
{
    const bool isFailure = answer.status >= 500;
    const QString detail = requestDetail(call, answer);
    if (call.kind == RenderCall::Kind::Read) {
        const QString why =
            isFailure
                ? Text::tr("Render could not %1: it has a failure of its own (status %2). Try again in a few minutes; "
                           "https://status.render.com tells of known ones.")
                      .arg(call.doing)
                      .arg(answer.status)
                : Text::tr("What came back when asking Render to %1 is not JSON. Something between this computer and "
                           "Render may have answered in its place; try again.")
                      .arg(call.doing);
        return error(ErrorCode::ServerRefused, why + quoted(answer), detail, answer.status);
    }
    Error unknown =
        outcomeUnknown(call,
                       isFailure ? Text::tr("it answered with a failure of its own (status %1).").arg(answer.status)
                                 : Text::tr("its answer cannot be read."),
                       detail);
    unknown.message += quoted(answer);
    unknown.httpStatus = answer.status;
    return unknown;
}

Error noAnswer(const RenderCall &call, const HttpFault &fault, const QUrl &api, const QString &clockHint)
{
    using Kind = HttpFault::Kind;
    const QString host = api.host();
    if (fault.kind == Kind::Certificate) {
        const QString hint = clockHint.isEmpty() ? QString() : u' ' + clockHint;
        return error(ErrorCode::TlsFailed,
                     Text::tr("Nothing was sent to %1, because it cannot be proven to be Render: %2.%3 A network that "
                              "reads along (a company's, a hotel's) also looks like this.")
                         .arg(host, fault.reason, hint),
                     fault.reason);
    }
    if (fault.kind == Kind::NotSent) {
        return error(ErrorCode::ConnectionFailed,
                     fault.isHostUnknown
                         ? Text::tr("Could not %1: the address %2 cannot be found. This computer is probably "
                                    "offline; check the network and try again.")
                               .arg(call.doing, host)
                         : Text::tr("Could not %1: nothing answers at %2. Check the network, and the proxy if there "
                                    "is one, and try again.")
                               .arg(call.doing, host),
                     fault.reason);
    }
    if (call.kind != RenderCall::Kind::Read) {
        return outcomeUnknown(call,
                              fault.kind == Kind::Cancelled ? Text::tr("you stopped it before an answer came.")
                              : fault.kind == Kind::Stalled ? Text::tr("no answer came in time.")
                                                            : Text::tr("the connection ended before an answer came."),
                              fault.reason);
    }
    switch (fault.kind) {
    case Kind::Cancelled:
        return Error::cancelled();
    case Kind::Stalled:
        return error(ErrorCode::TimedOut,
                     Text::tr("Could not %1: %2 did not answer in time. Try again.").arg(call.doing, host),
                     fault.reason);
    case Kind::TooLarge:
        return error(ErrorCode::ServerRefused,
                     Text::tr("Could not %1: the answer is too large to be one of Render's.").arg(call.doing), {});
    default:
        return error(ErrorCode::ConnectionLost,
                     Text::tr("Could not %1: the connection to %2 ended before the whole answer was here. Try again.")
                         .arg(call.doing, host),
                     fault.reason);
    }
}

} // namespace Roost
