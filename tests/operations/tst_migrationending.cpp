#include "migrationstage.h"
#include "support/leaksearch.h"
#include "support/sample.h"

#include "operations/birdslist.h"
#include "operations/migrationreport.h"
#include "operations/servicecall.h"
#include "postgres/databaseconnection.h"

#include <QtTest>

using namespace Roost;
using namespace Roost::Testing;

/// From the deploys to the report: services run with the new instance, each deployed once, the saved connection leads
/// there, and the report says what was done.
class TestMigrationEnding : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase() { m_stage.render.stop(); }
    void init();
    void comesToItsEnd();
    void deploysOnce_data();
    void deploysOnce();
    void followsWhatWasBegun();
    void saysThatADeployFailed();
    void resumesWhatItSuspended();
    void tellsOfOtherBirds();
    void saysThatAServiceFails();
    void reportsWhatIsNotFinished();

private:
    MigrationService planned() const;
    QJsonObject frozen(const QString &state) const;
    QJsonArray deploys() { return m_stage.render.get("/services/" + m_service + "/deploys?limit=100").array(); }
    bool isSuspended() { return m_stage.render.get("/services/" + m_service).object()["suspended"] == "suspended"; }
    std::unique_ptr<MigrationJournal> afterVariables(const MigrationPlan &plan, const QJsonObject &frozenFacts);

    MigrationStage m_stage;
    QString m_service;
    QString m_url;
    BirdsList m_birds;
};

void TestMigrationEnding::initTestCase()
{
    const QString problem = m_stage.start();
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    RenderClient client(m_stage.render.access());
    const auto services = client.services();
    QVERIFY(services && services->size() == 1);
    m_service = services->first().id;
    m_url = services->first().url;
    const auto answer = callService({QUrl(m_url), "/birds", "bird-app"}, JobContext());
    QVERIFY(answer);
    m_birds = birdsListOf(answer->body);
    QVERIFY(m_birds.count > 0);
}

/// As before the variables: the service uses the old instance and runs, the connection of the old one is saved.
void TestMigrationEnding::init()
{
    m_stage.noFaults();
    m_stage.patience.times = {};
    const QString old = m_stage.url(m_stage.oldOne.internal, MigrationStage::birds);
    QCOMPARE(m_stage.render.ask("PUT", "/services/" + m_service + "/env-vars/DATABASE_URI", QJsonObject{{"value", old}})
                 .status,
             200);
    if (isSuspended()) {
        QCOMPARE(m_stage.render.post("/services/" + m_service + "/resume").status, 202);
    }
    QVERIFY(m_stage.saveOld());
}

MigrationService TestMigrationEnding::planned() const
{
    return {m_service, "bird-app", "web_service", m_url, "/birds", {"DATABASE_URI"}, false, true, true};
}

QJsonObject TestMigrationEnding::frozen(const QString &state) const
{
    const QJsonObject before{{"status", 200}, {"sha256", m_birds.sha256}, {"count", m_birds.count}};
    return {{"services", QJsonObject{{m_service, QJsonObject{{"name", "bird-app"}, {"suspended", state}}}}},
            {"birds", QJsonObject{{m_service, before}}}};
}

std::unique_ptr<MigrationJournal> TestMigrationEnding::afterVariables(const MigrationPlan &plan,
                                                                      const QJsonObject &frozenFacts)
{
    auto journal = m_stage.begin(plan, frozenFacts);
    return journal && m_stage.perform(*journal, rewriteVariables) ? std::move(journal) : nullptr;
}

void TestMigrationEnding::comesToItsEnd()
{
    QCOMPARE(m_stage.render.post("/services/" + m_service + "/suspend").status, 202);
    const qsizetype before = deploys().size();
    MigrationPlan plan = m_stage.plan({planned()});
    plan.warnings = {"A <b>warning</b> | with marks"};
    const auto journal = m_stage.begin(plan, frozen("yes"));
    QVERIFY(journal);
    QVERIFY(offThread(
        [&] { return m_stage.keychain.store("migration-" + plan.id, m_stage.newOne.external.password, {}); }));
    const auto done = m_stage.goOn(*journal);
    QVERIFY2(done, done ? "" : qPrintable(done.error().message + done.error().detail));
    QVERIFY(!*done);
    const MigrationState state = MigrationStage::stateIn(*journal);
    QCOMPARE(state.end, MigrationState::End::Finished);
    QVERIFY(!isSuspended());
    QCOMPARE(deploys().size(), before + 1);
    QCOMPARE(state.facts[MigrationStep::Call][u"services"][m_service][u"birds"].toString(), "same");
    QVERIFY2(state.step(MigrationStep::Variables).summary.contains("1 variable"),
             qPrintable(state.step(MigrationStep::Variables).summary));
    // The service uses the new instance: what is written there is what it shows.
    const QString url = m_stage.url(m_stage.newOne.external, MigrationStage::birds);
    const QString added = askPsql(url, "INSERT INTO birds (name, species) VALUES ('Roost','Testus') RETURNING 1");
    QCOMPARE(added, "1");
    const auto answer = callService({QUrl(m_url), "/birds", "bird-app"}, JobContext());
    QVERIFY(answer && answer->body.contains("Testus"));
    askPsql(url, "DELETE FROM birds WHERE species = 'Testus'");
    // The saved connection.
    const Profile profile = m_stage.saved();
    QCOMPARE(profile.id, plan.profileId);
    QCOMPARE(profile.renderId, m_stage.newOne.instanceId);
    QCOMPARE(profile.parameters.port, m_stage.newOne.external.parameters.port);
    QCOMPARE(profile.parameters.database, MigrationStage::birds);
    QVERIFY(!profile.expiresAt.isValid()); // a paid plan
    const auto password = m_stage.secret(profile.id);
    QVERIFY(password && password->isSameAs(m_stage.newOne.external.password));
    QVERIFY(DatabaseConnection::open({profile.parameters, *password}));
    const auto temporary = m_stage.secret("migration-" + plan.id);
    QVERIFY(!temporary && temporary.error().code == ErrorCode::SecretMissing);
    // The report.
    const QString stem = m_stage.journals() + '/' + plan.id;
    const QString markdown = MigrationStage::read(stem + ".md");
    const QString html = MigrationStage::read(stem + ".html");
    QCOMPARE(QFile::permissions(stem + ".md") & QFile::Permissions(0x77), QFile::Permissions());
    QCOMPARE(QFile::permissions(stem + ".html") & QFile::Permissions(0x77), QFile::Permissions());
    const auto manifest = manifestOf(m_stage.backupFile);
    QVERIFY(manifest);
    for (const QString &text : {markdown, html}) {
        for (const QString &wanted :
             {QString("bird_app_db"), QString("public.birds"), plan.source.id, m_stage.newOne.instanceId,
              QString("DATABASE_URI"), QString("bird-app"), m_stage.backupFile,
              QString::fromLatin1(m_stage.backup.sha256), QString::fromLatin1(manifest->tables["public.birds"].sum)}) {
            QVERIFY2(text.contains(wanted), qPrintable(wanted));
        }
        QVERIFY(!text.contains("Not finished"));
    }
    QVERIFY(html.contains("A &lt;b&gt;warning&lt;/b&gt;") && !html.contains("http-equiv") && !html.contains("src="));
    QVERIFY(!markdown.contains("<b>warning"));
    for (const Secret &secret : {m_stage.oldOne.external.password, m_stage.newOne.external.password}) {
        const LeakSearch search(secret.reveal());
        const QStringList found = search.filesIn(m_stage.journals());
        QVERIFY2(found.isEmpty(), qPrintable(found.join(' ')));
    }
    if (qEnvironmentVariableIsSet("ROOST_KEEP_REPORT")) {
        QFile::copy(stem + ".html", qEnvironmentVariable("ROOST_KEEP_REPORT") + ".html");
        QFile::copy(stem + ".md", qEnvironmentVariable("ROOST_KEEP_REPORT") + ".md");
    }
}

void TestMigrationEnding::deploysOnce_data()
{
    QTest::addColumn<QString>("method");
    QTest::addColumn<QString>("path");
    int number = 0;
    for (const char *kind : {"drop_before", "drop_after", "error", "error_after", "bad_json", "stall", "stall_after"}) {
        if (!isInSample(number)) {
            continue;
        }
        QTest::addRow("asking %s", kind) << "POST"
                                         << "/services/*/deploys";
        QTest::addRow("following %s", kind) << "GET"
                                            << "/services/*/deploys/*";
        QTest::addRow("listing %s", kind) << "GET"
                                          << "/services/*/deploys";
    }
}

/// Whatever becomes of the answers, one deploy brings it to life.
void TestMigrationEnding::deploysOnce()
{
    QFETCH(QString, method);
    QFETCH(QString, path);
    const QString kind = QString(QTest::currentDataTag()).section(' ', 1);
    m_stage.patience.times = {std::chrono::milliseconds(300), std::chrono::milliseconds(5),
                              std::chrono::milliseconds(300), std::chrono::milliseconds(300)};
    const auto journal = afterVariables(m_stage.plan({planned()}), frozen("was"));
    QVERIFY(journal);
    const qsizetype before = deploys().size();
    m_stage.fault(method, path, kind, 0, 3);
    const auto first = m_stage.perform(*journal, deployServices);
    m_stage.noFaults();
    QVERIFY(deploys().size() <= before + 1);
    if (!first) {
        QVERIFY2(first.error().message.contains("safe in the new instance"), qPrintable(first.error().message));
    }
    m_stage.patience.times = {};
    const auto second = m_stage.perform(*journal, deployServices);
    QVERIFY2(second, second ? "" : qPrintable(second.error().message));
    QCOMPARE(deploys().size(), before + 1);
    QVERIFY(m_stage.perform(*journal, deployServices));
    QCOMPARE(deploys().size(), before + 1);
    const QJsonObject fact =
        MigrationStage::stateIn(*journal).facts[MigrationStep::Deploy][u"services"][m_service].toObject();
    QCOMPARE(fact[u"state"].toString(), "live");
    QCOMPARE(fact[u"deployId"].toString(), deploys().at(0)["deploy"]["id"].toString());
}

/// The program ended between the request and its note, and between the note and the end of the deploy.
void TestMigrationEnding::followsWhatWasBegun()
{
    for (const bool isNoted : {false, true}) {
        const auto journal = afterVariables(m_stage.plan({planned()}), {});
        QVERIFY(journal);
        const QString last = deploys().at(0)["deploy"]["id"].toString();
        const qsizetype before = deploys().size();
        const auto note = [&](const QJsonObject &fact) {
            return journal->append("deploy", "note", {{"services", QJsonObject{{m_service, fact}}}}).has_value();
        };
        QVERIFY(note({{"name", "bird-app"}, {"state", "asked"}, {"after", last}}));
        m_stage.render.post("/services/" + m_service + "/deploys", QJsonObject{{"deployMode", "deploy_only"}});
        const QString begun = deploys().at(0)["deploy"]["id"].toString();
        if (isNoted) {
            QVERIFY(note({{"state", "begun"}, {"deployId", begun}}));
        }
        const auto done = m_stage.perform(*journal, deployServices);
        QVERIFY2(done, done ? "" : qPrintable(done.error().message));
        QCOMPARE(deploys().size(), before + 1);
        QCOMPARE(deploys().at(0)["deploy"]["status"].toString(), "live");
    }
}

void TestMigrationEnding::saysThatADeployFailed()
{
    const auto journal = afterVariables(m_stage.plan({planned()}), {});
    QVERIFY(journal);
    const qsizetype before = deploys().size();
    m_stage.render.post("/practice/settings", QJsonObject{{"next_deploy", "update_failed"}});
    const auto failed = m_stage.perform(*journal, deployServices);
    QVERIFY(!failed);
    for (const QString &word : {QString("bird-app"), QString("Probably"), QString("log"), QString("school-db-2"),
                                QString("safe in the new instance"), QString("deployed again")}) {
        QVERIFY2(failed.error().message.contains(word), qPrintable(failed.error().message));
    }
    QCOMPARE(deploys().size(), before + 1);
    QVERIFY(m_stage.perform(*journal, deployServices));
    QCOMPARE(deploys().size(), before + 2);
    QCOMPARE(deploys().at(0)["deploy"]["status"].toString(), "live");
}

void TestMigrationEnding::resumesWhatItSuspended()
{
    const QString suspend = "/services/" + m_service + "/suspend";
    // Without variables that lead to the old instance it is not deployed, but runs again at the end.
    MigrationService without = planned();
    without.variables.clear();
    m_stage.render.ask("PUT", "/services/" + m_service + "/env-vars/DATABASE_URI", QJsonObject{{"value", "x"}});
    QCOMPARE(m_stage.render.post(suspend).status, 202);
    const qsizetype before = deploys().size();
    for (const QString &state : {QString("was"), QString("asked"), QString("yes")}) {
        const auto journal = afterVariables(m_stage.plan({without}), frozen(state));
        QVERIFY(journal);
        QVERIFY(m_stage.perform(*journal, deployServices));
        QVERIFY(isSuspended());
        QVERIFY(m_stage.perform(*journal, resumeServices));
        QCOMPARE(isSuspended(), state == "was");
        m_stage.render.post(suspend);
        QVERIFY(m_stage.perform(*journal, resumeServices)); // again: suspended by somebody else since
        QVERIFY(isSuspended());
    }
    QCOMPARE(deploys().size(), before);
    // With variables, suspended before: they are set, and it stays suspended.
    const QString old = m_stage.url(m_stage.oldOne.internal, MigrationStage::birds);
    m_stage.render.ask("PUT", "/services/" + m_service + "/env-vars/DATABASE_URI", QJsonObject{{"value", old}});
    const auto journal = afterVariables(m_stage.plan({planned()}), frozen("was"));
    QVERIFY(journal);
    QVERIFY(m_stage.perform(*journal, deployServices));
    QVERIFY(m_stage.perform(*journal, callServices));
    QVERIFY(m_stage.perform(*journal, resumeServices));
    QVERIFY(isSuspended());
    QCOMPARE(deploys().size(), before);
    QVERIFY(reportAsMarkdown(MigrationStage::stateIn(*journal)).contains("was suspended before"));
}

void TestMigrationEnding::tellsOfOtherBirds()
{
    QJsonObject facts = frozen("was");
    facts["birds"] = QJsonObject{{m_service, QJsonObject{{"status", 200}, {"sha256", "00"}, {"count", 99}}}};
    const auto journal = afterVariables(m_stage.plan({planned()}), facts);
    QVERIFY(journal);
    QVERIFY(m_stage.perform(*journal, deployServices));
    const auto done = m_stage.goOn(*journal);
    QVERIFY2(done && !*done, done ? "" : qPrintable(done.error().message));
    const MigrationState state = MigrationStage::stateIn(*journal);
    QCOMPARE(state.facts[MigrationStep::Call][u"services"][m_service][u"birds"].toString(), "different");
    QVERIFY(state.step(MigrationStep::Call).summary.contains("99 before"));
    QVERIFY(reportAsHtml(state).contains("other content than before"));
}

void TestMigrationEnding::saysThatAServiceFails()
{
    const auto journal = afterVariables(m_stage.plan({planned()}), frozen("was"));
    QVERIFY(journal);
    QVERIFY(m_stage.perform(*journal, deployServices));
    const QString url = m_stage.url(m_stage.newOne.external, MigrationStage::birds);
    askPsql(url, "ALTER TABLE birds RENAME TO gone");
    const auto failed = m_stage.perform(*journal, callServices);
    askPsql(url, "ALTER TABLE gone RENAME TO birds");
    QVERIFY(!failed);
    QVERIFY2(failed.error().message.contains("500") && failed.error().message.contains("bird-app"),
             qPrintable(failed.error().message));
    QVERIFY(m_stage.perform(*journal, callServices));
}

void TestMigrationEnding::reportsWhatIsNotFinished()
{
    const auto journal = m_stage.begin(m_stage.plan({planned()}));
    QVERIFY(journal);
    const QString text = reportAsMarkdown(MigrationStage::stateIn(*journal));
    QVERIFY2(text.contains("Not finished: the next step is “Point services at it”"), qPrintable(text));
    QVERIFY(text.contains("suspended, not deleted"));
}

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (const auto code = runWithKeyring(QCoreApplication::arguments())) {
        return *code;
    }
    TestMigrationEnding test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_migrationending.moc"
