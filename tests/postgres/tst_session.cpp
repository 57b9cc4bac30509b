// A session of the GUI: work off its thread, results that find their receiver, and connections that die in between.

#include "postgres/databasesession.h"
#include "postgres/postgresdriver.h"
#include "support/tcpproxy.h"
#include "support/temporarycluster.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>
#include <QThread>

#include <atomic>

using namespace Roost;
using namespace std::chrono_literals;

namespace {

/// What a piece of work ended with.
template <class T>
struct Outcome
{
    std::optional<Result<T>> result;
    int endings = 0;
    QThread *thread = nullptr;

    DatabaseSession::Done<T> keep()
    {
        return [this](const Result<T> &value) {
            result = value;
            ++endings;
            thread = QThread::currentThread();
        };
    }
    bool isCancelled() const { return result && !*result && result->error().isCancelled(); }
};

DatabaseSession::Work<QString> statement(const QString &sql)
{
    return [sql](DatabaseConnection &connection, const std::stop_token &stop) -> Result<QString> {
        auto query = connection.query(sql, {}, stop);
        if (!query) {
            return failure(query.error());
        }
        return query->next() ? query->value(0).toString() : QString();
    };
}

} // namespace

class TestSession : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void cleanupTestCase();
    void worksOffTheThread();
    void failsToOpen();
    void workIsDoneInOrder();
    void readAfterTheServerEndedIt();
    void readThatFindsItDead();
    void writeAfterTheServerEndedIt();
    void writeThatLosesItIsNotRepeated();
    void brokenTransactionIsNotResumed();
    void failedTaskLeavesNoTransaction();
    void receiverGone();
    void cancelAll();
    void endsWhileBusy();

private:
    QString pidOf(DatabaseSession &session);
    void terminate(const QString &pid);

    Testing::TemporaryCluster m_cluster;
    ConnectionSpec m_spec;
    std::unique_ptr<DatabaseSession> m_session;
};

void TestSession::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    m_spec = m_cluster.spec();
    m_cluster.psql(QStringLiteral("CREATE TABLE public.log (n int); GRANT ALL ON public.log TO PUBLIC"),
                   QStringLiteral("test"));
}

void TestSession::init()
{
    m_session = std::make_unique<DatabaseSession>(m_spec);
}

void TestSession::cleanup()
{
    m_session.reset();
}

void TestSession::cleanupTestCase()
{
    QVERIFY(DatabaseSession::waitForEnded(5s));
    QTRY_COMPARE(m_cluster.psql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE datname = 'test'")),
                 QStringLiteral("0"));
}

QString TestSession::pidOf(DatabaseSession &session)
{
    Outcome<QString> outcome;
    session.read<QString>(this, statement(QStringLiteral("SELECT pg_backend_pid()")), outcome.keep());
    return QTest::qWaitFor([&] { return outcome.endings == 1; }) && *outcome.result ? **outcome.result : QString();
}

/// Ends the session's backend, and waits until the server is done with it.
void TestSession::terminate(const QString &pid)
{
    m_cluster.psql(QStringLiteral("SELECT pg_terminate_backend(%1, 5000)").arg(pid));
}

void TestSession::worksOffTheThread()
{
    QSignalSpy opened(m_session.get(), &DatabaseSession::opened);
    QSignalSpy busy(m_session.get(), &DatabaseSession::busyChanged);
    Outcome<QString> outcome;
    QThread *worker = nullptr;
    m_session->read<QString>(
        this,
        [&](DatabaseConnection &connection, const std::stop_token &stop) {
            worker = QThread::currentThread();
            return statement(QStringLiteral("SELECT 'Turdus merula'"))(connection, stop);
        },
        outcome.keep());
    QCOMPARE(outcome.endings, 0); // never called from within read()
    QVERIFY(m_session->isBusy());
    QTRY_COMPARE(outcome.endings, 1);
    QCOMPARE(**outcome.result, QStringLiteral("Turdus merula"));
    QCOMPARE(outcome.thread, QThread::currentThread());
    QVERIFY(worker && worker != QThread::currentThread());
    QCOMPARE(opened.size(), 1);
    QCOMPARE(busy, (QList<QList<QVariant>>{{true}, {false}}));
}

void TestSession::failsToOpen()
{
    ConnectionSpec wrong = m_spec;
    wrong.password = Secret(QStringLiteral("not the password"));
    DatabaseSession session(wrong);
    Outcome<QString> outcome;
    session.read<QString>(this, statement(QStringLiteral("SELECT 1")), outcome.keep());
    session.write<QString>(this, statement(QStringLiteral("SELECT 1")), outcome.keep());
    QTRY_COMPARE(outcome.endings, 2);
    QCOMPARE(outcome.result->error().sqlState, QByteArray("28P01"));

    // What waits behind a connection that cannot be opened does not try again, each for itself.
    Testing::TcpProxy proxy(m_cluster.port());
    wrong.parameters.port = proxy.port();
    DatabaseSession many(wrong);
    Outcome<QString> all;
    for (int i = 0; i < 5; ++i) {
        many.read<QString>(this, statement(QStringLiteral("SELECT 1")), all.keep());
    }
    QTRY_COMPARE(all.endings, 5);
    QVERIFY2(proxy.connections() <= 2, qPrintable(QString::number(proxy.connections())));
}

void TestSession::workIsDoneInOrder()
{
    QStringList order;
    for (int i = 0; i < 20; ++i) {
        m_session->read<QString>(this, statement(QStringLiteral("SELECT %1").arg(i)),
                                 [&](const Result<QString> &result) { order << result.value_or(QString()); });
    }
    QTRY_COMPARE(order.size(), 20);
    for (int i = 0; i < 20; ++i) {
        QCOMPARE(order.at(i), QString::number(i));
    }
}

void TestSession::readAfterTheServerEndedIt()
{
    QSignalSpy opened(m_session.get(), &DatabaseSession::opened);
    QSignalSpy lost(m_session.get(), &DatabaseSession::lost);
    const QString first = pidOf(*m_session);
    QVERIFY(!first.isEmpty());
    terminate(first);
    const QString second = pidOf(*m_session);
    QVERIFY(!second.isEmpty() && second != first);
    QCOMPARE(opened.size(), 2);
    QCOMPARE(lost.size(), 1);
}

void TestSession::readThatFindsItDead()
{
    // Dead, but nothing said so: the read itself finds out, and is repeated, once.
    QSignalSpy opened(m_session.get(), &DatabaseSession::opened);
    QVERIFY(!pidOf(*m_session).isEmpty());
    std::atomic<int> runs = 0;
    Outcome<QString> outcome;
    m_session->read<QString>(
        this,
        [&](DatabaseConnection &connection, const std::stop_token &stop) {
            if (++runs == 1) {
                terminate(QString::number(connection.server().backendPid));
            }
            return statement(QStringLiteral("SELECT 'again'"))(connection, stop);
        },
        outcome.keep());
    QTRY_COMPARE(outcome.endings, 1);
    QVERIFY2(*outcome.result, "the read was not repeated");
    QCOMPARE(**outcome.result, QStringLiteral("again"));
    QCOMPARE(runs, 2);
    QCOMPARE(opened.size(), 2);

    runs = 0;
    Outcome<QString> dying;
    m_session->read<QString>(
        this,
        [&](DatabaseConnection &connection, const std::stop_token &stop) {
            ++runs;
            terminate(QString::number(connection.server().backendPid));
            return statement(QStringLiteral("SELECT 'never'"))(connection, stop);
        },
        dying.keep());
    QTRY_COMPARE(dying.endings, 1);
    QCOMPARE(dying.result->error().code, ErrorCode::ConnectionLost);
    QCOMPARE(runs, 2);
}

void TestSession::writeAfterTheServerEndedIt()
{
    // The end was there to be seen before anything was sent: so the write is made on a new connection, once.
    const QString first = pidOf(*m_session);
    terminate(first);
    Outcome<QString> outcome;
    m_session->write<QString>(this, statement(QStringLiteral("INSERT INTO log VALUES (1) RETURNING 'done'")),
                              outcome.keep());
    QTRY_COMPARE(outcome.endings, 1);
    QVERIFY(*outcome.result);
    QCOMPARE(m_cluster.psql(QStringLiteral("SELECT count(*) FROM log WHERE n = 1"), QStringLiteral("test")),
             QStringLiteral("1"));
}

void TestSession::writeThatLosesItIsNotRepeated()
{
    Testing::TcpProxy proxy(m_cluster.port());
    ConnectionSpec spec = m_spec;
    spec.parameters.port = proxy.port();
    DatabaseSession session(spec);
    QVERIFY(!pidOf(session).isEmpty());
    // The answer is cut off: the server has done it, and this side cannot know.
    std::atomic<int> runs = 0;
    proxy.cutAfterBytes(0);
    Outcome<QString> outcome;
    session.write<QString>(
        this,
        [&](DatabaseConnection &connection, const std::stop_token &stop) {
            ++runs;
            return statement(QStringLiteral("INSERT INTO log VALUES (2) RETURNING 'done'"))(connection, stop);
        },
        outcome.keep());
    QTRY_COMPARE(outcome.endings, 1);
    QVERIFY(!*outcome.result);
    QCOMPARE(outcome.result->error().code, ErrorCode::ConnectionLost);
    QVERIFY(outcome.result->error().message.contains(u"not known whether"));
    QCOMPARE(runs, 1);
    QCOMPARE(m_cluster.psql(QStringLiteral("SELECT count(*) FROM log WHERE n = 2"), QStringLiteral("test")),
             QStringLiteral("1"));
    QVERIFY(!pidOf(session).isEmpty()); // and the session works again
}

void TestSession::brokenTransactionIsNotResumed()
{
    Outcome<QString> begun;
    m_session->write<QString>(this, statement(QStringLiteral("BEGIN")), begun.keep());
    const QString pid = pidOf(*m_session);
    terminate(pid);
    Outcome<QString> outcome;
    m_session->write<QString>(this, statement(QStringLiteral("INSERT INTO log VALUES (3)")), outcome.keep());
    QTRY_COMPARE(outcome.endings, 1);
    QVERIFY(!*outcome.result);
    QCOMPARE(outcome.result->error().code, ErrorCode::ConnectionLost);
    QCOMPARE(m_cluster.psql(QStringLiteral("SELECT count(*) FROM log WHERE n = 3"), QStringLiteral("test")),
             QStringLiteral("0"));
}

void TestSession::failedTaskLeavesNoTransaction()
{
    Outcome<QString> outcome;
    m_session->write<QString>(
        this,
        [](DatabaseConnection &connection, const std::stop_token &stop) {
            connection.database().transaction();
            return statement(QStringLiteral("SELECT * FROM nowhere"))(connection, stop);
        },
        outcome.keep());
    Outcome<QString> next;
    m_session->read<QString>(this, statement(QStringLiteral("SELECT 'fine'")), next.keep());
    QTRY_COMPARE(next.endings, 1);
    QCOMPARE(outcome.result->error().sqlState, QByteArray("42P01"));
    QCOMPARE(**next.result, QStringLiteral("fine"));
}

void TestSession::receiverGone()
{
    auto receiver = std::make_unique<QObject>();
    Outcome<QString> orphan;
    Outcome<QString> next;
    m_session->read<QString>(receiver.get(), statement(QStringLiteral("SELECT 1")), orphan.keep());
    m_session->read<QString>(this, statement(QStringLiteral("SELECT 2")), next.keep());
    receiver.reset();
    QTRY_COMPARE(next.endings, 1);
    QCOMPARE(orphan.endings, 0);
    QTRY_VERIFY(!m_session->isBusy());
}

void TestSession::cancelAll()
{
    const QString pid = pidOf(*m_session);
    Outcome<QString> running;
    Outcome<QString> queued;
    m_session->read<QString>(this, statement(QStringLiteral("SELECT pg_sleep(600)")), running.keep());
    m_session->write<QString>(this, statement(QStringLiteral("INSERT INTO log VALUES (4)")), queued.keep());
    const QString state = QStringLiteral("SELECT state FROM pg_stat_activity WHERE pid = %1").arg(pid);
    QTRY_COMPARE(m_cluster.psql(state), QStringLiteral("active"));
    QElapsedTimer timer;
    timer.start();
    m_session->cancelAll();
    QVERIFY(timer.elapsed() < 100);
    QTRY_COMPARE(running.endings, 1);
    QTRY_COMPARE(queued.endings, 1);
    QVERIFY(running.isCancelled());
    QVERIFY(queued.isCancelled());
    QCOMPARE(m_cluster.psql(state), QStringLiteral("idle"));
    QCOMPARE(pidOf(*m_session), pid); // still the same connection
    QCOMPARE(m_cluster.psql(QStringLiteral("SELECT count(*) FROM log WHERE n = 4"), QStringLiteral("test")),
             QStringLiteral("0"));
}

void TestSession::endsWhileBusy()
{
    const QString pid = pidOf(*m_session);
    Outcome<QString> running;
    Outcome<QString> queued;
    m_session->read<QString>(this, statement(QStringLiteral("SELECT pg_sleep(600)")), running.keep());
    m_session->read<QString>(this, statement(QStringLiteral("SELECT 1")), queued.keep());
    QTRY_COMPARE(m_cluster.psql(QStringLiteral("SELECT state FROM pg_stat_activity WHERE pid = %1").arg(pid)),
                 QStringLiteral("active"));
    QElapsedTimer timer;
    timer.start();
    m_session.reset();
    QVERIFY2(timer.elapsed() < 100, qPrintable(QString::number(timer.elapsed())));
    QTRY_VERIFY(running.isCancelled() && queued.isCancelled());
    QCOMPARE(running.endings + queued.endings, 2);
    QVERIFY(DatabaseSession::waitForEnded(5s));
    QTRY_COMPARE(m_cluster.psql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE pid = %1").arg(pid)),
                 QStringLiteral("0"));
}

QTEST_GUILESS_MAIN(TestSession)
#include "tst_session.moc"
