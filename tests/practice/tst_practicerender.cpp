#include "practiceclient.h"

#include <QCryptographicHash>
#include <QDir>
#include <QLocale>
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

    void whatIsRefused_data()
    {
        QTest::addColumn<QString>("member");
        QTest::addColumn<QJsonValue>("value");
        QTest::newRow("no name") << "name" << QJsonValue("");
        QTest::newRow("somebody else's workspace") << "ownerId" << QJsonValue("tea-00000000000000000000");
        QTest::newRow("plan") << "plan" << QJsonValue("gold");
        QTest::newRow("version") << "version" << QJsonValue("9");
        QTest::newRow("region") << "region" << QJsonValue("moon");
        QTest::newRow("hyphen") << "databaseName" << QJsonValue("bird-app");
        QTest::newRow("disk on free") << "diskSizeGB" << QJsonValue(5);
        QTest::newRow("address") << "ipAllowList" << QJsonValue(QJsonArray{QJsonObject{{"cidrBlock", "everybody"}}});
    }
    void whatIsRefused()
    {
        QFETCH(QString, member);
        QFETCH(QJsonValue, value);
        QJsonObject draft = m_stage.draft();
        draft[member] = value;
        const PracticeResponse refused = m_stage.post("/postgres", draft);
        QCOMPARE(refused.status, 400);
        QVERIFY(!refused.message().isEmpty());
        QCOMPARE(m_stage.get("/postgres").array().size(), 0);
    }

    void withoutACard()
    {
        QCOMPARE(m_stage.post("/practice/settings", QJsonObject{{"needs_card", true}}).status, 200);
        QCOMPARE(m_stage.post("/postgres", m_stage.draft()).status, 402);
        QCOMPARE(m_stage.post("/practice/settings", QJsonObject{{"needs_card", false}}).status, 200);
        QCOMPARE(m_stage.post("/practice/settings", QJsonObject{{"froth", 1}}).status, 400);
    }

    /// What follows works on one instance.
    void anInstance()
    {
        QJsonObject draft = m_stage.draft("allow-list postgres");
        draft.remove("databaseName");
        m_id = m_stage.createAvailable(draft);
        QVERIFY(!m_id.isEmpty());
        m_path = "/postgres/" + m_id;
        m_url = m_stage.get(m_path + "/connection-info").object()["externalConnectionString"].toString();
        // Derived from the instance's name.
        const QString database = m_stage.get(m_path).object()["databaseName"].toString();
        QVERIFY2(QRegularExpression("^allow_list_postgres_[a-z0-9]{4}$").match(database).hasMatch(),
                 qPrintable(database));
        QCOMPARE(askPsql(m_url, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)"), QString());
    }

    void allowList()
    {
        const PracticeResponse closed = m_stage.ask("PATCH", m_path, QJsonObject{{"ipAllowList", QJsonArray()}});
        QCOMPARE(closed.status, 200);
        QVERIFY(closed.object()["ipAllowList"].isNull());
        QTRY_VERIFY(askPsql(m_url, "SELECT 1").startsWith("failed: "));
        const auto only = [this](const QString &block) {
            const QJsonArray list{QJsonObject{{"cidrBlock", block}, {"description", "me"}}};
            return m_stage.ask("PATCH", m_path, QJsonObject{{"ipAllowList", list}}).status;
        };
        QCOMPARE(only("198.51.100.0/24"), 200);
        QTRY_VERIFY(askPsql(m_url, "SELECT 1").startsWith("failed: "));
        QCOMPARE(only("203.0.113.7/32"), 200);
        QTRY_COMPARE(askPsql(m_url, "SELECT 1"), QString("1"));
        QCOMPARE(m_stage.post("/practice/settings", QJsonObject{{"outside_address", "203.0.113.8"}}).status, 200);
        QTRY_VERIFY(askPsql(m_url, "SELECT 1").startsWith("failed: "));
        QCOMPARE(only("127.0.0.1/32"), 200);
        QTRY_COMPARE(askPsql(m_url, "SELECT 1"), QString("1"));
        QCOMPARE(only("0.0.0.0/0"), 200);
    }

    void suspendAndResume()
    {
        const PracticeResponse asleep = m_stage.post(m_path + "/suspend");
        QCOMPARE(asleep.status, 202);
        QVERIFY(asleep.body.isEmpty());
        const QJsonObject told = m_stage.get(m_path).object();
        QCOMPARE(told["status"].toString(), QString("suspended"));
        QCOMPARE(told["suspended"].toString(), QString("suspended"));
        QCOMPARE(told["suspenders"][0].toString(), QString("user"));
        QTRY_VERIFY(askPsql(m_url, "SELECT 1").startsWith("failed: "));
        QCOMPARE(m_stage.get("/postgres?suspended=suspended").array().size(), 1);
        QCOMPARE(m_stage.get("/postgres?suspended=not_suspended").array().size(), 0);
        // Whether it counts is not known, so both can be had.
        QCOMPARE(m_stage.post("/postgres", m_stage.draft()).status, 400);
        QCOMPARE(m_stage.post("/practice/settings", QJsonObject{{"suspended_counts", false}}).status, 200);
        const PracticeResponse other = m_stage.post("/postgres", m_stage.draft());
        QCOMPARE(other.status, 201);
        QCOMPARE(m_stage.ask("DELETE", "/postgres/" + other.object()["id"].toString()).status, 204);
        QCOMPARE(m_stage.post("/practice/settings", QJsonObject{{"suspended_counts", true}}).status, 200);

        QCOMPARE(m_stage.post(m_path + "/resume").status, 202);
        QTRY_COMPARE_WITH_TIMEOUT(m_stage.statusOf(m_id), QString("available"), 60'000);
        QTRY_COMPARE(askPsql(m_url, "SELECT n FROM kept"), QString("7")); // the same address, the same data
    }

    void whatIsInside()
    {
        QProcess held;
        openSession(held);
        const QJsonArray credentials = m_stage.get(m_path + "/credentials").array();
        QCOMPARE(credentials.size(), 1);
        QVERIFY(credentials[0]["default"].toBool());
        QCOMPARE(credentials[0]["openConnections"].toInt(), 1);
        const QJsonArray processes = m_stage.get(m_path + "/query/processes").object()["processes"].toArray();
        QCOMPARE(processes.size(), 1);
        QCOMPARE(processes[0]["username"], credentials[0]["username"]);
        QCOMPARE(processes[0]["applicationName"].toString(), QString("psql"));
        held.closeWriteChannel();
        QVERIFY(held.waitForFinished());
        QTRY_COMPARE(m_stage.get(m_path + "/credentials").array().at(0)["openConnections"].toInt(), 0);

        const QJsonArray sizes = m_stage.get(m_path + "/query/sizes").object()["sizes"].toArray();
        QVERIFY(std::any_of(sizes.begin(), sizes.end(), [](const QJsonValue &each) {
            return each["Table"].toString() == "kept" && each["Bytes"].toInt() == 8192;
        }));
        const QJsonArray usage = m_stage.get("/metrics/disk-usage?resource=" + m_id).array();
        QCOMPARE(usage[0]["unit"].toString(), QString("GB"));
        const double used = usage[0]["values"][0]["value"].toDouble();
        QVERIFY2(used > 0.001 && used < 0.1, QByteArray::number(used));
        QCOMPARE(m_stage.get("/metrics/disk-capacity?resource=" + m_id).array().at(0)["values"][0]["value"].toInt(), 1);
        QCOMPARE(m_stage.get("/metrics/cpu?resource=" + m_id).body, QByteArray("[]\n"));
        QCOMPARE(m_stage.post(m_path + "/export").status, 400); // not on free
        QCOMPARE(m_stage.get(m_path + "/recovery").object()["recoveryStatus"].toString(), QString("NOT_AVAILABLE"));
    }

    void muchDataThroughTheFront()
    {
        const QString sum =
            askPsql(m_url, "SELECT md5(string_agg(md5(i::text), '')) FROM generate_series(1, 200000) i");
        const QString rows = askPsql(m_url, "SELECT md5(i::text) FROM generate_series(1, 200000) i").remove('\n');
        QCOMPARE(rows.size(), 200000 * 32);
        QCOMPARE(QString::fromLatin1(QCryptographicHash::hash(rows.toLatin1(), QCryptographicHash::Md5).toHex()), sum);
    }

    void credentials()
    {
        QCOMPARE(m_stage.post(m_path + "/credentials", QJsonObject{{"username", "second_user"}}).status, 202);
        const QString url = m_stage.get(m_path + "/connection-info").object()["externalConnectionString"].toString();
        QVERIFY(url.startsWith("postgresql://second_user:"));
        QCOMPARE(askPsql(url, "SELECT n FROM kept"), QString("7"));
        QCOMPARE(askPsql(m_url, "SELECT n FROM kept"), QString("7"));                     // the first one still works
        QCOMPARE(m_stage.ask("DELETE", m_path + "/credentials/second_user").status, 400); // the default one
        const QString first = QUrl(m_url).userName();
        QCOMPARE(m_stage.ask("DELETE", m_path + "/credentials/" + first).status, 200);
        QVERIFY(askPsql(m_url, "SELECT 1").startsWith("failed: "));
        QCOMPARE(m_stage.ask("DELETE", m_path + "/credentials/" + first).status, 404);
        m_url = url;
    }

    void expiry_data()
    {
        QTest::addColumn<QString>("style");
        QTest::newRow("told as suspended") << "suspended";
        QTest::newRow("told as unavailable") << "unavailable";
    }
    void expiry()
    {
        QFETCH(QString, style);
        QCOMPARE(m_stage.post("/practice/settings", QJsonObject{{"expired_as", style}}).status, 200);
        const auto moved = m_stage.post("/practice/clock", QJsonObject{{"days", 29}});
        QCOMPARE(moved.object()["offsetSeconds"].toInt(), 29 * 86400);
        const QDateTime date =
            QLocale::c().toDateTime(QString::fromLatin1(moved.headers["date"]).chopped(4), "ddd, dd MMM yyyy HH:mm:ss");
        QVERIFY(date > QDateTime::currentDateTime().addDays(28));
        QCOMPARE(m_stage.statusOf(m_id), QString("available"));
        QCOMPARE(askPsql(m_url, "SELECT n FROM kept"), QString("7"));

        QCOMPARE(m_stage.post("/practice/clock", QJsonObject{{"days", 2}}).status, 200);
        const QJsonObject told = m_stage.get(m_path).object();
        QCOMPARE(told["status"].toString(), style);
        QCOMPARE(told["suspended"].toString(), QString(style == "suspended" ? "suspended" : "not_suspended"));
        QTRY_VERIFY(askPsql(m_url, "SELECT 1").startsWith("failed: "));
        QCOMPARE(m_stage.post("/practice/clock", QJsonObject{{"reset", true}}).status, 200);
        QTRY_COMPARE_WITH_TIMEOUT(m_stage.statusOf(m_id), QString("available"), 60'000);
        QTRY_COMPARE(askPsql(m_url, "SELECT n FROM kept"), QString("7"));
    }

    void upgradedInTime()
    {
        QCOMPARE(m_stage.post("/practice/clock", QJsonObject{{"days", 31}}).status, 200);
        const PracticeResponse paid = m_stage.ask("PATCH", m_path, QJsonObject{{"plan", "basic_256mb"}});
        QCOMPARE(paid.status, 200);
        QVERIFY(!paid.object().contains("expiresAt"));
        QTRY_COMPARE_WITH_TIMEOUT(m_stage.statusOf(m_id), QString("available"), 60'000);
        QTRY_COMPARE(askPsql(m_url, "SELECT n FROM kept"), QString("7"));
        QCOMPARE(m_stage.ask("PATCH", m_path, QJsonObject{{"diskSizeGB", 1}}).status, 400); // never smaller
        QCOMPARE(m_stage.ask("PATCH", m_path, QJsonObject{{"plan", "free"}}).status, 400);
        QCOMPARE(m_stage.post(m_path + "/export").status, 202);
        QCOMPARE(m_stage.get(m_path + "/export").array().size(), 1);
        QCOMPARE(m_stage.ask("DELETE", m_path).status, 204);
        QCOMPARE(m_stage.post("/practice/clock", QJsonObject{{"reset", true}}).status, 200);
    }

    void erasedAfterTheGrace()
    {
        const QString id = m_stage.createAvailable(m_stage.draft());
        QVERIFY(!id.isEmpty());
        QCOMPARE(m_stage.post("/practice/clock", QJsonObject{{"days", 43}}).status, 200);
        QCOMPARE(m_stage.get("/postgres/" + id).status, 200);
        QVERIFY(QDir(m_stage.folder() + "/render/" + id).exists());
        QCOMPARE(m_stage.post("/practice/clock", QJsonObject{{"days", 1}}).status, 200);
        QCOMPARE(m_stage.get("/postgres/" + id).status, 404);
        QTRY_VERIFY_WITH_TIMEOUT(!QDir(m_stage.folder() + "/render/" + id).exists(), 30'000);
        QCOMPARE(m_stage.post("/practice/clock", QJsonObject{{"reset", true}}).status, 200);
    }

private:
    /// A psql that waits for its next line.
    void openSession(QProcess &process)
    {
        const QUrl url(m_url);
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("PGPASSWORD", url.password());
        process.setProcessEnvironment(environment);
        process.start("psql", {"-XAtq", "-h", url.host(), "-p", QString::number(url.port()), "-U", url.userName(), "-d",
                               url.path().mid(1)});
        process.write("SELECT 'here';\n");
        QVERIFY(QTest::qWaitFor([&process] { return process.readAllStandardOutput().contains("here"); }, 20'000));
    }

    PracticeStage m_stage;
    QString m_id;
    QString m_path;
    QString m_url;
};

QTEST_GUILESS_MAIN(TestPracticeRender)
#include "tst_practicerender.moc"
