#include "cliprocess.h"

#include <QDateTime>
#include <QDir>
#include <QEventLoop>
#include <QFile>
#include <QFileInfo>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTest>

using namespace Roost::Testing;

/// The practice account as a process of its own, on the command line.
class TestCliRender : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_cli = std::make_unique<CliProcess>();
        // No keychain: the account is practised with all the same.
        m_cli->setVariable("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
    }
    void cleanup()
    {
        const CliOutcome stopped = m_cli->run({"practice", "stop"});
        QVERIFY2(stopped.exitCode == 0, stopped.told());
        QCOMPARE(processesOf(m_cli->home()), QStringList());
        m_cli.reset();
    }

    void startedOnceAndFoundAgain()
    {
        const QJsonObject told = start();
        QCOMPARE(told["account"].toString(), QString("practice-account"));
        QCOMPARE(start(), told);
        QCOMPARE(get(told, "/users").first, 200);
        const QJsonArray instances = get(told, "/postgres").second;
        QCOMPARE(instances.size(), 1);
        QCOMPARE(instances[0]["postgres"]["status"].toString(), QString("available"));
        QCOMPARE(get(told, "/services").second.size(), 1);
        const QJsonArray rows = m_cli->run({"practice", "status", "--json"}).json();
        QCOMPARE(rows.size(), 2);
        QCOMPARE(rows[1]["state"].toString(), QString("running"));
        const QString note = m_cli->home() + "/practice/render/running.json";
        QCOMPARE(QFile(note).permissions() &
                     (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther),
                 QFile::Permissions());

        QCOMPARE(m_cli->run({"practice", "stop"}).exitCode, 0);
        QCOMPARE(get(told, "/users").first, 0);
        QCOMPARE(start(), told); // the same place, key and account
        QCOMPARE(get(told, "/postgres").second.at(0)["postgres"]["id"], instances[0]["postgres"]["id"]);
    }

    void clock()
    {
        QCOMPARE(m_cli->run({"practice", "clock"}).exitCode, 1); // it does not run
        start();
        const auto time = [this](const QStringList &more) {
            return QDateTime::fromString(
                QString::fromUtf8(m_cli->run(QStringList{"practice", "clock"} + more).output).trimmed(), Qt::ISODate);
        };
        const QDateTime now = time({});
        QVERIFY(qAbs(now.secsTo(QDateTime::currentDateTimeUtc())) < 30);
        const QDateTime later = time({"+31"});
        QVERIFY(qAbs(now.addDays(31).secsTo(later)) < 30);
        QCOMPARE(get(start(), "/postgres").second.at(0)["postgres"]["status"].toString(), QString("suspended"));
        const CliOutcome wrong = m_cli->run({"practice", "clock", "soon"});
        QVERIFY2(wrong.exitCode == 2 && wrong.errors.contains("no number of days"), wrong.told());
        QCOMPARE(m_cli->run({"practice", "start", "--json"}).exitCode, 2);
    }

    void manyStartAtOnce()
    {
        std::vector<std::unique_ptr<QProcess>> starts;
        for (int i = 0; i < 3; ++i) {
            starts.push_back(m_cli->start({"practice", "start", "--render", "--json"}));
        }
        QSet<QByteArray> told;
        for (const auto &each : starts) {
            const CliOutcome outcome = CliProcess::finish(*each, 120'000);
            QVERIFY2(outcome.exitCode == 0, outcome.told());
            told += outcome.output;
        }
        QCOMPARE(told.size(), 1);
    }

    void killedItLeavesNothingRunning()
    {
        const QJsonObject told = start();
        const QString url = get(told, "/services").second.at(0)["service"]["serviceDetails"]["url"].toString();
        QCOMPARE(callUrl(url + "/birds").first, 200);
        QVERIFY(processesOf(m_cli->home()).size() > 2); // it, the server's, gunicorn's
        const qint64 pid = m_cli->run({"practice", "status", "--json"}).json().at(1)["process_id"].toInteger();
        QVERIFY(pid > 1);
        ::kill(pid_t(pid), SIGKILL);
        QTRY_COMPARE_WITH_TIMEOUT(processesOf(m_cli->home()), QStringList(), 20'000);
        QCOMPARE(m_cli->run({"practice", "status", "--json"}).json().size(), 1);
        QCOMPARE(start(), told);
        QCOMPARE(callUrl(url + "/birds").first, 200); // with its data
    }

    void endsWhenItsFolderIsGone()
    {
        start();
        QVERIFY(!processesOf(m_cli->home()).isEmpty());
        QVERIFY(QDir(m_cli->home() + "/practice").removeRecursively());
        QTRY_COMPARE_WITH_TIMEOUT(processesOf(m_cli->home()), QStringList(), 20'000);
    }

    void inTheForeground()
    {
        const auto serve = m_cli->start({"practice", "serve"});
        QTRY_VERIFY_WITH_TIMEOUT(QFileInfo::exists(m_cli->home() + "/practice/render/running.json"), 60'000);
        const CliOutcome second = m_cli->run({"practice", "serve"});
        QVERIFY2(second.exitCode == 1 && second.errors.contains("runs already"), second.told());
        CliProcess::send(*serve, SIGTERM);
        QCOMPARE(CliProcess::finish(*serve).exitCode, 0);
        QVERIFY(!m_cli->run({"--help"}).output.contains("practice serve  "));
        QVERIFY(m_cli->run({"practice", "serve", "--help"}).output.contains("foreground"));
    }

private:
    QJsonObject start() const
    {
        const CliOutcome outcome = m_cli->run({"practice", "start", "--render", "--json"});
        if (outcome.exitCode != 0) {
            qWarning("%s", outcome.told().constData());
        }
        return QJsonDocument::fromJson(outcome.output).object();
    }
    static std::pair<int, QJsonArray> get(const QJsonObject &told, const QString &path)
    {
        const auto [status, body] =
            callUrl(told["render_url"].toString() + path, "Bearer " + told["api_key"].toString().toUtf8());
        return {status, QJsonDocument::fromJson(body).array()};
    }
    static std::pair<int, QByteArray> callUrl(const QString &url, const QByteArray &authorization = {})
    {
        QNetworkAccessManager network;
        QNetworkRequest request{QUrl(url)};
        request.setRawHeader("Authorization", authorization);
        request.setTransferTimeout(60'000);
        const std::unique_ptr<QNetworkReply> reply(network.get(request));
        QEventLoop loop;
        QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
        loop.exec();
        return {reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), reply->readAll()};
    }
    /// Processes that work below this folder, or whose Roost's home it is.
    static QStringList processesOf(const QString &home)
    {
        QStringList found;
        for (const QString &pid : QDir("/proc").entryList({"[0-9]*"}, QDir::Dirs)) {
            QFile environment("/proc/" + pid + "/environ");
            const bool isOurs = environment.open(QIODevice::ReadOnly) &&
                                environment.readAll().contains("ROOST_HOME=" + home.toUtf8() + '\0');
            if (isOurs || QFile::symLinkTarget("/proc/" + pid + "/cwd").startsWith(home)) {
                QFile line("/proc/" + pid + "/cmdline");
                found += line.open(QIODevice::ReadOnly) ? QString::fromUtf8(line.readAll().replace('\0', ' ')) : pid;
            }
        }
        return found;
    }

    std::unique_ptr<CliProcess> m_cli;
};

QTEST_GUILESS_MAIN(TestCliRender)
#include "tst_clirender.moc"
