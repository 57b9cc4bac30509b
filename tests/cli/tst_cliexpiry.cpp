#include "cliprocess.h"
#include "storage/profilestore.h"
#include "support/calendarcheck.h"
#include "support/notificationdaemon.h"

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

Profile profileOf(const QString &name, const QDateTime &expiresAt)
{
    Profile profile;
    profile.id = "id-" + name;
    profile.name = name;
    profile.parameters = {"127.0.0.1", 1, "user", "db", TlsMode::Optional, {}}; // answers nothing
    profile.expiresAt = expiresAt;
    return profile;
}

} // namespace

/// roost-cli expiry
class TestCliExpiry : public QObject
{
    Q_OBJECT

private slots:
    void datesAreSetAndListed()
    {
        const CliProcess cli;
        const ProfileStore store(cli.path("roost.sqlite"));
        QVERIFY(store.save(profileOf("counted", {})));
        QVERIFY(store.save(profileOf("told", QDateTime::currentDateTimeUtc().addDays(-2))));
        QCOMPARE(cli.run({"expiry", "set", "counted"}).exitCode, 2);
        QCOMPARE(cli.run({"expiry", "set", "counted", "--created", "soon"}).exitCode, 2);
        const QDate day = QDate::currentDate().addDays(-18);
        const CliOutcome set = cli.run({"expiry", "set", "counted", "--created", day.toString(Qt::ISODate)});
        QVERIFY2(set.exitCode == 0 && set.errors.contains("12 days left"), set.told());
        const QJsonArray rows = cli.run({"expiry", "--json"}).json();
        QCOMPARE(rows.size(), 2);
        QCOMPARE(rows.at(0)["instance"].toString(), QString("told"));
        QCOMPARE(rows.at(0)["stage"].toString(), QString("grace"));
        QCOMPARE(rows.at(0)["source"].toString(), QString("render"));
        QCOMPARE(rows.at(1)["badge"].toString(), QString("12 days left"));
        QCOMPARE(rows.at(1)["days_left"].toInt(), 12);
        QVERIFY(rows.at(1)["last_proven_at"].isNull());
        const CliOutcome table = cli.run({"expiry"});
        QVERIFY2(table.output.contains("erased in 12 days") && table.output.contains("Render says so"), table.told());
        const CliOutcome longer =
            cli.run({"expiry", "set", "counted", "--created", day.toString(Qt::ISODate), "--lifetime", "90"});
        QVERIFY2(longer.errors.contains("72 days left") && longer.errors.contains("since May 2024"), longer.told());
        QCOMPARE(cli.run({"expiry", "set", "told", "--created", "2026-01-01"}).exitCode, 1); // Render knows
    }

    void calendarFile()
    {
        const CliProcess cli;
        const CliOutcome nothing = cli.run({"expiry", "--ics", cli.path("x.ics")});
        QVERIFY2(nothing.exitCode != 0 && !QFile::exists(cli.path("x.ics")), nothing.told());
        QVERIFY(ProfileStore(cli.path("roost.sqlite"))
                    .save(profileOf("told", QDateTime::currentDateTimeUtc().addDays(12))));
        const CliOutcome written = cli.run({"expiry", "--ics", cli.path("x.ics")});
        QVERIFY2(written.exitCode == 0, written.told());
        QFile file(cli.path("x.ics"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const CalendarCheck check(file.readAll());
        QVERIFY2(check.problem().isEmpty(), qPrintable(check.problem()));
        QCOMPARE(check.events().size(), 2);
    }

    void eachReminderOnce()
    {
        NotificationDaemon desktop;
        QVERIFY(desktop.start());
        const CliProcess cli;
        QVERIFY(
            ProfileStore(cli.path("roost.sqlite")).save(profileOf("told", QDateTime::currentDateTimeUtc().addDays(5))));
        const CliOutcome first = runBesides(cli, {"expiry", "--notify"});
        QVERIFY2(first.exitCode == 0 && first.output.contains("told: 5 days left"), first.told());
        QCOMPARE(desktop.shown.size(), 1);
        QCOMPARE(desktop.shown.constFirst().title, QString("told: 5 days left"));
        const CliOutcome second = runBesides(cli, {"expiry", "--notify"});
        QVERIFY2(second.exitCode == 0 && second.output.isEmpty(), second.told());
        QCOMPARE(desktop.shown.size(), 1);
    }

    /// Must show 4: nothing answers any more, and it says why.
    void connectingOnDay31()
    {
        const CliProcess cli;
        QProcess session; // with a keychain, so that it is tried to connect at all
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("ROOST_HOME", cli.home());
        environment.insert("CLI", ROOST_CLI);
        environment.insert("LC_ALL", "C.UTF-8");
        environment.insert("CREATED", QDate::currentDate().addDays(-31).toString(Qt::ISODate));
        session.setProcessEnvironment(environment);
        session.start(WITH_KEYRING, {"unlocked", "sh", "-c",
                                     "echo postgresql://user:x@127.0.0.1:1/db | \"$CLI\" add told --no-test && "
                                     "\"$CLI\" databases told; \"$CLI\" expiry set told --created \"$CREATED\" && "
                                     "echo NOW >&2 && exec \"$CLI\" databases told"});
        QVERIFY(session.waitForFinished(60'000));
        const CliOutcome outcome{session.exitCode(), session.readAllStandardOutput(), session.readAllStandardError()};
        const QByteArray before = outcome.errors.left(outcome.errors.indexOf("NOW"));
        const QByteArray after = outcome.errors.mid(outcome.errors.indexOf("NOW"));
        QVERIFY2(outcome.exitCode != 0 && !before.contains("expired on"), outcome.told());
        const QDate stopped = QDate::currentDate().addDays(-1);
        QVERIFY2(after.contains("expired on " + QByteArray::number(stopped.day()) + ' ') &&
                     after.contains("is erased on " + QByteArray::number(stopped.addDays(14).day()) + ' ') &&
                     after.contains("Upgrade it in Render's dashboard"),
                 outcome.told());
    }
};

QTEST_GUILESS_MAIN(TestCliExpiry)
#include "tst_cliexpiry.moc"
