#include "gatestage.h"
#include "operations/backup.h"

#include <QScopeGuard>

using namespace Roost;
using namespace Roost::Testing;

/// What keeps the gate shut, and how it opens again.
class TestMigrationGate : public QObject, private GateStage
{
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY2(start(), qPrintable(problem())); }
    void init() { prepare(); }
    void cleanup() { clear(); }

    void aTamperedBackup_data();
    void aTamperedBackup();
    void aSecondCopyThatIsNotThere_data();
    void aSecondCopyThatIsNotThere();
    void aWriterAfterTheSnapshot();
    void aDatabaseThatIsNew();
    void mistyped();
    void shutAgainBehindTheGate();
    void writtenAfterTheDataHadMoved();
};

void TestMigrationGate::aTamperedBackup_data()
{
    QTest::addColumn<QString>("how");
    for (const char *how : {"a byte", "removed", "cut", "proof", "no proof", "proof of another"}) {
        QTest::newRow(how) << QString(how);
    }
}

void TestMigrationGate::aTamperedBackup()
{
    QFETCH(QString, how);
    QCOMPARE(toTheGate(), atTheGate);
    const QString file = backupOf(secondDatabase);
    if (how == "a byte") {
        flipByte(file);
    } else if (how == "removed") {
        QVERIFY(QFile::remove(file));
    } else if (how == "cut") {
        QVERIFY(QFile::resize(file, QFileInfo(file).size() - 1));
    } else if (how == "proof") {
        flipByte(manifestFileOf(file));
    } else {
        QVERIFY(QFile::remove(manifestFileOf(file)));
        QVERIFY(how == "no proof" || QFile::copy(manifestFileOf(backupOf(firstDatabase)), manifestFileOf(file)));
    }
    staysShut({secondDatabase, file, "fresh backup"});
    // Going on mends it: a fresh one, proven, with a second copy; nothing of the old one is taken.
    QCOMPARE(endOf(m_runner->go()), atTheGate);
    QCOMPARE(m_runner->listedBackups(), 3);
    QVERIFY(backupOf(secondDatabase) != file);
    QCOMPARE(m_runner->state().proofOf(secondDatabase)["sha256"], m_runner->state().backupOf(secondDatabase)["sha256"]);
    opens();
    QCOMPARE(m_runner->problems(), QStringList());
}

void TestMigrationGate::aSecondCopyThatIsNotThere_data()
{
    QTest::addColumn<QString>("how");
    for (const char *how : {"a byte", "removed", "only its proof", "no proof", "linked"}) {
        QTest::newRow(how) << QString(how);
    }
}

void TestMigrationGate::aSecondCopyThatIsNotThere()
{
    QFETCH(QString, how);
    QCOMPARE(toTheGate(), atTheGate);
    const QString file = copyOf(firstDatabase);
    if (how == "a byte") {
        flipByte(file);
    } else if (how == "no proof") {
        QVERIFY(QFile::remove(manifestFileOf(file)));
    } else {
        QVERIFY(QFile::remove(file));
        QVERIFY(how != "removed" || QFile::remove(manifestFileOf(file)));
        QVERIFY(how != "linked" || QFile::link(backupOf(firstDatabase), file));
    }
    staysShut({"second copy", firstDatabase, file});
    if (how == "linked") {
        QVERIFY(QFile::remove(file));
    }
    QCOMPARE(endOf(m_runner->go()), atTheGate);
    QVERIFY(!QFileInfo(copyOf(firstDatabase)).isSymLink());
    QCOMPARE(m_runner->listedBackups(), 2);
    opens();
}

void TestMigrationGate::aWriterAfterTheSnapshot()
{
    QCOMPARE(toTheGate(), atTheGate);
    m_cluster.psql("UPDATE birds SET name = 'changed' WHERE id = 1", firstDatabase);
    staysShut({firstDatabase, "changed after its backup", "birds"});
    QCOMPARE(endOf(m_runner->go()), atTheGate);
    QCOMPARE(m_runner->listedBackups(), 3);
    // A sequence alone, without a transaction that the server would count.
    QVERIFY(m_cluster.psql("SELECT nextval('species_id_seq')", secondDatabase) == "42");
    staysShut({secondDatabase, "species_id_seq"});
    QCOMPARE(endOf(m_runner->go()), atTheGate);
    QCOMPARE(m_runner->listedBackups(), 4);
    // Somebody works elsewhere on the server, and changes nothing here.
    m_cluster.psql("CREATE TEMP TABLE t (i int); INSERT INTO t VALUES (1)");
    opens();
    QCOMPARE(m_runner->listedBackups(), 4);
}

void TestMigrationGate::aDatabaseThatIsNew()
{
    QCOMPARE(toTheGate(), atTheGate);
    QVERIFY(m_cluster.createDatabase("late"));
    staysShut({"late", "no backup"});
    staysShut({"late", "no backup"});
    m_cluster.psql("DROP DATABASE late");
    QCOMPARE(endOf(m_runner->go()), atTheGate);
    m_cluster.psql("CREATE TABLE here (i int)");
    staysShut({"postgres", "no backup"});
    m_cluster.psql("DROP TABLE here");
    QCOMPARE(endOf(m_runner->go()), atTheGate);
    m_cluster.psql("CREATE DATABASE roost_proof_0a1b2c3d");
    const auto gone = qScopeGuard([this] { m_cluster.psql("DROP DATABASE roost_proof_0a1b2c3d"); });
    opens();
    QCOMPARE(m_runner->listedBackups(), 2);
}

void TestMigrationGate::mistyped()
{
    QCOMPARE(toTheGate(), atTheGate);
    for (const char *typed : {"", "school", "School-db", "school-db ", " school-db", "school_db", "school-db-a"}) {
        const auto asked = m_runner->answer(MigrationQuestion::Gate, typed);
        QCOMPARE(endOf(asked), atTheGate);
        QVERIFY((*asked)->mayBeAnswered);
        QCOMPARE((*asked)->problems.size(), 1);
        QVERIFY((*asked)->problems.first().contains("school-db"));
        QVERIFY(!m_runner->state().isDone(MigrationStep::Gate));
    }
    opens();
}

void TestMigrationGate::shutAgainBehindTheGate()
{
    QCOMPARE(toTheGate(), atTheGate);
    opens();
    m_cluster.psql("DELETE FROM birds WHERE id = 1", firstDatabase);
    const QStringList problems = m_runner->problems();
    QCOMPARE(problems.size(), 1);
    QVERIFY(problems.first().contains(firstDatabase));
    QCOMPARE(m_runner->problems(true), QStringList()); // what cannot be looked at any more does not count
    const auto shut = m_runner->go(); // before anybody is told to suspend anything, all is looked at again
    QCOMPARE(endOf(shut), atTheGate);
    QVERIFY(!(*shut)->mayBeAnswered);
    QVERIFY(m_runner->state().next() == MigrationStep::CompareLive);
    QVERIFY(m_runner->facts(MigrationStep::Gate).isEmpty());
    QVERIFY(m_runner->problems().join('\n').contains("not typed"));
    // The steps before are done again, and the name has to be typed again.
    QVERIFY(m_runner->reopen());
    const auto again = m_runner->go();
    QCOMPARE(endOf(again), atTheGate);
    QVERIFY((*again)->mayBeAnswered);
    QCOMPARE(m_runner->listedBackups(), 3);
    opens();
    QCOMPARE(m_runner->problems(), QStringList());
    // A backup that breaks when the source is gone already: kept, and the way out is said.
    QVERIFY(m_runner->journal().append("retire-old", "note", {{"fate", "suspended"}}));
    flipByte(backupOf(firstDatabase));
    const QStringList broken = m_runner->problems(true);
    QCOMPARE(broken.size(), 1);
    QVERIFY(broken.first().contains(copyOf(firstDatabase)));
    (void)m_runner->ask([&](MigrationWork &work) { return closeGate(work, broken); });
    QVERIFY(m_runner->state().isDone(MigrationStep::Gate) && m_runner->state().isPastGate());
    QVERIFY(QFile::remove(backupOf(firstDatabase)) && QFile::copy(copyOf(firstDatabase), backupOf(firstDatabase)));
    QCOMPARE(m_runner->problems(true), QStringList());
}

/// Side by side, the new instance is in use when the gate is reached: nothing there is overwritten any more.
void TestMigrationGate::writtenAfterTheDataHadMoved()
{
    m_plan.path = MigrationPath::SideBySide;
    QVERIFY(m_runner->begin(m_plan));
    for (const char *step : {"create-new", "await-new"}) {
        QVERIFY(m_runner->journal().append(step, "done"));
    }
    QCOMPARE(endOf(m_runner->go()), keyOf(MigrationQuestion::WritersStopped));
    QVERIFY(!m_runner->answer(MigrationQuestion::WritersStopped)); // there is no new instance to restore into
    QVERIFY(m_runner->state().isDone(MigrationStep::SecondCopy));
    for (const char *step : {"restore", "compare", "analyze", "variables", "deploy", "call", "resume"}) {
        QVERIFY(m_runner->journal().append(step, "done"));
    }
    QCOMPARE(endOf(m_runner->go()), atTheGate);
    m_cluster.psql("INSERT INTO species (name) VALUES ('Jay')", firstDatabase);
    staysShut({firstDatabase, "species"});
    const auto told = m_runner->go();
    QCOMPARE(endOf(told), atTheGate);
    QVERIFY((*told)->mayBeAnswered);
    QCOMPARE((*told)->problems.size(), 1);
    QVERIFY((*told)->problems.first().contains(backupOf(firstDatabase)) &&
            (*told)->problems.first().contains("species"));
    QCOMPARE(m_runner->listedBackups(), 3);
    QVERIFY(m_runner->state().isDone(MigrationStep::Restore));
    opens();
}

QTEST_GUILESS_MAIN(TestMigrationGate)
#include "tst_migrationgate.moc"
