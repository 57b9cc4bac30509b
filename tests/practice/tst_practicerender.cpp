#include "practiceclient.h"

#include <QDir>
#include <QRegularExpression>

using namespace Roost;
using namespace Roost::Testing;

/// The stand-in for Render's instances, seen by a plain HTTP client and by psql.
class TestPracticeRender : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_stage.options.settings[QStringLiteral("creating_ms")] = 300;
        const QString problem = m_stage.start();
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        const QJsonObject many{{"get", 100000}, {"write", 100000}, {"create", 100000}, {"service", 100000}};
        QCOMPARE(m_stage.post("/practice/settings", QJsonObject{{"limits", many}}).status, 200);
    }
    void cleanupTestCase() { m_stage.stop(); }

    void onlyWithTheKey()
    {
        QCOMPARE(m_stage.send("GET", "/users", {}, {}).status, 401);
        QCOMPARE(m_stage.send("GET", "/users", {}, "Bearer wrong").status, 401);
        QCOMPARE(m_stage.send("GET", "/practice/state", {}, "Bearer wrong").status, 401);
        QVERIFY(!m_stage.send("GET", "/users", {}, "Bearer wrong").message().isEmpty());
        QCOMPARE(m_stage.get("/users").status, 200);
        QCOMPARE(m_stage.get("/nothing").status, 404);
        QCOMPARE(m_stage.get("/owners").array().at(0)["owner"]["type"].toString(), QString("team"));
    }

    void whatEveryAnswerHas()
    {
        const PracticeResponse answer = m_stage.get("/users");
        QVERIFY(answer.body.endsWith("}\n"));
        QCOMPARE(answer.headers["content-type"], QByteArray("application/json; charset=utf-8"));
        for (const char *name : {"date", "render-request-id", "ratelimit-limit", "ratelimit-remaining",
                                 "ratelimit-reset", "vary", "x-content-type-options"}) {
            QVERIFY2(!answer.headers[name].isEmpty(), name);
        }
        QVERIFY(answer.headers["ratelimit-reset"].toInt() < 60); // seconds left, no time of the clock
    }

    void lifeOfAnInstance()
    {
        const PracticeResponse made = m_stage.post("/postgres", m_stage.draft());
        QCOMPARE(made.status, 201);
        const QJsonObject body = made.object();
        const QString id = body["id"].toString();
        QVERIFY(QRegularExpression("^dpg-[0-9a-v]{20}-a$").match(id).hasMatch());
        QVERIFY(QStringList({"unknown", "creating"}).contains(body["status"].toString()));
        QVERIFY(QRegularExpression("\\.\\d{9}Z$").match(body["createdAt"].toString()).hasMatch());
        QVERIFY(QRegularExpression("^class_db_[a-z0-9]{4}$").match(body["databaseName"].toString()).hasMatch());
        QCOMPARE(body["databaseUser"].toString(), body["databaseName"].toString() + "_user");
        QCOMPARE(body["ipAllowList"][0]["cidrBlock"].toString(), QString("0.0.0.0/0"));
        QCOMPARE(body["diskSizeGB"].toInt(), 1);
        QCOMPARE(m_stage.statusOf(id), QString("creating"));
        QTRY_COMPARE_WITH_TIMEOUT(m_stage.statusOf(id), QString("available"), 60'000);

        const QJsonObject read = m_stage.get("/postgres/" + id).object();
        QVERIFY(QRegularExpression("\\.\\d{6}Z$").match(read["createdAt"].toString()).hasMatch());
        const auto time = [&read](const char *member) {
            return QDateTime::fromString(read[QLatin1String(member)].toString(), Qt::ISODateWithMs);
        };
        QCOMPARE(time("createdAt").daysTo(time("expiresAt")), 30);
        for (auto it = read.begin(); it != read.end(); ++it) {
            QVERIFY2(!it.key().startsWith('_'), qPrintable(it.key()));
        }

        const QJsonObject info = m_stage.get("/postgres/" + id + "/connection-info").object();
        QVERIFY(info["internalConnectionString"].toString().contains("@" + id + "/"));
        const QString url = info["externalConnectionString"].toString();
        QVERIFY(url.contains("@127.0.0.1:"));
        QCOMPARE(askPsql(url, "SELECT current_user"), read["databaseUser"].toString());
        QCOMPARE(askPsql(url, "SELECT rolsuper OR rolreplication FROM pg_roles WHERE rolname = current_user"),
                 QString("f"));
        QCOMPARE(askPsql(url, "CREATE DATABASE bird_app_db"), QString());
        QCOMPARE(askPsql(url, "SELECT current_database()", "bird_app_db"), QString("bird_app_db"));

        // One active free one per workspace.
        const PracticeResponse second = m_stage.post("/postgres", m_stage.draft("second"));
        QCOMPARE(second.status, 400);
        QCOMPARE(second.message(), QString("cannot have more than one active free tier database"));

        const QString folder = m_stage.folder() + "/render/" + id;
        QVERIFY(QDir(folder).exists());
        const PracticeResponse gone = m_stage.ask("DELETE", "/postgres/" + id);
        QCOMPARE(gone.status, 204);
        QVERIFY(gone.body.isEmpty() && gone.headers["content-type"].isEmpty());
        const PracticeResponse after = m_stage.get("/postgres/" + id);
        QCOMPARE(after.status, 404);
        QCOMPARE(after.body, QByteArray("{\"message\":\"not found: " + id.toLatin1() + "\"}\n"));
        QCOMPARE(m_stage.ask("DELETE", "/postgres/" + id).status, 404);
        QTRY_VERIFY_WITH_TIMEOUT(!QDir(folder).exists(), 30'000);
    }

private:
    PracticeStage m_stage;
};

QTEST_GUILESS_MAIN(TestPracticeRender)
#include "tst_practicerender.moc"
