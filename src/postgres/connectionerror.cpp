#include "postgres/connectionerror.h"

#include "core/redact.h"
#include "postgres/connectionstring.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <cerrno>
#include <cstring>
#include <netdb.h>

namespace Roost {

namespace {

struct ConnectionErrors
{
    Q_DECLARE_TR_FUNCTIONS(ConnectionErrors)
};

enum class Cause {
    Unknown,
    Refused,
    NoSocket,
    Unreachable,
    TimedOut,
    Closed,
    NoPassword,
    NoTls,
    NotPostgres,
    BadCertificate,
    WrongName,
    NoRoots,
    OtherTls
};

/// libpq gives these failures no code; its texts are English here (see clearPostgresEnvironment()). The first that
/// occurs counts.
struct KnownText
{
    const char *text;
    Cause cause;
};
constexpr KnownText knownTexts[] = {
    {"server does not support SSL, but SSL was required", Cause::NoTls},
    {"received invalid response to SSL negotiation", Cause::NotPostgres},
    {"does not match host name", Cause::WrongName},
    {"host name must be specified for a verified SSL connection", Cause::WrongName},
    {"certificate verify failed", Cause::BadCertificate},
    {"could not get server's host name from server certificate", Cause::BadCertificate},
    {"certificate's name", Cause::BadCertificate},
    {"root certificate file", Cause::NoRoots},
    {"no password supplied", Cause::NoPassword},
    {"server closed the connection unexpectedly", Cause::Closed},
    {"SSL connection has been closed unexpectedly", Cause::Closed},
    {"EOF detected", Cause::Closed},
    {"timeout expired", Cause::TimedOut},
    {"SSL error:", Cause::OtherTls},
};

/// Texts of the C library come in the desktop's language: they are asked of it.
struct KnownErrno
{
    int number;
    Cause cause;
};
constexpr KnownErrno knownErrnos[] = {
    {ECONNREFUSED, Cause::Refused},     {ENOENT, Cause::NoSocket},      {ENETUNREACH, Cause::Unreachable},
    {EHOSTUNREACH, Cause::Unreachable}, {ENETDOWN, Cause::Unreachable}, {EADDRNOTAVAIL, Cause::Unreachable},
    {ETIMEDOUT, Cause::TimedOut},       {ECONNRESET, Cause::Closed},    {EPIPE, Cause::Closed},
};

Cause causeOf(const QString &text)
{
    for (const KnownText &known : knownTexts) {
        if (text.contains(QLatin1String(known.text))) {
            return known.cause;
        }
    }
    for (const KnownErrno &known : knownErrnos) {
        if (text.contains(QString::fromLocal8Bit(strerror(known.number)))) {
            return known.cause;
        }
    }
    return Cause::Unknown;
}

/// "…failed: FATAL:  28P01: password authentication failed…": the last one, of the last address tried.
QByteArray sqlStateIn(const QString &text)
{
    static const QRegularExpression pattern(QStringLiteral(R"((?:^|: |\n)[^\s:]+:  ([0-9A-Z]{5}): )"));
    QByteArray state;
    for (auto matches = pattern.globalMatch(text); matches.hasNext();) {
        state = matches.next().captured(1).toLatin1();
    }
    return state;
}

QString place(const ConnectionParameters &parameters)
{
    return parameters.host.startsWith(u'/') ? parameters.host
                                            : QStringLiteral("%1:%2").arg(parameters.host).arg(parameters.port);
}

QString renderClosedAdvice()
{
    return ConnectionErrors::tr("On Render this means one of these: your address is not in the instance's list of "
                                "allowed addresses (Access Control), the instance is suspended, or it has expired. "
                                "Look at the instance in the Render dashboard.");
}

Error errorForState(const ConnectionParameters &parameters, const QByteArray &state)
{
    using Tr = ConnectionErrors;
    if (state == "28P01") {
        return {ErrorCode::ConnectionFailed,
                Tr::tr("The server does not accept the password of %1. Copy the connection string again: the password "
                       "may have been changed, or cut off when it was copied.")
                    .arg(parameters.user),
                {},
                state};
    }
    if (state.startsWith("28")) {
        return {ErrorCode::NotAllowed,
                Tr::tr("The server does not let %1 in from here. Check the user's name, and whether the server allows "
                       "connections from your address, with the encryption that you chose.")
                    .arg(parameters.user),
                {},
                state};
    }
    if (state == "3D000") {
        return {ErrorCode::NotFound,
                Tr::tr("There is no database \"%1\" on %2. It may have been renamed or dropped. Connect to another "
                       "database of this server to see which there are.")
                    .arg(parameters.database, parameters.host),
                {},
                state};
    }
    if (state == "42501") {
        return {ErrorCode::NotAllowed,
                Tr::tr("%1 may not connect to the database \"%2\". Ask its owner for the right to connect.")
                    .arg(parameters.user, parameters.database),
                {},
                state};
    }
    if (state == "53300") {
        return {ErrorCode::ConnectionFailed,
                Tr::tr("The server has no connection left. Close other programs that use it (or wait until they are "
                       "done) and try again."),
                {},
                state};
    }
    if (state == "57P03" || state == "57P01" || state == "57P02") {
        return {ErrorCode::ConnectionFailed,
                Tr::tr("The server is starting up or shutting down. Try again in a minute."),
                {},
                state};
    }
    return {ErrorCode::ConnectionFailed,
            Tr::tr("The server at %1 refused the connection. Its own words are in the details.").arg(place(parameters)),
            {},
            state};
}

QString lowerTlsAdvice()
{
    return ConnectionErrors::tr("If you know why and accept that nobody can tell who answers, choose \"Connect without "
                                "checking the server's identity\" for this connection.");
}

Error tlsError(const ConnectionParameters &parameters, Cause cause)
{
    using Tr = ConnectionErrors;
    const QString host = parameters.host;
    switch (cause) {
    case Cause::NoTls:
        return {ErrorCode::TlsFailed,
                Tr::tr("The server at %1 does not encrypt its connections, so the password was not sent. Check the "
                       "host and the port; servers on Render always encrypt.")
                    .arg(place(parameters)),
                {},
                {}};
    case Cause::WrongName:
        return {ErrorCode::TlsFailed,
                Tr::tr("The server at %1 showed a certificate that belongs to another name, so the password was not "
                       "sent. Check the host's name: it must be the full name of the external connection string.")
                        .arg(host) +
                    u' ' + lowerTlsAdvice(),
                {},
                {}};
    case Cause::BadCertificate:
        return {ErrorCode::TlsFailed,
                Tr::tr("The certificate of %1 does not check out, so the password was not sent: it is expired, or no "
                       "authority that this computer trusts has signed it, or this computer's clock is wrong.")
                        .arg(host) +
                    u' ' + lowerTlsAdvice(),
                {},
                {}};
    case Cause::NoRoots:
        return {ErrorCode::TlsFailed,
                Tr::tr("The file of certificate authorities to trust cannot be read, so the identity of %1 could not "
                       "be checked. Install the system's certificates (the package ca-certificates).")
                    .arg(host),
                {},
                {}};
    default:
        return {ErrorCode::TlsFailed,
                Tr::tr("No encrypted connection to %1 could be agreed on. Check the host and the port. What went wrong "
                       "is in the details.")
                    .arg(place(parameters)),
                {},
                {}};
    }
}

Error errorForCause(const ConnectionParameters &parameters, Cause cause)
{
    using Tr = ConnectionErrors;
    switch (cause) {
    case Cause::NoTls:
    case Cause::WrongName:
    case Cause::BadCertificate:
    case Cause::NoRoots:
    case Cause::OtherTls:
        return tlsError(parameters, cause);
    case Cause::TimedOut:
        return connectTimedOut(parameters);
    case Cause::NoPassword:
        return {ErrorCode::ConnectionFailed,
                Tr::tr("The server asks for the password of %1. Enter it and try again.").arg(parameters.user),
                {},
                {}};
    case Cause::Refused:
        return {ErrorCode::ConnectionFailed,
                Tr::tr("Nothing answers at %1: no PostgreSQL runs there, or the port is wrong.").arg(place(parameters)),
                {},
                {}};
    case Cause::NoSocket:
        return {ErrorCode::ConnectionFailed,
                Tr::tr("There is no PostgreSQL socket in %1: the server does not run.").arg(parameters.host),
                {},
                {}};
    case Cause::Unreachable:
        return {ErrorCode::ConnectionFailed,
                Tr::tr("There is no way to %1 from here. Check this computer's connection to the internet.")
                    .arg(place(parameters)),
                {},
                {}};
    case Cause::NotPostgres:
        return {ErrorCode::ConnectionFailed,
                Tr::tr("What answers at %1 is not PostgreSQL. Check the host and the port.").arg(place(parameters)),
                {},
                {}};
    case Cause::Closed: {
        const QString text = Tr::tr("The server at %1 closed the connection at once.").arg(place(parameters));
        const QString advice =
            isRenderHost(parameters.host)
                ? renderClosedAdvice()
                : Tr::tr("It may not allow your address, or it may be restarting. Try again in a minute.");
        return {ErrorCode::ConnectionFailed, text + u' ' + advice, {}, {}};
    }
    case Cause::Unknown:
        break;
    }
    return {
        ErrorCode::ConnectionFailed,
        Tr::tr("The connection to %1 could not be opened. What went wrong is in the details.").arg(place(parameters)),
        {},
        {}};
}

} // namespace

Error connectionErrorOf(const ConnectionParameters &parameters, const QString &libpqText)
{
    const QByteArray state = sqlStateIn(libpqText);
    Error error = state.isEmpty() ? errorForCause(parameters, causeOf(libpqText)) : errorForState(parameters, state);
    error.detail = redact(libpqText.trimmed());
    return error;
}

Error hostNotFound(const ConnectionParameters &parameters, int lookupError)
{
    using Tr = ConnectionErrors;
    const QString detail = lookupError == 0 ? QString() : QString::fromLocal8Bit(gai_strerror(lookupError));
    if (isRenderHost(parameters.host) && !parameters.host.contains(u'.')) {
        return {ErrorCode::ConnectionFailed,
                Tr::tr("%1 is an internal host name: it works only inside Render. Use the External Database URL of the "
                       "instance.")
                    .arg(parameters.host),
                detail,
                {}};
    }
    if (lookupError == EAI_AGAIN) {
        return {ErrorCode::ConnectionFailed,
                Tr::tr("The address of %1 could not be looked up. Check this computer's connection to the internet.")
                    .arg(parameters.host),
                detail,
                {}};
    }
    const QString advice =
        isRenderHost(parameters.host)
            ? Tr::tr("The instance may have been deleted, or the host's name was cut off when it was copied.")
            : Tr::tr("Check the spelling of the host's name, and this computer's connection to the internet.");
    return {ErrorCode::ConnectionFailed,
            Tr::tr("There is no host named %1.").arg(parameters.host) + u' ' + advice,
            detail,
            {}};
}

Error connectTimedOut(const ConnectionParameters &parameters)
{
    return {ErrorCode::TimedOut,
            ConnectionErrors::tr("The server at %1 did not answer in time. Check this computer's connection to the "
                                 "internet, and whether a firewall blocks port %2.")
                .arg(place(parameters))
                .arg(parameters.port),
            {},
            {}};
}

Error connectionLost(const ConnectionParameters &parameters, const QString &libpqText)
{
    return {ErrorCode::ConnectionLost,
            ConnectionErrors::tr("The connection to %1 ended: the server closed it, or the network broke. If something "
                                 "was being changed, it is not known whether the change took effect: look before "
                                 "you repeat it.")
                .arg(place(parameters)),
            redact(libpqText.trimmed()),
            {}};
}

bool isWorthAnotherAddress(const Error &error)
{
    return error.sqlState.isEmpty() && (error.code == ErrorCode::ConnectionFailed || error.code == ErrorCode::TimedOut);
}

} // namespace Roost
