#include "cliprocess.h"

#include <QDir>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

using namespace Roost::Testing;

/// The practice server and the bird app, as somebody without an account meets them on the command line.
class TestCliPractice : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        const CliOutcome none = m_cli.run({"practice", "status", "--json"});
        QCOMPARE(none.json().at(0)["state"].toString(), QString("not made yet"));
        const CliOutcome started = m_cli.run({"practice", "start"});
        QVERIFY2(started.exitCode == 0, started.told());
    }
    void cleanupTestCase()
    {
        const CliOutcome stopped = m_cli.run({"practice", "stop"});
        QVERIFY2(stopped.exitCode == 0, stopped.told());
        QCOMPARE(m_cli.run({"practice", "status", "--json"}).json().at(0)["state"].toString(), QString("stopped"));
        QVERIFY(!answers(m_port));
        QCOMPARE(m_cli.run({"practice", "stop"}).exitCode, 0);
    }

    void status()
    {
        const QJsonValue row = m_cli.run({"practice", "status", "--json"}).json().at(0);
        QCOMPARE(row["state"].toString(), QString("running"));
        m_port = row["port"].toInt();
        QVERIFY(answers(m_port));
        // Started again: the same server.
        QCOMPARE(m_cli.run({"practice", "start"}).exitCode, 0);
        QCOMPARE(m_cli.run({"practice", "status", "--json"}).json().at(0), row);
    }

    void whatItHolds()
    {
        const QJsonArray databases = m_cli.run({"databases", "practice", "--json"}).json();
        QStringList names;
        for (const QJsonValue &row : databases) {
            names += row["name"].toString();
        }
        QCOMPARE(names, QStringList({"bird_app_db", "my_database"}));
        QCOMPARE(m_cli.run({"tables", "practice", "--json"}).output, QByteArray("[]\n"));
        QVERIFY(m_cli.run({"tables", "practice"}).errors.contains("No tables yet"));
        QCOMPARE(m_cli.run({"rows", "practice/bird_app_db", "birds", "--json"}).json().size(), 4);
        QVERIFY(m_cli.run({"uri", "practice"}).output.endsWith("/my_database\n"));
        QVERIFY(m_cli.run({"uri", "practice/bird_app_db"}).output.endsWith("/bird_app_db\n"));
    }

    void theBirdApp()
    {
        const QString folder = m_cli.path("my birds");
        const CliOutcome made = m_cli.run({"birds", "new", folder});
        QVERIFY2(made.exitCode == 0, made.told());
        QVERIFY(m_cli.run({"birds", "new", folder}).exitCode == 1); // not over what is there

        const QString port = QString::number(freePort());
        const auto app = m_cli.start({"birds", "run", folder, "practice", "--port", port});
        QByteArray output;
        QTRY_VERIFY_WITH_TIMEOUT(
            (output += app->readAllStandardOutput()).contains('\n') || app->state() == QProcess::NotRunning, 60'000);
        const QString url = QStringLiteral("http://127.0.0.1:%1/birds").arg(port);
        QVERIFY2(output == url.toUtf8() + '\n', output + app->readAllStandardError());

        const auto [birdsStatus, birds] = get(url);
        QCOMPARE(birdsStatus, 200);
        QCOMPARE(QJsonDocument::fromJson(birds).array().size(), 4);
        QCOMPARE(get(url + "/1").first, 200);
        QCOMPARE(get(url + "/999").first, 404);
        const CliOutcome second = m_cli.run({"birds", "run", folder, "practice", "--port", port});
        QVERIFY2(second.exitCode == 1 && second.errors.contains(port.toUtf8()), second.told());

        CliProcess::send(*app, SIGINT);
        const CliOutcome ended = CliProcess::finish(*app, 20'000);
        QVERIFY2(ended.exitCode == 0, ended.told());
        QVERIFY(!answers(port.toInt()));
        QCOMPARE(processesIn(folder), QStringList());
    }

    void aKilledBirdRunLeavesNoServer()
    {
        const QString folder = m_cli.path("short lived");
        QVERIFY(m_cli.run({"birds", "new", folder}).exitCode == 0);
        const int port = freePort();
        const auto app = m_cli.start({"birds", "run", folder, "practice", "--port", QString::number(port)});
        QTRY_VERIFY_WITH_TIMEOUT(answers(port), 60'000);
        CliProcess::send(*app, SIGKILL);
        QVERIFY(app->waitForFinished());
        QTRY_VERIFY_WITH_TIMEOUT(!answers(port), 20'000);
        QTRY_COMPARE_WITH_TIMEOUT(processesIn(folder), QStringList(), 20'000);
    }

    void anAppWhoseTableIsMissing()
    {
        const QString folder = m_cli.path("no table");
        QVERIFY(m_cli.run({"birds", "new", folder}).exitCode == 0);
        const CliOutcome wrong = m_cli.run({"birds", "run", m_cli.path("nowhere"), "practice"});
        QVERIFY2(wrong.exitCode == 1, wrong.told());
        const int port = freePort();
        const auto app = m_cli.start({"birds", "run", folder, "practice/my_database", "--port", QString::number(port)});
        QTRY_VERIFY_WITH_TIMEOUT(answers(port), 60'000);
        QCOMPARE(get(QStringLiteral("http://127.0.0.1:%1/birds").arg(port)).first, 500);
        QByteArray errors;
        QTRY_VERIFY_WITH_TIMEOUT((errors += app->readAllStandardError()).contains("roost-cli: The table"), 10'000);
        CliProcess::send(*app, SIGTERM);
        QCOMPARE(CliProcess::finish(*app, 20'000).exitCode, 0);
    }

private:
    static int freePort()
    {
        QTcpServer server;
        return server.listen(QHostAddress::LocalHost) ? server.serverPort() : 0;
    }
    static bool answers(int port)
    {
        QTcpSocket socket;
        socket.connectToHost(QHostAddress::LocalHost, quint16(port));
        return socket.waitForConnected(1000);
    }
    static std::pair<int, QByteArray> get(const QString &url)
    {
        QNetworkAccessManager network;
        const std::unique_ptr<QNetworkReply> reply(network.get(QNetworkRequest(QUrl(url))));
        (void)QTest::qWaitFor([&reply] { return reply->isFinished(); }, 20'000);
        return {reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), reply->readAll()};
    }
    /// The command lines of processes that work in this folder.
    static QStringList processesIn(const QString &folder)
    {
        QStringList found;
        const QStringList pids = QDir("/proc").entryList({"[0-9]*"}, QDir::Dirs);
        for (const QString &pid : pids) {
            if (QFile::symLinkTarget("/proc/" + pid + "/cwd") == folder) {
                QFile file("/proc/" + pid + "/cmdline");
                found += file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll().replace('\0', ' ')) : pid;
            }
        }
        return found;
    }

    CliProcess m_cli;
    int m_port = 0;
};

QTEST_GUILESS_MAIN(TestCliPractice)
#include "tst_clipractice.moc"
