#include "cliprocess.h"
#include "practice/practiceclient.h"

#include <QCoreApplication>
#include <QFile>
#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

/// An account at Render on the command line, against the stand-in; run by TestCliAccount in a session with a keychain.
class AccountScenario : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        const QString problem = m_stage.start();
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        m_key = m_stage.access().key.revealUtf8();
        m_api = m_stage.access().api.toString();
    }
    void cleanupTestCase() { m_stage.stop(); }

    void aWrongKeyIsNotSaved()
    {
        const CliOutcome refused = m_cli.run({"account", "add", "ada", "--api", m_api}, "rnd_wrong\n");
        QVERIFY2(refused.exitCode == 1 && refused.errors.contains("Nothing was saved"), refused.told());
        const CliOutcome evil = m_cli.run({"account", "add", "--api", "http://render.example.com/v1"}, m_key);
        QVERIFY2(evil.exitCode == 2, evil.told());
        QCOMPARE(m_cli.run({"account", "list", "--json"}).json().size(), 0);
        QCOMPARE(m_cli.run({"instances"}).exitCode, 1);
    }

    void added()
    {
        const CliOutcome added = m_cli.run({"account", "add", "ada", "--api", m_api, "--json"}, m_key + "\n");
        QVERIFY2(added.exitCode == 0 && added.errors.contains("practice@localhost"), added.told());
        QVERIFY2(!added.output.contains(m_key) && !added.errors.contains(m_key), "the key is shown");
        QCOMPARE(added.json().at(0)["key"].toString(), QString("keychain"));
        QCOMPARE(m_cli.run({"account", "list", "--json"}).json().at(0)["name"].toString(), QString("ada"));
        // Once more: the same account with another key.
        QCOMPARE(m_cli.run({"account", "add", "--api", m_api}, m_key).exitCode, 0);
        QCOMPARE(m_cli.run({"account", "list", "--json"}).json().size(), 1);
        QDir home(m_cli.home());
        for (const QString &name : home.entryList(QDir::Files)) {
            QFile file(home.filePath(name));
            QVERIFY(file.open(QIODevice::ReadOnly));
            QVERIFY2(!file.readAll().contains(m_key), qPrintable(name));
        }
    }

    void createdAndUsedWithoutPasting()
    {
        QCOMPARE(m_cli.run({"instances", "create", "a/b"}).exitCode, 2);
        const CliOutcome created = m_cli.run({"instances", "create", "school", "--version", "15", "--json"});
        QVERIFY2(created.exitCode == 0, created.told());
        const QJsonValue one = created.json().at(0);
        QCOMPARE(one["status"].toString(), QString("available"));
        QCOMPARE(one["connection"].toString(), QString("school"));
        QVERIFY(!one["expires_at"].toString().isEmpty());
        QCOMPARE(one["allow_list"][0]["cidr"].toString(), QString("0.0.0.0/0"));
        const CliOutcome again = m_cli.run({"instances", "create", "second"});
        QVERIFY2(again.exitCode == 1 && again.errors.contains(one["id"].toString().toUtf8()), again.told());

        const CliOutcome database = m_cli.run({"create", "school/bird_app_db"});
        QVERIFY2(database.exitCode == 0, database.told());
        const CliOutcome databases = m_cli.run({"databases", "school", "--json"});
        QVERIFY2(databases.json().at(0)["name"].toString() == "bird_app_db", databases.told());
        const CliOutcome connected = m_cli.run({"instances", "connect", "school"});
        QVERIFY2(connected.exitCode == 0 && connected.output.contains("@127.0.0.1:"), connected.told());
    }

    void suspendedAndResumed()
    {
        const CliOutcome off = m_cli.run({"instances", "suspend", "school", "--json"});
        QVERIFY2(off.exitCode == 0 && off.json().at(0)["suspended"].toBool(), off.told());
        QVERIFY(m_cli.run({"databases", "school"}).exitCode != 0);
        const CliOutcome on = m_cli.run({"instances", "resume", "school", "--json"});
        QVERIFY2(on.exitCode == 0 && on.json().at(0)["status"].toString() == "available", on.told());
        QCOMPARE(m_cli.run({"databases", "school"}).exitCode, 0);
    }

    void deletedOnlyByItsName()
    {
        QCOMPARE(m_cli.run({"instances", "delete", "school"}).exitCode, 2);
        const CliOutcome wrong = m_cli.run({"instances", "delete", "school", "--confirm", "other"});
        QVERIFY2(wrong.exitCode == 1 && wrong.errors.contains("Nothing was deleted"), wrong.told());
        QCOMPARE(m_cli.run({"instances", "--json"}).json().size(), 1);
        const CliOutcome gone = m_cli.run({"instances", "delete", "school", "--confirm", "school"});
        QVERIFY2(gone.exitCode == 0, gone.told());
        QCOMPARE(m_cli.run({"instances", "--json"}).json().size(), 0);
        QCOMPARE(m_cli.run({"list", "--json"}).json().size(), 1); // its connection stays
    }

    void removed()
    {
        QCOMPARE(m_cli.run({"account", "remove", "nobody"}).exitCode, 1);
        QCOMPARE(m_cli.run({"account", "remove", "ada"}).exitCode, 0);
        QCOMPARE(m_cli.run({"account", "list", "--json"}).json().size(), 0);
    }

private:
    CliProcess m_cli;
    PracticeStage m_stage;
    QByteArray m_key;
    QString m_api;
};

/// Gives the scenario a session bus with an unlocked keychain of its own.
class TestCliAccount : public QObject
{
    Q_OBJECT

private slots:
    void withAKeychain()
    {
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(
            QStringLiteral(WITH_KEYRING),
            {QStringLiteral("unlocked"), QCoreApplication::applicationFilePath(), QStringLiteral("scenario")});
        QVERIFY(process.waitForFinished(180'000));
        const QByteArray told = process.readAll();
        QVERIFY2(process.exitCode() == 0, told);
        QVERIFY2(told.contains("Totals: 8 passed, 0 failed"), told);
    }
};

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (argc > 1 && QByteArray(argv[1]) == "scenario") {
        AccountScenario scenario;
        return QTest::qExec(&scenario, QStringList{QString::fromLocal8Bit(argv[0])});
    }
    TestCliAccount test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_cliaccount.moc"
