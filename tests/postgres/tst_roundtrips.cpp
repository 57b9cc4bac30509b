// What users feel on a far server: how often it is waited for. Counted, not timed.

#include "postgres/databaseconnection.h"
#include "support/certificates.h"
#include "support/tcpproxy.h"
#include "support/temporarycluster.h"
#include "support/tlsserver.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

using namespace Roost;
using Testing::TcpProxy;

class TestRoundTrips : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void connecting_data();
    void connecting();
    void statements();
    void proxyDelays();

private:
    ConnectionSpec through(const TcpProxy &proxy, TlsMode mode);

    Testing::TemporaryCluster m_cluster;
    QTemporaryDir m_folder;
    Testing::Certificates m_certificates;
};

void TestRoundTrips::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    QVERIFY2(m_certificates.make(m_folder.path()), qPrintable(m_certificates.problem()));
    QVERIFY(Testing::serveCertificate(m_cluster, m_folder.path(), QStringLiteral("good")));
}

ConnectionSpec TestRoundTrips::through(const TcpProxy &proxy, TlsMode mode)
{
    ConnectionSpec spec = m_cluster.spec();
    spec.parameters.host = QStringLiteral("localhost");
    spec.parameters.port = proxy.port();
    spec.parameters.tls = mode;
    spec.parameters.rootCertificateFile = m_certificates.authority();
    return spec;
}

void TestRoundTrips::connecting_data()
{
    QTest::addColumn<TlsMode>("mode");
    QTest::newRow("verified") << TlsMode::Verified;
    QTest::newRow("unverified") << TlsMode::Unverified;
}

void TestRoundTrips::connecting()
{
    QFETCH(TlsMode, mode);
    TcpProxy proxy(m_cluster.port());
    auto connection = DatabaseConnection::open(through(proxy, mode));
    QVERIFY2(connection, qPrintable(connection ? QString() : connection.error().detail));
    QVERIFY(!(*connection)->server().tls.isEmpty());
    const int counted = proxy.roundTrips() + 1; // the TCP connection itself
    qInfo("connect: %d round trips", counted);
    QVERIFY(counted > 2);
    QVERIFY2(counted <= 7, qPrintable(QString::number(counted)));
}

void TestRoundTrips::statements()
{
    TcpProxy proxy(m_cluster.port());
    auto opened = DatabaseConnection::open(through(proxy, TlsMode::Verified));
    QVERIFY(opened);
    DatabaseConnection &connection = **opened;

    proxy.resetCount();
    QVERIFY(connection.query(QStringLiteral("SELECT 1")));
    QCOMPARE(proxy.roundTrips(), 1);

    proxy.resetCount();
    QVERIFY(connection.query(QStringLiteral("SELECT i, $1::text FROM generate_series(1, 20000) i"),
                             {QStringLiteral("with a parameter")}));
    QCOMPARE(proxy.roundTrips(), 1);

    proxy.resetCount();
    auto rows = connection.stream(QStringLiteral("SELECT i FROM generate_series(1, 20000) i"));
    QVERIFY(rows);
    while (rows->next()) {
    }
    QCOMPARE(proxy.roundTrips(), 1);

    proxy.resetCount();
    QVERIFY(!connection.query(QStringLiteral("SELECT * FROM nowhere")));
    QCOMPARE(proxy.roundTrips(), 1);
}

void TestRoundTrips::proxyDelays()
{
    TcpProxy proxy(m_cluster.port());
    auto connection = DatabaseConnection::open(through(proxy, TlsMode::Verified));
    QVERIFY(connection);
    proxy.setDelayMs(50);
    QElapsedTimer timer;
    timer.start();
    QVERIFY((*connection)->query(QStringLiteral("SELECT 1")));
    QVERIFY2(timer.elapsed() >= 100, qPrintable(QString::number(timer.elapsed())));
}

QTEST_GUILESS_MAIN(TestRoundTrips)
#include "tst_roundtrips.moc"
