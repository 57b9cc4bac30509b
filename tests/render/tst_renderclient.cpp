#include "render/renderclient.h"
#include "support/renderbodies.h"
#include "support/scriptedhttp.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Roost;
namespace Example = Roost::Testing::Example;
using Roost::Testing::ScriptedAnswer;
using Roost::Testing::ScriptedHttp;

namespace {

const QString dpg = QStringLiteral("dpg-c0ffee00000000000002-a");
const QString srv = QStringLiteral("srv-c0ffee00000000000003");
const QString tea = QStringLiteral("tea-c0ffee00000000000001");
const QString evg = QStringLiteral("evg-c0ffee00000000000005");

QByteArray wrapped(const char *name, const QByteArray &item, const QByteArray &cursor = "Y3Vyc29y")
{
    return "{\"cursor\":\"" + cursor + "\",\"" + name + "\":" + item + "}";
}

QDateTime utc(const QString &text)
{
    return QDateTime::fromString(text, Qt::ISODateWithMs).toUTC();
}

QJsonObject bodyOf(const Roost::Testing::RecordedRequest &request)
{
    return QJsonDocument::fromJson(request.body).object();
}

} // namespace

class TestRenderClient : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_server = std::make_unique<ScriptedHttp>();
        m_client = std::make_unique<RenderClient>(RenderAccess{m_server->url(), Secret("rnd_abcdefgh")});
    }

    void everyRequestCarriesKeyAndName()
    {
        m_server->route("GET /v1/users", {200, R"({"email":"ada@example.com","name":"Ada","added":1})"});
        const auto user = m_client->user();
        QVERIFY2(user.has_value(), qPrintable(user ? QString() : user.error().message));
        QCOMPARE(user->name, "Ada");
        QCOMPARE(user->email, "ada@example.com");
        const auto request = m_server->requests().constFirst();
        QCOMPARE(request.headers["authorization"], "Bearer rnd_abcdefgh");
        QCOMPARE(request.headers["user-agent"], "Roost/" ROOST_VERSION);
        QCOMPARE(request.headers["accept"], "application/json");
        QVERIFY(!request.target.contains("rnd_"));
    }

    void owners()
    {
        m_server->route("GET /v1/owners", {200, Example::owners});
        m_server->route("GET /v1/owners/" + tea.toLatin1(),
                        {200, R"({"id":"tea-c0ffee00000000000001","name":"W","email":null,"type":"user"})"});
        const auto all = m_client->owners();
        QVERIFY(all.has_value());
        QCOMPARE(all->size(), 1);
        QCOMPARE(all->first().id, tea);
        QCOMPARE(all->first().name, "Ada's workspace");
        QCOMPARE(all->first().email, "ada@example.com");
        QCOMPARE(all->first().type, "team");
        const auto one = m_client->owner(tea);
        QVERIFY(one.has_value());
        QCOMPARE(one->name, "W");
        QVERIFY(one->email.isEmpty());
    }

    void instanceFieldByField()
    {
        m_server->route("GET /v1/postgres/" + dpg.toLatin1(), {200, Example::instance});
        const auto got = m_client->instance(dpg);
        QVERIFY2(got.has_value(), qPrintable(got ? QString() : got.error().message + got.error().detail));
        QCOMPARE(got->id, dpg);
        QCOMPARE(got->name, "class-db-2");
        QCOMPARE(got->owner.id, tea);
        QCOMPARE(got->owner.email, "ada@example.com");
        QCOMPARE(got->plan, "free");
        QVERIFY(got->isFree());
        QCOMPARE(got->version, "18");
        QCOMPARE(got->region, "oregon");
        QCOMPARE(got->role, "primary");
        QCOMPARE(got->status, "creating");
        QVERIFY(!got->isAvailable());
        QVERIFY(!got->isSuspended);
        QVERIFY(got->suspenders.isEmpty());
        QCOMPARE(got->databaseName, "class_db_x7ka");
        QCOMPARE(got->databaseUser, "class_user");
        QCOMPARE(got->diskSizeGb, 1);
        QCOMPARE(got->allowedAddresses, (QList<AllowedAddresses>{{"0.0.0.0/0", "everywhere"}}));
        QVERIFY(got->environmentId.isEmpty());
        QVERIFY(got->primaryId.isEmpty());
        QVERIFY(got->replicas.isEmpty());
        QVERIFY(!got->hasHighAvailability);
        QCOMPARE(got->connectionPool, "none");
        QCOMPARE(got->expiresAt, utc("2026-10-01T10:00:00.123Z"));
        QCOMPARE(got->createdAt, utc("2026-09-01T10:00:00.123Z"));
        QCOMPARE(got->updatedAt, utc("2026-09-01T10:00:01.123Z"));
        QCOMPARE(got->dashboardUrl, "https://dashboard.render.com/d/dpg-c0ffee00000000000002-a");
    }

    void instanceWithUnknownWordsAndNulls()
    {
        m_server->route("GET /v1/postgres", {200, '[' + wrapped("postgres", Example::fullInstance) + ']'});
        const auto all = m_client->instances(tea, "big");
        QVERIFY2(all.has_value(), qPrintable(all ? QString() : all.error().detail));
        QCOMPARE(all->size(), 1);
        const PostgresInstance &got = all->first();
        QCOMPARE(got.plan, "quantum_9gb");
        QCOMPARE(got.version, "18"); // written as a number
        QCOMPARE(got.region, "atlantis");
        QCOMPARE(got.role, "arbiter");
        QCOMPARE(got.status, "dreaming");
        QVERIFY(got.isSuspended);
        QCOMPARE(got.suspenders, (QStringList{"billing", "full_moon"}));
        QCOMPARE(got.diskSizeGb, 15); // written as a text
        QVERIFY(got.allowedAddresses.isEmpty());
        QCOMPARE(got.environmentId, "evm-c0ffee00000000000011");
        QCOMPARE(got.primaryId, "dpg-c0ffee00000000000012-a");
        QCOMPARE(got.replicas, QStringList{"dpg-c0ffee00000000000010-b"});
        QVERIFY(got.hasHighAvailability);
        QCOMPARE(got.connectionPool, "pgbouncer");
        QVERIFY(got.expiresAt.isNull());
        QCOMPARE(got.createdAt, utc("2025-03-04T05:06:07Z"));
        QVERIFY(got.updatedAt.isNull());
        const auto request = m_server->requests().constFirst();
        QCOMPARE(request.target, "/v1/postgres?ownerId=tea-c0ffee00000000000001&name=big&limit=100");
    }

    void onlyTheExactNameIsTaken()
    {
        m_server->route("GET /v1/postgres", {200, '[' + Example::instance + ',' + Example::fullInstance + ']'});
        const auto all = m_client->instances({}, "class-db-2");
        QVERIFY(all.has_value());
        QCOMPARE(all->size(), 1);
        QCOMPARE(m_client->instances({}, "a,b & c")->size(), 0);
        QCOMPARE(m_server->requests().constLast().target, "/v1/postgres?limit=100");
    }

    void aMinimalInstanceIsRead()
    {
        m_server->route("GET /v1/postgres/" + dpg.toLatin1(), {200, R"({"id":"dpg-c0ffee00000000000002-a"})"});
        const auto got = m_client->instance(dpg);
        QVERIFY(got.has_value());
        QVERIFY(got->status.isEmpty());
        QCOMPARE(got->diskSizeGb, 0);
    }

    void createSendsWhatIsAskedFor()
    {
        m_server->route("POST /v1/postgres", {201, Example::instance});
        PostgresDraft draft;
        draft.name = "class-db-2";
        draft.ownerId = tea;
        draft.region = "oregon";
        draft.databaseName = "class_db";
        draft.databaseUser = "class_user";
        const auto made = m_client->createInstance(draft);
        QVERIFY(made.has_value());
        QCOMPARE(made->databaseName, "class_db_x7ka");
        const QJsonObject expected = QJsonDocument::fromJson(Example::instanceDraft).object();
        QCOMPARE(bodyOf(m_server->requests().constFirst()), expected);
        QCOMPARE(m_server->requests().constFirst().headers["content-type"], "application/json");
    }

    void updateSendsOnlyChanges()
    {
        m_server->route("PATCH /v1/postgres/" + dpg.toLatin1(), {200, Example::instance});
        PostgresChanges changes;
        changes.allowedAddresses = QList<AllowedAddresses>{};
        QVERIFY(m_client->updateInstance(dpg, changes).has_value());
        QCOMPARE(m_server->requests().constLast().body, R"({"ipAllowList":[]})");
        QVERIFY(m_client->updateInstance(dpg, {"n", "basic_256mb", 15, {}}).has_value());
        QCOMPARE(bodyOf(m_server->requests().constLast()),
                 (QJsonObject{{"name", "n"}, {"plan", "basic_256mb"}, {"diskSizeGB", 15}}));
    }

    void writesWithoutABody()
    {
        const QByteArray path = "/v1/postgres/" + dpg.toLatin1();
        m_server->route("DELETE " + path, {204, {}});
        m_server->route("DELETE " + path + "/credentials/a%2Fb%20%C3%A4", {200, "{}"});
        for (const char *verb : {"/suspend", "/resume", "/export", "/credentials"}) {
            m_server->route("POST " + path + verb, {202, {}});
        }
        m_server->route("POST /v1/services/" + srv.toLatin1() + "/suspend", {202, {}});
        m_server->route("POST /v1/services/" + srv.toLatin1() + "/resume", {202, {}});
        m_server->route("DELETE /v1/services/" + srv.toLatin1() + "/env-vars/A", {204, {}});
        m_server->route("DELETE /v1/env-groups/" + evg.toLatin1() + "/env-vars/A", {204, {}});
        QVERIFY(m_client->deleteInstance(dpg).has_value());
        QVERIFY(m_client->suspendInstance(dpg).has_value());
        QVERIFY(m_client->resumeInstance(dpg).has_value());
        QVERIFY(m_client->startExport(dpg).has_value());
        QVERIFY(m_client->createCredential(dpg, "new_user").has_value());
        QCOMPARE(m_server->requests().constLast().body, R"({"username":"new_user"})");
        QVERIFY(m_client->deleteCredential(dpg, QString::fromUtf8("a/b ä")).has_value());
        QVERIFY(m_client->suspendService(srv).has_value());
        QVERIFY(m_client->resumeService(srv).has_value());
        QVERIFY(m_client->deleteVariable(srv, "A").has_value());
        QVERIFY(m_client->deleteGroupVariable(evg, "A").has_value());
        QCOMPARE(m_server->count(), 10);
    }

    void connectionInfoIsSecret()
    {
        m_server->route("GET /v1/postgres/" + dpg.toLatin1() + "/connection-info", {200, Example::connectionInfo});
        const auto info = m_client->connectionInfo(dpg);
        QVERIFY(info.has_value());
        QCOMPARE(info->password.reveal(), "AbCdEfGhIjKlMnOpQrStUvWxYz012345");
        QVERIFY(info->externalUrl.reveal().endsWith("-a.oregon-postgres.render.com:5432/class_db_x7ka"));
        QVERIFY(info->internalUrl.reveal().endsWith("@dpg-c0ffee00000000000002-a/class_db_x7ka"));
        QVERIFY(info->psqlCommand.reveal().startsWith("PGPASSWORD="));
    }

    void inspection()
    {
        const QByteArray path = "GET /v1/postgres/" + dpg.toLatin1();
        m_server->route(path + "/query/sizes", {200, Example::sizes});
        m_server->route(path + "/query/processes", {200, Example::processes});
        m_server->route(path + "/credentials", {200, Example::credentials});
        m_server->route(path + "/export", {200, Example::exports});
        const auto sizes = m_client->sizes(dpg);
        QVERIFY(sizes.has_value());
        QCOMPARE(sizes->at(1).index, "birds_pkey");
        QCOMPARE(sizes->at(1).bytes, 16384);
        QCOMPARE(sizes->at(0).database + sizes->at(0).schema + sizes->at(0).table, "class_dbpublicbirds");
        const auto processes = m_client->processes(dpg);
        QVERIFY(processes.has_value());
        const PostgresProcess &process = processes->first();
        QCOMPARE(process.pid, 4242);
        QCOMPARE((QStringList{process.username, process.database, process.application, process.clientAddress,
                              process.state, process.query}),
                 (QStringList{"class_user", "class_db", "gunicorn", "10.1.2.3", "idle", "SELECT 1"}));
        const auto credentials = m_client->credentials(dpg);
        QVERIFY(credentials.has_value());
        QVERIFY(credentials->at(0).isDefault);
        QCOMPARE(credentials->at(0).openConnections, 3);
        QCOMPARE(credentials->at(1).openConnections, -1);
        const auto exports = m_client->exports(dpg);
        QVERIFY(exports.has_value());
        QCOMPARE(exports->at(0).url, "https://files.example/1");
        QVERIFY(exports->at(1).url.isEmpty());
    }

    void services()
    {
        m_server->route("GET /v1/services", {200, '[' + wrapped("service", Example::service) + ',' +
                                                      wrapped("service", Example::staticSite) + ']'});
        m_server->route("GET /v1/services/" + srv.toLatin1(), {200, Example::service});
        const auto all = m_client->services();
        QVERIFY2(all.has_value(), qPrintable(all ? QString() : all.error().detail));
        const Service &web = all->at(0);
        QCOMPARE(web.id, srv);
        QCOMPARE((QStringList{web.name, web.ownerId, web.type, web.repository, web.branch, web.url, web.region,
                              web.plan, web.runtime, web.buildCommand, web.startCommand}),
                 (QStringList{"bird-app", tea, "web_service", "https://github.com/example/bird-app", "main",
                              "https://bird-app.onrender.com", "oregon", "free", "python",
                              "pip install -r requirements.txt", "gunicorn app:app"}));
        QVERIFY(web.deploysByItself);
        QVERIFY(!web.isSuspended);
        QCOMPARE(web.createdAt, utc("2026-05-02T18:24:30.915Z"));
        const Service &site = all->at(1);
        QVERIFY(site.isSuspended);
        QVERIFY(!site.deploysByItself);
        QVERIFY(site.region.isEmpty());
        QCOMPARE(site.buildCommand, "make");
        QCOMPARE(m_client->service(srv)->name, "bird-app");
    }

    void createService_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<QString>("deployId");
        QTest::newRow("with its deploy") << "{\"service\":" + Example::service + ",\"deployId\":\"dep-1\"}"
                                         << "dep-1";
        QTest::newRow("alone") << Example::service << "";
    }

    void createService()
    {
        QFETCH(QByteArray, answer);
        QFETCH(QString, deployId);
        m_server->route("POST /v1/services", {201, answer});
        ServiceDraft draft;
        draft.name = "bird-app";
        draft.ownerId = tea;
        draft.repository = "https://github.com/example/bird-app";
        draft.branch = "main";
        draft.region = "ohio";
        draft.buildCommand = "pip install -r requirements.txt";
        draft.startCommand = "gunicorn app:app";
        draft.variables = {{"DATABASE_URI", Secret("postgresql://x")}};
        const auto made = m_client->createService(draft);
        QVERIFY(made.has_value());
        QCOMPARE(made->id, srv);
        QCOMPARE(made->firstDeployId, deployId);
        const QJsonObject expected = QJsonDocument::fromJson(Example::serviceDraft).object();
        QCOMPARE(bodyOf(m_server->requests().constFirst()), expected);
    }

    void variables()
    {
        const QByteArray path = "/v1/services/" + srv.toLatin1() + "/env-vars";
        m_server->route("GET " + path, {200, '[' + wrapped("envVar", R"({"key":"A","value":"1"})") + ',' +
                                                 wrapped("envVar", R"({"key":"B","value":""})") + ']'});
        m_server->route("GET " + path + "/A", {200, R"({"key":"A","value":"1"})"});
        m_server->route("PUT " + path + "/SP%20ACE%2F%C3%BC", {200, R"({"key":"x","value":"neu"})"});
        const auto all = m_client->variables(srv);
        QVERIFY(all.has_value());
        QCOMPARE(all->size(), 2);
        QCOMPARE(all->at(0).key + all->at(0).value.reveal() + all->at(1).key + all->at(1).value.reveal(), "A1B");
        QCOMPARE(m_client->variable(srv, "A")->value.reveal(), "1");
        QCOMPARE(m_client->variable(srv, "NONE").error().code, ErrorCode::NotFound);
        QVERIFY(m_client->setVariable(srv, {QString::fromUtf8("SP ACE/ü"), Secret("neu")}).has_value());
        QCOMPARE(m_server->requests().constLast().body, R"({"value":"neu"})");
    }

    void groups()
    {
        const QByteArray path = "/v1/env-groups/" + evg.toLatin1();
        m_server->route("GET /v1/env-groups", {200, Example::groupList});
        m_server->route("GET " + path, {200, Example::group});
        m_server->route("PUT " + path + "/env-vars/A", {200, Example::group});
        const auto all = m_client->environmentGroups(tea);
        QVERIFY(all.has_value());
        QCOMPARE(all->first().name, "shared");
        QVERIFY(all->first().serviceIds.isEmpty());
        const auto one = m_client->environmentGroup(evg);
        QVERIFY2(one.has_value(), qPrintable(one ? QString() : one.error().detail));
        QCOMPARE(one->serviceIds, (QStringList{srv, "crn-c0ffee00000000000006"}));
        QCOMPARE(one->variables.size(), 2);
        QCOMPARE(one->variables.first().value.reveal(), "postgresql://u:p@dpg-c0ffee00000000000002-a/db");
        QVERIFY(m_client->setGroupVariable(evg, {"A", Secret("v")}).has_value());
    }

    void deploys()
    {
        const QByteArray path = "/v1/services/" + srv.toLatin1() + "/deploys";
        m_server->route("GET " + path, {200, '[' + wrapped("deploy", Example::deploy) + ',' +
                                                 wrapped("deploy", Example::imageDeploy) + ']'});
        m_server->route("GET " + path + "/dep-c0ffee00000000000004", {200, Example::deploy});
        const auto all = m_client->deploys(srv, 5);
        QVERIFY2(all.has_value(), qPrintable(all ? QString() : all.error().detail));
        QCOMPARE(m_server->requests().constLast().target, path + "?limit=5");
        QCOMPARE(all->at(0).commitMessage, "Fix x");
        QVERIFY(!all->at(0).isOver());
        QVERIFY(all->at(0).finishedAt.isNull());
        QVERIFY(all->at(1).commitId.isEmpty());
        QVERIFY(all->at(1).isLive());
        QCOMPARE(all->at(1).finishedAt, utc("2026-09-01T10:06:10.500Z"));
        const auto one = m_client->deploy(srv, QStringLiteral("dep-c0ffee00000000000004"));
        QVERIFY(one.has_value());
        QCOMPARE(one->status, "build_in_progress");
    }

    void aDeployIsMadeOrQueued()
    {
        m_server->queue({201, Example::deploy});
        m_server->queue({202, {}});
        const auto made = m_client->deploy(srv);
        QVERIFY(made.has_value());
        QCOMPARE(made->id, "dep-c0ffee00000000000004");
        QCOMPARE(m_server->requests().constLast().body, R"({"deployMode":"deploy_only"})");
        const auto queued = m_client->deploy(srv, DeployRequest{false, true, "bca05"});
        QVERIFY(queued.has_value());
        QVERIFY(queued->id.isEmpty());
        QVERIFY(!queued->isOver());
        QCOMPARE(bodyOf(m_server->requests().constLast()),
                 (QJsonObject{{"clearCache", "clear"}, {"commitId", "bca05"}}));
    }

    void metrics()
    {
        m_server->route("GET /v1/metrics/disk-usage", {200, Example::metric});
        m_server->route("GET /v1/metrics/cpu", {400, R"({"message":"not on this plan"})"});
        const auto series = m_client->metric("disk-usage", dpg);
        QVERIFY(series.has_value());
        QCOMPARE(series->first().unit, "GB");
        QCOMPARE(series->first().points.at(1).value, 0.42);
        QCOMPARE(series->first().points.at(1).at, utc("2026-09-01T10:01:00Z"));
        QVERIFY(m_client->metric("cpu", dpg)->isEmpty());
        QCOMPARE(m_client->metric("../users", dpg).error().code, ErrorCode::InvalidInput);
    }

    void listsAreReadToTheEnd()
    {
        QByteArray first;
        for (int i = 0; i < 100; ++i) {
            const QByteArray number = QByteArray::number(i);
            first += (i ? "," : "") + wrapped("service", "{\"id\":\"srv-" + number + "\"}", "c+/=" + number);
        }
        m_server->queue({200, '[' + first + ']'});
        m_server->queue({200, '[' + wrapped("service", R"({"id":"srv-last"})", "end") + ']'});
        const auto all = m_client->services();
        QVERIFY(all.has_value());
        QCOMPARE(all->size(), 101);
        QCOMPARE(m_server->count(), 2);
        QCOMPARE(m_server->requests().at(1).target, "/v1/services?limit=100&cursor=c%2B%2F%3D99");

        m_server->clear();
        m_server->queue({200, '[' + first + ']'});
        m_server->queue({200, "[]\n"});
        QCOMPARE(m_client->services()->size(), 100);

        m_server->clear();
        m_server->route("GET /v1/services", {200, '[' + first + ']'}); // for ever
        const auto endless = m_client->services();
        QVERIFY(!endless.has_value());
        QCOMPARE(endless.error().code, ErrorCode::ServerRefused);
        QCOMPARE(m_server->count(), 2);
    }

    void anEmptyListMayBeNull()
    {
        m_server->queue({200, "null\n"});
        const auto all = m_client->instances();
        QVERIFY(all.has_value());
        QVERIFY(all->isEmpty());
    }

    void noRequestWithoutAnId()
    {
        for (const QString &id :
             {QString(), QStringLiteral("dpg-"), QStringLiteral("srv-1"), QStringLiteral("dpg-a/../b"),
              QStringLiteral("dpg-a?b"), QStringLiteral("dpg-a%2F"), QStringLiteral("dpg-a\n")}) {
            QCOMPARE(m_client->deleteInstance(id).error().code, ErrorCode::InvalidInput);
            QCOMPARE(m_client->instance(id).error().code, ErrorCode::InvalidInput);
        }
        QCOMPARE(m_client->deleteVariable(srv, {}).error().code, ErrorCode::InvalidInput);
        QCOMPARE(m_client->deleteVariable(srv, "..").error().code, ErrorCode::InvalidInput);
        QCOMPARE(m_client->deleteCredential(dpg, {}).error().code, ErrorCode::InvalidInput);
        QCOMPARE(m_client->deploy({}, DeployRequest()).error().code, ErrorCode::InvalidInput);
        QCOMPARE(m_client->deploy(srv, QString()).error().code, ErrorCode::InvalidInput);
        QCOMPARE(m_client->createInstance({}).error().code, ErrorCode::InvalidInput);
        QCOMPARE(m_server->count(), 0);
    }

    void theClockIsCompared()
    {
        QVERIFY(!m_client->clockOffset());
        const QDateTime there = QDateTime::currentDateTimeUtc().addDays(3);
        const QByteArray date =
            QLocale::c().toString(there, QStringLiteral("ddd, dd MMM yyyy hh:mm:ss 'GMT'")).toLatin1();
        m_server->queue({200, "{}", {{"Date", date}}});
        QVERIFY(m_client->user().has_value());
        QVERIFY(m_client->clockOffset());
        QVERIFY(qAbs(m_client->clockOffset()->count() - 3 * 86400) <= 2);
    }

    void chunkedAnswersAreRead()
    {
        ScriptedAnswer answer{200, Example::owners};
        answer.isChunked = true;
        m_server->queue(answer);
        QCOMPARE(m_client->owners()->size(), 1);
    }

private:
    std::unique_ptr<ScriptedHttp> m_server;
    std::unique_ptr<RenderClient> m_client;
};

QTEST_GUILESS_MAIN(TestRenderClient)
#include "tst_renderclient.moc"
