// Opening a connection: what can go wrong, and that nothing outside of it has a say.

#include "postgres/connectionerror.h"
#include "postgres/databaseconnection.h"
#include "postgres/environment.h"
#include "postgres/postgreslink.h"
#include "support/tcpproxy.h"
#include "support/temporarycluster.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include <netdb.h>
#include <thread>

using namespace Roost;
using namespace std::chrono_literals;
using Testing::TcpProxy;

Q_DECLARE_METATYPE(Roost::ErrorCode)

namespace {

/// What stands in each of these would be a different connection.
const QList<std::pair<const char *, const char *>> hostileVariables = {
    {"PGHOST", "evil.example"},
    {"PGHOSTADDR", "127.0.0.9"},
    {"PGPORT", "1"},
    {"PGDATABASE", "evil"},
    {"PGUSER", "evil"},
    {"PGPASSWORD", "evil"},
    {"PGSERVICE", "evil"},
    {"PGOPTIONS", "-c search_path=evil -c DateStyle=German"},
    {"PGSSLMODE", "disable"},
    {"PGSSLCERT", "/nowhere/cert"},
    {"PGSSLROOTCERT", "/nowhere/root"},
    {"PGREQUIREPEER", "evil"},
    {"PGCHANNELBINDING", "require"},
    {"PGTARGETSESSIONATTRS", "read-only"},
    {"PGDATESTYLE", "German"},
    {"PGTZ", "Asia/Kolkata"},
    {"PGCLIENTENCODING", "LATIN1"},
    {"PGAPPNAME", "evil"},
    {"PSQLRC", "/nowhere"},
};

Error errorOf(const Result<std::unique_ptr<DatabaseConnection>> &result)
{
    return result ? Error{ErrorCode::Internal, QStringLiteral("It was opened."), {}, {}} : result.error();
}

bool writeFile(const QString &path, const QByteArray &content)
{
    QFile file(path);
    return QDir().mkpath(QFileInfo(path).path()) && file.open(QIODevice::WriteOnly) &&
           file.write(content) == content.size() && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
}

} // namespace

class TestConnection : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void opens();
    void ignoresEnvironmentAndHome();
    void refusals_data();
    void refusals();
    void wrongPasswordIsNotQuoted();
    void noConnectionLeft();
    void textsOfLibpq_data();
    void textsOfLibpq();
    void lookups();
    void stopWhileConnecting();
    void runsOutOfPatience();
    void closedAtOnce();
    void secondAddressIsTried();

private:
    Testing::TemporaryCluster m_cluster;
    QTemporaryDir m_home;
    ConnectionSpec m_spec;
};

void TestConnection::initTestCase()
{
    // Everything hostile from the start; clearPostgresEnvironment() is what the programs call first, too.
    for (const auto &[name, value] : hostileVariables) {
        qputenv(name, value);
    }
    clearPostgresEnvironment();
    for (const auto &[name, value] : hostileVariables) {
        QVERIFY2(!qEnvironmentVariableIsSet(name), name);
    }
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    m_spec = m_cluster.spec();
    const QString postgresFolder = m_home.filePath(QStringLiteral(".postgresql/"));
    QVERIFY(writeFile(postgresFolder + QStringLiteral("root.crt"), "no certificate"));
    QVERIFY(writeFile(postgresFolder + QStringLiteral("root.crl"), "no list"));
    QVERIFY(writeFile(postgresFolder + QStringLiteral("postgresql.crt"), "no certificate"));
    QVERIFY(writeFile(postgresFolder + QStringLiteral("postgresql.key"), "no key"));
    QVERIFY(writeFile(m_home.filePath(QStringLiteral(".pgpass")), "*:*:*:*:" + m_spec.password.revealUtf8() + '\n'));
    qputenv("HOME", m_home.path().toUtf8());
}

void TestConnection::opens()
{
    auto connection = DatabaseConnection::open(m_spec, {}, QStringLiteral("A name, with 'quotes'"));
    QVERIFY2(connection, qPrintable(errorOf(connection).message));
    const ServerInfo &server = (*connection)->server();
    QVERIFY(server.version >= 100000);
    QVERIFY(server.backendPid > 0);
    QVERIFY(server.versionText.toDouble() > 10);
    QCOMPARE(server.tls, QString());
    QCOMPARE(m_cluster.psql(
                 QStringLiteral("SELECT application_name FROM pg_stat_activity WHERE pid = %1").arg(server.backendPid)),
             QStringLiteral("A name, with 'quotes'"));
    const int pid = server.backendPid;
    connection->reset();
    QTRY_COMPARE(m_cluster.psql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE pid = %1").arg(pid)),
                 QStringLiteral("0"));
}

void TestConnection::ignoresEnvironmentAndHome()
{
    auto connection = DatabaseConnection::open(m_spec);
    QVERIFY2(connection, qPrintable(errorOf(connection).detail));
    auto row = (*connection)
                   ->query(QStringLiteral("SELECT current_setting('search_path'), current_setting('DateStyle'), "
                                          "current_setting('TimeZone'), current_setting('client_encoding'), "
                                          "current_setting('application_name'), current_database()"));
    QVERIFY(row && row->next());
    const QStringList expected = {QStringLiteral("\"$user\", public"),
                                  QStringLiteral("ISO, YMD"),
                                  QStringLiteral("UTC"),
                                  QStringLiteral("UTF8"),
                                  QStringLiteral("Roost"),
                                  QStringLiteral("test")};
    for (int i = 0; i < expected.size(); ++i) {
        QCOMPARE(row->value(i).toString(), expected.at(i));
    }
    // The password file of the home folder holds the right one, and is not read.
    ConnectionSpec bare = m_spec;
    bare.password = Secret();
    const Error error = errorOf(DatabaseConnection::open(bare));
    QCOMPARE(error.code, ErrorCode::ConnectionFailed);
    QVERIFY2(error.message.contains(u"asks for the password"), qPrintable(error.message));
}

void TestConnection::refusals_data()
{
    QTest::addColumn<ConnectionSpec>("spec");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QByteArray>("state");
    QTest::addColumn<QString>("part");

    const ConnectionSpec good = m_cluster.spec();
    ConnectionSpec spec = good;
    spec.password = Secret(QStringLiteral("MARKED-wrong-password"));
    QTest::newRow("wrong password") << spec << ErrorCode::ConnectionFailed << QByteArray("28P01")
                                    << QStringLiteral("does not accept the password");
    spec = good;
    spec.parameters.user = QStringLiteral("nobody here");
    QTest::newRow("no such role") << spec << ErrorCode::ConnectionFailed << QByteArray("28P01") << QString();
    spec = good.withDatabase(QStringLiteral("no such database"));
    QTest::newRow("no such database") << spec << ErrorCode::NotFound << QByteArray("3D000")
                                      << QStringLiteral("no database \"no such database\"");
    spec = good;
    spec.parameters.user = QStringLiteral("postgres");
    QTest::newRow("not let in") << spec << ErrorCode::NotAllowed << QByteArray("28000") << QString();
    spec = good;
    spec.parameters.host = QStringLiteral("no-such-host.invalid");
    QTest::newRow("no such host") << spec << ErrorCode::ConnectionFailed << QByteArray()
                                  << QStringLiteral("no-such-host");
    spec = good;
    QTcpServer free;
    QVERIFY(free.listen(QHostAddress::LocalHost));
    spec.parameters.port = free.serverPort();
    free.close();
    QTest::newRow("nothing there") << spec << ErrorCode::ConnectionFailed << QByteArray()
                                   << QStringLiteral("Nothing answers at");
    spec = good;
    spec.parameters.host = QStringLiteral("/nowhere");
    QTest::newRow("no socket") << spec << ErrorCode::ConnectionFailed << QByteArray() << QStringLiteral("socket");
    spec = good;
    spec.parameters.host.clear();
    QTest::newRow("no host") << spec << ErrorCode::InvalidInput << QByteArray() << QString();
    spec = good;
    spec.parameters.tls = TlsMode::Unverified;
    QTest::newRow("no TLS") << spec << ErrorCode::TlsFailed << QByteArray() << QStringLiteral("does not encrypt");
}

void TestConnection::refusals()
{
    QFETCH(ConnectionSpec, spec);
    QFETCH(ErrorCode, code);
    QFETCH(QByteArray, state);
    QFETCH(QString, part);
    const Error error = errorOf(DatabaseConnection::open(spec));
    if (error.message.contains(u"could not be looked up")) {
        return; // a machine without any name server cannot tell that there is no such host
    }
    QCOMPARE(error.code, code);
    QCOMPARE(error.sqlState, state);
    QVERIFY2(error.message.contains(part), qPrintable(error.message));
    QVERIFY(error.message.endsWith(u'.'));
}

void TestConnection::wrongPasswordIsNotQuoted()
{
    ConnectionSpec spec = m_spec;
    spec.password = Secret(QStringLiteral("MARKED'\\ password=%s"));
    const Error error = errorOf(DatabaseConnection::open(spec));
    QCOMPARE(error.sqlState, QByteArray("28P01"));
    QVERIFY(!error.message.contains(u"MARKED"));
    QVERIFY(!error.detail.contains(u"MARKED"));
}

void TestConnection::noConnectionLeft()
{
    m_cluster.psql(QStringLiteral("CREATE ROLE narrow LOGIN CONNECTION LIMIT 0 PASSWORD 'narrow password'"));
    ConnectionSpec spec = m_spec;
    spec.parameters.user = QStringLiteral("narrow");
    spec.password = Secret(QStringLiteral("narrow password"));
    const Error error = errorOf(DatabaseConnection::open(spec));
    QCOMPARE(error.sqlState, QByteArray("53300"));
    QVERIFY(error.message.contains(u"no connection left"));
}

void TestConnection::textsOfLibpq_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("text");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QString>("part");

    const QString render = QStringLiteral("dpg-abc-a.oregon-postgres.render.com");
    const QString other = QStringLiteral("db.example.org");
    const QString prefix = QStringLiteral("connection to server at \"x\" (192.0.2.1), port 5432 failed: ");
    QTest::newRow("Render closes") << render << prefix + QStringLiteral("SSL connection has been closed unexpectedly")
                                   << ErrorCode::ConnectionFailed << QStringLiteral("Access Control");
    QTest::newRow("EOF in TLS") << render << prefix + QStringLiteral("SSL SYSCALL error: EOF detected")
                                << ErrorCode::ConnectionFailed << QStringLiteral("expired");
    QTest::newRow("another closes") << other << prefix + QStringLiteral("server closed the connection unexpectedly")
                                    << ErrorCode::ConnectionFailed << QStringLiteral("restarting");
    QTest::newRow("starting") << other
                              << prefix +
                                     QStringLiteral("FATAL:  57P03: the database system is starting up\nLOCATION:  x")
                              << ErrorCode::ConnectionFailed << QStringLiteral("in a minute");
    QTest::newRow("another language") << other
                                      << prefix + QStringLiteral("FATAL:  3D000: Datenbank »x« existiert nicht\n")
                                      << ErrorCode::NotFound << QStringLiteral("no database");
    QTest::newRow("a web server") << other << prefix + QStringLiteral("received invalid response to SSL negotiation: H")
                                  << ErrorCode::ConnectionFailed << QStringLiteral("not PostgreSQL");
    QTest::newRow("old protocol") << other << prefix + QStringLiteral("SSL error: unsupported protocol")
                                  << ErrorCode::TlsFailed << QStringLiteral("No encrypted connection");
    QTest::newRow("unreachable") << other << prefix + QString::fromLocal8Bit(strerror(ENETUNREACH))
                                 << ErrorCode::ConnectionFailed << QStringLiteral("no way to");
    QTest::newRow("unknown") << other << prefix + QStringLiteral("something new") << ErrorCode::ConnectionFailed
                             << QStringLiteral("in the details");
}

void TestConnection::textsOfLibpq()
{
    QFETCH(QString, host);
    QFETCH(QString, text);
    QFETCH(ErrorCode, code);
    QFETCH(QString, part);
    ConnectionParameters parameters;
    parameters.host = host;
    const Error error = connectionErrorOf(parameters, text);
    QCOMPARE(error.code, code);
    QVERIFY2(error.message.contains(part), qPrintable(error.message));
    QVERIFY(!error.detail.isEmpty());
}

void TestConnection::lookups()
{
    ConnectionParameters parameters;
    parameters.host = QStringLiteral("dpg-abc-a");
    QVERIFY(hostNotFound(parameters, EAI_NONAME).message.contains(u"only inside Render"));
    QVERIFY(hostNotFound(parameters, EAI_AGAIN).message.contains(u"only inside Render"));
    parameters.host = QStringLiteral("dpg-abc-a.oregon-postgres.render.com");
    QVERIFY(hostNotFound(parameters, EAI_NONAME).message.contains(u"deleted"));
    QCOMPARE(hostNotFound(parameters, EAI_AGAIN).code, ErrorCode::ConnectionFailed);
}

void TestConnection::stopWhileConnecting()
{
    TcpProxy proxy(m_cluster.port());
    proxy.stall(true);
    ConnectionSpec spec = m_spec;
    spec.parameters.port = proxy.port();
    std::stop_source stop;
    Error error;
    std::thread thread([&] { error = errorOf(DatabaseConnection::open(spec, stop.get_token())); });
    const bool hasBegun = QTest::qWaitFor([&] { return proxy.connections() == 1; });
    QElapsedTimer timer;
    timer.start();
    stop.request_stop();
    thread.join();
    QVERIFY(hasBegun);
    QCOMPARE(error.code, ErrorCode::Cancelled);
    QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
}

void TestConnection::runsOutOfPatience()
{
    TcpProxy proxy(m_cluster.port());
    proxy.stall(true);
    ConnectionSpec spec = m_spec;
    spec.parameters.port = proxy.port();
    const auto link = PostgresLink::connect(spec, {}, {}, 200ms);
    QVERIFY(!link);
    QCOMPARE(link.error().code, ErrorCode::TimedOut);
    QVERIFY(link.error().message.contains(u"did not answer in time"));
}

void TestConnection::closedAtOnce()
{
    TcpProxy proxy(m_cluster.port());
    proxy.cutAfterBytes(0);
    ConnectionSpec spec = m_spec;
    spec.parameters.port = proxy.port();
    const Error error = errorOf(DatabaseConnection::open(spec));
    QCOMPARE(error.code, ErrorCode::ConnectionFailed);
    QVERIFY2(error.message.contains(u"closed the connection at once"), qPrintable(error.message));
}

void TestConnection::secondAddressIsTried()
{
    // The server listens on 127.0.0.1 only; where localhost is ::1 too, that is refused first.
    ConnectionSpec spec = m_spec;
    spec.parameters.host = QStringLiteral("localhost");
    auto connection = DatabaseConnection::open(spec);
    QVERIFY2(connection, qPrintable(errorOf(connection).detail));
}

QTEST_GUILESS_MAIN(TestConnection)
#include "tst_connection.moc"
