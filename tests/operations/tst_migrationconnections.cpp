#include "migrationstage.h"

#include "operations/migrationreport.h"

#include <QtTest>

using namespace Roost;
using namespace Roost::Testing;

/// The saved connection and its password come to lead to the new instance, whatever happened to them meanwhile; and
/// what the user does by hand.
class TestMigrationConnections : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        const QString problem = m_stage.start();
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
    }
    void cleanupTestCase() { m_stage.render.stop(); }
    void init()
    {
        m_stage.noFaults();
        m_stage.patience.times = {};
        QVERIFY(m_stage.saveOld());
    }
    void makesOneConnectionOfTwo();
    void bringsTheConnectionBack();
    void connectionsFail_data();
    void connectionsFail();
    void goesByHand();
    void givesExactValues();
    void knowsThatAPaidPlanHasNoEnd();

private:
    MigrationStage m_stage;
};

/// Synchronisation saw the new instance first.
void TestMigrationConnections::makesOneConnectionOfTwo()
{
    const ProfileStore profiles(m_stage.database());
    Profile other = m_stage.saved();
    other.id = "99999999-2222-3333-4444-555555555555";
    other.name = "school-db-2";
    other.renderId = m_stage.newOne.instanceId;
    other.parameters = m_stage.local(m_stage.newOne.external, "class_db").parameters;
    QVERIFY(profiles.save(other));
    QVERIFY(offThread([&] { return m_stage.keychain.store(other.id, m_stage.newOne.external.password, {}); }));
    const auto journal = m_stage.begin(m_stage.plan());
    QVERIFY(journal);
    QVERIFY(m_stage.perform(*journal, updateConnections));
    QCOMPARE(profiles.all()->size(), 1);
    QCOMPARE(m_stage.saved().renderId, m_stage.newOne.instanceId);
    const auto gone = m_stage.secret(other.id);
    QVERIFY(!gone && gone.error().code == ErrorCode::SecretMissing);
    QVERIFY(m_stage.perform(*journal, updateConnections));
    QCOMPARE(profiles.all()->size(), 1);
}

/// It was removed, and what took its name is that of the new instance.
void TestMigrationConnections::bringsTheConnectionBack()
{
    const ProfileStore profiles(m_stage.database());
    Profile other = m_stage.saved();
    QVERIFY(profiles.remove(other.id));
    other.id = "99999999-2222-3333-4444-555555555555";
    other.renderId = m_stage.newOne.instanceId;
    QVERIFY(profiles.save(other));
    const MigrationPlan plan = m_stage.plan();
    const auto journal = m_stage.begin(plan);
    QVERIFY(journal);
    QVERIFY(m_stage.perform(*journal, updateConnections));
    QCOMPARE(profiles.all()->size(), 1);
    QCOMPARE(m_stage.saved().id, plan.profileId);
    // Taken by a stranger: another name, and nobody is overwritten.
    QVERIFY(profiles.remove(plan.profileId));
    other.renderId.clear();
    QVERIFY(profiles.save(other));
    QVERIFY(m_stage.perform(*journal, updateConnections));
    QCOMPARE(profiles.all()->size(), 2);
    QCOMPARE(m_stage.saved().id, other.id);
    QCOMPARE(m_stage.saved("school-db 2").id, plan.profileId);
}

void TestMigrationConnections::connectionsFail_data()
{
    QTest::addColumn<QString>("kind");
    for (const char *path : {"/postgres/*/connection-info", "/postgres/*"}) {
        for (const char *kind : {"drop_after", "error", "stall", "bad_json"}) {
            QTest::addRow("%s %s", path, kind) << QString(kind);
        }
    }
}

void TestMigrationConnections::connectionsFail()
{
    QFETCH(QString, kind);
    m_stage.patience.times = {std::chrono::milliseconds(300), std::chrono::milliseconds(5),
                              std::chrono::milliseconds(200), std::chrono::milliseconds(200)};
    const auto journal = m_stage.begin(m_stage.plan());
    QVERIFY(journal);
    const Profile before = m_stage.saved();
    m_stage.fault("GET", QString(QTest::currentDataTag()).section(' ', 0, 0), kind);
    const auto failed = m_stage.perform(*journal, updateConnections);
    m_stage.noFaults();
    QVERIFY(!failed);
    QCOMPARE(m_stage.saved().parameters, before.parameters);
    QCOMPARE(m_stage.saved().renderId, before.renderId);
    const auto password = m_stage.secret(before.id);
    QVERIFY(password && password->isSameAs(m_stage.oldOne.external.password));
    QVERIFY(m_stage.perform(*journal, updateConnections));
    QCOMPARE(m_stage.saved().renderId, m_stage.newOne.instanceId);
}

void TestMigrationConnections::goesByHand()
{
    MigrationPlan plan = m_stage.plan();
    plan.accountId.clear();
    const auto journal = m_stage.begin(plan);
    QVERIFY(journal);
    const QString temporary = "migration-" + plan.id;
    QVERIFY(offThread([&] { return m_stage.keychain.store(temporary, Secret("wrong-password"), {}); }));
    const auto asked = m_stage.goOn(*journal);
    QVERIFY2(asked && *asked, asked ? "" : qPrintable(asked.error().message));
    QCOMPARE((*asked)->question, MigrationQuestion::VariablesSet);
    QVERIFY(!(*asked)->doing.isEmpty() && !(*asked)->values.isEmpty());
    QVERIFY(!(*asked)->values.first().text.contains("wrong-password"));
    QVERIFY((*asked)->values.first().secret.reveal().contains("wrong-password"));
    QVERIFY((*asked)->values.first().label.contains("DATABASE_URI"));
    // The values do not let in.
    const MigrationAnswer yes{MigrationQuestion::VariablesSet, "yes", {}};
    const auto again = m_stage.goOn(*journal, yes);
    QVERIFY(again && *again);
    QVERIFY2((*again)->problems.join(' ').contains("bird_app_db"), qPrintable((*again)->problems.join(' ')));
    QVERIFY(offThread([&] { return m_stage.keychain.store(temporary, m_stage.newOne.external.password, {}); }));
    const auto live = m_stage.goOn(*journal, yes);
    QVERIFY(live && *live);
    QCOMPARE((*live)->question, MigrationQuestion::ServicesLive);
    const auto done = m_stage.goOn(*journal, MigrationAnswer{MigrationQuestion::ServicesLive, "yes", {}});
    QVERIFY2(done && !*done, done ? "" : qPrintable(done.error().message));
    QCOMPARE(m_stage.saved().parameters.port, m_stage.newOne.external.parameters.port);
    const auto password = m_stage.secret(plan.profileId);
    QVERIFY(password && password->isSameAs(m_stage.newOne.external.password));
    QVERIFY(!m_stage.secret(temporary));
    QVERIFY(MigrationStage::read(m_stage.journals() + '/' + plan.id + ".md").contains("yourself"));
}

/// At Render there are two ways in.
void TestMigrationConnections::givesExactValues()
{
    MigrationPlan plan = m_stage.plan();
    plan.accountId.clear();
    const auto journal = m_stage.begin(plan);
    QVERIFY(journal);
    ConnectionParameters parameters = plan.connection;
    parameters.host = "dpg-abcdefghij0123456789-a.oregon-postgres.render.com";
    parameters.port = 5432;
    parameters.user = "ada";
    QVERIFY(journal->append("await-new", "note", {{"connection", toJson(parameters)}}));
    QVERIFY(journal->append("restore", "note",
                            {{"databases", QJsonObject{{"bird_app_db", QJsonObject{{"as", "bird_app_db_x1y2"}}}}}}));
    QVERIFY(offThread([&] { return m_stage.keychain.store("migration-" + plan.id, Secret("pass/word"), {}); }));
    const auto asked = m_stage.perform(*journal, rewriteVariables);
    QVERIFY(asked && *asked);
    const QList<MigrationValue> values = (*asked)->values;
    QCOMPARE(values.size(), 2);
    QCOMPARE(values.at(0).secret.reveal(), "postgresql://ada:pass%2Fword@dpg-abcdefghij0123456789-a/bird_app_db_x1y2");
    QCOMPARE(values.at(1).secret.reveal(),
             "postgresql://ada:pass%2Fword@dpg-abcdefghij0123456789-a.oregon-postgres.render.com/bird_app_db_x1y2");
    for (const MigrationValue &value : values) {
        QVERIFY(!value.text.contains("pass%2Fword") && value.text.contains("********"));
    }
}

/// In place the instance stays; only its end goes away.
void TestMigrationConnections::knowsThatAPaidPlanHasNoEnd()
{
    const Profile before = m_stage.saved();
    const QString path = "/postgres/" + m_stage.source.id;
    QCOMPARE(m_stage.render.ask("PATCH", path, QJsonObject{{"plan", "basic_256mb"}}).status, 200);
    MigrationPlan plan = m_stage.plan();
    plan.path = MigrationPath::UpgradeInPlace;
    const auto journal = m_stage.begin(plan);
    QVERIFY(journal);
    // Render restarts it for the other plan.
    QTRY_VERIFY_WITH_TIMEOUT(m_stage.perform(*journal, updateConnections).has_value(), 60'000);
    const Profile after = m_stage.saved();
    QVERIFY(before.expiresAt.isValid() && !after.expiresAt.isValid() && !after.createdOn.isValid());
    QCOMPARE(after.parameters, before.parameters);
    QCOMPARE(after.renderId, before.renderId);
    const QString report = reportAsMarkdown(MigrationStage::stateIn(*journal));
    QVERIFY2(report.contains("Upgrade of school-db") && !report.contains("Services"), qPrintable(report));

    // An account's instance that nobody connected to yet: what is known by now is kept.
    Profile bare = after;
    bare.parameters = {};
    bare.parameters.user = after.parameters.user;
    bare.parameters.database = after.parameters.database;
    plan.id = "0badcafe";
    const auto again = m_stage.begin(plan);
    QVERIFY(again);
    QVERIFY(ProfileStore(m_stage.database()).save(bare));
    const auto filled = m_stage.perform(*again, updateConnections);
    QVERIFY2(filled, filled ? "" : qPrintable(filled.error().message));
    QCOMPARE(m_stage.saved().parameters.host, plan.connection.host);
}

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (const auto code = runWithKeyring(QCoreApplication::arguments())) {
        return *code;
    }
    TestMigrationConnections test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_migrationconnections.moc"
