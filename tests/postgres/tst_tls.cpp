// How a connection is protected: every kind of certificate against every mode.

#include "postgres/databaseconnection.h"
#include "postgres/linkopener.h"
#include "postgres/tlsroots.h"
#include "support/certificates.h"
#include "support/temporarycluster.h"
#include "support/tlsserver.h"

#include <QDir>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace Roost;
using Testing::Certificates;

namespace {

Error errorOf(const Result<std::unique_ptr<DatabaseConnection>> &result)
{
    return result ? Error{ErrorCode::Internal, QStringLiteral("It was opened."), {}, {}} : result.error();
}

/// What libpq would find in the home folder, if it were let.
bool fillHome(const QString &home)
{
    const QString folder = home + QStringLiteral("/.postgresql/");
    QDir().mkpath(folder);
    for (const char *name : {"root.crt", "root.crl", "postgresql.crt", "postgresql.key"}) {
        QFile file(folder + QLatin1String(name));
        if (!file.open(QIODevice::WriteOnly) || file.write("nothing of use") < 0) {
            return false;
        }
    }
    return qputenv("HOME", home.toUtf8());
}

} // namespace

class TestTls : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void tls_data();
    void tls();
    void optionalTlsIsForLoopback();
    void systemAuthoritiesDoNotKnowOurs();

private:
    Testing::TemporaryCluster m_cluster;
    QTemporaryDir m_folder;
    Certificates m_certificates;
    ConnectionSpec m_spec;
};

void TestTls::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    QVERIFY2(m_certificates.make(m_folder.path()), qPrintable(m_certificates.problem()));
    setSystemRootsFolder(m_folder.filePath(QStringLiteral("roots")));
    QVERIFY(fillHome(m_folder.path()));
    m_spec = m_cluster.spec();
}

void TestTls::tls_data()
{
    QTest::addColumn<QString>("certificate");
    QTest::addColumn<TlsMode>("mode");
    QTest::addColumn<bool>("opens");
    using Kind = Certificates::Kind;
    for (const Kind kind : {Kind::Good, Kind::WrongName, Kind::Expired, Kind::SelfSigned}) {
        const QString name = Certificates::name(kind);
        QTest::addRow("%s, verified", qPrintable(name)) << name << TlsMode::Verified << (kind == Kind::Good);
        QTest::addRow("%s, unverified", qPrintable(name)) << name << TlsMode::Unverified << true;
        QTest::addRow("%s, optional", qPrintable(name)) << name << TlsMode::Optional << true;
    }
    QTest::newRow("none, verified") << QString() << TlsMode::Verified << false;
    QTest::newRow("none, unverified") << QString() << TlsMode::Unverified << false;
    QTest::newRow("none, optional") << QString() << TlsMode::Optional << true;
}

void TestTls::tls()
{
    QFETCH(QString, certificate);
    QFETCH(TlsMode, mode);
    QFETCH(bool, opens);
    QVERIFY(Testing::serveCertificate(m_cluster, m_folder.path(), certificate));
    ConnectionSpec spec = m_spec;
    spec.parameters.host = QStringLiteral("localhost");
    spec.parameters.tls = mode;
    spec.parameters.rootCertificateFile = m_certificates.authority();
    auto connection = DatabaseConnection::open(spec);
    if (opens) {
        QVERIFY2(connection, qPrintable(errorOf(connection).detail));
        QCOMPARE((*connection)->server().tls, certificate.isEmpty() ? QString() : QStringLiteral("TLSv1.3"));
        return;
    }
    const Error error = errorOf(connection);
    QCOMPARE(error.code, ErrorCode::TlsFailed);
    QVERIFY2(error.message.contains(u"password was not sent"), qPrintable(error.message));
    QCOMPARE(error.message.contains(u"Connect without checking the server's identity"), !certificate.isEmpty());
}

void TestTls::optionalTlsIsForLoopback()
{
    ConnectionParameters parameters;
    parameters.tls = TlsMode::Optional;
    for (const char *host : {"localhost", "127.0.0.1", "::1", "/var/run/postgresql"}) {
        parameters.host = QLatin1String(host);
        QCOMPARE(sslModeFor(parameters), QByteArray("prefer"));
    }
    for (const char *host : {"db.example.org", "localhost.example.org", "192.168.1.2"}) {
        parameters.host = QLatin1String(host);
        QCOMPARE(sslModeFor(parameters), QByteArray("verify-full"));
    }
}

void TestTls::systemAuthoritiesDoNotKnowOurs()
{
    const auto roots = systemRootsFile();
    QVERIFY2(roots, qPrintable(roots ? QString() : roots.error().message));
    QVERIFY(roots->startsWith(m_folder.path()));
    QFile file(*roots);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.readAll().count("BEGIN CERTIFICATE") > 10);
    QCOMPARE(QFileInfo(*roots).permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    QVERIFY(QFile::remove(*roots)); // a cleaned cache is filled again

    QVERIFY(Testing::serveCertificate(m_cluster, m_folder.path(), QStringLiteral("good")));
    ConnectionSpec spec = m_spec;
    spec.parameters.host = QStringLiteral("localhost");
    spec.parameters.tls = TlsMode::Verified;
    QCOMPARE(errorOf(DatabaseConnection::open(spec)).code, ErrorCode::TlsFailed);
    QVERIFY(QFile::exists(*roots));
}

QTEST_GUILESS_MAIN(TestTls)
#include "tst_tls.moc"
