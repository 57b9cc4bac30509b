// What is fingerprinted while a restore goes on is what the check at its end would find, and never holds it up for
// long.

#include "operations/earlyfingerprints.h"
#include "postgres/databaseconnection.h"
#include "postgres/manifestreader.h"
#include "support/temporarycluster.h"

#include <QElapsedTimer>
#include <QTest>

#include <optional>

using namespace Roost;
using namespace Roost::Testing;

class TestEarlyFingerprints : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void areThoseOfAManifest();
    void aTableThatIsGoneIsLeftOut();
    void nothingToDoEnds();
    void aLockedTableDoesNotHoldUpTheEnd();
    void anEndInTheMiddle();

private:
    static TableId table(const QString &name) { return {QStringLiteral("public"), name}; }
    Manifest manifest();
    bool isAnalyzed(const QString &name);

    TemporaryCluster m_cluster;
    ConnectionSpec m_spec;
};

void TestEarlyFingerprints::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    m_spec = m_cluster.spec();
    const auto connection = DatabaseConnection::open(m_spec);
    QVERIFY(connection);
    for (const QString &name : {QStringLiteral("birds"), QStringLiteral("nests"), QStringLiteral("late")}) {
        QVERIFY((*connection)
                    ->execute(QStringLiteral("CREATE TABLE %1 AS SELECT n AS id, '%1 ' || n AS name FROM "
                                             "generate_series(1, 2000) n")
                                  .arg(name)));
    }
    QVERIFY((*connection)
                ->execute(QStringLiteral("CREATE TABLE endless AS SELECT repeat('x', 1000) AS text FROM "
                                         "generate_series(1, 300000)")));
}

Manifest TestEarlyFingerprints::manifest()
{
    const auto connection = DatabaseConnection::open(m_spec);
    const auto read = connection ? readManifest(**connection) : failure(connection.error());
    return read ? *read : Manifest();
}

bool TestEarlyFingerprints::isAnalyzed(const QString &name)
{
    return m_cluster.psql(QStringLiteral("SELECT count(*) > 0 FROM pg_stats WHERE tablename = '%1'").arg(name),
                          m_spec.parameters.database) == u"t";
}

void TestEarlyFingerprints::areThoseOfAManifest()
{
    const Manifest whole = manifest();
    QVERIFY(!whole.tables.isEmpty());
    EarlyFingerprints early(m_spec, whole.rowHash);
    early.add(table(QStringLiteral("birds")));
    early.add(table(QStringLiteral("nests")));
    QTRY_VERIFY(isAnalyzed(QStringLiteral("nests")));
    const auto outcome = early.finish({});
    QCOMPARE(outcome.tables.keys(), (QStringList{QStringLiteral("public.birds"), QStringLiteral("public.nests")}));
    for (auto one = outcome.tables.cbegin(); one != outcome.tables.cend(); ++one) {
        QCOMPARE(one->rows, 2000);
        QCOMPARE(one->sum, whole.tables.value(one.key()).sum);
    }
    QCOMPARE(outcome.analyzed.size(), 2);
    QVERIFY(!isAnalyzed(QStringLiteral("late")));
}

void TestEarlyFingerprints::aTableThatIsGoneIsLeftOut()
{
    EarlyFingerprints early(m_spec, Manifest::RowHash::Text);
    early.add(table(QStringLiteral("never_there")));
    early.add(table(QStringLiteral("birds")));
    QElapsedTimer waited;
    waited.start();
    const auto outcome = early.finish({});
    QVERIFY(!outcome.tables.contains(QStringLiteral("public.never_there")));
    QVERIFY(waited.elapsed() < 10'000);
}

void TestEarlyFingerprints::nothingToDoEnds()
{
    EarlyFingerprints early(m_spec, Manifest::RowHash::Text);
    const auto outcome = early.finish({});
    QVERIFY(outcome.tables.isEmpty() && outcome.analyzed.isEmpty());
}

/// As by pg_restore, which makes a key of it: the read waits, and a cancel ends the wait.
void TestEarlyFingerprints::aLockedTableDoesNotHoldUpTheEnd()
{
    const auto other = DatabaseConnection::open(m_spec);
    QVERIFY(other && (*other)->execute(QStringLiteral("BEGIN")) &&
            (*other)->execute(QStringLiteral("LOCK TABLE nests IN ACCESS EXCLUSIVE MODE")));
    EarlyFingerprints early(m_spec, Manifest::RowHash::Text);
    early.add(table(QStringLiteral("nests")));
    QTRY_COMPARE(m_cluster.psql(QStringLiteral("SELECT count(*) FROM pg_locks WHERE NOT granted")),
                 QStringLiteral("1"));
    std::stop_source stop;
    stop.request_stop();
    QElapsedTimer waited;
    waited.start();
    const auto outcome = early.finish(stop.get_token());
    QVERIFY(outcome.tables.isEmpty());
    QVERIFY(waited.elapsed() < 3000);
}

/// The database is dropped next: no session of ours may be left in it.
void TestEarlyFingerprints::anEndInTheMiddle()
{
    std::optional<EarlyFingerprints> early(std::in_place, m_spec, Manifest::RowHash::Text);
    early->add(table(QStringLiteral("endless")));
    const QString sessions = QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE datname = '%1' AND query LIKE "
                                            "'%hashtextextended%' AND state = 'active'")
                                 .arg(m_spec.parameters.database);
    QTRY_COMPARE(m_cluster.psql(sessions), QStringLiteral("1"));
    early.reset();
    QTRY_COMPARE(m_cluster.psql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE datname = '%1'")
                                    .arg(m_spec.parameters.database)),
                 QStringLiteral("0"));
}

QTEST_GUILESS_MAIN(TestEarlyFingerprints)
#include "tst_earlyfingerprints.moc"
