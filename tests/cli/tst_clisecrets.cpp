#include "cliprocess.h"
#include "postgres/connectionstring.h"
#include "postgres/databaseconnection.h"
#include "support/leaksearch.h"
#include "support/temporarycluster.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonObject>
#include <QTcpServer>
#include <QTest>

#include <fcntl.h>
#include <unistd.h>

using namespace Roost;
using namespace Roost::Testing;

namespace {

const QString canary = QStringLiteral("CANARY/pass word:3f9a17c04be25d68");
const LeakSearch canarySearch(canary);

/// A terminal that a process can have as its standard input or error.
class PseudoTerminal
{
public:
    PseudoTerminal()
        : m_master(::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC))
    {
        ::grantpt(m_master);
        ::unlockpt(m_master);
    }
    ~PseudoTerminal() { ::close(m_master); }
    Q_DISABLE_COPY_MOVE(PseudoTerminal)

    QString path() const { return QString::fromLocal8Bit(::ptsname(m_master)); }
    void type(const QByteArray &text)
    {
        QCOMPARE(::write(m_master, text.constData(), size_t(text.size())), text.size());
    }
    /// All that was shown on it since the last call.
    QByteArray shown()
    {
        QByteArray text;
        char block[4096];
        for (ssize_t count = 0; (count = ::read(m_master, block, sizeof block)) > 0;) {
            text.append(block, count);
        }
        return text;
    }

private:
    int m_master;
};

} // namespace

/// Saved connections in a session with a certain keychain; run by TestCliSecrets in such a session.
class Scenarios : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
        m_spec = m_cluster.spec("shop");
        m_cluster.psql(QStringLiteral("ALTER ROLE %1 PASSWORD '%2'").arg(m_spec.parameters.user, canary));
        m_spec.password = Secret(canary);
        m_cluster.psql("CREATE TABLE birds (id serial PRIMARY KEY, name text, species text); GRANT ALL ON birds TO "
                       "PUBLIC; INSERT INTO birds (name, species) VALUES ('Grackle', 'Quiscalus'); ALTER TABLE birds "
                       "OWNER TO " +
                           m_spec.parameters.user,
                       "shop");
    }

    void theWholePath()
    {
        ArgumentSampler sampler(canarySearch);
        const CliOutcome added = told(m_cli.run({"add", "my birds"}, psqlCommand(m_spec).toUtf8() + '\n'));
        QVERIFY2(added.exitCode == 0 && added.errors.contains("in the keychain"), added.told());
        const QJsonValue row = told(m_cli.run({"list", "--json"})).json().at(0);
        QCOMPARE(row["name"].toString(), QString("my birds"));
        QCOMPARE(row["host"].toString(), m_spec.parameters.host);
        QCOMPARE(row["port"].toInt(), m_spec.parameters.port);
        QCOMPARE(row["password"].toString(), QString("keychain"));
        QCOMPARE(m_cli.run({"add", "my birds"}, psqlCommand(m_spec).toUtf8()).exitCode, 1); // the name is taken

        QCOMPARE(told(m_cli.run({"tables", "my birds", "--json"})).json().size(), 1);
        QVERIFY(told(m_cli.run({"rows", "my birds/shop", "birds"})).output.contains("Grackle"));
        QVERIFY(told(m_cli.run({"uri", "my birds"})).exitCode == 0);
        QCOMPARE(QString::fromUtf8(m_cli.run({"uri", "my birds", "--reveal"}).output), databaseUri(m_spec) + '\n');
        const CliOutcome backup = told(m_cli.run({"backup", "my birds", "--verbose"}));
        QVERIFY2(backup.exitCode == 0, backup.told());
        const QString file = QString::fromUtf8(backup.output).trimmed();
        const CliOutcome reset = told(m_cli.run({"reset", "my birds", "--confirm", "shop", "--no-safety-backup"}));
        QVERIFY2(reset.exitCode == 0, reset.told());
        const CliOutcome restored = told(m_cli.run({"restore", file, "my birds", "--verbose"}));
        QVERIFY2(restored.exitCode == 0, restored.told());
        runTheApp();
        const CliOutcome failed = told(m_cli.run({"tables", "my birds/CANARY no such"}));
        QVERIFY2(failed.exitCode == 1, failed.told());

        QCOMPARE(sampler.hits(), 0);
        QVERIFY(sampler.rounds() > 10);
        QCOMPARE(canarySearch.filesIn(m_cli.home()), QStringList());
        QCOMPARE(canarySearch.filesIn(qEnvironmentVariable("SESSION_FOLDER")), QStringList());

        QVERIFY(keychainEntries().contains("secret = " + canary.toUtf8()));
        QCOMPARE(told(m_cli.run({"remove", "my birds"})).exitCode, 0);
        QCOMPARE(m_cli.run({"list", "--json"}).output, QByteArray("[]\n"));
        const CliOutcome gone = m_cli.run({"tables", "my birds"});
        QVERIFY2(gone.exitCode == 1, gone.told());
        QVERIFY2(!keychainEntries().contains("secret = "), "an entry was left in the keychain");
    }

    /// What the checks above rely on.
    void theSamplerSees()
    {
        ArgumentSampler sampler(canarySearch);
        QProcess leak;
        leak.start("/bin/sh", {"-c", "read line", "sh", canary});
        QTRY_VERIFY(sampler.hits() > 0);
        leak.closeWriteChannel();
        QVERIFY(leak.waitForFinished());
        QFile file(m_cli.path("leak"));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(QUrl::toPercentEncoding(canary)) > 0);
        file.close();
        QCOMPARE(canarySearch.filesIn(m_cli.home()), QStringList(file.fileName()));
        QVERIFY(file.remove());
    }

    void aConnectionThatFailsIsNotSaved()
    {
        ConnectionSpec wrong = m_spec;
        wrong.password = Secret("CANARY/wrong");
        const CliOutcome refused = m_cli.run({"add", "wrong"}, externalUrl(wrong).toUtf8());
        QVERIFY2(refused.exitCode == 3 && refused.errors.contains("--no-test"), refused.told());
        QVERIFY2(!refused.errors.contains("CANARY"), refused.told());
        const CliOutcome nonsense = m_cli.run({"add", "wrong"}, "https://example.org/CANARY");
        QVERIFY2(nonsense.exitCode == 1 && !nonsense.errors.contains("CANARY"), nonsense.told());
        const CliOutcome internal = m_cli.run({"add", "wrong"}, "postgresql://u:CANARY@dpg-abc123-a/d");
        QVERIFY2(internal.exitCode == 1 && internal.errors.contains("--region oregon"), internal.told());
        QCOMPARE(m_cli.run({"list", "--json"}).output, QByteArray("[]\n"));

        const CliOutcome external = m_cli.run({"add", "far", "--region", "frankfurt", "--no-test"},
                                              "postgresql://u:CANARYinternal@dpg-abc123-a/d");
        QVERIFY2(external.exitCode == 0, external.told());
        QCOMPARE(m_cli.run({"list", "--json"}).json().at(0)["host"].toString(),
                 QString("dpg-abc123-a.frankfurt-postgres.render.com"));
        QCOMPARE(m_cli.run({"remove", "far"}).exitCode, 0);
    }

    void typedOnATerminal()
    {
        PseudoTerminal terminal;
        QProcess adding;
        startOn(terminal, adding, {"add", "typed"});
        QByteArray errors;
        QTRY_VERIFY((errors += adding.readAllStandardError()).contains("Enter: "));
        terminal.type(externalUrl(m_spec).toUtf8() + '\n');
        const CliOutcome added = CliProcess::finish(adding);
        QVERIFY2(added.exitCode == 0, added.told());
        QVERIFY(!canarySearch.isIn(terminal.shown())); // no echo
        QCOMPARE(m_cli.run({"remove", "typed"}).exitCode, 0);

        PseudoTerminal second;
        QProcess cancelled;
        startOn(second, cancelled, {"add", "typed"});
        errors.clear();
        QTRY_VERIFY((errors += cancelled.readAllStandardError()).contains("Enter: "));
        CliProcess::send(cancelled, SIGINT);
        QCOMPARE(CliProcess::finish(cancelled).exitCode, 4);
    }

    void withoutAKeychain()
    {
        const CliOutcome added = m_cli.run({"add", "birds"}, externalUrl(m_spec).toUtf8());
        QVERIFY2(added.exitCode == 1, added.told());
        QVERIFY2(added.errors.contains("is saved, but not its password"), added.told());
        QVERIFY2(added.errors.contains(qEnvironmentVariable("EXPECTED_REMEDY").toUtf8()), added.told());
        QCOMPARE(m_cli.run({"list", "--json"}).json().at(0)["password"].toString(), QString("not stored"));

        const CliOutcome tables = m_cli.run({"tables", "birds"});
        QVERIFY2(tables.exitCode == 1 && tables.errors.contains("env:VARIABLE"), tables.told());
        PseudoTerminal terminal;
        QProcess asking;
        startOn(terminal, asking, {"tables", "birds", "--json"});
        QByteArray errors;
        QTRY_VERIFY((errors += asking.readAllStandardError()).contains("Password of"));
        terminal.type(canary.toUtf8() + '\n');
        const CliOutcome asked = CliProcess::finish(asking);
        QVERIFY2(asked.exitCode == 0 && asked.json().size() == 1, asked.told());
        QVERIFY(!canarySearch.isIn(terminal.shown()));

        QCOMPARE(m_cli.run({"remove", "birds"}).exitCode, 0);
        const CliOutcome chosen = m_cli.run({"add", "birds", "--without-password"}, externalUrl(m_spec).toUtf8());
        QVERIFY2(chosen.exitCode == 0, chosen.told());
        QCOMPARE(canarySearch.filesIn(m_cli.home()), QStringList());
        QCOMPARE(canarySearch.filesIn(qEnvironmentVariable("SESSION_FOLDER")), QStringList());
        QCOMPARE(m_cli.run({"remove", "birds"}).exitCode, 0);
    }

private:
    /// The outcome of a call that must not have told the password.
    static CliOutcome told(const CliOutcome &outcome)
    {
        if (canarySearch.isIn(outcome.output) || canarySearch.isIn(outcome.errors)) {
            qFatal("The password was told: %s", outcome.told().constData());
        }
        return outcome;
    }
    static QByteArray keychainEntries()
    {
        QProcess search;
        search.start("secret-tool", {"search", "--all", "server", "Roost"});
        return CliProcess::finish(search).output;
    }
    void startOn(const PseudoTerminal &terminal, QProcess &process, const QStringList &arguments) const
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("ROOST_HOME", m_cli.home());
        process.setProcessEnvironment(environment);
        process.setStandardInputFile(terminal.path());
        process.start(ROOST_CLI, arguments);
    }
    void runTheApp() const
    {
        QTcpServer free;
        QVERIFY(free.listen(QHostAddress::LocalHost));
        const QString port = QString::number(free.serverPort());
        free.close();
        const QString folder = m_cli.path("app");
        QCOMPARE(m_cli.run({"birds", "new", folder}).exitCode, 0);
        const auto app = m_cli.start({"birds", "run", folder, "my birds", "--port", port});
        QByteArray output;
        QTRY_VERIFY_WITH_TIMEOUT((output += app->readAllStandardOutput()).contains("/birds\n") ||
                                     app->state() == QProcess::NotRunning,
                                 60'000);
        CliProcess::send(*app, SIGINT);
        const CliOutcome ended = told(CliProcess::finish(*app, 20'000));
        QVERIFY2(ended.exitCode == 0, ended.told());
    }

    TemporaryCluster m_cluster;
    ConnectionSpec m_spec;
    CliProcess m_cli;
};

/// Where roost-cli keeps passwords and where it does not: runs this program again in sessions with an open, a locked
/// and no keychain.
class TestCliSecrets : public QObject
{
    Q_OBJECT

private slots:
    void keychain_data()
    {
        QTest::addColumn<QString>("mode");
        QTest::addColumn<QString>("scenario");
        QTest::addColumn<QString>("remedy");
        for (const char *scenario :
             {"theWholePath", "theSamplerSees", "aConnectionThatFailsIsNotSaved", "typedOnATerminal"}) {
            QTest::newRow(scenario) << "unlocked" << scenario << "";
        }
        QTest::newRow("locked") << "locked"
                                << "withoutAKeychain"
                                << "Unlock it";
        QTest::newRow("absent") << "absent"
                                << "withoutAKeychain"
                                << "install gnome-keyring";
        QTest::newRow("no bus") << "nobus"
                                << "withoutAKeychain"
                                << "install gnome-keyring";
    }
    void keychain()
    {
        QFETCH(QString, mode);
        QFETCH(QString, scenario);
        QFETCH(QString, remedy);
        QProcess session;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("EXPECTED_REMEDY", remedy);
        session.setProcessEnvironment(environment);
        session.setProcessChannelMode(QProcess::MergedChannels);
        session.start(WITH_KEYRING, {mode, QCoreApplication::applicationFilePath(), "--inside", scenario});
        QVERIFY(session.waitForFinished(120'000));
        const QByteArray output = session.readAll();
        QVERIFY2(session.exitStatus() == QProcess::NormalExit && session.exitCode() == 0, output.constData());
        QVERIFY2(output.contains("Totals: 3 passed, 0 failed, 0 skipped"), output.constData());
    }
};

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() == 3 && arguments.at(1) == u"--inside") {
        Scenarios scenarios;
        return QTest::qExec(&scenarios, {arguments.at(0), arguments.at(2)});
    }
    TestCliSecrets test;
    return QTest::qExec(&test, arguments);
}

#include "tst_clisecrets.moc"
