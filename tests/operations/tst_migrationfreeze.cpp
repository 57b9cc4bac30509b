#include "../practice/practiceclient.h"
#include "migrationrunner.h"
#include "operations/birdslist.h"
#include "operations/instanceconnection.h"
#include "operations/servicelife.h"
#include "support/temporarycluster.h"

#include <QFile>

using namespace Roost;
using namespace Roost::Testing;

namespace {

const QString gate = keyOf(MigrationQuestion::Gate);

} // namespace

/// Services of an account that write: suspended and resumed, whatever happens meanwhile; and whose instance it is that
/// the gate is about. Against the stand-in for Render, with a real service.
class TestMigrationFreeze : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void cleanupTestCase() { m_stage.stop(); }

    void suspendsAndRemembersTheBirds();
    void interruptedAfterEveryLine();
    void aSuspensionThatGoesWrong_data();
    void aSuspensionThatGoesWrong();
    void whatWasSuspendedStaysSo();
    void goesBack();
    void goingBackIsCutOff();
    void anotherInstance();
    void theOrderOfBirdsIsNobodysBusiness();

private:
    QJsonObject service() { return m_stage.get("/services/" + m_service.id).object(); }
    bool isSuspended() { return service()["suspended"].toString() == u"suspended"; }
    QString frozenAs()
    {
        return m_runner->facts(MigrationStep::Freeze)["services"][m_service.id]["suspended"].toString();
    }
    void fault(const QString &method, const QString &path, const QString &kind, int count)
    {
        const QJsonObject wanted{{"method", method}, {"path", path}, {"kind", kind}, {"skip", 0}, {"count", count}};
        QCOMPARE(m_stage.post("/practice/faults", wanted).status / 100, 2);
    }

    PracticeStage m_stage;
    TemporaryCluster m_scratch;
    Service m_service;
    PostgresInstance m_instance;
    ConnectionSpec m_source;
    MigrationPlan m_plan;
    std::unique_ptr<MigrationRunner> m_runner;
};

void TestMigrationFreeze::initTestCase()
{
    m_stage.options.hasSample = true;
    const QString problem = m_stage.start();
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    QVERIFY2(m_scratch.start(), qPrintable(m_scratch.problem()));
    const QJsonObject many{{"get", 1000000}, {"write", 1000000}, {"create", 1000000}, {"service", 1000000}};
    QCOMPARE(m_stage.post("/practice/settings", QJsonObject{{"limits", many}}).status, 200);
    RenderClient client(m_stage.access());
    const auto services = client.services();
    const auto instances = client.instances();
    QVERIFY(services && services->size() == 1 && instances && instances->size() == 1);
    m_service = services->first();
    m_instance = *client.instance(instances->first().id);
    JobContext context;
    const auto source = connectionOf(m_stage.access(), m_instance.id, context);
    QVERIFY2(source, source ? "" : qPrintable(source.error().message));
    m_source = *source;
}

void TestMigrationFreeze::init()
{
    m_runner = std::make_unique<MigrationRunner>();
    m_runner->environment().scratchServer = [spec = m_scratch.spec("postgres")](const JobContext &) {
        return Result<ConnectionSpec>(spec);
    };
    m_runner->environment().access = [this](const QString &, const JobContext &) {
        return Result<RenderAccess>(m_stage.access());
    };
    m_runner->environment().patience.times = {std::chrono::milliseconds(3000), std::chrono::milliseconds(5),
                                              std::chrono::milliseconds(300), std::chrono::milliseconds(300)};
    m_plan = m_runner->plan(m_source, {m_instance.databaseName, "bird_app_db"});
    m_plan.accountId = "account-1";
    m_plan.source = m_instance;
    MigrationService planned;
    planned.id = m_service.id;
    planned.name = m_service.name;
    planned.url = m_service.url;
    planned.answersBirds = true;
    m_plan.services = {planned};
    QVERIFY(m_runner->keep(m_plan.profileId, m_source.password));
}

void TestMigrationFreeze::cleanup()
{
    QCOMPARE(m_stage.ask("DELETE", "/practice/faults").status / 100, 2);
    m_runner.reset();
    if (isSuspended()) {
        RenderClient client(m_stage.access());
        QVERIFY(resumeAndCheck(client, m_service, JobContext()));
    }
}

void TestMigrationFreeze::suspendsAndRemembersTheBirds()
{
    QVERIFY(m_runner->begin(m_plan));
    QCOMPARE(endOf(m_runner->go()), gate);
    QVERIFY(isSuspended());
    QCOMPARE(frozenAs(), QString("yes"));
    const QJsonObject birds = m_runner->facts(MigrationStep::Freeze)["birds"][m_service.id].toObject();
    QCOMPARE(birds["status"].toInt(), 200);
    QVERIFY(birds["count"].toInt() > 0);
    QCOMPARE(birds["sha256"].toString().size(), 64);
    // Asked for before it was done, and read back after.
    QStringList states;
    const QList<MigrationEvent> events = m_runner->journal().events();
    for (const MigrationEvent &event : events) {
        if (event.step == "freeze" && event.kind == "note" && event.data.contains("services")) {
            states += event.data["services"][m_service.id]["suspended"].toString();
        }
    }
    QCOMPARE(states, QStringList({"asked", "yes"}));
    (void)m_runner->giveUp();
}

void TestMigrationFreeze::interruptedAfterEveryLine()
{
    QVERIFY(m_runner->begin(m_plan));
    QCOMPARE(endOf(m_runner->go()), gate);
    QFile file(m_runner->journal().file());
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QList<QByteArray> lines = file.readAll().trimmed().split('\n');
    const QJsonObject birds = m_runner->facts(MigrationStep::Freeze)["birds"][m_service.id].toObject();
    for (qsizetype kept = 1; kept < lines.size() && kept < 8; ++kept) {
        for (const bool wasDone : {true, false}) { // the deed after that line, before the program was killed
            RenderClient client(m_stage.access());
            if (isSuspended() != wasDone) {
                QVERIFY(wasDone ? suspendAndCheck(client, m_service, JobContext())
                                : resumeAndCheck(client, m_service, JobContext()));
            }
            const bool wasAsked = lines.first(kept).join().contains("\"asked\"");
            QFile cut(file.fileName());
            QVERIFY(cut.open(QIODevice::WriteOnly | QIODevice::Truncate));
            cut.write(lines.first(kept).join('\n') + '\n');
            cut.close();
            QVERIFY(m_runner->reopen());
            QCOMPARE(endOf(m_runner->go()), gate);
            if (!m_runner->state().isDone(MigrationStep::Freeze)) {
                QFAIL("not frozen");
            }
            // Before it was asked for, somebody else suspended it, and it is theirs.
            QCOMPARE(frozenAs(), QString(wasDone && !wasAsked ? "was" : "yes"));
            QCOMPARE(m_runner->listedBackups(), 2);
            const QJsonObject now = m_runner->facts(MigrationStep::Freeze)["birds"][m_service.id].toObject();
            QVERIFY(now.isEmpty() || now == birds);
        }
    }
}

void TestMigrationFreeze::aSuspensionThatGoesWrong_data()
{
    QTest::addColumn<QString>("kind");
    for (const char *kind : {"drop_after", "drop_before", "error", "error_after", "bad_json"}) {
        QTest::newRow(kind) << QString(kind);
    }
}

void TestMigrationFreeze::aSuspensionThatGoesWrong()
{
    QFETCH(QString, kind);
    QVERIFY(m_runner->begin(m_plan));
    fault("POST", "/services/*/suspend", kind, 1);
    const auto once = m_runner->go();
    if (!once) {
        QVERIFY(!isSuspended());
        QCOMPARE(frozenAs(), QString("asked"));
        QVERIFY(m_runner->reopen());
        QCOMPARE(endOf(m_runner->go()), gate);
    }
    QVERIFY(isSuspended());
    QCOMPARE(frozenAs(), QString("yes"));
    QVERIFY(m_runner->giveUp());
    QVERIFY(!isSuspended());
}

void TestMigrationFreeze::whatWasSuspendedStaysSo()
{
    RenderClient client(m_stage.access());
    QVERIFY(suspendAndCheck(client, m_service, JobContext()));
    // The plan knew it.
    m_plan.services.first().isSuspended = true;
    QVERIFY(m_runner->begin(m_plan));
    QCOMPARE(endOf(m_runner->go()), gate);
    QCOMPARE(frozenAs(), QString());
    QVERIFY(m_runner->giveUp());
    QVERIFY(isSuspended());
    // The plan did not.
    m_plan.id = "2b3c4d5e";
    m_plan.services.first().isSuspended = false;
    QVERIFY(m_runner->begin(m_plan));
    QCOMPARE(endOf(m_runner->go()), gate);
    QCOMPARE(frozenAs(), QString("was"));
    QVERIFY(m_runner->giveUp());
    QVERIFY(isSuspended());
    QCOMPARE(m_runner->state().end, MigrationState::End::GivenUp);
}

void TestMigrationFreeze::goesBack()
{
    QVERIFY(m_runner->begin(m_plan));
    QCOMPARE(endOf(m_runner->go()), gate);
    QVERIFY(isSuspended());
    const auto given = m_runner->giveUp();
    QVERIFY2(given, given ? "" : qPrintable(given.error().message));
    QVERIFY(!isSuspended());
    QCOMPARE(frozenAs(), QString("resumed"));
    QCOMPARE(m_runner->state().end, MigrationState::End::GivenUp);
    QVERIFY(!m_runner->go());
}

void TestMigrationFreeze::goingBackIsCutOff()
{
    QVERIFY(m_runner->begin(m_plan));
    QCOMPARE(endOf(m_runner->go()), gate);
    fault("POST", "/services/*/resume", "error", -1);
    QVERIFY(!m_runner->giveUp());
    QVERIFY(isSuspended());
    QCOMPARE(m_runner->state().end, MigrationState::End::Open);
    QCOMPARE(m_stage.ask("DELETE", "/practice/faults").status / 100, 2);
    // Resumed, but killed before that was written down: whoever goes on has it frozen again.
    RenderClient client(m_stage.access());
    QVERIFY(resumeAndCheck(client, m_service, JobContext()));
    QVERIFY(m_runner->reopen());
    QCOMPARE(endOf(m_runner->go()), gate);
    QVERIFY(isSuspended());
    QVERIFY(m_runner->giveUp());
    QVERIFY(!isSuspended());
}

void TestMigrationFreeze::anotherInstance()
{
    m_plan.services.clear();
    QVERIFY(m_runner->begin(m_plan));
    QCOMPARE(endOf(m_runner->go()), gate);
    const QString path = "/postgres/" + m_instance.id;
    QCOMPARE(m_stage.ask("PATCH", path, QJsonObject{{"name", "renamed-db"}}).status, 200);
    const auto shut = m_runner->answer(MigrationQuestion::Gate, m_instance.name);
    QCOMPARE(endOf(shut), gate);
    QVERIFY(!(*shut)->mayBeAnswered);
    QVERIFY2((*shut)->problems.join('\n').contains("renamed-db"), qPrintable((*shut)->problems.join('\n')));
    QVERIFY(!m_runner->state().isDone(MigrationStep::Gate));
    QCOMPARE(m_stage.ask("PATCH", path, QJsonObject{{"name", m_instance.name}}).status, 200);
    QCOMPARE(endOf(m_runner->go()), gate);
    // Render does not answer: then nobody knows, and it stays shut.
    fault("GET", path, "error", -1);
    const auto silent = m_runner->answer(MigrationQuestion::Gate, m_instance.name);
    QCOMPARE(endOf(silent), gate);
    QVERIFY(!(*silent)->mayBeAnswered);
    QVERIFY(m_runner->problems(true).size() >= 1);
    QCOMPARE(m_stage.ask("DELETE", "/practice/faults").status / 100, 2);
    QCOMPARE(endOf(m_runner->go()), gate);
    QCOMPARE(m_runner->listedBackups(), 2);
}

void TestMigrationFreeze::theOrderOfBirdsIsNobodysBusiness()
{
    const BirdsList one = birdsListOf(R"([{"id":1,"name":"Wren"},{"name":"Owl","id":2}])");
    const BirdsList other = birdsListOf(R"([ {"id":2,"name":"Owl"}, {"id":1,"name":"Wren"} ])");
    QCOMPARE(one.count, 2);
    QCOMPARE(one.sha256, other.sha256);
    QVERIFY(birdsListOf(R"([{"id":1,"name":"Wren"},{"name":"owl","id":2}])").sha256 != one.sha256);
    QVERIFY(birdsListOf(R"([{"id":1,"name":"Wren"}])").sha256 != one.sha256);
    QCOMPARE(birdsListOf("[]").count, 0);
    QCOMPARE(birdsListOf("<html>").count, -1);
}

QTEST_GUILESS_MAIN(TestMigrationFreeze)
#include "tst_migrationfreeze.moc"
