// Name, TCP and TLS.
#include "operations/connectiondoctorparts.h"

#include "core/redact.h"
#include "postgres/hostlookup.h"
#include "postgres/linkopener.h"
#include "postgres/renderhost.h"

#include <QFileInfo>
#include <QHostAddress>

#include <cstring>
#include <netdb.h>

namespace Roost::Doctor {

namespace {

bool isAddress(const QString &host)
{
    return !QHostAddress(host).isNull();
}

DoctorFinding internalHostFinding(const Examination &exam)
{
    const QString host = exam.parameters().host;
    const QString region = regionOf(exam);
    const QString found = Text::tr("%1 is an internal host name of Render's.").arg(host);
    const QString why = Text::tr("Only services inside Render, in the same region, can find it. The Internal Database "
                                 "URL was copied, and from outside the external one is needed.");
    if (region.isEmpty()) {
        DoctorFinding finding = failed(DoctorLayer::Name, "internal-host", found, why, DoctorRemedy::ChooseRegion,
                                       Text::tr("Say in which region the instance is, and the external name follows."));
        finding.choices = renderRegions();
        finding.corrected = exam.parameters();
        return finding;
    }
    DoctorFinding finding = failed(DoctorLayer::Name, "internal-host", found, why, DoctorRemedy::UseExternalHost,
                                   Text::tr("Use its external name, %1.").arg(externalRenderHost(host, region)));
    finding.corrected = exam.parameters();
    finding.corrected.host = externalRenderHost(host, region);
    return finding;
}

DoctorFinding editFinding(DoctorLayer layer, const char *cause, const QString &found, const QString &why,
                          const QString &advice, const ConnectionParameters &corrected)
{
    DoctorFinding finding = failed(layer, cause, found, why, DoctorRemedy::EditConnection, advice);
    finding.corrected = corrected;
    return finding;
}

DoctorFinding unknownHostFinding(const Examination &exam, int lookupError)
{
    const ConnectionParameters &to = exam.parameters();
    DoctorFinding finding;
    if (isInternalRenderHost(to.host)) {
        finding = internalHostFinding(exam);
    } else if (lookupError == EAI_AGAIN) {
        finding = failed(DoctorLayer::Name, "name-server-silent",
                         Text::tr("The address of %1 could not be looked up.").arg(to.host),
                         Text::tr("No name server answers: this computer is probably not on the internet."),
                         DoctorRemedy::TryAgain, Text::tr("Check the connection to the internet and try again."));
    } else if (isRenderHost(to.host)) {
        finding = editFinding(DoctorLayer::Name, "host-unknown", Text::tr("There is no host named %1.").arg(to.host),
                              Text::tr("The instance was deleted, or the name was cut off when it was copied."),
                              Text::tr("Copy the External Database URL of the instance again."), to);
    } else {
        finding = editFinding(DoctorLayer::Name, "host-unknown", Text::tr("There is no host named %1.").arg(to.host),
                              Text::tr("The name is probably misspelt."), Text::tr("Correct the host."), to);
    }
    finding.detail = lookupError == 0 ? QString() : QString::fromLocal8Bit(gai_strerror(lookupError));
    return finding;
}

QString addressesText(const QList<QByteArray> &addresses)
{
    QStringList texts;
    for (const QByteArray &address : addresses) {
        texts += QString::fromLatin1(address);
    }
    return texts.join(QStringLiteral(", "));
}

DoctorFinding closedPortFinding(const Examination &exam, const Probes::TcpAnswer &answer)
{
    const ConnectionParameters &to = exam.parameters();
    const QString place = placeText(to);
    constexpr int usualPort = 5432;
    DoctorFinding finding;
    switch (answer.outcome) {
    case Probes::Tcp::Refused: {
        ConnectionParameters corrected = to;
        corrected.port = usualPort;
        finding = editFinding(DoctorLayer::Tcp, "port-refused", Text::tr("Nothing listens at %1.").arg(place),
                              to.port == usualPort
                                  ? Text::tr("The computer answers, but no PostgreSQL runs on it.")
                                  : Text::tr("The port is probably wrong: PostgreSQL's is usually %1.").arg(usualPort),
                              Text::tr("Correct the port, or start the server."), corrected);
        break;
    }
    case Probes::Tcp::TimedOut:
        finding = failed(
            DoctorLayer::Tcp, "no-answer",
            Text::tr("%1 does not answer: not within %2 seconds.")
                .arg(place)
                .arg(std::chrono::duration_cast<std::chrono::seconds>(exam.request.patience).count()),
            Text::tr("Something on the way swallows the packets: a firewall here, in your network or at "
                     "the server; many offices and schools let only web pages through."),
            DoctorRemedy::TryAgain,
            Text::tr("Try from another network (a phone's, say), or ask for port %1 to be opened.").arg(to.port));
        break;
    case Probes::Tcp::Unreachable:
        finding = failed(DoctorLayer::Tcp, "unreachable", Text::tr("There is no way from here to %1.").arg(place),
                         Text::tr("This computer is offline, or has no route to that network."), DoctorRemedy::TryAgain,
                         Text::tr("Check the connection to the internet (and the VPN) and try again."));
        break;
    default:
        finding = failed(DoctorLayer::Tcp, "tcp-failed", Text::tr("No connection to %1 could be made.").arg(place),
                         Text::tr("The system refuses it; its words are in the details."), DoctorRemedy::TryAgain,
                         Text::tr("Check firewall and proxy settings of this computer."));
    }
    finding.detail = QString::fromLocal8Bit(std::strerror(answer.error));
    return finding;
}

DoctorFinding socketFileFinding(const ConnectionParameters &to)
{
    const QString file = QStringLiteral("%1/.s.PGSQL.%2").arg(to.host).arg(to.port);
    if (QFileInfo::exists(file)) {
        return good(DoctorLayer::Tcp, Text::tr("A local server has its socket in %1.").arg(to.host));
    }
    return failed(DoctorLayer::Tcp, "no-socket", Text::tr("There is no PostgreSQL socket %1.").arg(file),
                  Text::tr("The server on this computer does not run."), DoctorRemedy::TryAgain,
                  Text::tr("Start it and try again."));
}

DoctorFinding notPostgresFinding(const Examination &exam, const QByteArray &said)
{
    const ConnectionParameters &to = exam.parameters();
    const QString place = placeText(to);
    const bool isWeb = said.startsWith("HTTP/") || said.startsWith("<");
    DoctorFinding finding =
        isWeb ? editFinding(DoctorLayer::Tls, "web-server",
                            Text::tr("A web server answers at %1, not PostgreSQL.").arg(place),
                            Text::tr("Host or port are those of a web service."),
                            Text::tr("Use the host and the port of the database."), to)
              : editFinding(DoctorLayer::Tls, "not-postgres",
                            Text::tr("What answers at %1 is not PostgreSQL.").arg(place),
                            Text::tr("Another service has this port; its first words are in the details."),
                            Text::tr("Use the host and the port of the database."), to);
    constexpr qsizetype shown = 200;
    finding.detail = redact(QString::fromLatin1(said.left(shown)));
    return finding;
}

/// Accepted, and then nothing: perhaps it waits for a web browser's request.
DoctorFinding silentFinding(Examination &exam)
{
    Probes::TcpAnswer again =
        Probes::connectTo(exam.addresses.value(0), exam.parameters().port, exam.deadline(), exam.stop());
    const QByteArray said = again.outcome == Probes::Tcp::Open
                                ? Probes::askForPage(again.socket, exam.deadline(), exam.stop())
                                : QByteArray();
    if (!said.isEmpty()) {
        return notPostgresFinding(exam, said);
    }
    return failed(DoctorLayer::Tls, "silent",
                  Text::tr("%1 accepts the connection and then says nothing.").arg(placeText(exam.parameters())),
                  Text::tr("The server hangs or is overloaded, or something in between holds the packets back."),
                  DoctorRemedy::TryAgain, Text::tr("Try again in a minute; if it stays so, restart the server."));
}

DoctorFinding noTlsFinding(const Examination &exam)
{
    const ConnectionParameters &to = exam.parameters();
    if (sslModeFor(to) == "prefer") {
        return good(DoctorLayer::Tls, Text::tr("Not encrypted; it need not be, on this computer."));
    }
    return editFinding(DoctorLayer::Tls, "no-tls",
                       Text::tr("The server at %1 does not encrypt, so no password is sent to it.").arg(placeText(to)),
                       exam.facts.isOnRender
                           ? Text::tr("Render's servers always encrypt, so this is another one.")
                           : Text::tr("Encryption is switched off at the server, or this is not the server you mean."),
                       Text::tr("Check the host and the port, or have encryption switched on at the server."), to);
}

DoctorFinding brokenHandshakeFinding(const Examination &exam, const Probes::HandshakeAnswer &answer)
{
    const ConnectionParameters &to = exam.parameters();
    const auto kept = [&answer](DoctorFinding finding) {
        finding.detail = redact(answer.text);
        return finding;
    };
    if (answer.outcome == Probes::Handshake::TooOld) {
        return kept(failed(DoctorLayer::Tls, "tls-too-old",
                           Text::tr("The server speaks only old versions of TLS, before 1.2."),
                           Text::tr("Its software is very old, or set up for very old clients. They count as broken."),
                           DoctorRemedy::None, Text::tr("Have TLS 1.2 or newer switched on at the server.")));
    }
    const bool isClosed = answer.outcome == Probes::Handshake::Closed;
    if (answer.outcome == Probes::Handshake::UnknownName || (isClosed && isAddress(to.host))) {
        return kept(editFinding(
            DoctorLayer::Tls, isAddress(to.host) ? "address-instead-of-name" : "name-not-served",
            isAddress(to.host) ? Text::tr("The server ended the connection while encryption was agreed on.")
                               : Text::tr("The server knows no instance named %1.").arg(to.host),
            isAddress(to.host)
                ? Text::tr("You connect to an address. Servers with many instances, as Render's, tell by the host's "
                           "name which is meant (SNI), and an address has none.")
                : Text::tr("Servers with many instances tell by the host's name which is meant (SNI)."),
            Text::tr("Use the full name of the host from the External Database URL."), to));
    }
    if (isClosed) {
        return kept(closedFinding(exam, DoctorLayer::Tls, QStringLiteral("in-tls"),
                                  Text::tr("The server ended the connection while encryption was agreed on.")));
    }
    return kept(failed(DoctorLayer::Tls, "tls-failed",
                       answer.outcome == Probes::Handshake::TimedOut
                           ? Text::tr("The server stopped answering while encryption was agreed on.")
                           : Text::tr("No encrypted connection could be agreed on."),
                       Text::tr("Something between here and the server may be changing the traffic."),
                       DoctorRemedy::TryAgain, Text::tr("Try from another network.")));
}

DoctorFinding handshakeFinding(Examination &exam)
{
    const ConnectionParameters &to = exam.parameters();
    const auto answer =
        Probes::shakeHands(std::move(exam.socket), to.host, to.rootCertificateFile, exam.deadline(), exam.stop());
    if (answer.outcome != Probes::Handshake::Done) {
        return brokenHandshakeFinding(exam, answer);
    }
    const bool checks = sslModeFor(to) == "verify-full";
    if (checks && !answer.errors.isEmpty()) {
        return certificateFinding(exam, answer);
    }
    if (checks) {
        return good(DoctorLayer::Tls,
                    isAddress(to.host)
                        ? Text::tr("Encrypted with %1; the certificate is that of %2.").arg(answer.protocol, to.host)
                        : Text::tr("Encrypted with %1; the server was told the name %2 (SNI), and the certificate is "
                                   "that name's.")
                              .arg(answer.protocol, to.host));
    }
    if (to.tls == TlsMode::Unverified) {
        DoctorFinding finding =
            warning(DoctorLayer::Tls, "not-verified",
                    Text::tr("Encrypted with %1, but who answers is not checked.").arg(answer.protocol),
                    answer.errors.isEmpty()
                        ? Text::tr("Checking is switched off for this connection, though the certificate checks out.")
                        : Text::tr("Checking is switched off for this connection, and the certificate would not check "
                                   "out: %1.")
                              .arg(answer.errors.first().errorString()),
                    DoctorRemedy::TurnOnTls, Text::tr("Switch the check on again."));
        finding.corrected = to;
        finding.corrected.tls = TlsMode::Verified;
        return finding;
    }
    return good(DoctorLayer::Tls, Text::tr("Encrypted with %1.").arg(answer.protocol));
}

} // namespace

DoctorFinding examineName(Examination &exam)
{
    const ConnectionParameters &to = exam.parameters();
    if (exam.usesSocketFile()) {
        return skipped(DoctorLayer::Name, Text::tr("A socket on this computer has no name to look up."));
    }
    int lookupError = 0;
    const auto addresses = lookUpHost(to, exam.stop(), exam.deadline(), &lookupError);
    if (!addresses) {
        return unknownHostFinding(exam, addresses.error().code == ErrorCode::TimedOut ? EAI_AGAIN : lookupError);
    }
    exam.addresses = *addresses;
    return good(DoctorLayer::Name, isAddress(to.host)
                                       ? Text::tr("%1 is an address already.").arg(to.host)
                                       : Text::tr("%1 is at %2.").arg(to.host, addressesText(exam.addresses)));
}

DoctorFinding examineTcp(Examination &exam)
{
    const ConnectionParameters &to = exam.parameters();
    if (exam.usesSocketFile()) {
        return socketFileFinding(to);
    }
    Probes::TcpAnswer last;
    QStringList silent;
    const QList<QByteArray> addresses = exam.addresses;
    for (const QByteArray &address : addresses) {
        last = Probes::connectTo(address, to.port, exam.deadline(), exam.stop());
        if (last.outcome == Probes::Tcp::Open) {
            exam.socket = std::move(last.socket);
            exam.addresses.removeOne(address);
            exam.addresses.prepend(address); // the one that works, for what asks again
            const QString found = Text::tr("%1 answers on port %2 after %3.")
                                      .arg(QString::fromLatin1(address))
                                      .arg(to.port)
                                      .arg(last.ms < 1 ? Text::tr("less than 1 ms") : Text::tr("%1 ms").arg(last.ms));
            return good(DoctorLayer::Tcp,
                        silent.isEmpty()
                            ? found
                            : found + u' ' + Text::tr("(Not at %1.)").arg(silent.join(QStringLiteral(", "))));
        }
        silent += QString::fromLatin1(address);
    }
    return closedPortFinding(exam, last);
}

DoctorFinding examineTls(Examination &exam)
{
    if (exam.usesSocketFile()) {
        return skipped(DoctorLayer::Tls, Text::tr("A socket on this computer needs no encryption."));
    }
    const Probes::OfferAnswer answer = Probes::askForTls(exam.socket, exam.deadline(), exam.stop());
    switch (answer.offer) {
    case Probes::Offer::Yes:
        return handshakeFinding(exam);
    case Probes::Offer::No:
        return noTlsFinding(exam);
    case Probes::Offer::Silent:
        return silentFinding(exam);
    case Probes::Offer::Other:
        return notPostgresFinding(exam, answer.bytes);
    case Probes::Offer::Error: {
        DoctorFinding finding = failed(DoctorLayer::Tls, "refused-early",
                                       Text::tr("The server answers with an error before anything else."),
                                       Text::tr("It is overloaded, or much too old. Its words are in the details."),
                                       DoctorRemedy::TryAgain, Text::tr("Try again in a minute."));
        finding.detail = redact(QString::fromUtf8(answer.bytes.mid(1)));
        return finding;
    }
    case Probes::Offer::Closed:
        return closedFinding(exam, DoctorLayer::Tls, QStringLiteral("before-tls"),
                             Text::tr("The server ended the connection at once, without a word."));
    case Probes::Offer::Stopped:
        break;
    }
    return skipped(DoctorLayer::Tls, {});
}

} // namespace Roost::Doctor
