#include "practice/practiceclient.h"
#include "render/deploywait.h"
#include "render/renderclient.h"
#include "support/renderbodies.h"

using namespace Roost;
using namespace Roost::Testing;
using std::chrono::milliseconds;

namespace {

const QString owner = QStringLiteral("tea-practice000000000000");
const QString nobody = QStringLiteral("00000000000000000000");

/// Where two JSON values differ in members or in kinds of values; null goes with anything.
QString difference(const QJsonValue &expected, const QJsonValue &found, const QString &path = {})
{
    if (expected.isNull() || found.isNull()) {
        return {};
    }
    if (expected.type() != found.type()) {
        return path + QStringLiteral(" is of another kind");
    }
    if (expected.isArray() && !expected.toArray().isEmpty() && !found.toArray().isEmpty()) {
        return difference(expected.toArray().first(), found.toArray().first(), path + u'/');
    }
    const QJsonObject wanted = expected.toObject();
    const QJsonObject got = found.toObject();
    for (auto it = wanted.begin(); it != wanted.end(); ++it) {
        const QString here = path + u'/' + it.key();
        if (!got.contains(it.key())) {
            return here + QStringLiteral(" is missing");
        }
        const QString inner = difference(it.value(), got[it.key()], here);
        if (!inner.isEmpty()) {
            return inner;
        }
    }
    return {};
}

QString difference(const QByteArray &example, const PracticeResponse &answer)
{
    const QJsonDocument expected = QJsonDocument::fromJson(example);
    return expected.isArray() ? difference(QJsonValue(expected.array()), QJsonValue(answer.array()))
                              : difference(QJsonValue(expected.object()), QJsonValue(answer.object()));
}

} // namespace

#define VERIFY_DONE(result)                                                                                            \
    do {                                                                                                               \
        const auto &done = (result);                                                                                   \
        QVERIFY2(done.has_value(), qPrintable(done ? QString() : done.error().message + u'\n' + done.error().detail)); \
    } while (false)

/// The client against the stand-in for Render: each endpoint, each status, and what both say against the reference.
class TestRenderContract : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_stage.options.hasSample = true;
        const QString problem = m_stage.start();
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        set({{"limits", many()}, {"deploy_answer", "201"}});
    }
    void init()
    {
        m_client = std::make_unique<RenderClient>(
            m_stage.access(), JobContext(),
            RenderTimes{milliseconds(10000), milliseconds(2), milliseconds(20000), milliseconds(4000)});
    }
    void cleanup()
    {
        QCOMPARE(m_stage.ask("DELETE", "/practice/faults").status, 204);
        m_client.reset();
    }
    void cleanupTestCase() { m_stage.stop(); }

    void whoseKeyItIs()
    {
        const auto user = m_client->user();
        VERIFY_DONE(user);
        QVERIFY(user->email.contains('@'));
        QVERIFY(m_client->clockOffset() && qAbs(m_client->clockOffset()->count()) < 5);
        const auto owners = m_client->owners();
        VERIFY_DONE(owners);
        QCOMPARE(owners->size(), 1);
        QCOMPARE(owners->first().id, owner);
        QCOMPARE(m_client->owner(owner)->name, owners->first().name);
        QCOMPARE(difference(Example::owners, m_stage.get("/owners")), QString());
    }

    void theBodiesAreThoseOfTheReference()
    {
        const auto instances = m_client->instances(owner);
        VERIFY_DONE(instances);
        QCOMPARE(instances->size(), 1);
        m_sample = instances->first();
        QVERIFY(m_sample.isAvailable() && m_sample.isFree());
        QCOMPARE(m_sample.createdAt.daysTo(m_sample.expiresAt), 30);
        const QString path = "/postgres/" + m_sample.id;
        QCOMPARE(difference(Example::instance, m_stage.get(path)), QString());
        QCOMPARE(difference(Example::connectionInfo, m_stage.get(path + "/connection-info")), QString());
        QCOMPARE(difference(Example::sizes, m_stage.get(path + "/query/sizes")), QString());
        QCOMPARE(difference(Example::metric, m_stage.get("/metrics/disk-usage?resource=" + m_sample.id)), QString());
        const auto services = m_client->services(owner, "bird-app");
        VERIFY_DONE(services);
        QCOMPARE(services->size(), 1);
        m_service = services->first();
        QCOMPARE(difference(Example::service, m_stage.get("/services/" + m_service.id)), QString());
        const auto deploys = m_client->deploys(m_service.id);
        VERIFY_DONE(deploys);
        QVERIFY(deploys->first().isLive());
        QCOMPARE(
            difference(Example::deploy, m_stage.get("/services/" + m_service.id + "/deploys/" + deploys->first().id)),
            QString());
    }

    void anInstanceFromBeginningToEnd()
    {
        VERIFY_DONE(m_client->deleteInstance(m_sample.id));
        QCOMPARE(m_client->instance(m_sample.id).error().code, ErrorCode::NotFound);
        const auto made = m_client->createInstance(draft());
        VERIFY_DONE(made);
        QVERIFY(made->databaseName.startsWith("class_db"));
        QCOMPARE(made->databaseUser, "class_user");
        QCOMPARE(made->owner.id, owner);
        QCOMPARE(made->version, "15");
        QCOMPARE(made->allowedAddresses, (QList<AllowedAddresses>{{"0.0.0.0/0", "everywhere"}}));
        m_id = made->id;
        QTRY_VERIFY_WITH_TIMEOUT(m_client->instance(m_id)->isAvailable(), 60'000);
        QCOMPARE(m_client->instances({}, "class-db")->first().databaseName, made->databaseName);
        QVERIFY(m_client->instances({}, "other")->isEmpty());

        const auto second = m_client->createInstance(draft());
        QCOMPARE(second.error().code, ErrorCode::Conflict);
        QVERIFY(second.error().message.contains("cannot have more than one active free tier database"));
    }

    void anInstanceIsChanged()
    {
        const auto closed = m_client->updateInstance(m_id, {{}, {}, {}, QList<AllowedAddresses>{}});
        VERIFY_DONE(closed);
        QVERIFY(closed->allowedAddresses.isEmpty());
        const QList<AllowedAddresses> mine{{"203.0.113.7/32", "me"}};
        QCOMPARE(m_client->updateInstance(m_id, {"renamed", {}, {}, mine})->allowedAddresses, mine);
        QCOMPARE(m_client->instance(m_id)->name, "renamed");
        VERIFY_DONE(m_client->suspendInstance(m_id));
        QVERIFY(m_client->instance(m_id)->isSuspended);
        VERIFY_DONE(m_client->resumeInstance(m_id));
        QTRY_VERIFY_WITH_TIMEOUT(m_client->instance(m_id)->isAvailable(), 60'000);
    }

    void whatIsInsideAnInstance()
    {
        const auto info = m_client->connectionInfo(m_id);
        VERIFY_DONE(info);
        QVERIFY(info->externalUrl.reveal().contains(info->password.reveal()));
        QVERIFY(info->internalUrl.reveal().contains('@' + m_id + '/'));
        QVERIFY(info->psqlCommand.reveal().startsWith("PGPASSWORD="));
        QTRY_COMPARE(askPsql(info->externalUrl.reveal(), "SELECT 1"), QString("1")); // the allow list takes a moment
        QCOMPARE(askPsql(info->externalUrl.reveal(), "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)"),
                 QString());
        const auto sizes = m_client->sizes(m_id);
        VERIFY_DONE(sizes);
        QVERIFY(std::any_of(sizes->begin(), sizes->end(),
                            [](const PostgresSize &size) { return size.table == "kept" && size.bytes == 8192; }));
        QCOMPARE(m_client->credentials(m_id)->first().username, "class_user");
        VERIFY_DONE(m_client->createCredential(m_id, "second_user"));
        QCOMPARE(m_client->credentials(m_id)->size(), 2);
        VERIFY_DONE(m_client->deleteCredential(m_id, "class_user"));
        QCOMPARE(m_client->deleteCredential(m_id, "class_user").error().code, ErrorCode::NotFound);
        QCOMPARE(m_client->deleteCredential(m_id, "second_user").error().code, ErrorCode::InvalidInput);
        VERIFY_DONE(m_client->processes(m_id));
        QCOMPARE(m_client->startExport(m_id).error().code, ErrorCode::InvalidInput); // not on the free plan
        QVERIFY(m_client->exports(m_id)->isEmpty());
        QCOMPARE(m_client->metric("disk-usage", m_id)->first().unit, "GB");
        QVERIFY(m_client->metric("cpu", m_id)->isEmpty());
    }

    void variables()
    {
        const auto before = m_client->variables(m_service.id);
        VERIFY_DONE(before);
        QCOMPARE(before->size(), 1);
        const EnvironmentVariable odd{QString::fromUtf8("A B/ü"), Secret(QString::fromUtf8("1 \"2\" ä\n"))};
        VERIFY_DONE(m_client->setVariable(m_service.id, odd));
        QCOMPARE(m_client->variable(m_service.id, odd.key)->value.reveal(), odd.value.reveal());
        QCOMPARE(m_client->variables(m_service.id)->size(), 2);
        VERIFY_DONE(m_client->deleteVariable(m_service.id, odd.key));
        QCOMPARE(m_client->variable(m_service.id, odd.key).error().code, ErrorCode::NotFound);
        QCOMPARE(m_client->deleteVariable(m_service.id, odd.key).error().code, ErrorCode::NotFound);
    }

    void longListsComeInPages()
    {
        const QString path = "/services/" + m_service.id + "/env-vars";
        const QString kept = m_client->variables(m_service.id)->first().value.reveal();
        QJsonArray all{QJsonObject{{"key", "DATABASE_URI"}, {"value", kept}}};
        for (int i = 1; i < 250; ++i) {
            all += QJsonObject{{"key", QStringLiteral("V%1").arg(i)}, {"value", QString::number(i)}};
        }
        QCOMPARE(m_stage.ask("PUT", path, all).status, 200);
        const auto read = m_client->variables(m_service.id);
        VERIFY_DONE(read);
        QSet<QString> keys;
        for (const EnvironmentVariable &variable : *read) {
            keys += variable.key;
        }
        QCOMPARE(keys.size(), 250);
        QCOMPARE(read->size(), 250);
        QCOMPARE(m_stage.ask("PUT", path, QJsonArray{all.first()}).status, 200);
    }

    void groups()
    {
        const PracticeResponse raw = m_stage.post(
            "/env-groups", QJsonObject{{"name", "shared"},
                                       {"ownerId", owner},
                                       {"envVars", QJsonArray{QJsonObject{{"key", "ONE"}, {"value", "1"}}}},
                                       {"serviceIds", QJsonArray{m_service.id}}});
        QCOMPARE(raw.status, 201);
        const QString id = raw.object()["id"].toString();
        const auto all = m_client->environmentGroups(owner);
        VERIFY_DONE(all);
        QCOMPARE(all->first().id, id);
        QVERIFY(all->first().variables.isEmpty());
        VERIFY_DONE(m_client->setGroupVariable(id, {"TWO", Secret("2")}));
        const auto one = m_client->environmentGroup(id);
        VERIFY_DONE(one);
        QCOMPARE(one->variables.size(), 2);
        QCOMPARE(one->serviceIds, QStringList{m_service.id});
        VERIFY_DONE(m_client->deleteGroupVariable(id, "ONE"));
        QCOMPARE(m_client->environmentGroup(id)->variables.first().key, "TWO");
    }

    void deploys_data()
    {
        QTest::addColumn<QString>("answer");
        QTest::newRow("201") << "201";
        QTest::newRow("202") << "202";
    }
    void deploys()
    {
        QFETCH(QString, answer);
        set({{"deploy_answer", answer}});
        const auto before = m_client->deploys(m_service.id, 100);
        VERIFY_DONE(before);
        const auto started = startDeploy(*m_client, m_service.id);
        VERIFY_DONE(started);
        QCOMPARE(started->deployId.isEmpty(), answer == "202");
        DeployWait wait = *started;
        wait.firstLook = wait.longestLook = milliseconds(30);
        wait.longest = std::chrono::minutes(1);
        const auto over = waitForDeploy(*m_client, wait, JobContext());
        VERIFY_DONE(over);
        // The sample's database is gone, so its app does not start.
        QCOMPARE(over->status, "update_failed");
        QVERIFY(over->finishedAt.isValid());
        QCOMPARE(m_client->deploy(m_service.id, over->id)->status, "update_failed");
        QCOMPARE(m_client->deploys(m_service.id, 100)->size(), before->size() + 1);
    }

    void aServiceFromARepository()
    {
        ServiceDraft service;
        service.name = "second-app";
        service.ownerId = owner;
        service.repository = m_service.repository;
        service.branch = m_service.branch;
        service.region = "oregon";
        service.buildCommand = m_service.buildCommand;
        service.startCommand = m_service.startCommand;
        service.variables = {{"DATABASE_URI", Secret("postgresql://x@" + m_id + "/class_db")}};
        const auto made = m_client->createService(service);
        VERIFY_DONE(made);
        QCOMPARE(made->plan, "free");
        QCOMPARE(made->buildCommand, m_service.buildCommand);
        QVERIFY(!made->firstDeployId.isEmpty());
        QCOMPARE(m_client->service(made->id)->name, "second-app");
        QCOMPARE(m_client->variables(made->id)->size(), 1);
        VERIFY_DONE(m_client->suspendService(made->id));
        QVERIFY(m_client->service(made->id)->isSuspended);
        VERIFY_DONE(m_client->resumeService(made->id));
        QVERIFY(!m_client->service(made->id)->isSuspended);
    }

    void whatIsNotThere()
    {
        QCOMPARE(m_client->instance("dpg-" + nobody + "-a").error().code, ErrorCode::NotFound);
        QCOMPARE(m_client->deleteInstance("dpg-" + nobody + "-a").error().code, ErrorCode::NotFound);
        QCOMPARE(m_client->service("srv-" + nobody).error().code, ErrorCode::NotFound);
        QCOMPARE(m_client->environmentGroup("evg-" + nobody).error().code, ErrorCode::NotFound);
        QCOMPARE(m_client->deploy(m_service.id, "dep-" + nobody).error().code, ErrorCode::NotFound);
        QCOMPARE(m_client->owner("tea-" + nobody).error().code, ErrorCode::NotFound);
        QVERIFY(m_client->instance("dpg-" + nobody + "-a").error().message.contains("dpg-" + nobody));
    }

    void refusals()
    {
        RenderClient stranger({m_stage.access().api, Secret("rnd_wrong")});
        QCOMPARE(stranger.user().error().httpStatus, 401);
        set({{"needs_card", true}});
        VERIFY_DONE(m_client->deleteInstance(m_id));
        const auto made = m_client->createInstance(draft());
        set({{"needs_card", false}});
        QCOMPARE(made.error().httpStatus, 402);
        QVERIFY(made.error().message.contains("billing"));
        PostgresDraft bad = draft();
        bad.region = "moon";
        QCOMPARE(m_client->createInstance(bad).error().code, ErrorCode::InvalidInput);
        QCOMPARE(m_client->instances()->size(), 0);
    }

    void statuses_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<ErrorCode>("ofRead");
        QTest::addColumn<ErrorCode>("ofWrite");
        const auto row = [](int status, ErrorCode read, ErrorCode write) {
            QTest::addRow("%d", status) << status << read << write;
        };
        row(400, ErrorCode::InvalidInput, ErrorCode::InvalidInput);
        row(401, ErrorCode::NotAllowed, ErrorCode::NotAllowed);
        row(402, ErrorCode::NotAllowed, ErrorCode::NotAllowed);
        row(403, ErrorCode::NotAllowed, ErrorCode::NotAllowed);
        row(404, ErrorCode::NotFound, ErrorCode::NotFound);
        row(406, ErrorCode::ServerRefused, ErrorCode::ServerRefused);
        row(409, ErrorCode::Conflict, ErrorCode::Conflict);
        row(410, ErrorCode::NotFound, ErrorCode::NotFound);
        row(429, ErrorCode::RateLimited, ErrorCode::RateLimited);
        row(500, ErrorCode::ServerRefused, ErrorCode::OutcomeUnknown);
        row(503, ErrorCode::ServerRefused, ErrorCode::OutcomeUnknown);
    }
    void statuses()
    {
        QFETCH(int, status);
        QFETCH(ErrorCode, ofRead);
        QFETCH(ErrorCode, ofWrite);
        fail("**", "error", {{"status", status}, {"retryAfter", 3600}, {"count", -1}});
        const auto read = m_client->services();
        QCOMPARE(read.error().code, ofRead);
        QCOMPARE(read.error().httpStatus, status);
        QVERIFY(read.error().detail.contains("Render-Request-Id"));
        const auto write = m_client->deleteVariable(m_service.id, "DATABASE_URI");
        QCOMPARE(write.error().code, ofWrite);
        QCOMPARE(write.error().httpStatus, status);
        QCOMPARE(m_stage.ask("DELETE", "/practice/faults").status, 204);
        VERIFY_DONE(m_client->variable(m_service.id, "DATABASE_URI"));
    }

    void rateLimits()
    {
        QJsonObject few = many();
        few["get"] = 3;
        set({{"limits", few}});
        Result<QList<Owner>> last = m_client->owners();
        for (int i = 0; i < 5 && last; ++i) {
            last = m_client->owners();
        }
        set({{"limits", many()}});
        QVERIFY(!last);
        QCOMPARE(last.error().code, ErrorCode::RateLimited);
        QVERIFY2(last.error().message.contains("Try again in"), qPrintable(last.error().message));
    }

    void faults_data()
    {
        QTest::addColumn<bool>("isDone");
        QTest::newRow("drop_before") << false;
        QTest::newRow("drop_after") << true;
        QTest::newRow("error") << false;
        QTest::newRow("error_after") << true;
        QTest::newRow("stall") << false;
        QTest::newRow("stall_after") << true;
        QTest::newRow("bad_json") << true;
        QTest::newRow("cut_body") << true;
    }

    /// Whatever comes instead of an answer: created once or not at all, deleted once or not at all, and a look tells.
    void faults()
    {
        QFETCH(bool, isDone);
        const QString kind = QString::fromLatin1(QTest::currentDataTag());
        RenderClient client(m_stage.access(), {},
                            {milliseconds(1500), milliseconds(2), milliseconds(20000), milliseconds(4000)});
        fail("/postgres", kind, {{"method", "POST"}});
        QCOMPARE(client.createInstance(draft()).error().code, ErrorCode::OutcomeUnknown);
        auto found = m_client->instances(owner, "class-db");
        VERIFY_DONE(found);
        QCOMPARE(found->size(), isDone ? 1 : 0);
        if (!isDone) {
            VERIFY_DONE(m_client->createInstance(draft()));
            found = m_client->instances(owner, "class-db");
            QCOMPARE(found->size(), 1);
        }
        const QString id = found->first().id;
        fail("/postgres/*", kind, {{"method", "DELETE"}});
        const auto gone = client.deleteInstance(id);
        // A 204 has no body that could be cut or spoiled.
        QVERIFY(!gone ? gone.error().code == ErrorCode::OutcomeUnknown : kind == "bad_json" || kind == "cut_body");
        QCOMPARE(m_client->instance(id).has_value(), !isDone);
        if (!isDone) {
            VERIFY_DONE(m_client->deleteInstance(id));
        }
        fail("/services/*/env-vars/*", kind, {{"method", "PUT"}});
        VERIFY_DONE(client.setVariable(m_service.id, {"KIND", Secret(kind)})); // set again, as it is safe to
        QCOMPARE(m_client->variable(m_service.id, "KIND")->value.reveal(), kind);
    }

private:
    static QJsonObject many() { return {{"get", 100000}, {"write", 100000}, {"create", 100000}, {"service", 100000}}; }
    void set(const QJsonObject &settings) { QCOMPARE(m_stage.post("/practice/settings", settings).status, 200); }
    void fail(const QString &path, const QString &kind, QJsonObject more)
    {
        more["path"] = path;
        more["kind"] = kind;
        QCOMPARE(m_stage.post("/practice/faults", more).status, 200);
    }
    static PostgresDraft draft()
    {
        PostgresDraft draft;
        draft.name = "class-db";
        draft.ownerId = owner;
        draft.version = "15";
        draft.region = "oregon";
        draft.databaseName = "class_db";
        draft.databaseUser = "class_user";
        return draft;
    }

    PracticeStage m_stage;
    std::unique_ptr<RenderClient> m_client;
    PostgresInstance m_sample;
    Service m_service;
    QString m_id;
};

QTEST_GUILESS_MAIN(TestRenderContract)
#include "tst_rendercontract.moc"
