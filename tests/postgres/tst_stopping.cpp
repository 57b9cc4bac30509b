// Stopping what runs on a server, and links that end or fall silent meanwhile.

#include "postgres/databaseconnection.h"
#include "postgres/postgresdriver.h"
#include "postgres/postgreslink.h"
#include "postgres/querycanceller.h"
#include "support/tcpproxy.h"
#include "support/temporarycluster.h"

#include <QElapsedTimer>
#include <QTest>

#include <atomic>
#include <thread>

using namespace Roost;
using namespace std::chrono_literals;

namespace {

/// A statement that runs in a thread of its own on a connection of its own, to be stopped or cut from outside.
class Running
{
public:
    using Work = std::function<std::optional<Error>(DatabaseConnection &, const std::stop_token &)>;
    Running(ConnectionSpec spec, Work work)
        : m_thread([this, spec = std::move(spec), work = std::move(work)] {
            auto connection = DatabaseConnection::open(spec);
            if (!connection) {
                m_error = connection.error();
                m_pid = -1;
                return;
            }
            m_pid = (*connection)->server().backendPid;
            m_error = work(**connection, m_stop.get_token());
            m_isOpenAfterwards = (*connection)->isOpen();
            m_isEnded = true;
            while (!m_mayClose.stop_requested()) {
                std::this_thread::sleep_for(1ms);
            }
        })
    {
    }
    ~Running()
    {
        m_stop.request_stop();
        m_mayClose.request_stop();
        m_thread.join();
    }
    Q_DISABLE_COPY_MOVE(Running)

    int pid() const { return m_pid; }
    bool isEnded() const { return m_isEnded; }
    void stop() { m_stop.request_stop(); }
    std::optional<Error> error() const { return m_error; }
    bool isOpenAfterwards() const { return m_isOpenAfterwards; }

private:
    std::stop_source m_stop;
    std::stop_source m_mayClose;
    std::atomic<int> m_pid = 0;
    std::atomic<bool> m_isEnded = false;
    std::atomic<bool> m_isOpenAfterwards = false;
    std::optional<Error> m_error;
    std::thread m_thread;
};

template <class T>
std::optional<Error> errorIn(const Result<T> &result)
{
    return result ? std::nullopt : std::optional<Error>(result.error());
}

} // namespace

class TestStopping : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();
    void stopEndsTheServersWork();
    void stopEndsACopy();
    void stopOnADeadLink();
    void asksWhetherItIsThere();
    void lostWhileRunning();
    void cutWhileRunning();

private:
    QString stateOf(int pid);

    Testing::TemporaryCluster m_cluster;
    ConnectionSpec m_spec;
    std::unique_ptr<DatabaseConnection> m_connection;
};

void TestStopping::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    m_spec = m_cluster.spec();
    auto connection = DatabaseConnection::open(m_spec);
    QVERIFY(connection);
    m_connection = std::move(*connection);
}

void TestStopping::cleanupTestCase()
{
    m_connection.reset();
}

QString TestStopping::stateOf(int pid)
{
    return m_cluster.psql(QStringLiteral("SELECT state FROM pg_stat_activity WHERE pid = %1").arg(pid));
}

void TestStopping::stopEndsTheServersWork()
{
    Running running(m_spec, [](DatabaseConnection &connection, const std::stop_token &stop) {
        return errorIn(connection.query(QStringLiteral("SELECT pg_sleep(600)"), {}, stop));
    });
    QTRY_VERIFY(running.pid() != 0);
    QTRY_COMPARE(stateOf(running.pid()), QStringLiteral("active"));
    QElapsedTimer timer;
    timer.start();
    running.stop();
    QTRY_VERIFY(running.isEnded());
    QVERIFY2(timer.elapsed() < 2000, qPrintable(QString::number(timer.elapsed())));
    QVERIFY(running.error() && running.error()->isCancelled());
    QVERIFY(running.isOpenAfterwards());
    QCOMPARE(stateOf(running.pid()), QStringLiteral("idle"));
}

void TestStopping::stopEndsACopy()
{
    Running running(m_spec, [](DatabaseConnection &connection, const std::stop_token &stop) {
        return errorIn(connection.copyOut(
            QStringLiteral("COPY (SELECT pg_sleep(600)) TO STDOUT"), [](QByteArrayView) { return true; }, stop));
    });
    QTRY_VERIFY(running.pid() != 0);
    QTRY_COMPARE(stateOf(running.pid()), QStringLiteral("active"));
    running.stop();
    QTRY_VERIFY(running.isEnded());
    QVERIFY(running.error() && running.error()->isCancelled());
    QCOMPARE(stateOf(running.pid()), QStringLiteral("idle"));

    QVERIFY(m_connection->execute(QStringLiteral("CREATE TABLE target (i int, hash text)")));
    std::stop_source stop;
    int given = 0;
    const auto in = m_connection->copyIn(
        QStringLiteral("COPY target FROM STDIN"),
        [&] {
            if (++given == 100) {
                stop.request_stop();
            }
            return QByteArray("1\tstopped\n");
        },
        stop.get_token());
    QVERIFY(!in && in.error().isCancelled());
    QCOMPARE(
        m_cluster.psql(QStringLiteral("SELECT count(*) FROM target WHERE hash = 'stopped'"), QStringLiteral("test")),
        QStringLiteral("0"));
    QVERIFY(m_connection->query(QStringLiteral("SELECT 1")));
}

void TestStopping::stopOnADeadLink()
{
    Testing::TcpProxy proxy(m_cluster.port());
    ConnectionSpec spec = m_spec;
    spec.parameters.port = proxy.port();
    Running running(spec, [](DatabaseConnection &connection, const std::stop_token &stop) {
        return errorIn(connection.query(QStringLiteral("SELECT pg_sleep(600)"), {}, stop));
    });
    QTRY_VERIFY(running.pid() != 0);
    QTRY_COMPARE(stateOf(running.pid()), QStringLiteral("active"));
    proxy.stall(true); // neither the answer nor the cancel gets through
    running.stop();
    QTRY_VERIFY_WITH_TIMEOUT(running.isEnded(), 10000);
    QVERIFY(running.error() && running.error()->isCancelled());
    QVERIFY(!running.isOpenAfterwards());
}

void TestStopping::asksWhetherItIsThere()
{
    Testing::TcpProxy proxy(m_cluster.port());
    ConnectionSpec spec = m_spec;
    spec.parameters.port = proxy.port();
    auto connection = DatabaseConnection::open(spec);
    QVERIFY(connection);
    PostgresLink &link = (*connection)->driver().link();
    QVERIFY(link.looksAlive());
    QVERIFY(link.answers(5s));
    proxy.stall(true);
    QVERIFY(link.looksAlive()); // nothing tells it
    QVERIFY(!link.answers(200ms));
    QVERIFY(!link.isOpen());
    QCOMPARE((*connection)->query(QStringLiteral("SELECT 1")).error().code, ErrorCode::ConnectionLost);
}

void TestStopping::lostWhileRunning()
{
    Running running(m_spec, [](DatabaseConnection &connection, const std::stop_token &stop) {
        return errorIn(connection.query(QStringLiteral("SELECT pg_sleep(600)"), {}, stop));
    });
    QTRY_VERIFY(running.pid() != 0);
    QTRY_COMPARE(stateOf(running.pid()), QStringLiteral("active"));
    m_cluster.psql(QStringLiteral("SELECT pg_terminate_backend(%1)").arg(running.pid()));
    QTRY_VERIFY(running.isEnded());
    QVERIFY(running.error());
    QCOMPARE(running.error()->code, ErrorCode::ConnectionLost);
    QCOMPARE(running.error()->sqlState, QByteArray("57P01"));
    QVERIFY(!running.isOpenAfterwards());
}

void TestStopping::cutWhileRunning()
{
    Testing::TcpProxy proxy(m_cluster.port());
    ConnectionSpec spec = m_spec;
    spec.parameters.port = proxy.port();
    Running running(spec, [](DatabaseConnection &connection, const std::stop_token &stop) {
        return errorIn(connection.query(QStringLiteral("SELECT pg_sleep(600)"), {}, stop));
    });
    QTRY_VERIFY(running.pid() != 0);
    QTRY_COMPARE(stateOf(running.pid()), QStringLiteral("active"));
    proxy.cut();
    QTRY_VERIFY(running.isEnded());
    QVERIFY(running.error());
    QCOMPARE(running.error()->code, ErrorCode::ConnectionLost);
    QVERIFY(!running.isOpenAfterwards());
    QVERIFY(QueryCanceller(m_spec).cancel(running.pid()).value_or(false));
}

QTEST_GUILESS_MAIN(TestStopping)
#include "tst_stopping.moc"
