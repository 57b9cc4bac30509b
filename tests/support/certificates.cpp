#include "support/certificates.h"

#include <QFile>
#include <QProcess>
#include <QStringList>

namespace Roost::Testing {

namespace {

bool writeFile(const QString &path, const QByteArray &content)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

} // namespace

QString Certificates::name(Kind kind)
{
    switch (kind) {
    case Kind::Good:
        return QStringLiteral("good");
    case Kind::WrongName:
        return QStringLiteral("wrong-name");
    case Kind::Expired:
        return QStringLiteral("expired");
    case Kind::SelfSigned:
        return QStringLiteral("self-signed");
    case Kind::NotYetValid:
        return QStringLiteral("not-yet-valid");
    }
    return {};
}

bool Certificates::openssl(const QStringList &arguments)
{
    QProcess process;
    process.setWorkingDirectory(m_folder);
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(QStringLiteral("openssl"), arguments);
    if (!process.waitForFinished() || process.exitCode() != 0) {
        m_problem = QStringLiteral("openssl %1: %2 %3")
                        .arg(arguments.join(u' '), process.errorString(), QString::fromUtf8(process.readAll()));
        return false;
    }
    return true;
}

bool Certificates::issue(Kind kind, const QString &host, const QString &from, const QString &until)
{
    const QString file = name(kind);
    return writeFile(m_folder + u'/' + file + QStringLiteral(".ext"), "subjectAltName=DNS:" + host.toUtf8() + '\n') &&
           openssl({QStringLiteral("req"), QStringLiteral("-newkey"), QStringLiteral("ec"), QStringLiteral("-pkeyopt"),
                    QStringLiteral("ec_paramgen_curve:P-256"), QStringLiteral("-nodes"), QStringLiteral("-keyout"),
                    file + QStringLiteral(".key"), QStringLiteral("-out"), file + QStringLiteral(".csr"),
                    QStringLiteral("-subj"), QStringLiteral("/CN=") + host}) &&
           openssl({QStringLiteral("ca"), QStringLiteral("-batch"), QStringLiteral("-notext"),
                    QStringLiteral("-config"), QStringLiteral("ca.conf"), QStringLiteral("-startdate"), from,
                    QStringLiteral("-enddate"), until, QStringLiteral("-extfile"), file + QStringLiteral(".ext"),
                    QStringLiteral("-in"), file + QStringLiteral(".csr"), QStringLiteral("-out"),
                    file + QStringLiteral(".crt")});
}

bool Certificates::make(const QString &folder)
{
    m_folder = folder;
    const QByteArray configuration = "[ca]\ndefault_ca=roost\n[roost]\nnew_certs_dir=.\ndatabase=index.txt\n"
                                     "serial=serial.txt\ncertificate=ca.crt\nprivate_key=ca.key\ndefault_md=sha256\n"
                                     "policy=any\nunique_subject=no\n[any]\ncommonName=supplied\n";
    const QString past = QStringLiteral("20200101000000Z");
    const QString future = QStringLiteral("20990101000000Z");
    const QStringList selfSigned = {
        QStringLiteral("req"),    QStringLiteral("-x509"),    QStringLiteral("-newkey"),
        QStringLiteral("ec"),     QStringLiteral("-pkeyopt"), QStringLiteral("ec_paramgen_curve:P-256"),
        QStringLiteral("-nodes"), QStringLiteral("-days"),    QStringLiteral("3650")};
    return writeFile(folder + QStringLiteral("/ca.conf"), configuration) &&
           writeFile(folder + QStringLiteral("/index.txt"), "") &&
           writeFile(folder + QStringLiteral("/serial.txt"), "1000\n") &&
           openssl(selfSigned + QStringList{QStringLiteral("-keyout"), QStringLiteral("ca.key"), QStringLiteral("-out"),
                                            QStringLiteral("ca.crt"), QStringLiteral("-subj"),
                                            QStringLiteral("/CN=Test authority")}) &&
           issue(Kind::Good, QStringLiteral("localhost"), past, future) &&
           issue(Kind::WrongName, QStringLiteral("other.example"), past, future) &&
           issue(Kind::Expired, QStringLiteral("localhost"), past, QStringLiteral("20210101000000Z")) &&
           issue(Kind::NotYetValid, QStringLiteral("localhost"), QStringLiteral("20980101000000Z"), future) &&
           openssl(selfSigned + QStringList{QStringLiteral("-keyout"), QStringLiteral("self-signed.key"),
                                            QStringLiteral("-out"), QStringLiteral("self-signed.crt"),
                                            QStringLiteral("-subj"), QStringLiteral("/CN=localhost"),
                                            QStringLiteral("-addext"), QStringLiteral("subjectAltName=DNS:localhost")});
}

} // namespace Roost::Testing
