#include "migrationtest.h"

#include <QFile>
#include <QUrl>

#include <atomic>

using namespace Roost;
using namespace Roost::Testing;

namespace {

using Step = MigrationStep;

const QList<Step> instanceSteps{Step::RetireOld, Step::CreateNew, Step::AwaitNew};
const QList<Step> allSteps{Step::RetireOld, Step::CreateNew, Step::AwaitNew,
                           Step::Restore,   Step::Compare,   Step::Analyze};

} // namespace

/// All databases get to the new instance, equal, with every interruption; also by hand.
class TestMigrationRestore : public QObject, private MigrationTest
{
    Q_OBJECT

private slots:
    void initTestCase() { startStage(); }
    void cleanupTestCase();
    void init() { prepare(); }
    void movesEverything_data();
    void movesEverything();
    void interruptedRestoresAreRedone_data();
    void interruptedRestoresAreRedone();
    void aDamagedBackupHasASecondCopy();
    void whatDiffersIsRestoredOnceMore();
    void byHand_data();
    void byHand();
};

void TestMigrationRestore::cleanupTestCase()
{
    m_migration.reset();
    m_stage.stop();
}

void TestMigrationRestore::movesEverything_data()
{
    QTest::addColumn<bool>("suspendedCounts");
    QTest::addColumn<QString>("newName");
    QTest::newRow("deleted because a suspended one counts, same name") << true << oldName;
    QTest::newRow("only suspended, same name") << false << oldName;
    QTest::newRow("deleted, other name") << true << oldName + "-2";
    QTest::newRow("only suspended, other name") << false << oldName + "-2";
}

void TestMigrationRestore::movesEverything()
{
    QFETCH(bool, suspendedCounts);
    QFETCH(QString, newName);
    settings({{"suspended_counts", suspendedCounts}});
    const QString ownDatabase = m_oldSpec.parameters.database;
    const QString own = urlOf(m_old);
    QCOMPARE(askPsql(own, "DROP TABLE IF EXISTS own; CREATE TABLE own (id int); INSERT INTO own VALUES (7)"), "");
    planFor(newName);
    begin(allSteps);
    const QString fingerprint = fingerprintOfOld();
    const auto outcome = m_migration->run();
    QVERIFY2(outcome.isDone, outcome.told());
    QCOMPARE(m_stage.get("/postgres/" + m_old).status, suspendedCounts ? 404 : 200);
    QCOMPARE(m_migration->state().fateOfOld(), QString(suspendedCounts ? "deleted" : "suspended"));
    if (!suspendedCounts) {
        QCOMPARE(statusOfOld(), QString("suspended"));
    }
    judgeNew(fingerprint);
    // The new instance's own database has another suffix, so the old one's stands beside it.
    const QString made = m_migration->state().newInstanceId();
    const QJsonObject created = m_migration->factsOf(Step::CreateNew);
    QCOMPARE(created["name"].toString(), newName);
    QVERIFY(created["databaseName"].toString() != ownDatabase);
    QCOMPARE(askPsql(urlOf(made, ownDatabase), "SELECT id FROM own"), QString("7"));
    QCOMPARE(m_migration->factsOf(Step::Restore)["databases"][ownDatabase]["as"].toString(), ownDatabase);
    QCOMPARE(m_migration->factsOf(Step::Restore)["databases"][birds]["rows"].toInt(),
             m_migration->factsOf(Step::BackUp)["databases"][birds]["rows"].toInt());
    QVERIFY(m_migration->factsOf(Step::Compare)["databases"][birds]["equal"].toBool());
    QFile journal(m_migration->journal->file());
    QVERIFY(journal.open(QIODevice::ReadOnly));
    QVERIFY(!journal.readAll().contains(specOf(made).password.revealUtf8()));
}

void TestMigrationRestore::interruptedRestoresAreRedone_data()
{
    QTest::addColumn<QString>("how");
    for (const char *how : {"cancelled", "backend killed", "left half filled", "left empty", "answer not written"}) {
        QTest::newRow(how) << how;
    }
}

void TestMigrationRestore::interruptedRestoresAreRedone()
{
    QFETCH(QString, how);
    settings({{"suspended_counts", false}});
    const QString heavy = "DROP TABLE IF EXISTS heavy; CREATE TABLE heavy AS SELECT g AS id, (SELECT "
                          "string_agg(md5(g::text || p), '') FROM generate_series(1, 40) p) AS text "
                          "FROM generate_series(1, 30000) g; ALTER TABLE heavy ADD PRIMARY KEY (id)";
    QVERIFY(!askPsql(urlOf(m_old, birds), heavy).startsWith("failed"));
    const QString fingerprint = fingerprintOfOld();
    planFor(oldName);
    begin(instanceSteps);
    QVERIFY(m_migration->run().isDone);
    beginBeside({Step::Restore, Step::Compare, Step::Analyze});
    const QString url = urlOf(m_migration->state().newInstanceId(), "postgres");
    std::atomic<int> met = 0;
    if (how == "cancelled" || how == "backend killed") {
        m_migration->onProgress = [&](const Progress &progress) {
            if (progress.bytes < 4'000'000 || met++ > 0) {
                return;
            }
            if (how == "cancelled") {
                m_migration->stop.request_stop();
            } else {
                askPsql(url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + birds + "'");
            }
        };
        const auto outcome = m_migration->run();
        QVERIFY2(!outcome.isDone && met > 0, outcome.told());
        QCOMPARE(outcome.error.isCancelled(), how == "cancelled");
        m_migration->onProgress = {};
        m_migration->stop = {};
    } else if (how == "answer not written") {
        QVERIFY(m_migration->run().isDone);
        beginBeside({Step::Restore, Step::Compare, Step::Analyze}); // the journal knows nothing of it
    } else {
        QCOMPARE(askPsql(url, "CREATE DATABASE " + birds), "");
        if (how == "left half filled") {
            QCOMPARE(askPsql(urlOf(m_migration->state().newInstanceId(), birds),
                             "CREATE TABLE species (id int); INSERT INTO species VALUES (1)"),
                     "");
        }
    }
    const QString oidBefore = askPsql(url, "SELECT oid FROM pg_database WHERE datname = '" + birds + "'");
    const auto outcome = m_migration->run();
    QVERIFY2(outcome.isDone, outcome.told());
    judgeNew(fingerprint);
    const QString oidAfter = askPsql(url, "SELECT oid FROM pg_database WHERE datname = '" + birds + "'");
    QCOMPARE(oidBefore == oidAfter, how == "answer not written");
    QVERIFY(!askPsql(url, "SELECT string_agg(datname, ',') FROM pg_database").contains("roost"));
}

void TestMigrationRestore::aDamagedBackupHasASecondCopy()
{
    settings({{"suspended_counts", false}});
    planFor(oldName);
    const QString fingerprint = fingerprintOfOld();
    begin(instanceSteps);
    QVERIFY(m_migration->run().isDone);
    beginBeside({Step::Restore, Step::Compare, Step::Analyze});
    QFile file(m_migration->backupFile(birds));
    QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.seek(file.size() / 2));
    QVERIFY(file.write("tampered") == 8);
    file.close();
    const auto outcome = m_migration->run();
    QVERIFY2(outcome.isDone, outcome.told());
    judgeNew(fingerprint);
    const QString warnings =
        QJsonDocument(m_migration->factsOf(Step::Restore)["databases"][birds]["warnings"].toArray()).toJson();
    QVERIFY2(warnings.contains("second copy"), qPrintable(warnings));
    QVERIFY(QFile::remove(m_migration->backupFile(birds)));
    QVERIFY(QFile::remove(m_migration->secondFile(birds)));
    beginBeside({Step::Restore});
    const auto without = m_migration->run();
    QCOMPARE(without.error.code, ErrorCode::NotFound);
    QVERIFY2(without.error.message.contains(birds), without.told());
}

void TestMigrationRestore::whatDiffersIsRestoredOnceMore()
{
    settings({{"suspended_counts", false}});
    const QString fingerprint = fingerprintOfOld();
    planFor(oldName);
    begin({Step::RetireOld, Step::CreateNew, Step::AwaitNew, Step::Restore});
    const auto restored = m_migration->run();
    QVERIFY2(restored.isDone, restored.told());
    beginBeside({Step::Compare, Step::Analyze});
    const QString url = urlOf(m_migration->state().newInstanceId(), birds);
    QCOMPARE(askPsql(url, "UPDATE birds SET note = 'changed' WHERE name = 'Jenny'; DROP INDEX birds_by_name"), "");
    auto outcome = m_migration->run();
    QCOMPARE(outcome.error.code, ErrorCode::Conflict);
    QVERIFY2(outcome.error.message.contains("public.birds") && outcome.error.message.contains("birds_by_name"),
             outcome.told());
    outcome = m_migration->run();
    QVERIFY2(outcome.isDone, outcome.told());
    judgeNew(fingerprint);
}

void TestMigrationRestore::byHand_data()
{
    QTest::addColumn<bool>("isDeleted");
    QTest::newRow("suspended") << false;
    QTest::newRow("deleted") << true;
}

/// With the user at the dashboard, who makes every mistake once.
void TestMigrationRestore::byHand()
{
    QFETCH(bool, isDeleted);
    settings({{"suspended_counts", isDeleted}});
    const QString fingerprint = fingerprintOfOld();
    planFor(oldName);
    m_migration->plan.accountId.clear();
    begin(allSteps);
    using Question = MigrationQuestion;
    auto outcome = m_migration->run();
    QVERIFY2(outcome.pause && outcome.pause->question == Question::OldDeleted, outcome.told());
    QVERIFY(outcome.pause->problems.isEmpty());
    QVERIFY(outcome.pause->doing.join(' ').contains(m_old));
    outcome = m_migration->run(MigrationAnswer{Question::OldDeleted, "yes", {}}); // and nothing was pressed
    QVERIFY2(outcome.pause && outcome.pause->problems.size() == 1, outcome.told());
    QVERIFY(outcome.pause->problems.first().contains("still answers"));
    QCOMPARE(m_stage.post("/postgres/" + m_old + "/suspend").status, 202);
    QTRY_COMPARE(statusOfOld(), QString("suspended"));
    outcome = m_migration->run(MigrationAnswer{Question::OldDeleted, "yes", {}});
    QVERIFY2(outcome.pause && outcome.pause->question == Question::NewConnection, outcome.told());
    QCOMPARE(m_migration->state().fateOfOld(), QString("suspended"));
    QCOMPARE(outcome.pause->values.first().text, oldName);
    QVERIFY(outcome.pause->doing.join(' ').contains("Delete Database"));

    const QString oldUrl =
        QString("postgresql://%1:secret@%2:%3/x")
            .arg(m_oldSpec.parameters.user, m_oldSpec.parameters.host, QString::number(m_oldSpec.parameters.port));
    for (const QString &wrong : {QString(), QString("not a url"), oldUrl, QString("postgresql://u@127.0.0.1:1/x")}) {
        outcome = m_migration->run(MigrationAnswer{Question::NewConnection, {}, Secret(wrong)});
        QVERIFY2(outcome.pause && outcome.pause->problems.size() == 1, outcome.told());
        QCOMPARE(outcome.pause->step, Step::CreateNew);
        QVERIFY(!outcome.told().contains("secret"));
    }
    if (isDeleted) {
        QCOMPARE(m_stage.ask("DELETE", "/postgres/" + m_old).status, 204);
    }
    const QString made = m_stage.createAvailable(m_stage.draft(oldName));
    QVERIFY(!made.isEmpty());
    const QString url = urlOf(made);
    QUrl mistyped(url);
    mistyped.setPassword("mistyped");
    outcome = m_migration->run(MigrationAnswer{Question::NewConnection, {}, Secret(mistyped.toString())});
    QVERIFY2(outcome.pause && outcome.pause->step == Step::AwaitNew, outcome.told());
    QVERIFY2(outcome.pause->problems.join(' ').contains("password"), outcome.told());
    QCOMPARE(askPsql(url, "CREATE TABLE mine (id int)"), "");
    outcome = m_migration->run(MigrationAnswer{Question::NewConnection, {}, Secret(url)});
    QVERIFY2(outcome.pause && outcome.pause->problems.join(' ').contains("mine"), outcome.told());
    QCOMPARE(askPsql(url, "DROP TABLE mine"), "");
    const QString command = m_stage.get("/postgres/" + made + "/connection-info").object()["psqlCommand"].toString();
    outcome = m_migration->run(MigrationAnswer{Question::NewConnection, {}, Secret(command)});
    QVERIFY2(outcome.isDone, outcome.told());
    const ConnectionSpec there = specOf(made).withDatabase(birds);
    QCOMPARE(databaseFingerprint(there), fingerprint);
    QFile journal(m_migration->journal->file());
    QVERIFY(journal.open(QIODevice::ReadOnly));
    QVERIFY(!journal.readAll().contains(there.password.revealUtf8()));
}

QTEST_GUILESS_MAIN(TestMigrationRestore)
#include "tst_migrationrestore.moc"
