#include "practiceclient.h"

#include <QDir>
#include <QEventLoop>
#include <QFile>
#include <QNetworkAccessManager>
#include <QNetworkReply>

#include <csignal>

using namespace Roost;
using namespace Roost::Testing;

/// The stand-in's services, variables, groups and deploys, with real gunicorn behind them.
class TestPracticeServices : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_stage.options.hasSample = true;
        const QString problem = m_stage.start();
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        const QJsonObject many{{"get", 100000}, {"write", 100000}, {"create", 100000}, {"service", 100000}};
        QCOMPARE(m_stage.post("/practice/settings", QJsonObject{{"limits", many}, {"deploy_answer", "201"}}).status,
                 200);
        m_instance = m_stage.get("/postgres").array().at(0)["postgres"].toObject();
        m_service = m_stage.get("/services").array().at(0)["service"].toObject();
        m_path = "/services/" + m_service["id"].toString();
    }
    void cleanupTestCase() { m_stage.stop(); }

    void theSample()
    {
        QCOMPARE(m_instance["status"].toString(), QString("available"));
        QCOMPARE(m_instance["name"].toString(), QString("school-db"));
        const QString url = externalUrl();
        QCOMPARE(askPsql(url, "SELECT count(*) FROM birds", "bird_app_db"), QString("4"));
        QCOMPARE(askPsql(url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), QString("0"));
        QCOMPARE(m_service["name"].toString(), QString("bird-app"));
        QCOMPARE(m_service["serviceDetails"][u"plan"].toString(), QString("free"));
        const QJsonArray variables = m_stage.get(m_path + "/env-vars").array();
        QCOMPARE(variables.size(), 1);
        QVERIFY(variables[0]["envVar"]["value"].toString().endsWith("/bird_app_db"));
        QVERIFY(variables[0]["envVar"]["value"].toString().contains("@" + m_instance["id"].toString() + "/"));
        QCOMPARE(m_stage.get(m_path + "/deploys").array().at(0)["deploy"]["status"].toString(), QString("live"));
        // It was asleep.
        const auto [status, birds] = call("/birds");
        QCOMPARE(status, 200);
        QCOMPARE(QJsonDocument::fromJson(birds).array().size(), 4);
    }

    void aVariableAlone()
    {
        QCOMPARE(m_stage.ask("PUT", m_path + "/env-vars/A%20B", QJsonObject{{"value", "1 / 2"}}).object(),
                 QJsonObject({{"key", "A B"}, {"value", "1 / 2"}}));
        QCOMPARE(m_stage.get(m_path + "/env-vars").array().size(), 2);
        QCOMPARE(m_stage.get(m_path + "/env-vars/A%20B").object()["value"].toString(), QString("1 / 2"));
        QCOMPARE(m_stage.ask("DELETE", m_path + "/env-vars/A%20B").status, 204);
        QCOMPARE(m_stage.get(m_path + "/env-vars/A%20B").status, 404);
        QCOMPARE(m_stage.ask("PUT", m_path + "/env-vars/A", QJsonObject{}).status, 400);
        // No deploy by itself.
        QCOMPARE(m_stage.get(m_path + "/deploys").array().size(), 1);
    }

    void allVariablesAtOnce()
    {
        const QJsonArray before = m_stage.get(m_path + "/env-vars").array();
        const QJsonArray other{QJsonObject{{"key", "ONE"}, {"value", "1"}},
                               QJsonObject{{"key", "MADE"}, {"generateValue", true}}};
        const PracticeResponse replaced = m_stage.ask("PUT", m_path + "/env-vars", other);
        QCOMPARE(replaced.status, 200);
        QCOMPARE(replaced.array().size(), 2);
        QVERIFY(!replaced.array().at(1)["envVar"]["value"].toString().isEmpty());
        QCOMPARE(m_stage.get(m_path + "/env-vars/DATABASE_URI").status, 404); // it replaces
        QCOMPARE(m_stage.ask("PUT", m_path + "/env-vars", QJsonArray{before[0]["envVar"]}).array().size(), 1);
    }

    void aDeployTakesTheVariables()
    {
        const QString url = externalUrl();
        QCOMPARE(askPsql(url, "CREATE DATABASE \"fewer birds\""), QString());
        QCOMPARE(askPsql(url,
                         "CREATE TABLE birds (id serial PRIMARY KEY, name text, species text); "
                         "INSERT INTO birds (name, species) VALUES ('Kea', 'Nestor notabilis')",
                         "fewer birds"),
                 QString());
        const QString before = m_stage.get(m_path + "/env-vars/DATABASE_URI").object()["value"].toString();
        QString value = before;
        value.replace("/bird_app_db", "/fewer birds");
        QCOMPARE(m_stage.ask("PUT", m_path + "/env-vars/DATABASE_URI", QJsonObject{{"value", value}}).status, 200);
        QCOMPARE(QJsonDocument::fromJson(call("/birds").second).array().size(), 4); // not yet

        const PracticeResponse made = m_stage.post(m_path + "/deploys", QJsonObject{{"deployMode", "deploy_only"}});
        QCOMPARE(made.status, 201);
        QCOMPARE(made.object()["status"].toString(), QString("update_in_progress"));
        QVERIFY(made.object().contains("finishedAt"));
        QCOMPARE(follow(made.object()["id"].toString()), QString("live"));
        QCOMPARE(QJsonDocument::fromJson(call("/birds").second).array().size(), 1);
        const QJsonArray deploys = m_stage.get(m_path + "/deploys").array();
        QCOMPARE(deploys[0]["deploy"]["id"], made.object()["id"]); // newest first
        QCOMPARE(deploys[1]["deploy"]["status"].toString(), QString("deactivated"));

        QCOMPARE(m_stage.ask("PUT", m_path + "/env-vars/DATABASE_URI", QJsonObject{{"value", before}}).status, 200);
        const PracticeResponse back = m_stage.post(m_path + "/deploys", QJsonObject{});
        QCOMPARE(back.object()["status"].toString(), QString("build_in_progress"));
        QCOMPARE(follow(back.object()["id"].toString()), QString("live"));
        QCOMPARE(QJsonDocument::fromJson(call("/birds").second).array().size(), 4);
    }

    void aWrongDatabaseFailsTheDeploy_data()
    {
        QTest::addColumn<QString>("value");
        QTest::newRow("unknown instance") << "postgresql://u:p@dpg-00000000000000000000-a/bird_app_db";
        QTest::newRow("no URL") << "birds";
        QTest::newRow("short scheme is fine for the app, the port not") << "postgres://u:p@127.0.0.1:1/x";
    }
    void aWrongDatabaseFailsTheDeploy()
    {
        QFETCH(QString, value);
        const QString before = m_stage.get(m_path + "/env-vars/DATABASE_URI").object()["value"].toString();
        QCOMPARE(m_stage.ask("PUT", m_path + "/env-vars/DATABASE_URI", QJsonObject{{"value", value}}).status, 200);
        const QString id = m_stage.post(m_path + "/deploys", QJsonObject{}).object()["id"].toString();
        QCOMPARE(follow(id), QString("update_failed"));
        QCOMPARE(call("/birds").first, 200); // the one before runs on
        QCOMPARE(m_stage.ask("PUT", m_path + "/env-vars/DATABASE_URI", QJsonObject{{"value", before}}).status, 200);
    }

    void queuedDeploys()
    {
        QCOMPARE(m_stage.post("/practice/settings", QJsonObject{{"deploy_answer", "202"}}).status, 200);
        const qsizetype before = m_stage.get(m_path + "/deploys").array().size();
        const PracticeResponse first = m_stage.post(m_path + "/deploys");
        QCOMPARE(first.status, 202);
        QVERIFY(first.body.isEmpty() && first.headers["content-type"].isEmpty());
        QCOMPARE(m_stage.post(m_path + "/deploys").status, 202);
        const QJsonArray deploys = m_stage.get(m_path + "/deploys?limit=2").array();
        QCOMPARE(deploys[0]["deploy"]["status"].toString(), QString("created"));
        QCOMPARE(follow(deploys[0]["deploy"]["id"].toString()), QString("live"));
        QCOMPARE(
            m_stage.get(m_path + "/deploys/" + deploys[1]["deploy"]["id"].toString()).object()["status"].toString(),
            QString("deactivated"));
        QCOMPARE(m_stage.get(m_path + "/deploys").array().size(), before + 2);
        QCOMPARE(m_stage.post("/practice/settings", QJsonObject{{"deploy_answer", "201"}}).status, 200);
        QCOMPARE(m_stage.post(m_path + "/deploys", QJsonObject{{"deployMode", "deploy_only"}, {"clearCache", "clear"}})
                     .status,
                 400);
    }

    void aGroupsVariables()
    {
        const PracticeResponse made = m_stage.post(
            "/env-groups", QJsonObject{{"name", "shared"},
                                       {"envVars", QJsonArray{QJsonObject{{"key", "GREETING"}, {"value", "hi"}}}},
                                       {"serviceIds", QJsonArray{m_service["id"]}}});
        QCOMPARE(made.status, 201);
        const QString path = "/env-groups/" + made.object()["id"].toString();
        const QJsonArray all = m_stage.get("/env-groups").array();
        QCOMPARE(all.size(), 1);
        QVERIFY(!all[0].toObject().contains("envVars")); // a list tells no values
        QCOMPARE(all[0]["serviceLinks"][0]["id"], m_service["id"]);
        const QJsonObject group = m_stage.ask("PUT", path + "/env-vars/NEW", QJsonObject{{"value", "1"}}).object();
        QCOMPARE(group["envVars"][0]["key"].toString(), QString("NEW")); // the whole group, the new one first
        QCOMPARE(group["envVars"][1]["value"].toString(), QString("hi"));
        QCOMPARE(m_stage.ask("DELETE", path + "/env-vars/NEW").status, 204);
        QCOMPARE(m_stage.get(path).object()["envVars"].toArray().size(), 1);
        QCOMPARE(m_stage.ask("DELETE", path).status, 204);
        QCOMPARE(m_stage.get(path).status, 404);
    }

    void suspendAndResume()
    {
        QCOMPARE(m_stage.post(m_path + "/suspend").status, 202);
        QCOMPARE(m_stage.get(m_path).object()["suspended"].toString(), QString("suspended"));
        QCOMPARE(call("/birds").first, 503);
        QCOMPARE(m_stage.post(m_path + "/deploys").status, 409);
        QCOMPARE(m_stage.post(m_path + "/resume").status, 202);
        QCOMPARE(call("/birds").first, 200);
    }

    void manyWakeItAtOnce()
    {
        const QString id = m_service["id"].toString();
        QCOMPARE(m_stage.post("/practice/services/" + id + "/sleep").status, 202);
        QNetworkAccessManager network;
        QList<QNetworkReply *> replies;
        for (int i = 0; i < 5; ++i) {
            replies += network.get(QNetworkRequest(QUrl(m_service["serviceDetails"][u"url"].toString() + "/birds")));
        }
        for (const QNetworkReply *reply : replies) {
            QTRY_VERIFY_WITH_TIMEOUT(reply->isFinished(), 60'000);
            QCOMPARE(reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), 200);
        }
        QCOMPARE(m_stage.post("/practice/services/srv-x/sleep").status, 404);
    }

    void deployWhileItWakes()
    {
        QCOMPARE(m_stage.post("/practice/services/" + m_service["id"].toString() + "/sleep").status, 202);
        QNetworkAccessManager network;
        const std::unique_ptr<QNetworkReply> reply(
            network.get(QNetworkRequest(QUrl(m_service["serviceDetails"][u"url"].toString() + "/birds"))));
        const QString id =
            m_stage.post(m_path + "/deploys", QJsonObject{{"deployMode", "deploy_only"}}).object()["id"].toString();
        QCOMPARE(follow(id), QString("live"));
        QTRY_VERIFY_WITH_TIMEOUT(reply->isFinished(), 60'000);
        QCOMPARE(reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), 200);
        QCOMPARE(call("/birds").first, 200);
    }

    void failuresAskedFor()
    {
        for (const char *how : {"build_failed", "update_failed"}) {
            QCOMPARE(m_stage.post("/practice/settings", QJsonObject{{"next_deploy", how}}).status, 200);
            const QString id = m_stage.post(m_path + "/deploys").object()["id"].toString();
            QCOMPARE(follow(id), QString(how));
            QCOMPARE(call("/birds").first, 200);
        }
        QCOMPARE(follow(m_stage.post(m_path + "/deploys").object()["id"].toString()), QString("live"));
    }

    void cancelled()
    {
        QCOMPARE(m_stage.post("/practice/settings", QJsonObject{{"build_ms", 60'000}}).status, 200);
        const QString id = m_stage.post(m_path + "/deploys").object()["id"].toString();
        const PracticeResponse answer = m_stage.post(m_path + "/deploys/" + id + "/cancel");
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.object()["status"].toString(), QString("canceled"));
        QVERIFY(!answer.object()["finishedAt"].isNull());
        QCOMPARE(m_stage.post("/practice/settings", QJsonObject{{"build_ms", 50}}).status, 200);
        QCOMPARE(follow(m_stage.post(m_path + "/deploys").object()["id"].toString()), QString("live"));
    }

    void inAnotherRegionTheInternalNameIsUnknown()
    {
        const QJsonObject draft{
            {"name", "far-birds"},
            {"type", "web_service"},
            {"ownerId", m_service["ownerId"]},
            {"repo", "https://github.com/example/birds"},
            {"serviceDetails", QJsonObject{{"plan", "free"}, {"region", "ohio"}, {"healthCheckPath", "/birds"}}},
            {"envVars", QJsonArray{m_stage.get(m_path + "/env-vars").array().at(0)["envVar"]}}};
        const PracticeResponse made = m_stage.post("/services", draft);
        QCOMPARE(made.status, 201);
        const QString path = "/services/" + made.object()["service"][u"id"].toString();
        const auto newest = [&] { return m_stage.get(path + "/deploys").array().at(0)["deploy"]["status"].toString(); };
        QTRY_COMPARE_WITH_TIMEOUT(newest(), QString("update_failed"), 60'000);
        QCOMPARE(callUrl(made.object()["service"][u"serviceDetails"]["url"].toString()).first, 404); // never live
        const QJsonObject value{{"value", externalUrl().section('/', 0, 2) + "/bird_app_db"}};
        QCOMPARE(m_stage.ask("PUT", path + "/env-vars/DATABASE_URI", value).status, 200);
        QCOMPARE(m_stage.post(path + "/deploys").status, 201);
        QTRY_COMPARE_WITH_TIMEOUT(newest(), QString("live"), 60'000);
        QCOMPARE(m_stage.ask("DELETE", path).status, 204);
    }

    void anAppThatDiesIsStartedByTheNextRequest()
    {
        QCOMPARE(call("/birds").first, 200);
        const int port = m_stage.get("/practice/state").object()["services"].toArray().at(0)["appPort"].toInt();
        int killed = 0;
        for (const QString &pid : QDir("/proc").entryList({"[0-9]*"}, QDir::Dirs)) {
            QFile line("/proc/" + pid + "/cmdline");
            if (line.open(QIODevice::ReadOnly) &&
                line.readAll().contains(QByteArray("--bind") + '\0' + "127.0.0.1:" + QByteArray::number(port) + '\0')) {
                killed += ::kill(pid_t(pid.toInt()), SIGKILL) == 0 ? 1 : 0;
            }
        }
        QVERIFY(killed > 0);
        QTRY_COMPARE_WITH_TIMEOUT(call("/birds").first, 200, 20'000);
    }

    void aServiceOfOnesOwn()
    {
        QJsonObject draft{{"name", "my-birds"},
                          {"type", "web_service"},
                          {"ownerId", m_service["ownerId"]},
                          {"repo", "https://github.com/example/birds"},
                          {"serviceDetails", QJsonObject{{"runtime", "python"}, {"plan", "free"}}},
                          {"envVars", QJsonArray{m_stage.get(m_path + "/env-vars").array().at(0)["envVar"]}}};
        const PracticeResponse made = m_stage.post("/services", draft);
        QCOMPARE(made.status, 201);
        const QJsonObject service = made.object()["service"].toObject();
        const QString path = "/services/" + service["id"].toString();
        QTRY_COMPARE_WITH_TIMEOUT(
            m_stage.get(path + "/deploys/" + made.object()["deployId"].toString()).object()["status"].toString(),
            QString("live"), 60'000);
        QCOMPARE(callUrl(service["serviceDetails"]["url"].toString() + "/birds").first, 200);
        QCOMPARE(m_stage.get("/services?name=my-birds").array().size(), 1);
        QCOMPARE(m_stage.get("/services?name=my-birds,bird-app").array().size(), 2);

        draft["serviceDetails"] = QJsonObject{{"runtime", "python"}}; // without a plan it is a paid one
        draft["name"] = "third";
        const PracticeResponse paid = m_stage.post("/services", draft);
        QCOMPARE(paid.status, 402);
        QVERIFY(paid.message().startsWith("Payment information is required"));
        QCOMPARE(m_stage.ask("DELETE", path).status, 204);
        QCOMPARE(m_stage.get(path).status, 404);
    }

private:
    QString externalUrl()
    {
        return m_stage.get("/postgres/" + m_instance["id"].toString() + "/connection-info")
            .object()["externalConnectionString"]
            .toString();
    }
    /// What becomes of a deploy.
    QString follow(const QString &id)
    {
        QString status;
        (void)QTest::qWaitFor(
            [&] {
                status = m_stage.get(m_path + "/deploys/" + id).object()["status"].toString();
                return status == "live" || status.endsWith("_failed") || status == "canceled";
            },
            60'000);
        return status;
    }
    static std::pair<int, QByteArray> callUrl(const QString &url)
    {
        QNetworkAccessManager network;
        QNetworkRequest request{QUrl(url)};
        request.setTransferTimeout(60'000);
        const std::unique_ptr<QNetworkReply> reply(network.get(request));
        QEventLoop loop;
        QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
        loop.exec();
        return {reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), reply->readAll()};
    }
    std::pair<int, QByteArray> call(const QString &path) const
    {
        return callUrl(m_service["serviceDetails"][u"url"].toString() + path);
    }

    PracticeStage m_stage;
    QJsonObject m_instance;
    QJsonObject m_service;
    QString m_path;
};

QTEST_GUILESS_MAIN(TestPracticeServices)
#include "tst_practiceservices.moc"
