#include "../practice/practiceclient.h"

#include "operations/instancecreation.h"
#include "operations/migrationwork.h"
#include "planningdesk.h"
#include "postgres/databaseconnection.h"
#include "render/renderclient.h"

#include "support/sample.h"
#include <QtTest>

using namespace Roost;
using namespace Roost::Testing;

/// The step that changes a plan in place, against the stand-in for Render, with all that can go wrong with it: the plan
/// is changed once, nothing else is, and the data stays.
class TestMigrationUpgrade : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase() { m_stage.stop(); }
    void init();
    void changesThePlan();
    void whateverGoesWrong_data();
    void whateverGoesWrong();
    void aCardThatIsMissing();
    void anotherInstanceIsLeftAlone();
    void whatWasChangedByHandIsFine();

private:
    struct Outcome
    {
        Result<StepOutcome> result = failure(ErrorCode::Internal, {});
        QJsonObject facts;
        Result<ConnectionSpec> target = failure(ErrorCode::Internal, {});
    };
    Outcome upgrade();
    QString changedAt() { return m_stage.get("/postgres/" + m_instance).object()["updatedAt"].toString(); }
    QString planOf(const QString &id) { return m_stage.get("/postgres/" + id).object()["plan"].toString(); }
    QString asked() { return askPsql(m_url, "SELECT sum(n) FROM kept"); }

    PracticeStage m_stage;
    PlanningDesk m_desk;
    QString m_instance;
    QString m_url;
    MigrationPlan m_plan;
    int m_number = 0;
};

void TestMigrationUpgrade::initTestCase()
{
    m_stage.options.settings[QStringLiteral("creating_ms")] = 20;
    const QString problem = m_stage.start();
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    const QJsonObject many{{"get", 1000000}, {"write", 1000000}, {"create", 1000000}, {"service", 1000000}};
    QCOMPARE(m_stage.post("/practice/settings", QJsonObject{{"limits", many}}).status, 200);
    m_desk.access = m_stage.access();
}

/// A free instance, and a plan to change it.
void TestMigrationUpgrade::init()
{
    QCOMPARE(m_stage.ask("DELETE", "/practice/faults").status, 204);
    if (m_instance.isEmpty() || planOf(m_instance) != "free") {
        if (!m_instance.isEmpty()) {
            QCOMPARE(m_stage.ask("DELETE", "/postgres/" + m_instance).status, 204);
        }
        m_instance = m_stage.createAvailable(m_stage.draft());
        QVERIFY(!m_instance.isEmpty());
        RenderClient client(m_stage.access());
        m_url = client.connectionInfo(m_instance)->externalUrl.reveal();
        QCOMPARE(askPsql(m_url, "CREATE TABLE kept AS SELECT generate_series(1, 100) AS n"), QString());
    }
    JobContext context;
    const auto spec = connectionOf(m_stage.access(), m_instance, context);
    QVERIFY(spec);
    MigrationPlanRequest request;
    request.profileId = m_desk.save("class", *spec, m_instance).id;
    request.accountId = "account";
    request.path = MigrationPath::UpgradeInPlace;
    const auto planned = m_desk.plan(request);
    QVERIFY2(planned, planned ? "" : qPrintable(planned.error().message));
    QCOMPARE(planned->plan.blockers, QStringList());
    m_plan = planned->plan;
}

TestMigrationUpgrade::Outcome TestMigrationUpgrade::upgrade()
{
    const QString id = QStringLiteral("%1").arg(++m_number, 8, 16, QLatin1Char('0'));
    const auto journal = MigrationJournal::create(m_desk.home.filePath("journals"), id, toJson(m_plan));
    if (!journal) {
        QTest::qFail(qPrintable(journal.error().message), __FILE__, __LINE__);
        return {};
    }
    return m_desk.onWorker([&] {
        JobContext context;
        MigrationEnvironment environment = m_desk.environment();
        using namespace std::chrono_literals;
        environment.patience.times = RenderTimes{400ms, 10ms, 1500ms, 1500ms};
        MigrationWork work(**journal, environment, std::nullopt, context, *stateOf((*journal)->events()));
        Outcome outcome;
        outcome.result = upgradeInPlace(work);
        outcome.facts = work.state().facts.value(MigrationStep::Upgrade);
        outcome.target = work.target();
        return outcome;
    });
}

void TestMigrationUpgrade::changesThePlan()
{
    const Outcome outcome = upgrade();
    QVERIFY2(outcome.result, outcome.result ? "" : qPrintable(outcome.result.error().message));
    QVERIFY(!*outcome.result);
    QCOMPARE(planOf(m_instance), QString("basic_256mb"));
    QVERIFY(!m_stage.get("/postgres/" + m_instance).object().contains("expiresAt"));
    QCOMPARE(asked(), QString("5050"));
    QCOMPARE(outcome.facts["from"].toString(), QString("free"));
    QCOMPARE(outcome.facts["plan"].toString(), QString("basic_256mb"));
    QVERIFY(outcome.target); // the steps that follow find it where it was
    QCOMPARE(outcome.target->parameters, m_plan.connection);
    // Again: it looks, and asks for nothing.
    const QString before = changedAt();
    QVERIFY(upgrade().result);
    QCOMPARE(changedAt(), before);
}

void TestMigrationUpgrade::whateverGoesWrong_data()
{
    QTest::addColumn<QString>("method");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("kind");
    QTest::addColumn<int>("count");
    const QStringList reading{"drop_after", "error", "stall"};
    const QStringList writing{"drop_before", "error_after", "stall_after", "bad_json", "cut_body"};
    int number = 0;
    for (const QString method : {"GET", "PATCH"}) {
        for (const QString &kind : method == "GET" ? reading : reading + writing) {
            for (const int count : {1, -1}) {
                if (isInSample(number)) {
                    QTest::newRow(qPrintable(method + ' ' + kind + (count < 0 ? " always" : " once")))
                        << method << "/postgres/*" << kind << count;
                }
            }
        }
    }
}

/// One fault is survived, or what stands in the message is true; and going on afterwards ends well in any case.
void TestMigrationUpgrade::whateverGoesWrong()
{
    QFETCH(QString, method);
    QFETCH(QString, path);
    QFETCH(QString, kind);
    QFETCH(int, count);
    const QJsonObject fault{{"method", method}, {"path", path}, {"kind", kind}, {"count", count}};
    QCOMPARE(m_stage.post("/practice/faults", fault).status, 200);
    const Outcome first = upgrade();
    QCOMPARE(m_stage.ask("DELETE", "/practice/faults").status, 204);
    if (first.result) {
        QCOMPARE(planOf(m_instance), QString("basic_256mb"));
    } else {
        const QString &said = first.result.error().message;
        QVERIFY2(said.endsWith('.') || said.endsWith(QChar(0x201d)), qPrintable(said));
        QVERIFY(count < 0 || kind.endsWith("error"));
    }
    const QString before = changedAt();
    const bool isDone = planOf(m_instance) != "free";
    const Outcome second = upgrade();
    QVERIFY2(second.result, second.result ? "" : qPrintable(second.result.error().message));
    QCOMPARE(planOf(m_instance), QString("basic_256mb"));
    QCOMPARE(changedAt() == before, isDone);
    QCOMPARE(asked(), QString("5050"));
}

void TestMigrationUpgrade::aCardThatIsMissing()
{
    const QJsonObject fault{
        {"method", "PATCH"}, {"path", "/postgres/*"}, {"kind", "error"}, {"status", 402}, {"count", 1}};
    QCOMPARE(m_stage.post("/practice/faults", fault).status, 200);
    const Outcome outcome = upgrade();
    QVERIFY(!outcome.result);
    QVERIFY2(outcome.result.error().message.contains("dashboard.render.com/billing"),
             qPrintable(outcome.result.error().message));
    QCOMPARE(planOf(m_instance), QString("free"));
}

void TestMigrationUpgrade::anotherInstanceIsLeftAlone()
{
    m_plan.source.createdAt = m_plan.source.createdAt.addSecs(1);
    const Outcome outcome = upgrade();
    QVERIFY(!outcome.result);
    QCOMPARE(outcome.result.error().code, ErrorCode::Conflict);
    QCOMPARE(planOf(m_instance), QString("free"));
}

void TestMigrationUpgrade::whatWasChangedByHandIsFine()
{
    QCOMPARE(m_stage.ask("PATCH", "/postgres/" + m_instance, QJsonObject{{"plan", "basic_1gb"}}).status, 200);
    const QString before = changedAt();
    const Outcome outcome = upgrade();
    QVERIFY2(outcome.result, outcome.result ? "" : qPrintable(outcome.result.error().message));
    QCOMPARE(outcome.facts["plan"].toString(), QString("basic_1gb"));
    QCOMPARE(changedAt(), before);
}

QTEST_GUILESS_MAIN(TestMigrationUpgrade)
#include "tst_migrationupgrade.moc"
