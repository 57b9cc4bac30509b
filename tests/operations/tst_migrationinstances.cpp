#include "migrationtest.h"

#include "support/sample.h"
#include <QFile>

using namespace Roost;
using namespace Roost::Testing;

namespace {

using Step = MigrationStep;

const QList<Step> instanceSteps{Step::RetireOld, Step::CreateNew, Step::AwaitNew};

/// A call that a fault meets.
struct Place
{
    const char *name;
    const char *method;
    const char *path;
    int skip = 0;
    bool isTaken = false; ///< the old one takes the only place, although it is suspended
};

const QList<Place> places{
    {"retire: the look", "GET", "/postgres/*"},
    {"retire: the look before the suspension", "GET", "/postgres/*", 1},
    {"retire: the suspension", "POST", "/postgres/*/suspend"},
    {"retire: the look after it", "GET", "/postgres/*", 2},
    {"create: the list", "GET", "/postgres"},
    {"create: the creation", "POST", "/postgres"},
    {"delete: the list of others", "GET", "/postgres", 1, true},
    {"delete: the look", "GET", "/postgres/*", 3, true},
    {"delete: the look before it", "GET", "/postgres/*", 4, true},
    {"delete: the deletion", "DELETE", "/postgres/*", 0, true},
    {"delete: the look after it", "GET", "/postgres/*", 5, true},
    {"create: the second creation", "POST", "/postgres", 1, true},
    {"await: the look", "GET", "/postgres/*", 3},
    {"await: the connection", "GET", "/postgres/*/connection-info"},
};

} // namespace

/// The old instance goes and the new one comes, whatever Render and the network do meanwhile.
class TestMigrationInstances : public QObject, private MigrationTest
{
    Q_OBJECT

private slots:
    void initTestCase() { startStage(); }
    void cleanupTestCase();
    void init() { prepare(); }
    void suspendingAndCreatingGoWrong_data() { addFaults(false); }
    void suspendingAndCreatingGoWrong() { goesWrong(); }
    void deletingGoesWrong_data() { addFaults(true); }
    void deletingGoesWrong() { goesWrong(); }
    void aLostAnswerIsFoundByItsName();
    void whatWasThereBeforeIsNeverTaken();
    void twoOfTheNameAreNamed();
    void anotherFreeOneKeepsTheOld();
    void aCardIsAskedFor();
    void nothingGoesWhileTheGateIsShut();
    void somebodyElseWasFaster_data();
    void somebodyElseWasFaster();
    void aNewOneThatWasDeletedIsCreatedAgain();
    void theAllowListShutsUsOut();

private:
    static void addFaults(bool areTaken);
    void goesWrong();

    QString m_plannedFor;
    int m_faults = 0;
};

void TestMigrationInstances::cleanupTestCase()
{
    qInfo("%d faults tried", m_faults);
    m_migration.reset();
    m_stage.stop();
}

void TestMigrationInstances::addFaults(bool areTaken)
{
    QTest::addColumn<int>("place");
    QTest::addColumn<QString>("kind");
    QTest::addColumn<int>("count");
    // A read is tried again by itself, so it goes wrong as long as the program runs.
    const QStringList ofReads{"drop_before", "error", "bad_json"};
    const QStringList ofWrites{"drop_before", "drop_after", "error", "error_after", "stall", "bad_json"};
    int number = 0;
    for (int i = 0; i < places.size(); ++i) {
        const bool isRead = QByteArray(places.at(i).method) == "GET";
        for (const QString &kind : isRead ? ofReads : ofWrites) {
            if (places.at(i).isTaken == areTaken && isInSample(number)) {
                QTest::newRow(qPrintable(places.at(i).name + QString(": ") + kind)) << i << kind << (isRead ? -1 : 1);
            }
        }
    }
}

/// Then the program goes on: in the end there is exactly one new instance.
void TestMigrationInstances::goesWrong()
{
    QFETCH(int, place);
    QFETCH(QString, kind);
    QFETCH(int, count);
    const Place &where = places.at(place);
    settings({{"suspended_counts", where.isTaken}});
    if (m_plannedFor != m_old) {
        planFor(oldName);
        m_plannedFor = m_old;
    }
    begin(instanceSteps);
    fault(where.method, where.path, kind, count, where.skip);
    ++m_faults;
    auto outcome = m_migration->run();
    noFaults();
    if (!outcome.isDone) {
        // The gate, which looks at Render, too, asks to see to what it could not look at.
        QVERIFY2(outcome.told().size() > 20 && !(outcome.pause && outcome.pause->mayBeAnswered), outcome.told());
        const QString fate = m_migration->state().fateOfOld();
        const int status = m_stage.get("/postgres/" + m_old).status;
        QVERIFY2(status == 200 || fate == "deleting" || fate == "deleted", "deleted without a word before");
        QVERIFY(idsBesideOld().size() <= 1);
        outcome = m_migration->runUntilDone(2);
        if (outcome.pause && outcome.pause->question == MigrationQuestion::Gate && outcome.pause->mayBeAnswered) {
            outcome = m_migration->run(MigrationAnswer{MigrationQuestion::Gate, oldName, {}});
        }
    }
    QVERIFY2(outcome.isDone, outcome.told());
    QCOMPARE(idsBesideOld(), QStringList{m_migration->state().newInstanceId()});
    QCOMPARE(m_stage.get("/postgres/" + m_old).status, where.isTaken ? 404 : 200);
    QCOMPARE(m_migration->state().fateOfOld(), QString(where.isTaken ? "deleted" : "suspended"));
    QCOMPARE(askPsql(urlOf(m_migration->state().newInstanceId()), "SELECT 1"), QString("1"));
}

void TestMigrationInstances::aLostAnswerIsFoundByItsName()
{
    settings({{"suspended_counts", false}});
    planFor(oldName);
    begin(instanceSteps);
    fault("POST", "/postgres", "drop_after", -1, 0);
    fault("GET", "/postgres", "error", -1, 1); // nor could it be seen in the list
    auto outcome = m_migration->run();
    QCOMPARE(outcome.error.code, ErrorCode::OutcomeUnknown);
    noFaults();
    const QStringList made = idsBesideOld();
    QCOMPARE(made.size(), 1);
    QVERIFY(m_migration->state().newInstanceId().isEmpty());
    outcome = m_migration->run();
    QVERIFY2(outcome.isDone, outcome.told());
    QCOMPARE(idsBesideOld(), made);
    QCOMPARE(m_migration->state().newInstanceId(), made.first());
    QCOMPARE(statusOfOld(), QString("suspended"));
}

void TestMigrationInstances::whatWasThereBeforeIsNeverTaken()
{
    QJsonObject draft = m_stage.draft(oldName + "-2");
    draft["plan"] = "basic_256mb";
    const QString before = m_stage.createAvailable(draft);
    settings({{"suspended_counts", false}});
    planFor(oldName + "-2");
    begin(instanceSteps);
    for (int i = 0; i < 2; ++i) {
        const auto outcome = m_migration->run();
        QCOMPARE(outcome.error.code, ErrorCode::AlreadyExists);
        QVERIFY2(outcome.error.message.contains(before), outcome.told());
        QVERIFY2(outcome.error.message.contains("Nothing is lost"), outcome.told());
        QCOMPARE(idsBesideOld(), QStringList{before});
        QCOMPARE(statusOfOld(), QString("suspended"));
    }
    QCOMPARE(m_stage.ask("DELETE", "/postgres/" + before).status, 204);
    const auto outcome = m_migration->run();
    QVERIFY2(outcome.isDone, outcome.told());
}

void TestMigrationInstances::twoOfTheNameAreNamed()
{
    settings({{"suspended_counts", false}});
    planFor(oldName);
    m_migration->plan.draft.plan = "basic_256mb";
    begin(instanceSteps);
    fault("POST", "/postgres", "drop_after", 1, 0);
    fault("GET", "/postgres", "error", -1, 1);
    QCOMPARE(m_migration->run().error.code, ErrorCode::OutcomeUnknown);
    noFaults();
    QJsonObject draft = m_stage.draft(oldName);
    draft["plan"] = "basic_256mb";
    const QString other = m_stage.createAvailable(draft);
    const QStringList both = idsBesideOld();
    QCOMPARE(both.size(), 2);
    const auto outcome = m_migration->run();
    QCOMPARE(outcome.error.code, ErrorCode::Conflict);
    QVERIFY2(outcome.error.message.contains(both[0]) && outcome.error.message.contains(both[1]), outcome.told());
    QCOMPARE(idsBesideOld(), both);
    QCOMPARE(statusOfOld(), QString("suspended"));
    QCOMPARE(m_stage.ask("DELETE", "/postgres/" + other).status, 204);
    QVERIFY(m_migration->run().isDone);
    QCOMPARE(idsBesideOld(), QStringList{m_migration->state().newInstanceId()});
}

void TestMigrationInstances::anotherFreeOneKeepsTheOld()
{
    planFor(oldName);
    begin(instanceSteps);
    fault("POST", "/postgres", "drop_before", 1, 0);
    QVERIFY(!m_migration->run().isDone); // suspended, nothing created
    settings({{"suspended_counts", false}});
    const QString other = m_stage.createAvailable(m_stage.draft("somebody-elses"));
    QVERIFY(!other.isEmpty());
    settings({{"suspended_counts", true}});
    const auto outcome = m_migration->run();
    QCOMPARE(outcome.error.code, ErrorCode::Conflict);
    QVERIFY2(outcome.error.message.contains(other) && outcome.error.message.contains("nothing was deleted"),
             outcome.told());
    QCOMPARE(statusOfOld(), QString("suspended"));
    QCOMPARE(m_stage.ask("DELETE", "/postgres/" + other).status, 204);
    QVERIFY(m_migration->run().isDone);
}

void TestMigrationInstances::aCardIsAskedFor()
{
    planFor(oldName);
    begin(instanceSteps);
    settings({{"needs_card", true}});
    const auto outcome = m_migration->run();
    QCOMPARE(outcome.error.httpStatus, 402);
    QVERIFY2(outcome.error.message.contains("billing") && outcome.error.message.contains("Nothing is lost") &&
                 outcome.error.message.contains("resume"),
             outcome.told());
    QCOMPARE(statusOfOld(), QString("suspended"));
    QCOMPARE(idsBesideOld(), QStringList());
    settings({{"needs_card", false}});
    const auto again = m_migration->run();
    QVERIFY2(again.isDone, again.told());
}

/// Somebody takes a file away after the gate was passed.
void TestMigrationInstances::nothingGoesWhileTheGateIsShut()
{
    planFor(oldName);
    const QString copy = m_migration->secondFile(birds);
    const auto hide = [&] { QVERIFY(QFile::rename(copy, copy + ".away")); };
    const auto bringBack = [&] { QVERIFY(QFile::rename(copy + ".away", copy)); };
    begin(instanceSteps);
    fault("POST", "/postgres", "drop_before", 1, 0);
    QVERIFY(!m_migration->run().isDone); // suspended, nothing created
    hide();
    for (int i = 0; i < 2; ++i) {
        const auto outcome = m_migration->run(); // there is no place, so the old one would be deleted
        QVERIFY2(outcome.pause && !outcome.pause->mayBeAnswered, outcome.told());
        QVERIFY2(!outcome.pause->problems.isEmpty(), outcome.told());
        QCOMPARE(statusOfOld(), QString("suspended"));
        QCOMPARE(idsBesideOld(), QStringList());
    }
    bringBack();
    const auto outcome = m_migration->run();
    QVERIFY2(outcome.isDone, outcome.told());
    QCOMPARE(m_stage.get("/postgres/" + m_old).status, 404);
}

void TestMigrationInstances::somebodyElseWasFaster_data()
{
    QTest::addColumn<bool>("isDeleted");
    QTest::newRow("suspended") << false;
    QTest::newRow("deleted") << true;
}

void TestMigrationInstances::somebodyElseWasFaster()
{
    QFETCH(bool, isDeleted);
    settings({{"suspended_counts", false}});
    planFor(oldName);
    begin(instanceSteps);
    if (isDeleted) {
        QCOMPARE(m_stage.ask("DELETE", "/postgres/" + m_old).status, 204);
    } else {
        QCOMPARE(m_stage.post("/postgres/" + m_old + "/suspend").status, 202);
    }
    const auto outcome = m_migration->run();
    QVERIFY2(outcome.isDone, outcome.told());
    QCOMPARE(m_migration->state().fateOfOld(), QString(isDeleted ? "deleted" : "suspended"));
    QVERIFY(m_migration->factsOf(Step::RetireOld)["bySomebodyElse"].toBool());
    QCOMPARE(idsBesideOld(), QStringList{m_migration->state().newInstanceId()});
}

void TestMigrationInstances::aNewOneThatWasDeletedIsCreatedAgain()
{
    settings({{"suspended_counts", false}});
    planFor(oldName);
    begin(instanceSteps);
    fault("GET", "/postgres/*/connection-info", "error", -1, 0);
    QVERIFY(!m_migration->run().isDone);
    noFaults();
    const QString first = m_migration->state().newInstanceId();
    QVERIFY(!first.isEmpty());
    QCOMPARE(m_stage.ask("DELETE", "/postgres/" + first).status, 204);
    const auto outcome = m_migration->run();
    QVERIFY2(outcome.isDone, outcome.told());
    QVERIFY(m_migration->state().newInstanceId() != first);
    QCOMPARE(idsBesideOld(), QStringList{m_migration->state().newInstanceId()});
}

void TestMigrationInstances::theAllowListShutsUsOut()
{
    settings({{"suspended_counts", false}});
    planFor(oldName);
    m_migration->plan.draft.allowedAddresses = {{"198.51.100.0/24", "school"}};
    begin(instanceSteps);
    auto outcome = m_migration->run();
    QVERIFY2(outcome.error.message.contains("Access Control") && outcome.error.message.contains("198.51.100.0/24"),
             outcome.told());
    const QJsonArray everywhere{QJsonObject{{"cidrBlock", "0.0.0.0/0"}, {"description", "everywhere"}}};
    QCOMPARE(
        m_stage
            .ask("PATCH", "/postgres/" + m_migration->state().newInstanceId(), QJsonObject{{"ipAllowList", everywhere}})
            .status,
        200);
    outcome = m_migration->run();
    QVERIFY2(outcome.isDone, outcome.told());
}

QTEST_GUILESS_MAIN(TestMigrationInstances)
#include "tst_migrationinstances.moc"
