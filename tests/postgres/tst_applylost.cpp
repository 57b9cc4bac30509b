// Two round trips whatever the number of changes, and no guess about what was committed when the line breaks.

#include "birdstable.h"
#include "postgres/postgresdriver.h"
#include "postgres/postgreslink.h"

#include <QElapsedTimer>

#include <thread>

using namespace Roost;
using namespace Roost::Testing;
using namespace std::chrono_literals;

namespace {

using Conflict = ChangeConflict::Kind;

const QString id = QStringLiteral("id");
const QString name = QStringLiteral("name");

RowChange rename(int bird)
{
    return update(key(bird), {{name, QStringLiteral("bird %1").arg(bird)}}, {{name, QStringLiteral("mine")}});
}

QList<RowChange> renameAll()
{
    QList<RowChange> changes;
    for (int i = 1; i <= 20; ++i) {
        changes += rename(i);
    }
    return changes;
}

} // namespace

class TestApplyLost : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY2(m_birds.start(), qPrintable(m_birds.cluster.problem())); }
    void cleanupTestCase() { m_birds.stop(); }
    void init() { m_birds.fill(); }
    void roundTrips_data();
    void roundTrips();
    void roundTripsOfTrouble();
    void tenThousandChanges();
    void stopping();
    void stoppedWhileTheLineIsSilent();
    void lostBeforeCommit();
    void lostDuringCommit_data();
    void lostDuringCommit();
    void endedByTheServerDuringCommit();
    void stopWaitsForTheCommit();
    void findingOut();

private:
    int renamed() const;
    CommitState foundOut(const UnknownCommit &commit) const;

    BirdsTable m_birds;
};

void TestApplyLost::roundTrips_data()
{
    QTest::addColumn<int>("count");
    QTest::newRow("1 change") << 1;
    QTest::newRow("500 changes") << 500;
}

void TestApplyLost::roundTrips()
{
    QFETCH(int, count);
    m_birds.execute(QStringLiteral("TRUNCATE birds"));
    QList<RowChange> changes;
    for (int i = 0; i < count; ++i) {
        changes += insert({{id, QString::number(i)}, {name, QStringLiteral("new")}});
    }
    TcpProxy proxy(m_birds.cluster.port());
    const auto connection = m_birds.open(&proxy);
    QVERIFY(connection);
    proxy.setDelayMs(100); // so that no answer is there before all is sent
    proxy.resetCount();
    QElapsedTimer timer;
    timer.start();
    const auto outcome = applyChanges(*connection, m_birds.target, changes);
    qInfo("%d changes: %d round trips, %lld ms at 200 ms each", count, proxy.roundTrips(),
          static_cast<long long>(timer.elapsed()));
    QVERIFY2(isApplied(outcome), qPrintable(wordsOf(outcome)));
    QCOMPARE(outcome->stored.size(), qsizetype(count));
    QCOMPARE(proxy.roundTrips(), 2);
    QCOMPARE(m_birds.rows().size(), qsizetype(count));
}

/// A conflict and a refusal take two as well: the second one rolls back and explains.
void TestApplyLost::roundTripsOfTrouble()
{
    TcpProxy proxy(m_birds.cluster.port());
    const auto connection = m_birds.open(&proxy);
    QVERIFY(connection);
    proxy.setDelayMs(20); // or an answer may come before all of a question is on its way
    proxy.resetCount();
    auto outcome = applyChanges(*connection, m_birds.target,
                                {update(key(1), {{name, QStringLiteral("other")}}, {{name, QStringLiteral("mine")}})});
    QVERIFY2(isConflict(outcome, Conflict::Changed), qPrintable(wordsOf(outcome)));
    QCOMPARE(proxy.roundTrips(), 2);
    proxy.resetCount();
    outcome = applyChanges(*connection, m_birds.target, {insert({{id, QStringLiteral("1")}})});
    QVERIFY(outcome && outcome->state == ApplyOutcome::State::Refused);
    QCOMPARE(outcome->refusal->column, id);
    QCOMPARE(proxy.roundTrips(), 2);
}

/// More than any buffer on the way holds, in both directions at once.
void TestApplyLost::tenThousandChanges()
{
    const QString text(1000, u'ü');
    QList<RowChange> changes;
    for (int i = 100; i < 10100; ++i) {
        changes += insert({{id, QString::number(i)}, {name, text}});
    }
    QElapsedTimer timer;
    timer.start();
    auto outcome = m_birds.apply(changes);
    qInfo("10,000 insertions of 2 kB: %lld ms", static_cast<long long>(timer.elapsed()));
    QVERIFY2(isApplied(outcome), qPrintable(wordsOf(outcome)));
    QCOMPARE(outcome->stored.size(), 10000);
    QCOMPARE(outcome->stored.constLast().value(id), CellValue(QStringLiteral("10099")));
    QCOMPARE(m_birds.cluster.psql(QStringLiteral("SELECT count(*) FROM birds WHERE length(name) = 1000"),
                                  QStringLiteral("test")),
             QStringLiteral("10000"));
    // The last one fails: none is there.
    changes.clear();
    for (int i = 20000; i < 25000; ++i) {
        changes += insert({{id, QString::number(i)}, {name, text}});
    }
    changes += insert({{id, QStringLiteral("20000")}});
    outcome = m_birds.apply(changes);
    QVERIFY2(outcome && outcome->state == ApplyOutcome::State::Refused, qPrintable(wordsOf(outcome)));
    QVERIFY(outcome->refusal->change == changes.constLast());
    QCOMPARE(m_birds.rows().size(), 10020);
}

/// How many birds have the name that is mine; a transaction that is still being ended is waited for.
int TestApplyLost::renamed() const
{
    return m_birds.cluster
        .psql(QStringLiteral("BEGIN; LOCK birds; SELECT count(*) FROM birds WHERE name = 'mine'; COMMIT"),
              QStringLiteral("test"))
        .toInt();
}

CommitState TestApplyLost::foundOut(const UnknownCommit &commit) const
{
    while (true) {
        const Result<CommitState> state = findOut(*m_birds.other, commit);
        if (!state) {
            qFatal("%s", qPrintable(state.error().detail));
        }
        if (*state != CommitState::InProgress) {
            return *state;
        }
    }
}

void TestApplyLost::stopping()
{
    m_birds.execute(QStringLiteral("BEGIN"));
    m_birds.execute(QStringLiteral("UPDATE birds SET name = 'theirs' WHERE id = 10"));
    std::stop_source stop;
    Result<ApplyOutcome> outcome = ApplyOutcome();
    std::jthread applying(
        [&] { outcome = applyChanges(*m_birds.connection, m_birds.target, renameAll(), stop.get_token()); });
    QTRY_COMPARE(m_birds.cluster.psql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = "
                                                     "'Lock' AND query LIKE 'UPDATE%'")),
                 QStringLiteral("1"));
    stop.request_stop();
    applying.join();
    m_birds.execute(QStringLiteral("ROLLBACK"));
    QVERIFY(!outcome);
    QVERIFY(outcome.error().isCancelled());
    QVERIFY(m_birds.connection->query(QStringLiteral("SELECT 1"))); // and the connection is as good as before
    QCOMPARE(renamed(), 0);
    // Before anything was sent.
    outcome = applyChanges(*m_birds.connection, m_birds.target, renameAll(), stop.get_token());
    QVERIFY(!outcome && outcome.error().isCancelled());
    outcome = m_birds.apply(renameAll());
    QVERIFY2(isApplied(outcome), qPrintable(wordsOf(outcome)));
}

void TestApplyLost::stoppedWhileTheLineIsSilent()
{
    TcpProxy proxy(m_birds.cluster.port());
    const auto connection = m_birds.open(&proxy);
    QVERIFY(connection);
    proxy.stall(true);
    std::stop_source stop;
    std::jthread stopping([&] { stop.request_stop(); });
    const auto outcome = applyChanges(*connection, m_birds.target, renameAll(), stop.get_token());
    QVERIFY(!outcome);
    QVERIFY(outcome.error().isCancelled());
    proxy.cut();
    QCOMPARE(renamed(), 0);
}

void TestApplyLost::lostBeforeCommit()
{
    TcpProxy proxy(m_birds.cluster.port());
    for (const int bytes : {1, 100, 700, 2000}) {
        const auto connection = m_birds.open(&proxy);
        QVERIFY(connection);
        proxy.cutAfterBytesToServer(bytes);
        const auto outcome = applyChanges(*connection, m_birds.target, renameAll());
        QVERIFY2(!outcome, qPrintable(wordsOf(outcome)));
        QCOMPARE(outcome.error().code, ErrorCode::ConnectionLost);
        QVERIFY(!connection->isOpen());
        QCOMPARE(renamed(), 0);
    }
    // The answers get lost, all but the last of the statements.
    const auto connection = m_birds.open(&proxy);
    QVERIFY(connection);
    proxy.cutAfterBytes(300);
    auto outcome = applyChanges(*connection, m_birds.target, renameAll());
    QVERIFY2(!outcome && outcome.error().code == ErrorCode::ConnectionLost, qPrintable(wordsOf(outcome)));
    QCOMPARE(renamed(), 0);
    outcome = applyChanges(*connection, m_birds.target, renameAll());
    QVERIFY2(!outcome && outcome.error().code == ErrorCode::ConnectionLost, qPrintable(wordsOf(outcome)));
    // The server ends the session in the middle.
    const auto ended = m_birds.open();
    const QString pid = QString::number(ended->server().backendPid);
    m_birds.cluster.psql(QStringLiteral("SELECT pg_terminate_backend(%1)").arg(pid));
    outcome = applyChanges(*ended, m_birds.target, renameAll());
    QVERIFY2(!outcome && outcome.error().code == ErrorCode::ConnectionLost, qPrintable(wordsOf(outcome)));
    QCOMPARE(renamed(), 0);
}

void TestApplyLost::lostDuringCommit_data()
{
    QTest::addColumn<int>("missingBytes"); // of the COMMIT on its way to the server; the last 5 only ask for the answer
    QTest::newRow("not all of it arrives") << 12;
    QTest::newRow("it arrives, and the answer gets lost") << 0;
}

void TestApplyLost::lostDuringCommit()
{
    QFETCH(int, missingBytes);
    TcpProxy proxy(m_birds.cluster.port());
    // What both trips send is the same each time.
    auto connection = m_birds.open(&proxy);
    const qint64 start = proxy.bytesToServer();
    QVERIFY(isApplied(applyChanges(*connection, m_birds.target, renameAll())));
    const qint64 sent = proxy.bytesToServer() - start;
    m_birds.fill();

    connection = m_birds.open(&proxy);
    proxy.cutAfterBytesToServer(sent - missingBytes);
    const auto outcome = applyChanges(*connection, m_birds.target, renameAll());
    QVERIFY2(outcome && outcome->state == ApplyOutcome::State::Unknown, qPrintable(wordsOf(outcome)));
    QVERIFY(outcome->unknown.transactionId.toULongLong() > 0);
    const bool isCommitted = foundOut(outcome->unknown) == CommitState::Committed;
    QCOMPARE(isCommitted, missingBytes == 0);
    QCOMPARE(renamed(), isCommitted ? 20 : 0);
    QCOMPARE(m_birds.cluster.psql(QStringLiteral("SELECT pg_xact_status('%1')").arg(outcome->unknown.transactionId)),
             isCommitted ? QStringLiteral("committed") : QStringLiteral("aborted"));
}

/// The server says why it goes; that is no answer to the COMMIT.
void TestApplyLost::endedByTheServerDuringCommit()
{
    m_birds.execute(QStringLiteral("CREATE OR REPLACE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS "
                                   "'BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NULL; END'"));
    m_birds.execute(QStringLiteral("CREATE CONSTRAINT TRIGGER slowly AFTER UPDATE ON birds DEFERRABLE INITIALLY "
                                   "DEFERRED FOR EACH ROW EXECUTE FUNCTION slowly()"));
    m_birds.execute(QStringLiteral("SELECT pg_advisory_lock(4711)"));
    auto connection = m_birds.open();
    const int pid = connection->server().backendPid;
    Result<ApplyOutcome> outcome = ApplyOutcome();
    {
        std::jthread applying([&] { outcome = applyChanges(*connection, m_birds.target, {rename(1)}); });
        QTRY_COMPARE(m_birds.cluster.psql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE wait_event = "
                                                         "'advisory' AND query = 'COMMIT'")),
                     QStringLiteral("1"));
        m_birds.cluster.psql(QStringLiteral("SELECT pg_terminate_backend(%1)").arg(pid));
    }
    m_birds.execute(QStringLiteral("SELECT pg_advisory_unlock(4711)"));
    m_birds.execute(QStringLiteral("DROP TRIGGER slowly ON birds"));
    QVERIFY2(outcome && outcome->state == ApplyOutcome::State::Unknown, qPrintable(wordsOf(outcome)));
    QCOMPARE(foundOut(outcome->unknown), CommitState::Aborted);
    QCOMPARE(renamed(), 0);
}

/// A stop that comes when COMMIT is on its way changes nothing about the answer.
void TestApplyLost::stopWaitsForTheCommit()
{
    m_birds.execute(QStringLiteral("CREATE CONSTRAINT TRIGGER slowly AFTER UPDATE ON birds DEFERRABLE INITIALLY "
                                   "DEFERRED FOR EACH ROW EXECUTE FUNCTION slowly()"));
    m_birds.execute(QStringLiteral("SELECT pg_advisory_lock(4711)"));
    std::stop_source stop;
    Result<ApplyOutcome> outcome = failure(Error::cancelled());
    {
        std::jthread applying(
            [&] { outcome = applyChanges(*m_birds.connection, m_birds.target, {rename(1)}, stop.get_token()); });
        QTRY_COMPARE(m_birds.cluster.psql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE wait_event = "
                                                         "'advisory' AND query = 'COMMIT'")),
                     QStringLiteral("1"));
        stop.request_stop();
        m_birds.execute(QStringLiteral("SELECT pg_advisory_unlock(4711)"));
    }
    m_birds.execute(QStringLiteral("DROP TRIGGER slowly ON birds"));
    QVERIFY2(isApplied(outcome), qPrintable(wordsOf(outcome)));
    QCOMPARE(renamed(), 1);
    // Only when no answer comes for long, the wait ends: not known, and not a guess.
    TcpProxy proxy(m_birds.cluster.port());
    const auto connection = m_birds.open(&proxy);
    QVERIFY(connection->execute(QStringLiteral("BEGIN")));
    proxy.stall(true);
    const Result<PgResultPtr> answer =
        connection->driver().link().runToTheEnd(QStringLiteral("COMMIT"), stop.get_token(), 50ms);
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, ErrorCode::TimedOut);
    QVERIFY(!connection->isOpen());
}

void TestApplyLost::findingOut()
{
    const auto idOf = [](DatabaseConnection &connection) {
        auto query = connection.query(QStringLiteral("SELECT pg_current_xact_id()"));
        return UnknownCommit{query && query->next() ? query->value(0).toString() : QString()};
    };
    QVERIFY(m_birds.connection->execute(QStringLiteral("BEGIN")));
    const UnknownCommit commit = idOf(*m_birds.connection);
    QCOMPARE(findOut(*m_birds.other, commit).value(), CommitState::InProgress);
    QVERIFY(m_birds.connection->execute(QStringLiteral("ROLLBACK")));
    QCOMPARE(findOut(*m_birds.other, commit).value(), CommitState::Aborted);
    QCOMPARE(findOut(*m_birds.other, idOf(*m_birds.connection)).value(), CommitState::Committed);
    QCOMPARE(findOut(*m_birds.other, {QStringLiteral("99999999999")}).value(), CommitState::TooOld);
    // From before the cluster's first own transaction: the server has no record of it.
    QCOMPARE(findOut(*m_birds.other, {QStringLiteral("3")}).value(), CommitState::TooOld);
}

QTEST_GUILESS_MAIN(TestApplyLost)
#include "tst_applylost.moc"
