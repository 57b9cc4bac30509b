#include "cliprocess.h"

#include <QTest>

using namespace Roost::Testing;

/// What roost-cli says to a call before it does anything.
class TestCliUsage : public QObject
{
    Q_OBJECT

private slots:
    void helpGoesToStandardOutput_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("holds");
        QTest::newRow("general") << QStringList{"--help"} << QByteArray("practice start");
        QTest::newRow("help") << QStringList{"help"} << QByteArray("Exit codes: 0 done, 1 failed, 2 wrong usage");
        QTest::newRow("version") << QStringList{"--version"} << QByteArray("roost-cli " ROOST_VERSION);
        for (const char *verb : {"add",
                                 "list",
                                 "remove",
                                 "uri",
                                 "databases",
                                 "create",
                                 "tables",
                                 "describe",
                                 "rows",
                                 "show",
                                 "backup",
                                 "restore",
                                 "undo-restore",
                                 "reset",
                                 "practice start",
                                 "practice stop",
                                 "practice status",
                                 "birds new",
                                 "birds run",
                                 "migrate plan",
                                 "migrate run",
                                 "migrate resume",
                                 "migrate status",
                                 "migrate give-up",
                                 "migrate report"}) {
            const QStringList words = QString(verb).split(' ');
            QTest::newRow(verb) << words + QStringList{"--help"} << QByteArray("Usage: roost-cli ") + verb;
            QTest::addRow("help %s", verb) << QStringList{"help"} + words << QByteArray("Usage: roost-cli ") + verb;
        }
    }
    void helpGoesToStandardOutput()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, holds);
        const CliOutcome outcome = m_cli.run(arguments);
        QCOMPARE(outcome.exitCode, 0);
        QVERIFY2(outcome.output.contains(holds), outcome.told());
        QCOMPARE(outcome.errors, QByteArray());
    }

    void wrongUsage_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("told");
        QTest::newRow("nothing") << QStringList() << QByteArray("Say what to do");
        QTest::newRow("unknown verb") << QStringList{"frobnicate"} << QByteArray("no verb \"frobnicate\"");
        QTest::newRow("half a verb") << QStringList{"practice"} << QByteArray("start, stop, status");
        QTest::newRow("other half") << QStringList{"birds", "fly"} << QByteArray("new, run");
        QTest::newRow("no target") << QStringList{"tables"} << QByteArray("TARGET is missing");
        QTest::newRow("too much") << QStringList{"tables", "a", "b"} << QByteArray("\"b\" is one argument too many");
        QTest::newRow("empty target") << QStringList{"tables", ""} << QByteArray("TARGET is empty");
        QTest::newRow("no database") << QStringList{"tables", "a/"} << QByteArray("no target");
        QTest::newRow("no variable") << QStringList{"tables", "env:"} << QByteArray("no target");
        QTest::newRow("odd variable") << QStringList{"tables", "env:a-b"} << QByteArray("no target");
        QTest::newRow("unknown option") << QStringList{"tables", "a", "--froth"} << QByteArray("--froth");
        QTest::newRow("short option") << QStringList{"tables", "-a", "x"} << QByteArray("-a");
        QTest::newRow("no value") << QStringList{"rows", "a", "t", "--limit"} << QByteArray("needs a value");
        QTest::newRow("a value") << QStringList{"tables", "a", "--json=yes"} << QByteArray("takes no value");
        QTest::newRow("twice") << QStringList{"tables", "a", "--json", "--json"} << QByteArray("twice");
        QTest::newRow("limit") << QStringList{"rows", "a", "t", "--limit", "x"} << QByteArray("--limit");
        QTest::newRow("negative limit") << QStringList{"rows", "a", "t", "--limit=-1"} << QByteArray("--limit");
        QTest::newRow("format") << QStringList{"rows", "a", "t", "--format", "xml"} << QByteArray("\"xml\"");
        QTest::newRow("two formats") << QStringList{"rows", "a", "t", "--format", "csv", "--json"}
                                     << QByteArray("do not go together");
        QTest::newRow("unconfirmed") << QStringList{"reset", "a"} << QByteArray("--confirm");
        QTest::newRow("replace") << QStringList{"restore", "f", "a", "--replace"} << QByteArray("--confirm");
        QTest::newRow("both") << QStringList{"restore", "f", "a", "--replace", "--create", "--confirm", "a"}
                              << QByteArray("do not go together");
        QTest::newRow("port") << QStringList{"birds", "run", "f", "a", "--port", "70000"} << QByteArray("--port");
        QTest::newRow("practice as a name") << QStringList{"add", "practice"} << QByteArray("practice instance");
        QTest::newRow("slash in a name") << QStringList{"add", "a/b"} << QByteArray("\"/\"");
        QTest::newRow("env as a name") << QStringList{"add", "env:X"} << QByteArray("env:");
        QTest::newRow("half a migration") << QStringList{"migrate"} << QByteArray("plan, run, resume, status, give-up");
        QTest::newRow("way") << QStringList{"migrate", "plan", "a", "--path", "moon"} << QByteArray("one-slot");
        QTest::newRow("plan's file") << QStringList{"migrate", "plan", "a", "--save", "a.pdf"} << QByteArray(".html");
        QTest::newRow("rehearsed by hand")
            << QStringList{"migrate", "run", "a", "--rehearse", "--by-hand"} << QByteArray("do not go together");
        QTest::newRow("region") << QStringList{"add", "x", "--region", "moon"} << QByteArray("oregon");
    }
    void wrongUsage()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, told);
        const CliOutcome outcome = m_cli.run(arguments);
        QVERIFY2(outcome.exitCode == 2, outcome.told());
        QVERIFY2(outcome.errors.startsWith("roost-cli: ") && outcome.errors.contains(told), outcome.told());
        QVERIFY2(outcome.errors.contains("--help"), outcome.told());
        QCOMPARE(outcome.output, QByteArray());
    }

    void whatCannotBeReached_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QByteArray>("told");
        QTest::newRow("unknown connection") << QStringList{"tables", "nix"} << 1 << QByteArray("none is saved yet");
        QTest::newRow("variable not set") << QStringList{"tables", "env:NOT_SET"} << 1 << QByteArray("NOT_SET");
        QTest::newRow("not a URL") << QStringList{"tables", "env:BROKEN_URL"} << 1 << QByteArray("BROKEN_URL");
        QTest::newRow("practice not running")
            << QStringList{"tables", "practice"} << 3 << QByteArray("roost-cli practice start");
        QTest::newRow("unknown host") << QStringList{"tables", "env:NOWHERE_URL"} << 3 << QByteArray("nowhere.invalid");
        QTest::newRow("unknown host, backup")
            << QStringList{"backup", "env:NOWHERE_URL"} << 3 << QByteArray("nowhere.invalid");
        QTest::newRow("no migration") << QStringList{"migrate", "resume"} << 1 << QByteArray("migrate run INSTANCE");
        QTest::newRow("unknown migration")
            << QStringList{"migrate", "resume", "0a1b2c3d"} << 1 << QByteArray("0a1b2c3d");
        QTest::newRow("nobody listens") << QStringList{"databases", "env:CLOSED_URL"} << 3 << QByteArray("127.0.0.1");
    }
    void whatCannotBeReached()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, exitCode);
        QFETCH(QByteArray, told);
        CliProcess cli;
        cli.setVariable("BROKEN_URL", "mysql://u:CANARYbroken@h/d");
        cli.setVariable("NOWHERE_URL", "postgresql://u:CANARYnowhere@nowhere.invalid/d");
        cli.setVariable("CLOSED_URL", "postgresql://u:CANARYclosed@127.0.0.1:1/d");
        const CliOutcome outcome = cli.run(arguments);
        QVERIFY2(outcome.exitCode == exitCode, outcome.told());
        QVERIFY2(outcome.errors.contains(told), outcome.told());
        QVERIFY2(!outcome.errors.contains("CANARY"), outcome.told());
        QCOMPARE(outcome.output, QByteArray());
    }

    void anEmptyListIsNoError()
    {
        CliProcess cli;
        const CliOutcome table = cli.run({"list"});
        QCOMPARE(table.exitCode, 0);
        QCOMPARE(table.output, QByteArray());
        QVERIFY(table.errors.contains("roost-cli add NAME"));
        QCOMPARE(cli.run({"list", "--json"}).output, QByteArray("[]\n"));
        const CliOutcome migrations = cli.run({"migrate", "status"});
        QVERIFY2(migrations.exitCode == 0 && migrations.errors.contains("migrate plan INSTANCE"), migrations.told());
    }

private:
    CliProcess m_cli;
};

QTEST_GUILESS_MAIN(TestCliUsage)
#include "tst_cliusage.moc"
