#include "cliprocess.h"
#include "postgres/connectionstring.h"
#include "storage/backupcatalog.h"
#include "storage/profilestore.h"
#include "support/notificationdaemon.h"
#include "support/temporarycluster.h"
#include "support/usermanager.h"

#include <QDir>
#include <QFile>
#include <QJsonObject>
#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

namespace {

/// Waits with the event loop running, in which the desktop answers.
CliOutcome runBesides(const CliProcess &cli, const QStringList &arguments)
{
    const auto process = cli.start(arguments);
    const bool ended = QTest::qWaitFor([&process] { return process->state() == QProcess::NotRunning; }, 60'000);
    CliOutcome outcome;
    if (ended && process->exitStatus() == QProcess::NormalExit) {
        outcome.exitCode = process->exitCode();
    }
    outcome.output = process->readAllStandardOutput();
    outcome.errors = process->readAllStandardError();
    return outcome;
}

} // namespace

/// roost-cli schedule, and what scheduled backups tell of themselves, with a real user manager, bus and server.
class TestCliSchedule : public QObject
{
    Q_OBJECT

private slots:
    void scheduleIsMadeListedAndRemoved()
    {
        UserManager manager;
        if (!manager.start()) {
            QSKIP(qPrintable(manager.problem()));
        }
        const CliProcess cli; // takes the environment as it is now
        const CliOutcome made = cli.run({"schedule", "practice", "--weekly", "sun@4:05", "--keep", "5"});
        QVERIFY2(made.exitCode == 0, made.told());
        const QString timer = QString::fromUtf8(made.output).trimmed();
        QCOMPARE(timer, manager.unitFolder() + "/roost-backup-practice.timer");
        QFile service(manager.unitFolder() + "/roost-backup-practice.service");
        QVERIFY(service.open(QIODevice::ReadOnly));
        const QByteArray text = service.readAll();
        QVERIFY2(text.contains(ROOST_CLI "\" \"backup\" \"--all\" \"practice\" \"--keep\" \"5\" \"--notify\""), text);
        QVERIFY2(text.contains("ROOST_HOME=" + cli.home().toUtf8()), text);
        const QJsonArray list = cli.run({"schedule", "--list", "--json"}).json();
        QCOMPARE(list.size(), 1);
        QCOMPARE(list.at(0)["instance"].toString(), QString("practice"));
        QCOMPARE(list.at(0)["is_active"].toBool(), true);
        QVERIFY(list.at(0)["next_run"].toString().endsWith("Z"));
        const CliOutcome removed = cli.run({"schedule", "practice", "--remove"});
        QVERIFY2(removed.exitCode == 0, removed.told());
        QVERIFY(cli.run({"schedule", "--list", "--json"}).json().isEmpty());
        QCOMPARE(cli.run({"schedule", "practice", "--remove"}).exitCode, 1);
    }

    void theLineForCron()
    {
        CliProcess cli;
        const CliOutcome line = cli.run({"schedule", "practice", "--cron", "--daily", "03:30"});
        QVERIFY2(line.exitCode == 0, line.told());
        QVERIFY2(line.output.startsWith("30 3 * * * ") &&
                     line.output.contains("backup --all practice --keep 14 --notify\n"),
                 line.told());
        // Where there is no user manager it is what is left to do.
        cli.setVariable("XDG_RUNTIME_DIR", cli.path("none"));
        cli.setVariable("XDG_CONFIG_HOME", cli.path("config"));
        cli.setVariable("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
        const CliOutcome refused = cli.run({"schedule", "practice", "--daily", "03:30"});
        QVERIFY2(refused.exitCode == 1 && refused.errors.contains("30 3 * * * "), refused.told());
        QVERIFY(!QFile::exists(cli.path("config/systemd")));
    }

    void wrongUsage_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("exitCode");
        QTest::newRow("no time") << QStringList{"practice"} << 2;
        QTest::newRow("no hour") << QStringList{"practice", "--daily", "25:00"} << 2;
        QTest::newRow("no day") << QStringList{"practice", "--weekly", "Foo@03:30"} << 2;
        QTest::newRow("no day at all") << QStringList{"practice", "--weekly", "03:30"} << 2;
        QTest::newRow("both") << QStringList{"practice", "--weekly", "Sun@03:30", "--daily", "03:30"} << 2;
        QTest::newRow("none kept") << QStringList{"practice", "--daily", "03:30", "--keep", "0"} << 2;
        QTest::newRow("a variable") << QStringList{"env:URL", "--daily", "03:30"} << 2;
        QTest::newRow("a database") << QStringList{"practice/x", "--daily", "03:30"} << 2;
        QTest::newRow("unknown") << QStringList{"nobody", "--cron", "--daily", "03:30"} << 1;
    }
    void wrongUsage()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, exitCode);
        const CliOutcome outcome = CliProcess().run(QStringList{"schedule"} + arguments);
        QVERIFY2(outcome.exitCode == exitCode && !outcome.errors.isEmpty(), outcome.told());
    }

    void aBackupThatFailsIsTold()
    {
        NotificationDaemon desktop;
        QVERIFY(desktop.start());
        CliProcess cli;
        cli.setVariable("GONE_URL", "postgresql://u:hunter-two-hunter@127.0.0.1:1/d");
        const CliOutcome failed = runBesides(cli, {"backup", "--all", "env:GONE_URL", "--keep", "3", "--notify"});
        QVERIFY2(failed.exitCode != 0, failed.told());
        QCOMPARE(desktop.shown.size(), 1);
        QVERIFY2(desktop.shown[0].title.contains("env:GONE_URL"), qPrintable(desktop.shown[0].title));
        QVERIFY(!desktop.shown[0].body.isEmpty());
        QCOMPARE(desktop.shown[0].urgency, 2);
        QVERIFY(!(desktop.shown[0].title + desktop.shown[0].body).contains("hunter"));
        // Not without --notify, and nothing is told of what went well.
        QVERIFY(runBesides(cli, {"backup", "env:GONE_URL"}).exitCode != 0);
        QCOMPARE(runBesides(cli, {"backups", "--stale", "3", "--notify"}).exitCode, 0);
        QCOMPARE(desktop.shown.size(), 1);
    }

    void whatHasNoProvenBackup()
    {
        NotificationDaemon desktop;
        QVERIFY(desktop.start());
        TemporaryCluster cluster;
        QVERIFY2(cluster.start(), qPrintable(cluster.problem()));
        const ConnectionSpec spec = cluster.spec("shop");
        QVERIFY(cluster.createDatabase("blog"));
        CliProcess cli;
        const ProfileStore profiles(cli.path("roost.sqlite"));
        QVERIFY(profiles.save({"id-1", "my_instance", spec.parameters, false, {}}));
        // Without a password the server cannot be asked: the connection's own database is what counts.
        const CliOutcome stale = runBesides(cli, {"backups", "--stale", "2", "--notify", "--json"});
        QVERIFY2(stale.exitCode == 1, stale.told());
        QCOMPARE(stale.json().size(), 1);
        QCOMPARE(stale.json().at(0)["database"].toString(), QString("shop"));
        QVERIFY(stale.json().at(0)["last_proven_at"].isNull());
        QCOMPARE(desktop.shown.size(), 1);
        QVERIFY2(desktop.shown[0].body.contains("my_instance/shop"), qPrintable(desktop.shown[0].body));

        // One that was read back is what was missing; a week later it is not any more.
        QVERIFY(profiles.remove("id-1"));
        QVERIFY(profiles.save({"env:SHOP_URL", "my_instance", spec.parameters, false, {}}));
        cli.setVariable("SHOP_URL", databaseUri(spec));
        const CliOutcome backup = cli.run({"backup", "env:SHOP_URL"});
        QVERIFY2(backup.exitCode == 0, backup.told());
        const CliOutcome fine = runBesides(cli, {"backups", "--stale", "2", "--notify", "--json"});
        QVERIFY2(fine.exitCode == 0 && fine.json().isEmpty(), fine.told());
        QCOMPARE(desktop.shown.size(), 1);
        const BackupCatalog catalog(cli.path("roost.sqlite"));
        auto records = catalog.all();
        QVERIFY(records && records->size() == 1);
        records->first().takenAt = records->first().takenAt.addDays(-7);
        QVERIFY(catalog.remove(records->first().number) && catalog.add(records->first()));
        const CliOutcome old = cli.run({"backups", "--stale", "6", "--json"});
        QVERIFY2(old.exitCode == 1 && old.json().size() == 1, old.told());
        QVERIFY(old.json().at(0)["last_proven_at"].toString().startsWith("20"));
        QCOMPARE(cli.run({"backups", "--stale", "8"}).exitCode, 0);
        QCOMPARE(cli.run({"backups", "--stale", "0"}).exitCode, 2);
        QCOMPARE(cli.run({"backups", "--notify"}).exitCode, 2);
    }

    void whatIsOnTheServerCounts()
    {
        TemporaryCluster cluster;
        QVERIFY2(cluster.start(), qPrintable(cluster.problem()));
        const ConnectionSpec spec = cluster.spec("shop");
        QVERIFY(cluster.createDatabase("blog"));
        const CliProcess cli;
        QProcess session; // with a keychain, so that the server can be asked
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("ROOST_HOME", cli.home());
        environment.insert("CLI", ROOST_CLI);
        environment.insert("SHOP_URL", databaseUri(spec));
        session.setProcessEnvironment(environment);
        session.start(WITH_KEYRING,
                      {"unlocked", "sh", "-c",
                       "printf '%s' \"$SHOP_URL\" | \"$CLI\" add my_instance && "
                       "\"$CLI\" backup my_instance/shop >/dev/null && \"$CLI\" backups --stale 2 --json"});
        QVERIFY(session.waitForFinished(120'000));
        CliOutcome outcome{session.exitCode(), session.readAllStandardOutput(), session.readAllStandardError()};
        QVERIFY2(outcome.exitCode == 1, outcome.told());
        QStringList stale;
        for (const auto &one : outcome.json()) {
            stale += one.toObject().value("database").toString();
        }
        QCOMPARE(stale.join('\n'),
                 cluster.psql("SELECT datname FROM pg_database WHERE NOT datistemplate AND datname NOT "
                              "IN ('postgres', 'shop') ORDER BY 1"));
        QVERIFY(stale.contains("blog"));
    }
};

QTEST_GUILESS_MAIN(TestCliSchedule)
#include "tst_clischedule.moc"
