// Certificates that do not check out, told apart.
#include "operations/connectiondoctorparts.h"

#include <QSslCertificate>

#include <algorithm>

namespace Roost::Doctor {

namespace {

using namespace std::chrono_literals;

constexpr auto layer = DoctorLayer::Tls;
constexpr auto clockTolerance = 5min;

QString neverMind()
{
    return Text::tr("The password was not sent.");
}

bool has(const Probes::HandshakeAnswer &answer, std::initializer_list<QSslError::SslError> kinds)
{
    return std::any_of(answer.errors.begin(), answer.errors.end(), [&kinds](const QSslError &error) {
        return std::find(kinds.begin(), kinds.end(), error.error()) != kinds.end();
    });
}

QString namesIn(const QSslCertificate &certificate)
{
    QStringList names = certificate.subjectAlternativeNames().values(QSsl::DnsEntry);
    if (names.isEmpty()) {
        names = certificate.subjectInfo(QSslCertificate::CommonName);
    }
    names.sort();
    return names.join(QStringLiteral(", "));
}

/// How far this computer's clock is off, negative when it is behind; nothing when nobody could be asked.
std::optional<std::chrono::seconds> clockError(const Examination &exam)
{
    if (exam.facts.clockOffset) {
        return -*exam.facts.clockOffset;
    }
    const QUrl clock = exam.request.clock.isEmpty() ? defaultRenderApi() : exam.request.clock;
    const QDateTime right = Probes::timeAt(clock, exam.deadline(), exam.stop());
    if (!right.isValid()) {
        return std::nullopt;
    }
    return std::chrono::seconds(right.secsTo(QDateTime::currentDateTimeUtc()));
}

QString spanText(std::chrono::seconds span)
{
    using Days = std::chrono::duration<qint64, std::ratio<86400>>;
    const auto length = std::chrono::abs(span);
    if (length >= 48h) {
        return Text::tr("%n day(s)", nullptr, int(std::chrono::duration_cast<Days>(length).count()));
    }
    if (length >= 2h) {
        return Text::tr("%n hour(s)", nullptr, int(std::chrono::duration_cast<std::chrono::hours>(length).count()));
    }
    return Text::tr("%n minute(s)", nullptr, int(std::chrono::duration_cast<std::chrono::minutes>(length).count()));
}

DoctorFinding wrongClockFinding(std::chrono::seconds off)
{
    DoctorFinding finding = failed(
        layer, "wrong-clock",
        off < 0s ? Text::tr("This computer's clock is %1 slow, so no certificate checks out.").arg(spanText(off))
                 : Text::tr("This computer's clock is %1 fast, so no certificate checks out.").arg(spanText(off)),
        Text::tr("It was compared with the clock of a web server. Certificates are valid for a certain time only."),
        DoctorRemedy::CopyCommand, Text::tr("Set the clock; this command lets the computer do so by itself."));
    finding.command = QStringLiteral("sudo timedatectl set-ntp true");
    return finding;
}

DoctorFinding datesFinding(const Examination &exam, const Probes::HandshakeAnswer &answer)
{
    const auto off = clockError(exam);
    if (off && std::chrono::abs(*off) > clockTolerance) {
        return wrongClockFinding(*off);
    }
    const QString clock = off ? Text::tr("This computer's clock is right.")
                              : Text::tr("Check this computer's clock, too; no other could be asked.");
    if (has(answer, {QSslError::CertificateNotYetValid})) {
        return failed(layer, "certificate-not-yet-valid",
                      Text::tr("The server's certificate is valid only from %1 on. %2")
                          .arg(dayText(answer.certificate.effectiveDate()), neverMind()),
                      Text::tr("It was made with a wrong date, or put to use too early. %1").arg(clock),
                      DoctorRemedy::TryAgain, Text::tr("Whoever runs the server has to replace it."));
    }
    return failed(layer, "certificate-expired",
                  Text::tr("The server's certificate expired on %1. %2")
                      .arg(dayText(answer.certificate.expiryDate()), neverMind()),
                  Text::tr("It was not renewed in time. %1").arg(clock), DoctorRemedy::TryAgain,
                  Text::tr("Whoever runs the server has to renew it."));
}

DoctorFinding noRootsFinding()
{
    DoctorFinding finding = failed(
        layer, "no-authorities", Text::tr("This computer has no list of certificate authorities. %1").arg(neverMind()),
        Text::tr("Without it no server's identity can be checked."), DoctorRemedy::CopyCommand,
        Text::tr("Install the system's certificates."));
    finding.command = QStringLiteral("sudo apt install ca-certificates");
    return finding;
}

} // namespace

DoctorFinding certificateFinding(const Examination &exam, const Probes::HandshakeAnswer &answer)
{
    const ConnectionParameters &to = exam.parameters();
    DoctorFinding finding;
    if (!answer.hasRoots) {
        finding = noRootsFinding();
    } else if (has(answer, {QSslError::SelfSignedCertificate})) {
        finding = failed(layer, "certificate-self-signed",
                         Text::tr("The server vouches for itself: its certificate is self-signed. %1").arg(neverMind()),
                         Text::tr("That is usual for servers of one's own, and inside Render. From outside, Render's "
                                  "certificates are signed by a known authority, so somebody may be in between."),
                         DoctorRemedy::None,
                         Text::tr("Check the host. If it is a server of your own, \"Connect without checking the "
                                  "server's identity\" in the connection's settings accepts it."));
    } else if (has(answer, {QSslError::SelfSignedCertificateInChain, QSslError::UnableToGetLocalIssuerCertificate,
                            QSslError::UnableToGetIssuerCertificate, QSslError::UnableToVerifyFirstCertificate,
                            QSslError::CertificateUntrusted, QSslError::InvalidCaCertificate})) {
        finding = failed(layer, "certificate-unknown-authority",
                         Text::tr("An authority that this computer does not trust has signed the server's certificate: "
                                  "%1. %2")
                             .arg(answer.certificate.issuerInfo(QSslCertificate::CommonName).join(u' '), neverMind()),
                         Text::tr("A company's own authority, or a program that looks into encrypted traffic (some "
                                  "virus scanners and offices do)."),
                         DoctorRemedy::TryAgain,
                         Text::tr("Try from another network. If the authority is your company's, have it installed on "
                                  "this computer."));
    } else if (has(answer, {QSslError::HostNameMismatch})) {
        finding = failed(
            layer, "certificate-wrong-host",
            Text::tr("The server's certificate is that of %1, not of %2. %3")
                .arg(namesIn(answer.certificate), to.host, neverMind()),
            Text::tr("The host is given by another name than the server's own, or another server answers."),
            DoctorRemedy::EditConnection, Text::tr("Use the full name of the host from the External Database URL."));
        finding.corrected = to;
    } else if (has(answer, {QSslError::CertificateExpired, QSslError::CertificateNotYetValid})) {
        finding = datesFinding(exam, answer);
    } else {
        finding = failed(layer, "certificate-bad",
                         Text::tr("The server's certificate does not check out. %1").arg(neverMind()),
                         answer.errors.first().errorString(), DoctorRemedy::None,
                         Text::tr("Whoever runs the server has to replace it."));
    }
    QStringList errors;
    for (const QSslError &error : answer.errors) {
        errors += error.errorString();
    }
    finding.detail = errors.join(u'\n');
    return finding;
}

} // namespace Roost::Doctor
