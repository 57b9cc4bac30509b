#include "../practice/practiceclient.h"

#include "operations/instanceconnection.h"
#include "operations/migrationplan.h"
#include "support/migrationstage.h"
#include "support/psql.h"
#include "support/sampledatabase.h"

#include <QFile>
#include <QUrl>

#include <atomic>

using namespace Roost;
using namespace Roost::Testing;

namespace {

using namespace std::chrono_literals;
using Step = MigrationStep;

const QString oldName = QStringLiteral("school-db");
const QString birds = QStringLiteral("bird_app_db");
const QList<Step> instanceSteps{Step::RetireOld, Step::CreateNew, Step::AwaitNew};
const QList<Step> allSteps{Step::RetireOld, Step::CreateNew, Step::AwaitNew,
                           Step::Restore,   Step::Compare,   Step::Analyze};

RenderPatience brief()
{
    RenderPatience patience;
    patience.lookEvery = 30ms;
    patience.lookFor = 400ms;
    patience.firstPoll = 30ms;
    patience.longestPoll = 100ms;
    patience.waitFor = 60s;
    patience.times = RenderTimes{400ms, 10ms, 400ms, 400ms};
    return patience;
}

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

/// The old instance goes and the new one comes, whatever Render, the network and the server do meanwhile.
class TestMigrationInstances : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();
    void init();
    void movesEverything_data();
    void movesEverything();
    void whateverGoesWrong_data();
    void whateverGoesWrong();
    void aLostAnswerIsFoundByItsName();
    void whatWasThereBeforeIsNeverTaken();
    void twoOfTheNameAreNamed();
    void anotherFreeOneKeepsTheOld();
    void aCardIsAskedFor();
    void somebodyElseWasFaster_data();
    void somebodyElseWasFaster();
    void aNewOneThatWasDeletedIsCreatedAgain();
    void theAllowListShutsUsOut();
    void interruptedRestoresAreRedone_data();
    void interruptedRestoresAreRedone();
    void aDamagedBackupHasASecondCopy();
    void whatDiffersIsRestoredOnceMore();
    void byHand_data();
    void byHand();

private:
    void settings(const QJsonObject &values) { QCOMPARE(m_stage.post("/practice/settings", values).status, 200); }
    void fault(const QString &method, const QString &path, const QString &kind, int count, int skip)
    {
        const QJsonObject wish{{"method", method}, {"path", path}, {"kind", kind}, {"count", count}, {"skip", skip}};
        QCOMPARE(m_stage.post("/practice/faults", wish).status, 200);
    }
    void noFaults() { QCOMPARE(m_stage.ask("DELETE", "/practice/faults").status, 204); }
    QJsonArray all() { return m_stage.get("/postgres?limit=100").array(); }
    QStringList idsBesideOld();
    QString statusOfOld() { return m_stage.statusOf(m_old); }
    QString urlOf(const QString &id, const QString &database = {});
    ConnectionSpec specOf(const QString &id);
    void makeOld();
    void planFor(const QString &newName, const QStringList &databases = {birds});
    void begin(const QList<Step> &wanted);
    /// Of the old one, before it goes.
    QString fingerprintOfOld() { return databaseFingerprint(m_oldSpec.withDatabase(birds)); }
    void judgeNew(const QString &fingerprint);

    PracticeStage m_stage;
    std::unique_ptr<MigrationStage> m_migration;
    QString m_old;
    ConnectionSpec m_oldSpec;
    QString m_fingerprint; ///< of the sample in the old one
    int m_faults = 0;
};

void TestMigrationInstances::initTestCase()
{
    m_stage.options.settings[QStringLiteral("creating_ms")] = 20;
    const QString problem = m_stage.start();
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    const QJsonObject many{{"get", 1000000}, {"write", 1000000}, {"create", 1000000}, {"service", 1000000}};
    settings({{"limits", many}});
}

void TestMigrationInstances::cleanupTestCase()
{
    qInfo("%d faults tried", m_faults);
    m_migration.reset();
    m_stage.stop();
}

QStringList TestMigrationInstances::idsBesideOld()
{
    QStringList ids;
    for (const QJsonValue &each : all()) {
        ids += each["postgres"]["id"].toString();
    }
    ids.removeAll(m_old);
    return ids;
}

QString TestMigrationInstances::urlOf(const QString &id, const QString &database)
{
    QUrl url(m_stage.get("/postgres/" + id + "/connection-info").object()["externalConnectionString"].toString());
    if (!database.isEmpty()) {
        url.setPath('/' + database);
    }
    return url.toString();
}

ConnectionSpec TestMigrationInstances::specOf(const QString &id)
{
    JobContext context;
    const auto spec = connectionOf(m_stage.access(), id, context);
    return spec.value_or(ConnectionSpec());
}

/// An old instance that is available, with the sample in it, and no other one.
void TestMigrationInstances::init()
{
    noFaults();
    settings({{"suspended_counts", true}, {"needs_card", false}, {"creating_ms", 20}});
    for (const QString &id : idsBesideOld()) {
        QCOMPARE(m_stage.ask("DELETE", "/postgres/" + id).status, 204);
    }
    const int isThere = m_old.isEmpty() ? 404 : m_stage.get("/postgres/" + m_old).status;
    if (isThere == 404) {
        makeOld();
        return;
    }
    if (statusOfOld() != "available") {
        QCOMPARE(m_stage.post("/postgres/" + m_old + "/resume").status, 202);
    }
    QTRY_COMPARE_WITH_TIMEOUT(statusOfOld(), QString("available"), 60000);
}

void TestMigrationInstances::makeOld()
{
    m_old = m_stage.createAvailable(m_stage.draft(oldName));
    QVERIFY(!m_old.isEmpty());
    m_oldSpec = specOf(m_old);
    QCOMPARE(askPsql(urlOf(m_old), "CREATE DATABASE " + birds + " TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"), "");
    fillSampleDatabase(m_oldSpec.withDatabase(birds), m_oldSpec.parameters.user);
    QCOMPARE(askPsql(urlOf(m_old), "COMMENT ON DATABASE " + birds + " IS 'all birds'"), "");
    QCOMPARE(askPsql(urlOf(m_old), "ALTER DATABASE " + birds + " SET work_mem = '7MB'"), "");
    QCOMPARE(askPsql(urlOf(m_old), "ALTER DATABASE " + birds + " CONNECTION LIMIT 20"), "");
    QCOMPARE(askPsql(urlOf(m_old), "ALTER ROLE current_user IN DATABASE " + birds + " SET search_path = public, nest"),
             "");
    m_fingerprint = fingerprintOfOld();
}

void TestMigrationInstances::planFor(const QString &newName, const QStringList &databases)
{
    m_migration = std::make_unique<MigrationStage>([this] { return m_stage.access(); }, brief());
    RenderClient client(m_stage.access());
    const auto source = client.instance(m_old);
    QVERIFY(source);
    QString problem = m_migration->planToMove(*source, m_oldSpec, databases, newName);
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    problem = m_migration->backUpAll();
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
}

void TestMigrationInstances::begin(const QList<Step> &wanted)
{
    const QString problem = m_migration->begin(wanted);
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
}

/// Exactly one new instance, which holds what the old one held.
void TestMigrationInstances::judgeNew(const QString &fingerprint)
{
    const QStringList made = idsBesideOld();
    QCOMPARE(made, QStringList{m_migration->state().newInstanceId()});
    const ConnectionSpec spec = specOf(made.first());
    QCOMPARE(m_migration->state().newConnection(), std::optional(spec.parameters));
    const ConnectionSpec there = spec.withDatabase(birds);
    QCOMPARE(databaseFingerprint(there), fingerprint);
    const QString about = runPsql(there, "SELECT r.rolname = current_user, d.datcollate, d.datconnlimit, "
                                         "shobj_description(d.oid, 'pg_database'), current_setting('work_mem'), "
                                         "current_setting('search_path') FROM pg_database d "
                                         "JOIN pg_roles r ON r.oid = d.datdba WHERE d.datname = current_database()");
    QCOMPARE(about, QString("t|C|20|all birds|7MB|public, nest"));
    const QString analyzed = runPsql(there, "SELECT count(*) > 3 FROM pg_stats WHERE schemaname IN ('public', 'nest')");
    QCOMPARE(analyzed, QString("t"));
}

void TestMigrationInstances::movesEverything_data()
{
    QTest::addColumn<bool>("suspendedCounts");
    QTest::addColumn<QString>("newName");
    QTest::newRow("deleted because a suspended one counts, same name") << true << oldName;
    QTest::newRow("only suspended, same name") << false << oldName;
    QTest::newRow("deleted, other name") << true << oldName + "-2";
    QTest::newRow("only suspended, other name") << false << oldName + "-2";
}

void TestMigrationInstances::movesEverything()
{
    QFETCH(bool, suspendedCounts);
    QFETCH(QString, newName);
    settings({{"suspended_counts", suspendedCounts}});
    const QString ownDatabase = m_oldSpec.parameters.database;
    const QString own = urlOf(m_old);
    QCOMPARE(askPsql(own, "DROP TABLE IF EXISTS own; CREATE TABLE own (id int); INSERT INTO own VALUES (7)"), "");
    planFor(newName, {ownDatabase, birds});
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

void TestMigrationInstances::whateverGoesWrong_data()
{
    QTest::addColumn<int>("place");
    QTest::addColumn<QString>("kind");
    for (int i = 0; i < places.size(); ++i) {
        for (const char *kind : {"drop_before", "drop_after", "error", "error_after", "stall", "bad_json"}) {
            QTest::newRow(qPrintable(QString("%1: %2").arg(places.at(i).name, kind))) << i << kind;
        }
    }
}

/// Once, and then always until the program is started anew: in the end there is exactly one new instance.
void TestMigrationInstances::whateverGoesWrong()
{
    QFETCH(int, place);
    QFETCH(QString, kind);
    const Place &where = places.at(place);
    settings({{"suspended_counts", where.isTaken}});
    static QString plannedFor;
    if (plannedFor != m_old) {
        planFor(oldName);
        plannedFor = m_old;
    }
    begin(instanceSteps);
    fault(where.method, where.path, kind, 1, where.skip);
    ++m_faults;
    auto outcome = m_migration->run();
    if (!outcome.isDone) {
        noFaults();
        const QByteArray said = outcome.error.message.toUtf8();
        QVERIFY2(said.size() > 20, outcome.told());
        const QString fate = m_migration->state().fateOfOld();
        const int status = m_stage.get("/postgres/" + m_old).status;
        QVERIFY2(status == 200 || fate == "deleting" || fate == "deleted", "deleted without a word before");
        QVERIFY(idsBesideOld().size() <= 1);
        outcome = m_migration->runUntilDone(2);
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

void TestMigrationInstances::interruptedRestoresAreRedone_data()
{
    QTest::addColumn<QString>("how");
    for (const char *how : {"cancelled", "backend killed", "left half filled", "left empty", "answer not written"}) {
        QTest::newRow(how) << how;
    }
}

void TestMigrationInstances::interruptedRestoresAreRedone()
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
    const QJsonObject created = m_migration->factsOf(Step::CreateNew);
    const QJsonObject awaited = m_migration->factsOf(Step::AwaitNew);
    begin({Step::Restore, Step::Compare, Step::Analyze});
    QVERIFY(m_migration->journal->append("create-new", "note", created));
    QVERIFY(m_migration->journal->append("await-new", "note", awaited));
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
        begin({Step::Restore, Step::Compare, Step::Analyze}); // the journal knows nothing of it
        QVERIFY(m_migration->journal->append("create-new", "note", created));
        QVERIFY(m_migration->journal->append("await-new", "note", awaited));
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

void TestMigrationInstances::aDamagedBackupHasASecondCopy()
{
    settings({{"suspended_counts", false}});
    planFor(oldName);
    const QString fingerprint = fingerprintOfOld();
    begin(instanceSteps);
    QVERIFY(m_migration->run().isDone);
    const QJsonObject created = m_migration->factsOf(Step::CreateNew);
    const QJsonObject awaited = m_migration->factsOf(Step::AwaitNew);
    begin({Step::Restore, Step::Compare, Step::Analyze});
    QVERIFY(m_migration->journal->append("create-new", "note", created));
    QVERIFY(m_migration->journal->append("await-new", "note", awaited));
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
    begin({Step::Restore});
    QVERIFY(m_migration->journal->append("create-new", "note", created));
    QVERIFY(m_migration->journal->append("await-new", "note", awaited));
    const auto without = m_migration->run();
    QCOMPARE(without.error.code, ErrorCode::NotFound);
    QVERIFY2(without.error.message.contains(birds), without.told());
}

void TestMigrationInstances::whatDiffersIsRestoredOnceMore()
{
    settings({{"suspended_counts", false}});
    const QString fingerprint = fingerprintOfOld();
    planFor(oldName);
    begin({Step::RetireOld, Step::CreateNew, Step::AwaitNew, Step::Restore});
    const auto restored = m_migration->run();
    QVERIFY2(restored.isDone, restored.told());
    const QJsonObject created = m_migration->factsOf(Step::CreateNew);
    const QJsonObject awaited = m_migration->factsOf(Step::AwaitNew);
    begin({Step::Compare, Step::Analyze});
    QVERIFY(m_migration->journal->append("create-new", "note", created));
    QVERIFY(m_migration->journal->append("await-new", "note", awaited));
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

void TestMigrationInstances::byHand_data()
{
    QTest::addColumn<bool>("isDeleted");
    QTest::newRow("suspended") << false;
    QTest::newRow("deleted") << true;
}

/// With the user at the dashboard, who makes every mistake once.
void TestMigrationInstances::byHand()
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

QTEST_GUILESS_MAIN(TestMigrationInstances)
#include "tst_migrationinstances.moc"
