#include "cliprocess.h"

#include <QtTest>

using namespace Roost::Testing;

/// The verbs on services, against a practice account of its own process.
class TestCliServices : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();
    void lists();
    void changesNothingWithoutAPlaceForTheOldValues();
    void pointsDeploysAndCalls();
    void refusesWhatIsNotThere();

private:
    CliProcess m_cli;
};

void TestCliServices::initTestCase()
{
    // No keychain, whatever this computer has.
    m_cli.setVariable("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
    const CliOutcome started = m_cli.run({"practice", "start", "--render", "--json"});
    QVERIFY2(started.exitCode == 0, started.told());
}

void TestCliServices::cleanupTestCase()
{
    m_cli.run({"practice", "stop"});
}

void TestCliServices::lists()
{
    const CliOutcome listed = m_cli.run({"services", "--json"});
    QCOMPARE(listed.exitCode, 0);
    QCOMPARE(listed.json().size(), 1);
    QCOMPARE(listed.json().at(0)["name"].toString(), "bird-app");
    QCOMPARE(listed.json().at(0)["database"].toString(), "school-db/bird_app_db (DATABASE_URI)");
    const CliOutcome variables = m_cli.run({"services", "variables", "bird-app", "--json"});
    QCOMPARE(variables.json().size(), 1);
    QVERIFY(variables.json().at(0)["value"].toString().contains(":********@dpg-"));
}

void TestCliServices::changesNothingWithoutAPlaceForTheOldValues()
{
    const CliOutcome refused =
        m_cli.run({"services", "point", "bird-app", "school-db/bird_app_db", "--key", "DATABASE_URL", "--no-deploy"});
    // There is no old value of it: nothing has to be kept.
    QVERIFY2(refused.exitCode == 0, refused.told());
    const CliOutcome again = m_cli.run({"services", "point", "bird-app", "school-db/my_database"});
    QVERIFY2(again.exitCode == 1, again.told()); // Render gave that database another name
    const QString other = QString::fromUtf8(again.errors).section("my_database_", 1, 1).left(4);
    const CliOutcome kept = m_cli.run({"services", "point", "bird-app", "school-db/my_database_" + other});
    QVERIFY2(kept.exitCode != 0, kept.told());
    QVERIFY2(kept.errors.contains("Nothing was changed"), kept.told());
    const CliOutcome listed = m_cli.run({"services", "--json"});
    QVERIFY(listed.json().at(0)["database"].toString().contains("school-db/bird_app_db (DATABASE_URI)"));
}

void TestCliServices::pointsDeploysAndCalls()
{
    const CliOutcome same = m_cli.run({"services", "point", "bird-app", "school-db/bird_app_db"});
    QVERIFY2(same.exitCode == 0 && same.errors.contains("Nothing has to be changed"), same.told());
    const CliOutcome pointed =
        m_cli.run({"services", "point", "bird-app", "school-db/bird_app_db", "--key", "REPORT_URL", "--no-undo"});
    QVERIFY2(pointed.exitCode == 0, pointed.told());
    QVERIFY2(pointed.errors.contains("bird-app is live"), pointed.told());
    const CliOutcome called = m_cli.run({"services", "call", "bird-app"});
    QVERIFY2(called.exitCode == 0, called.told());
    QVERIFY2(called.json().size() > 1, called.told());
    const CliOutcome undone = m_cli.run({"services", "undo", "bird-app", "--no-deploy", "--no-undo"});
    QVERIFY2(undone.exitCode == 0, undone.told());
    QVERIFY2(undone.errors.contains("DATABASE_URL"), undone.told());
}

void TestCliServices::refusesWhatIsNotThere()
{
    const CliOutcome service = m_cli.run({"services", "call", "cat-app"});
    QCOMPARE(service.exitCode, 1);
    QVERIFY2(service.errors.contains("bird-app"), service.told());
    const CliOutcome database = m_cli.run({"services", "point", "bird-app", "school-db/nowhere"});
    QCOMPARE(database.exitCode, 1);
    QVERIFY2(database.errors.contains("bird_app_db") && !database.errors.contains("template0"), database.told());
    QCOMPARE(m_cli.run({"services", "point", "bird-app", "env:DATABASE_URL"}).exitCode, 1);
    QCOMPARE(m_cli.run({"services", "create", "cats"}).exitCode, 2);
}

QTEST_GUILESS_MAIN(TestCliServices)
#include "tst_cliservices.moc"
