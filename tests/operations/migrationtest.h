#pragma once

#include "../practice/practiceclient.h"

#include "operations/instanceconnection.h"
#include "operations/migrationplan.h"
#include "support/migrationstage.h"
#include "support/psql.h"
#include "support/sampledatabase.h"

namespace Roost::Testing {

/// QtTest ends a program after five minutes; with many servers to make, a busy computer takes longer.
inline const bool isPatient = qputenv("QTEST_FUNCTION_TIMEOUT", "590000");

/// What tests of a migration's steps share: the stand-in for Render with an old instance that has the sample in it, and
/// a migration of it. In the main thread.
class MigrationTest
{
protected:
    using Step = MigrationStep;

    static RenderPatience brief();
    void startStage();
    /// The old instance is available, and there is no other one.
    void prepare();
    void settings(const QJsonObject &values) { QCOMPARE(m_stage.post("/practice/settings", values).status, 200); }
    void noFaults() { QCOMPARE(m_stage.ask("DELETE", "/practice/faults").status, 204); }
    void fault(const QString &method, const QString &path, const QString &kind, int count, int skip)
    {
        const QJsonObject wish{{"method", method}, {"path", path}, {"kind", kind}, {"count", count}, {"skip", skip}};
        QCOMPARE(m_stage.post("/practice/faults", wish).status, 200);
    }
    QStringList idsBesideOld();
    QString statusOfOld() { return m_stage.statusOf(m_old); }
    QString urlOf(const QString &id, const QString &database = {});
    ConnectionSpec specOf(const QString &id);
    /// All databases, as the gate wants it.
    void planFor(const QString &newName);
    void begin(const QList<Step> &wanted);
    /// As begin(), with the new instance of the last journal.
    void beginBeside(const QList<Step> &wanted);
    /// Of the old one, before it goes.
    QString fingerprintOfOld() { return databaseFingerprint(m_oldSpec.withDatabase(birds)); }
    void judgeNew(const QString &fingerprint);

    inline static const QString oldName = QStringLiteral("school-db");
    inline static const QString birds = QStringLiteral("bird_app_db");

    PracticeStage m_stage;
    std::unique_ptr<MigrationStage> m_migration;
    QString m_old;
    ConnectionSpec m_oldSpec;

private:
    void makeOld();
};

inline RenderPatience MigrationTest::brief()
{
    using namespace std::chrono_literals;
    RenderPatience patience;
    patience.lookEvery = 30ms;
    patience.lookFor = 400ms;
    patience.firstPoll = 30ms;
    patience.longestPoll = 100ms;
    patience.waitFor = 60s;
    patience.times = RenderTimes{400ms, 10ms, 400ms, 400ms};
    return patience;
}

inline void MigrationTest::startStage()
{
    m_stage.options.settings[QStringLiteral("creating_ms")] = 20;
    const QString problem = m_stage.start();
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    const QJsonObject many{{"get", 1000000}, {"write", 1000000}, {"create", 1000000}, {"service", 1000000}};
    settings({{"limits", many}});
}

inline QStringList MigrationTest::idsBesideOld()
{
    QStringList ids;
    const QJsonArray all = m_stage.get("/postgres?limit=100").array();
    for (const QJsonValue &each : all) {
        ids += each["postgres"]["id"].toString();
    }
    ids.removeAll(m_old);
    return ids;
}

inline QString MigrationTest::urlOf(const QString &id, const QString &database)
{
    QUrl url(m_stage.get("/postgres/" + id + "/connection-info").object()["externalConnectionString"].toString());
    if (!database.isEmpty()) {
        url.setPath('/' + database);
    }
    return url.toString();
}

inline ConnectionSpec MigrationTest::specOf(const QString &id)
{
    JobContext context;
    const auto spec = connectionOf(m_stage.access(), id, context);
    return spec.value_or(ConnectionSpec());
}

inline void MigrationTest::prepare()
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

inline void MigrationTest::makeOld()
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
}

inline void MigrationTest::planFor(const QString &newName)
{
    m_migration = std::make_unique<MigrationStage>([this] { return m_stage.access(); }, brief());
    RenderClient client(m_stage.access());
    const auto source = client.instance(m_old);
    QVERIFY(source);
    QString problem = m_migration->planToMove(*source, m_oldSpec, {m_oldSpec.parameters.database, birds}, newName);
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    problem = m_migration->backUpAll();
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
}

inline void MigrationTest::begin(const QList<Step> &wanted)
{
    const QString problem = m_migration->begin(wanted);
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
}

/// Exactly one new instance, which holds what the old one held.
inline void MigrationTest::judgeNew(const QString &fingerprint)
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

inline void MigrationTest::beginBeside(const QList<Step> &wanted)
{
    const QJsonObject created = m_migration->factsOf(Step::CreateNew);
    const QJsonObject awaited = m_migration->factsOf(Step::AwaitNew);
    begin(wanted);
    QVERIFY(m_migration->journal->append(keyOf(Step::CreateNew), "note", created));
    QVERIFY(m_migration->journal->append(keyOf(Step::AwaitNew), "note", awaited));
}

} // namespace Roost::Testing
