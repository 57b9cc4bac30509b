#include "core/translations.h"
#include "gui/connection/pastefield.h"
#include "gui/migration/migrationpage.h"
#include "gui/theme/theme.h"
#include "mainwindowdriver.h"
#include "operations/databasecompare.h"
#include "postgres/connectionstring.h"
#include "postgres/environment.h"
#include "practice/localcluster.h"
#include "practice/practiceclient.h"
#include "storage/paths.h"
#include "support/psql.h"
#include "windowfixture.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLabel>
#include <QLineEdit>
#include <QProcess>
#include <QPushButton>
#include <QRegularExpression>
#include <QStackedWidget>
#include <QTextBrowser>

using namespace Roost;
using namespace Roost::Testing;

namespace {

using Stage = MigrationRunner::Stage;
constexpr int moveMs = 300'000; ///< for a whole part of a move on a busy machine
const QString instanceName = QStringLiteral("school-db");

/// The stand-in with its sample (an instance with bird_app_db, and the bird app that reads it), the window, and what
/// the world outside sees of both.
class Journey
{
public:
    PracticeStage stage;
    WindowFixture fixture;
    std::unique_ptr<MainWindowDriver> driver;
    QString oldId;
    QString service;
    QByteArray birdsBefore;
    QProcess writer;

    bool start()
    {
        stage.options.hasSample = true;
        if (const QString problem = stage.start(); !problem.isEmpty()) {
            qWarning("%s", qPrintable(problem));
            return false;
        }
        qputenv("ROOST_RENDER_API", stage.access().api.toEncoded());
        fixture.secrets.setPatience(std::chrono::seconds(5));
        oldId = instances().first()[u"postgres"][u"id"].toString();
        service = stage.get(QStringLiteral("/services")).array().first()[u"service"][u"id"].toString();
        birdsBefore = birds();
        fixture.open();
        fixture.window->activateWindow();
        driver = std::make_unique<MainWindowDriver>(fixture.window.get());
        return !oldId.isEmpty() && !service.isEmpty() && !birdsBefore.isEmpty() &&
               QTest::qWaitForWindowActive(fixture.window.get());
    }
    void end()
    {
        driver.reset();
        fixture.window.reset();
        stage.stop();
    }

    QJsonArray instances() { return stage.get(QStringLiteral("/postgres")).array(); }
    QString connectionOf(const QString &id, const char *which)
    {
        return stage.get(QStringLiteral("/postgres/%1/connection-info").arg(id))
            .object()[QString::fromLatin1(which)]
            .toString();
    }
    QString variable(const QString &key)
    {
        return stage.get(QStringLiteral("/services/%1/env-vars/%2").arg(service, key)).object()[u"value"].toString();
    }
    /// The service's variable: by the instance's name inside of Render, or by its address.
    bool leadsTo(const QString &id)
    {
        const QString value = variable(QStringLiteral("DATABASE_URI"));
        const QUrl address(connectionOf(id, "externalConnectionString"));
        return value.contains(id) || QUrl(value).authority() == address.authority();
    }
    bool serviceIs(const QString &suspended)
    {
        return stage.get(QStringLiteral("/services/") + service).object()[u"suspended"].toString() == suspended;
    }
    QString appUrl()
    {
        return stage.get(QStringLiteral("/services/") + service).object()[u"serviceDetails"][u"url"].toString();
    }
    /// What the app answers with; empty when it does not.
    QByteArray birds()
    {
        const QString url = appUrl();
        return MainWindowDriver::besides([url]() -> QByteArray {
            QProcess curl;
            curl.start(QStringLiteral("curl"), {QStringLiteral("-sf"), QStringLiteral("--max-time"),
                                                QStringLiteral("20"), url + QStringLiteral("/birds")});
            curl.waitForFinished(60'000);
            return curl.exitCode() == 0 ? curl.readAllStandardOutput() : QByteArray();
        });
    }

    /// The day before it ends: beside the sample a database with one of every object, and Chinook where
    /// ROOST_CHINOOK_SQL names its script.
    bool prepareTheLastDay()
    {
        const auto old = parseConnectionString(connectionOf(oldId, "externalConnectionString"));
        if (!old || stage.post(QStringLiteral("/practice/clock"), QJsonObject{{"days", 29}}).status != 200) {
            return false;
        }
        const ConnectionSpec server{old->parameters, old->password};
        const auto fill = [&server](const QString &name, const QString &sql) {
            runPsql(server, QStringLiteral("CREATE DATABASE %1 TEMPLATE template0").arg(name));
            runPsql(server.withDatabase(name), sql);
        };
        const auto contentOf = [](const QString &file) {
            QFile from(file);
            return from.open(QIODevice::ReadOnly) ? QString::fromUtf8(from.readAll()) : QString();
        };
        MainWindowDriver::besides([&] {
            fill(QStringLiteral("nasty"), contentOf(QStringLiteral(NASTY_SQL)));
            if (const QString chinook = qEnvironmentVariable("ROOST_CHINOOK_SQL"); !chinook.isEmpty()) {
                static const QRegularExpression ofDatabases(
                    QStringLiteral("(?m)^(DROP|CREATE) DATABASE.*$|^\\\\c .*$"));
                fill(QStringLiteral("chinook"), contentOf(chinook).remove(ofDatabases));
            }
            return true;
        });
        return true;
    }
    /// Somebody writes through the app's database for as long as the app answers.
    void startWriting()
    {
        const auto old = parseConnectionString(connectionOf(oldId, "externalConnectionString"));
        QUrl url(connectionOf(oldId, "externalConnectionString"));
        url.setPath(QStringLiteral("/bird_app_db"));
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("BIRDS"), url.toString(QUrl::FullyEncoded));
        environment.insert(QStringLiteral("APP"), appUrl() + QStringLiteral("/birds"));
        writer.setProcessEnvironment(environment);
        writer.start(QStringLiteral("sh"),
                     {QStringLiteral("-c"),
                      QStringLiteral(
                          "while curl -sf --max-time 5 \"$APP\" >/dev/null; do psql -XAtq \"$BIRDS\" -c \"INSERT INTO "
                          "birds (name, species) VALUES ('written', 'Turdus merula')\" || break; done")});
    }
    int birdsInOld()
    {
        const auto old = parseConnectionString(connectionOf(oldId, "externalConnectionString"));
        const ConnectionSpec spec = ConnectionSpec{old->parameters, old->password}.withDatabase("bird_app_db");
        return MainWindowDriver::besides(
            [&] { return runPsql(spec, QStringLiteral("SELECT count(*) FROM birds")).toInt(); });
    }
    /// Each database of the new instance against its backup: in what it differs.
    QStringList differences(const MigrationState &state)
    {
        const auto now = parseConnectionString(connectionOf(state.newInstanceId(), "externalConnectionString"));
        return MainWindowDriver::besides([&] {
            QStringList found;
            for (const MigrationDatabase &database : state.plan.databases) {
                const QString name = database.properties.name;
                JobContext context;
                const auto compared =
                    compareDatabases({state.backupOf(name)[u"file"].toString(), {}},
                                     {{}, ConnectionSpec{now->parameters, now->password}.withDatabase(name)}, context);
                if (!compared || !isProven(compared->differences)) {
                    found += name;
                }
            }
            return found;
        });
    }

    MigrationPage *page() const { return fixture.part<MigrationPage>("migrationPage"); }
    QWidget *pane() const { return page()->findChild<QStackedWidget *>()->currentWidget(); }
    /// Opens the plan, chooses folders, and begins.
    bool begin()
    {
        if (!driver->click({instanceName}) || !driver->choose("menuRender", "actionMoveInstance") || !page()) {
            return false;
        }
        auto *begin = driver->part<QPushButton>("planBegin");
        fixture.prompts.path = fixture.home.filePath(QStringLiteral("second copies"));
        const auto mayBegin = [begin] { return begin && begin->isEnabled(); };
        if (!QTest::qWaitFor(mayBegin, patienceMs) || !driver->press("planSecondFolderBrowse") ||
            !QTest::qWaitFor(mayBegin, patienceMs)) {
            qWarning("%s", qPrintable(page()->findChild<QLabel *>(QStringLiteral("migrationFooter"))->text()));
            return false;
        }
        return driver->press("planBegin");
    }
    /// Until it does not run any more.
    Stage standstill()
    {
        (void)QTest::qWaitFor([this] { return page()->runner()->stage() != Stage::Running; }, moveMs);
        const Stage reached = page()->runner()->stage();
        if (reached == Stage::Failed) {
            qWarning("%s\n%s", qPrintable(page()->runner()->error().message),
                     qPrintable(page()->runner()->error().detail));
        }
        return reached;
    }
    std::optional<MigrationQuestion> question() const
    {
        const auto &pause = page()->runner()->pause();
        return pause ? std::optional(pause->question) : std::nullopt;
    }
    /// What holds at the end of every way.
    QString problemAtTheEnd(const QString &newId)
    {
        if (newId.isEmpty() || newId == oldId) {
            return QStringLiteral("there is no new instance");
        }
        for (const QJsonValue each : instances()) {
            const QJsonObject instance = each[u"postgres"].toObject();
            if (instance[u"id"].toString() != newId && instance[u"suspended"].toString() != u"suspended") {
                return QStringLiteral("another instance runs: %1").arg(instance[u"id"].toString());
            }
        }
        if (!leadsTo(newId)) {
            return QStringLiteral("DATABASE_URI does not lead to the new instance");
        }
        if (birds() != birdsBefore) {
            return QStringLiteral("the app answers something else than before");
        }
        return {};
    }
};

} // namespace

/// The whole wizard through the real window, against the stand-in for Render with its real servers and its real web
/// service: with an API key, and without one, where a scripted user does in the dashboard what Roost says.
class TestMigrationJourney : public QObject
{
    Q_OBJECT

private slots:
    void cleanup() { QDir(Paths::migrations()).removeRecursively(); }
    void cleanupTestCase()
    {
        LocalCluster practice = practiceCluster();
        JobContext context;
        QVERIFY(practice.stop(context).has_value());
    }

    void withAnAccount()
    {
        Journey journey;
        QVERIFY(journey.start());
        QVERIFY(journey.driver->choose("menuRender", "actionAddAccount"));
        QPointer<QWidget> dialog(journey.driver->dialog("addAccountDialog"));
        QVERIFY(dialog && journey.driver->type("apiKeyField", journey.stage.access().key.reveal(), dialog));
        QVERIFY(journey.driver->press("saveAccount", dialog));
        QTRY_VERIFY_WITH_TIMEOUT(!journey.fixture.accounts.entries().isEmpty(), patienceMs);
        if (dialog && dialog->isVisible()) { // without a keychain it says so, and waits for another click
            QVERIFY(journey.driver->press("saveAccount", dialog));
        }
        QTRY_VERIFY_WITH_TIMEOUT(!dialog || !dialog->isVisible(), patienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(journey.driver->row({instanceName}).isValid(), patienceMs);

        QVERIFY(journey.prepareTheLastDay());
        journey.startWriting();
        QTRY_VERIFY_WITH_TIMEOUT(journey.birdsInOld() > 5, patienceMs); // the writer is at work
        QVERIFY(journey.begin());
        QCOMPARE(journey.standstill(), Stage::Asking);
        QCOMPARE(journey.question(), MigrationQuestion::Gate);
        QVERIFY(journey.page()->runner()->pause()->mayBeAnswered);
        QCOMPARE(journey.instances().size(), 1);                                             // nothing was touched
        QTRY_COMPARE_WITH_TIMEOUT(journey.writer.state(), QProcess::NotRunning, patienceMs); // it met a frozen app
        const int written = journey.birdsInOld();
        journey.birdsBefore.clear();
        QVERIFY(!journey.driver->part<QPushButton>("gateOpen")->isEnabled());
        QVERIFY(journey.driver->type("typedName", instanceName, journey.pane()));
        QVERIFY(journey.driver->press("gateOpen"));
        QCOMPARE(journey.standstill(), Stage::Finished);

        const MigrationState state = *journey.page()->runner()->state();
        QVERIFY(state.plan.databases.size() >= 3);
        QCOMPARE(journey.differences(state), QStringList());
        journey.birdsBefore = journey.birds();
        QCOMPARE(QJsonDocument::fromJson(journey.birdsBefore).array().size(), written);
        QCOMPARE(journey.problemAtTheEnd(state.newInstanceId()), QString());
        auto *report = journey.driver->part<QTextBrowser>("reportView");
        QVERIFY(report);
        for (const MigrationDatabase &database : state.plan.databases) {
            QTRY_VERIFY(report->toPlainText().contains(database.properties.name));
        }
        QVERIFY(!report->toPlainText().contains(journey.connectionOf(state.newInstanceId(), "password")));
        // The saved connection leads to the new one, and works.
        QVERIFY(journey.driver->press("reportInstance"));
        QTRY_VERIFY_WITH_TIMEOUT(journey.driver->under({instanceName}).contains(QStringLiteral("bird_app_db")),
                                 patienceMs);
        const Profile profile = journey.fixture.instances.find(state.plan.profileId)->instance.profile;
        QCOMPARE(profile.parameters.port, state.newConnection()->port);
        QVERIFY(journey.fixture.prompts.errors.isEmpty());
        journey.end();
    }

    void byHand()
    {
        Journey journey;
        QVERIFY(journey.start());
        const auto parsed = parseConnectionString(journey.connectionOf(journey.oldId, "externalConnectionString"));
        QVERIFY(parsed.has_value());
        const Profile profile = journey.fixture.save(instanceName, {parsed->parameters, parsed->password});
        journey.fixture.instances.reload();
        QTRY_VERIFY_WITH_TIMEOUT(journey.driver->row({instanceName}).isValid(), patienceMs);
        QVERIFY(journey.begin());

        QString newId;
        QStringList asked;
        constexpr int most = 24;
        while (journey.standstill() == Stage::Asking && asked.size() < most) {
            const MigrationPause pause = *journey.page()->runner()->pause();
            asked += keyOf(pause.question);
            // A service that ends may be connected for a moment; all else was done as Roost said.
            QVERIFY2(pause.problems.isEmpty() || pause.question == MigrationQuestion::WritersStopped,
                     qPrintable(pause.problems.join(u'\n')));
            QVERIFY(doInTheDashboard(journey, pause, newId));
            QTRY_VERIFY_WITH_TIMEOUT(!journey.page()->runner()->pause() ||
                                         keyOf(journey.page()->runner()->pause()->question) != asked.last() ||
                                         journey.page()->runner()->stage() == Stage::Running,
                                     patienceMs);
        }
        QCOMPARE(journey.page()->runner()->stage(), Stage::Finished);
        for (const char *question : {"writers-stopped", "gate", "old-deleted", "new-connection"}) {
            QVERIFY2(asked.contains(QLatin1String(question)), question);
        }
        QCOMPARE(journey.problemAtTheEnd(newId), QString());
        QTRY_COMPARE_WITH_TIMEOUT(journey.fixture.instances.find(profile.id)->instance.profile.parameters.port,
                                  journey.page()->runner()->state()->newConnection()->port, patienceMs);
        QVERIFY(journey.fixture.prompts.errors.isEmpty());
        journey.end();
    }

private:
    /// The user: does at Render what is asked for, with the values that Roost gives, and says so.
    bool doInTheDashboard(Journey &journey, const MigrationPause &pause, QString &newId)
    {
        PracticeStage &render = journey.stage;
        switch (pause.question) {
        case MigrationQuestion::WritersStopped:
            render.post(QStringLiteral("/services/%1/suspend").arg(journey.service));
            break;
        case MigrationQuestion::Gate:
            return journey.driver->type("typedName", instanceName, journey.pane()) &&
                   journey.driver->press("gateOpen", journey.pane());
        case MigrationQuestion::OldDeleted:
            render.ask("DELETE", QStringLiteral("/postgres/") + journey.oldId);
            break;
        case MigrationQuestion::NewConnection: {
            QJsonObject draft = render.draft(instanceName);
            draft[QStringLiteral("version")] = QStringLiteral("18");
            newId = render.createAvailable(draft);
            auto *field = journey.driver->part<PasteField>("askPaste", journey.pane());
            if (newId.isEmpty() || !field) {
                return false;
            }
            field->paste(journey.connectionOf(newId, "externalConnectionString"));
            break;
        }
        case MigrationQuestion::VariablesSet:
            if (!setVariables(journey, newId)) {
                return false;
            }
            break;
        case MigrationQuestion::ServicesLive:
            render.post(QStringLiteral("/services/%1/resume").arg(journey.service));
            if (!QTest::qWaitFor([&] { return journey.serviceIs(QStringLiteral("not_suspended")); }, patienceMs)) {
                return false;
            }
            render.post(QStringLiteral("/services/%1/deploys").arg(journey.service), QJsonObject());
            if (!QTest::qWaitFor([&] { return journey.birds() == journey.birdsBefore; }, patienceMs)) {
                qWarning("DATABASE_URI: %s", journey.leadsTo(newId) ? "new" : "old");
                return false;
            }
            break;
        default:
            break;
        }
        return journey.driver->press("askDone", journey.pane());
    }

    /// With what Roost shows to copy where it names the variable, else as a user would by the new instance's page.
    static bool setVariables(Journey &journey, const QString &newId)
    {
        const QJsonArray variables =
            journey.stage.get(QStringLiteral("/services/%1/env-vars").arg(journey.service)).array();
        for (const QJsonValue each : variables) {
            const QString key = each[u"envVar"][u"key"].toString();
            const QString before = each[u"envVar"][u"value"].toString();
            if (!before.contains(journey.oldId)) {
                continue;
            }
            QString value;
            const QString database = QUrl(before).path().mid(1);
            for (const MigrationValue &shown : journey.page()->runner()->pause()->values) {
                if (shown.label.contains(key) && shown.where.contains(database)) {
                    value = shown.secret.isEmpty() ? shown.text : shown.secret.reveal();
                }
            }
            if (value.isEmpty()) {
                const QUrl old(before);
                QUrl url(journey.connectionOf(newId, "internalConnectionString"));
                url.setScheme(old.scheme());
                url.setPath(old.path());
                value = url.toString(QUrl::FullyEncoded);
            }
            journey.stage.ask("PUT", QStringLiteral("/services/%1/env-vars/%2").arg(journey.service, key),
                              QJsonObject{{QStringLiteral("value"), value}});
        }
        return !variables.isEmpty();
    }
};

int main(int argc, char **argv)
{
    clearPostgresEnvironment();
    const QTemporaryDir home;
    qputenv("ROOST_HOME", home.path().toUtf8());
    QApplication application(argc, argv);
    QApplication::setQuitOnLastWindowClosed(false);
    installTranslations(application);
    Theme::apply(application, Theme::Mode::Light);
    TestMigrationJourney test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_migrationjourney.moc"
