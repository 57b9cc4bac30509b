#include "practiceclient.h"

#include <QDir>
#include <QEventLoop>
#include <QFile>
#include <QNetworkAccessManager>
#include <QNetworkReply>

#include <csignal>

using namespace Roost;
using namespace Roost::Testing;

/// What the stand-in for Render still knows when it is started again.
class TestPracticeRestart : public QObject
{
    Q_OBJECT

private slots:
    void everythingIsThereAgain()
    {
        PracticeStage stage;
        stage.options.hasSample = true;
        QCOMPARE(stage.start(), QString());
        const RenderAccess before = stage.access();
        const QJsonObject instance = firstInstance(stage);
        const QJsonObject service = stage.get("/services").array().at(0)["service"].toObject();
        const QString services = "/services/" + service["id"].toString();
        const QString url = urlOf(stage, instance);
        QCOMPARE(askPsql(url, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)"), QString());
        QCOMPARE(askPsql(url, "DROP TABLE birds", "bird_app_db"), QString());
        QCOMPARE(askPsql(url, "CREATE DATABASE other"), QString());
        QCOMPARE(stage.ask("PUT", services + "/env-vars/COLOUR", QJsonObject{{"value", "blue"}}).status, 200);
        QCOMPARE(stage.post("/practice/clock", QJsonObject{{"days", 3}}).status, 200);
        QCOMPARE(stage.post("/practice/settings", QJsonObject{{"expired_as", "unavailable"}}).status, 200);
        stage.stop();
        QVERIFY(askPsql(url, "SELECT 1").startsWith("failed: "));

        QCOMPARE(stage.start(), QString());
        QCOMPARE(stage.access().api, before.api);
        QVERIFY(stage.access().key.isSameAs(before.key));
        QCOMPARE(firstInstance(stage), instance);
        QCOMPARE(stage.get("/services").array().at(0)["service"].toObject(), service);
        QCOMPARE(askPsql(url, "SELECT n FROM kept"), QString("7"));
        // What was dropped stays dropped: it is seeded once.
        QCOMPARE(askPsql(url, "SELECT count(*) FROM pg_tables WHERE tablename = 'birds'", "bird_app_db"), QString("0"));
        QCOMPARE(askPsql(url, "SELECT current_database()", "other"), QString("other"));
        QCOMPARE(stage.get(services + "/env-vars/COLOUR").object()["value"].toString(), QString("blue"));
        QCOMPARE(stage.get("/practice/clock").object()["offsetSeconds"].toInt(), 3 * 86400);
        QCOMPARE(stage.get("/practice/settings").object()["expired_as"].toString(), QString("unavailable"));
        // The app as it was deployed, which now misses its table.
        QCOMPARE(call(service["serviceDetails"][u"url"].toString() + "/"), 200);
        QCOMPARE(call(service["serviceDetails"][u"url"].toString() + "/birds"), 500);
    }

    void theFilesAreTheOwnersAlone()
    {
        PracticeStage stage;
        stage.options.hasSample = true;
        QCOMPARE(stage.start(), QString());
        const QFile state(stage.folder() + "/render/render.json");
        QVERIFY(state.exists());
        QCOMPARE(state.permissions() & ~(QFile::ReadUser | QFile::WriteUser), QFile::ReadOwner | QFile::WriteOwner);
    }

    void aDamagedFileIsLeftAlone()
    {
        PracticeStage stage;
        QCOMPARE(stage.start(), QString());
        stage.stop();
        QFile state(stage.folder() + "/render/render.json");
        QVERIFY(state.open(QIODevice::WriteOnly | QIODevice::Truncate));
        state.write("{\"key\":");
        state.close();
        QVERIFY(stage.start().contains("damaged"));
        QVERIFY(state.open(QIODevice::ReadOnly));
        QCOMPARE(state.readAll(), QByteArray("{\"key\":"));
    }

    void aServerThatWasKilledIsStartedAgain()
    {
        PracticeStage stage;
        QCOMPARE(stage.start(), QString());
        const QString id = stage.createAvailable(stage.draft());
        QVERIFY(!id.isEmpty());
        const QString url = urlOf(stage, stage.get("/postgres/" + id).object());
        QCOMPARE(askPsql(url, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)"), QString());
        const QString folder = stage.folder() + "/render/" + id;
        stage.stop();
        // As if only its folder were left of a crash: a stale lock and process file.
        QFile pidFile(dataFolder(folder) + "/postmaster.pid");
        QVERIFY(pidFile.open(QIODevice::WriteOnly));
        pidFile.write("4194304\n");
        pidFile.close();
        QCOMPARE(stage.start(), QString());
        QCOMPARE(stage.statusOf(id), QString("available"));
        QCOMPARE(askPsql(url, "SELECT n FROM kept"), QString("7"));
    }

    void aDeletionThatWasCutShortIsFinished()
    {
        PracticeStage stage;
        QCOMPARE(stage.start(), QString());
        const QString id = stage.createAvailable(stage.draft());
        const QString folder = stage.folder() + "/render/" + id;
        stage.stop();
        QFile state(stage.folder() + "/render/render.json");
        QVERIFY(state.open(QIODevice::ReadWrite));
        QJsonObject all = QJsonDocument::fromJson(state.readAll()).object();
        all["instances"] = QJsonArray();
        all["leaving"] = QJsonArray{id};
        state.resize(0);
        state.write(QJsonDocument(all).toJson());
        state.close();
        QVERIFY(QDir(folder).exists());
        QCOMPARE(stage.start(), QString());
        QTRY_VERIFY_WITH_TIMEOUT(!QDir(folder).exists(), 30'000);
        QCOMPARE(stage.get("/postgres").array().size(), 0);
    }

    void expiredWhileNobodyLooked()
    {
        PracticeStage stage;
        QCOMPARE(stage.start(), QString());
        const QString id = stage.createAvailable(stage.draft());
        stage.stop();
        QFile state(stage.folder() + "/render/render.json");
        QVERIFY(state.open(QIODevice::ReadWrite));
        QJsonObject all = QJsonDocument::fromJson(state.readAll()).object();
        all["offset"] = 31 * 86400;
        state.resize(0);
        state.write(QJsonDocument(all).toJson());
        state.close();
        QCOMPARE(stage.start(), QString());
        QCOMPARE(stage.statusOf(id), QString("suspended"));
    }

    void stoppedInTheMiddle()
    {
        // Whatever is on its way when it ends, nothing stays behind.
        for (const int wait : {0, 30, 150, 400}) {
            PracticeStage stage;
            QCOMPARE(stage.start(), QString());
            QCOMPARE(stage.post("/postgres", stage.draft()).status, 201);
            QTest::qWait(wait);
            stage.stop();
            QCOMPARE(processesBelow(stage.folder()), QStringList());
        }
    }

private:
    static QJsonObject firstInstance(PracticeStage &stage)
    {
        return stage.get("/postgres").array().at(0)["postgres"].toObject();
    }
    static QString urlOf(PracticeStage &stage, const QJsonObject &instance)
    {
        return stage.get("/postgres/" + instance["id"].toString() + "/connection-info")
            .object()["externalConnectionString"]
            .toString();
    }
    /// Where we are root, the files may be elsewhere.
    static QString dataFolder(const QString &folder)
    {
        QFile location(folder + "/location");
        return (location.open(QIODevice::ReadOnly) ? QString::fromUtf8(location.readAll()).trimmed() : folder) +
               "/data";
    }
    static int call(const QString &url)
    {
        QNetworkAccessManager network;
        const std::unique_ptr<QNetworkReply> reply(network.get(QNetworkRequest(QUrl(url))));
        QEventLoop loop;
        QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
        loop.exec();
        return reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    }
    static QStringList processesBelow(const QString &folder)
    {
        QStringList found;
        for (const QString &pid : QDir("/proc").entryList({"[0-9]*"}, QDir::Dirs)) {
            if (QFile::symLinkTarget("/proc/" + pid + "/cwd").startsWith(folder)) {
                found += pid;
            }
        }
        return found;
    }
};

QTEST_GUILESS_MAIN(TestPracticeRestart)
#include "tst_practicerestart.moc"
