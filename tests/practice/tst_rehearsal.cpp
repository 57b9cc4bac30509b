#include "practiceclient.h"

#include "operations/instanceconnection.h"
#include "operations/listedbackup.h"
#include "operations/servicecall.h"
#include "practice/practicerenderprocess.h"
#include "practice/rehearsal.h"
#include "render/renderclient.h"

#include <QtTest>

using namespace Roost;
using namespace Roost::Testing;

namespace {

const QString birds = QStringLiteral("bird_app_db");

} // namespace

/// Rehearsals on a stand-in for Render, from backups and from live databases.
class TestRehearsal : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase() { m_stage.stop(); }
    void refusesRenderItself();
    void asksForSomethingToRehearseWith();
    void rehearsesFromLiveDatabases();
    void rehearsesAgainFromBackups();
    void twoBackupsOfOneDatabase();

private:
    RehearsalRequest request() const
    {
        RehearsalRequest request;
        request.access = m_stage.access();
        request.name = QStringLiteral("class-db");
        request.backupFolder = m_home.filePath(QStringLiteral("backups"));
        return request;
    }
    BackupCatalog catalog() const { return BackupCatalog(m_home.filePath(QStringLiteral("roost.db"))); }
    QJsonArray instances() { return m_stage.get("/postgres?limit=100").array(); }
    QString variable()
    {
        return m_stage.get("/services/" + m_service + "/env-vars/DATABASE_URI").object()["value"].toString();
    }
    void judge(const Rehearsal &made);

    QTemporaryDir m_home;
    PracticeStage m_stage;
    QString m_sample;
    QString m_service;
    ConnectionSpec m_live;
    Rehearsal m_first;
};

void TestRehearsal::initTestCase()
{
    m_stage.options.hasSample = true;
    const QString problem = m_stage.start();
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    RenderClient client(m_stage.access());
    m_sample = client.instances()->first().id;
    m_service = client.services()->first().id;
    JobContext context;
    const auto spec = connectionOf(m_stage.access(), m_sample, context);
    QVERIFY(spec);
    m_live = *spec;
    const QString url = client.connectionInfo(m_sample)->externalUrl.reveal();
    QCOMPARE(askPsql(url, "CREATE DATABASE shop"), QString());
    QCOMPARE(askPsql(url, "CREATE TABLE orders AS SELECT generate_series(1, 500) AS n", "shop"), QString());
}

void TestRehearsal::refusesRenderItself()
{
    RehearsalRequest wish = request();
    wish.live = m_live;
    JobContext context;
    for (const char *api : {"https://api.render.com/v1", "https://10.0.0.1/v1"}) {
        wish.access = RenderAccess{QUrl(api), Secret("rnd_real")};
        const auto made = prepareRehearsal(wish, catalog(), context);
        QVERIFY(!made);
        QCOMPARE(made.error().code, ErrorCode::NotAllowed);
    }
    // Something else on this computer, or another key.
    wish.access = RenderAccess{m_stage.access().api, Secret("rnd_other")};
    QCOMPARE(prepareRehearsal(wish, catalog(), context).error().code, ErrorCode::NotAllowed);
    QVERIFY(!QFileInfo::exists(wish.backupFolder));
    QCOMPARE(instances().size(), 1);
}

void TestRehearsal::asksForSomethingToRehearseWith()
{
    JobContext context;
    QCOMPARE(prepareRehearsal(request(), catalog(), context).error().code, ErrorCode::InvalidInput);
    QCOMPARE(instances().size(), 1);
}

/// One instance of this name with the databases, on day 29.
void TestRehearsal::judge(const Rehearsal &made)
{
    QCOMPARE(made.databases, (QStringList{birds, "shop"}));
    int named = 0;
    for (const QJsonValue &each : instances()) {
        named += each["postgres"]["name"].toString() == "class-db" ? 1 : 0;
    }
    QCOMPARE(named, 1);
    const QJsonObject instance = m_stage.get("/postgres/" + made.instanceId).object();
    QCOMPARE(instance["name"].toString(), QString("class-db"));
    QCOMPARE(instance["plan"].toString(), QString("free"));
    QCOMPARE(instance["status"].toString(), QString("available"));
    JobContext context;
    const auto now = practiceTime(made.access, context);
    QVERIFY(now);
    const qint64 left = now->secsTo(made.expiresAt);
    QVERIFY2(left > 23 * 3600 && left <= 24 * 3600, qPrintable(QString::number(left)));
    RenderClient client(made.access);
    const QString url = client.connectionInfo(made.instanceId)->externalUrl.reveal();
    QCOMPARE(askPsql(url, "SELECT sum(n) FROM orders", "shop"), QString("125250"));
    const QString count = askPsql(url, "SELECT count(*) FROM birds", birds);
    QVERIFY(count.toInt() > 0);
    QCOMPARE(made.serviceId, m_service);
    QVERIFY(variable().contains(made.instanceId));
    ServiceCall call;
    call.service = QUrl(client.service(m_service)->url);
    const auto answer = callService(call, context);
    QVERIFY(answer);
    QCOMPARE(QJsonDocument::fromJson(answer->body).array().size(), count.toInt());
}

void TestRehearsal::rehearsesFromLiveDatabases()
{
    RehearsalRequest wish = request();
    wish.live = m_live;
    wish.liveId = "id-school";
    wish.liveName = "school";
    int last = -1;
    JobContext context({}, [&last](const Progress &progress) {
        QVERIFY(progress.done >= last);
        last = int(progress.done);
    });
    const auto made = prepareRehearsal(wish, catalog(), context);
    QVERIFY2(made, made ? "" : qPrintable(made.error().message + made.error().detail));
    m_first = *made;
    // my_database, which is the sample's own, is there as well.
    m_first.databases.removeIf([](const QString &name) { return name.startsWith("my_database"); });
    judge(m_first);
    QCOMPARE(catalog().all()->size(), 3);
    QCOMPARE(m_stage.get("/postgres/" + m_sample).object()["plan"].toString(), QString("basic_256mb"));
    QVERIFY(last > 9000);
}

void TestRehearsal::rehearsesAgainFromBackups()
{
    QVERIFY(!m_first.backups.isEmpty());
    RehearsalRequest wish = request();
    wish.backups = m_first.backups.filter("bird_app_db") + m_first.backups.filter("shop");
    QCOMPARE(m_stage.post("/services/" + m_service + "/suspend").status, 202);
    JobContext context;
    const auto made = prepareRehearsal(wish, catalog(), context);
    QVERIFY2(made, made ? "" : qPrintable(made.error().message + made.error().detail));
    QVERIFY(made->instanceId != m_first.instanceId);
    QCOMPARE(m_stage.get("/postgres/" + m_first.instanceId).status, 404);
    judge(*made);
}

void TestRehearsal::twoBackupsOfOneDatabase()
{
    RehearsalRequest wish = request();
    const QString file = m_first.backups.filter("shop").value(0);
    wish.backups = {file, file};
    JobContext context;
    const auto made = prepareRehearsal(wish, catalog(), context);
    QVERIFY(!made);
    QVERIFY(made.error().message.contains("both backups of shop"));
}

QTEST_GUILESS_MAIN(TestRehearsal)
#include "tst_rehearsal.moc"
