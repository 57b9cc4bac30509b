#include "../practice/practiceclient.h"

#include "operations/migrationestimate.h"
#include "operations/migrationrecipe.h"
#include "operations/migrationreport.h"
#include "planningdesk.h"
#include "postgres/databaseconnection.h"
#include "render/renderclient.h"

#include <QtTest>

using namespace Roost;
using namespace Roost::Testing;

namespace {

const QString birds = QStringLiteral("bird_app_db");

bool mentions(const QStringList &texts, const QString &word)
{
    return std::any_of(texts.begin(), texts.end(), [&word](const QString &text) { return text.contains(word); });
}

} // namespace

/// Plans of an instance of the stand-in for Render: three databases, a live bird app, groups, and whatever is in the
/// way.
class TestMigrationPlan : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase() { m_stage.stop(); }
    void findsOutEverything();
    void changesNothing();
    void plansAreKeptAsTheyAre();
    void proposesPaths();
    void readsLikeARecipe();
    void markupStaysText();
    void sessionsOfOthersAreNamed();
    void whatIsChosenStays();
    void theNewInstanceIsJudged();
    void foldersAreJudged();
    void aFullDiskIsSeen();
    void everythingInTheWayIsToldAtOnce();
    void withoutTheKeyItIsNoPlanByKey();
    void aSuspendedInstanceIsNamed();
    void anExpiredInstanceOffersTheUpgrade();

private:
    MigrationPlanRequest request() const
    {
        MigrationPlanRequest request;
        request.profileId = m_profile.id;
        request.accountId = QStringLiteral("account");
        request.secondFolder = m_second.path();
        return request;
    }
    PlannedMigration planned(const MigrationPlanRequest &request)
    {
        const auto made = m_desk.plan(request);
        if (!made) {
            QTest::qFail(qPrintable(made.error().message), __FILE__, __LINE__);
            return {};
        }
        return *made;
    }
    QStringList blockersOf(const MigrationPlanRequest &request) { return planned(request).plan.blockers; }
    int writes();

    PracticeStage m_stage;
    PlanningDesk m_desk;
    QTemporaryDir m_second;
    QString m_instance;
    QString m_service;
    QString m_url;
    Profile m_profile;
};

void TestMigrationPlan::initTestCase()
{
    m_stage.options.hasSample = true;
    const QString problem = m_stage.start();
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    const QJsonObject many{{"get", 1000000}, {"write", 1000000}, {"create", 1000000}, {"service", 1000000}};
    QCOMPARE(m_stage.post("/practice/settings", QJsonObject{{"limits", many}}).status, 200);
    m_desk.access = m_stage.access();
    RenderClient client(m_stage.access());
    m_instance = client.instances()->first().id;
    m_service = client.services()->first().id;
    JobContext context;
    const auto spec = connectionOf(m_stage.access(), m_instance, context);
    QVERIFY2(spec, spec ? "" : qPrintable(spec.error().message));
    m_profile = m_desk.save("school", *spec, m_instance);
    const auto info = client.connectionInfo(m_instance);
    QVERIFY(info);
    m_url = info->externalUrl.reveal();
    QCOMPARE(askPsql(m_url, "CREATE DATABASE \"Odd name\""), QString());
    QCOMPARE(askPsql(m_url, "CREATE TABLE t AS SELECT generate_series(1, 1000) AS n", "Odd name"), QString());
    // A group that the service shares, one that nobody uses, and one that leads elsewhere.
    const QString internal = info->internalUrl.reveal();
    const auto group = [&](const QString &name, const QJsonArray &services, const QString &value) {
        const QJsonArray variables{QJsonObject{{"key", "REPORT_DB"}, {"value", value}}};
        return m_stage
            .post("/env-groups", QJsonObject{{"name", name},
                                             {"ownerId", "tea-practice000000000000"},
                                             {"serviceIds", services},
                                             {"envVars", variables}})
            .status;
    };
    QCOMPARE(group("shared", {m_service}, internal), 201);
    QCOMPARE(group("forgotten", {}, internal), 201);
    QCOMPARE(group("foreign", {m_service}, "postgres://a:b@dpg-aaaaaaaaaaaaaaaaaaaa-a/x"), 201);
}

/// Calls so far that are no plain reads.
int TestMigrationPlan::writes()
{
    int count = 0;
    for (const QJsonValue &call : m_stage.get("/practice/state").object()["calls"].toArray()) {
        count += call["method"].toString() == "GET" ? 0 : 1;
    }
    return count;
}

void TestMigrationPlan::findsOutEverything()
{
    const PlannedMigration made = planned(request());
    const MigrationPlan &plan = made.plan;
    QCOMPARE(plan.blockers, QStringList());
    QVERIFY(QRegularExpression("\\A[0-9a-f]{8}\\z").match(plan.id).hasMatch());
    QCOMPARE(plan.path, MigrationPath::OneSlot);
    QVERIFY(plan.isPractice);
    QCOMPARE(plan.source.id, m_instance);
    QCOMPARE(plan.connection, m_profile.parameters);
    QCOMPARE(plan.databases.size(), 3);
    QCOMPARE(plan.databases[0].properties.name, QString("Odd name"));
    QCOMPARE(plan.databases[1].properties.name, birds);
    QCOMPARE(plan.databases[2].properties.name, plan.source.databaseName);
    for (const MigrationDatabase &database : plan.databases) {
        QCOMPARE(database.isDefault, database.properties.name == plan.source.databaseName);
        QVERIFY(database.sizeBytes > 1'000'000);
        QCOMPARE(database.properties.encoding, QString("UTF8"));
        QCOMPARE(database.properties.owner, plan.source.databaseUser);
    }
    QCOMPARE(plan.services.size(), 1);
    const MigrationService &service = plan.services.first();
    QCOMPARE(service.id, m_service);
    QCOMPARE(service.variables, (QStringList{"DATABASE_URI", "shared: REPORT_DB"}));
    QVERIFY(service.answersBirds && service.isFrozen && !service.isSuspended);
    QVERIFY(mentions(plan.warnings, "forgotten: REPORT_DB"));
    QVERIFY(!mentions(plan.warnings, "foreign"));
    QCOMPARE(plan.draft.name, plan.source.name); // the old one is suspended or gone by then
    QCOMPARE(plan.draft.plan, QString("free"));
    QCOMPARE(plan.draft.region, plan.source.region);
    QCOMPARE(plan.draft.databaseName, plan.source.databaseName);
    QCOMPARE(plan.draft.databaseUser, plan.source.databaseUser);
    QCOMPARE(plan.draft.allowedAddresses, plan.source.allowedAddresses);
    QVERIFY(plan.serverVersion.startsWith(plan.draft.version + '.'));
    QVERIFY(plan.backupFolder.startsWith(m_desk.home.path()) && plan.backupFolder.endsWith(plan.id));
    QVERIFY(!QFileInfo::exists(plan.backupFolder));
    QCOMPARE(made.seconds.keys().size(), stepsOf(plan.path).size());
    QVERIFY(made.downtimeSeconds > 10 && made.downtimeSeconds < 300);
}

void TestMigrationPlan::changesNothing()
{
    const int before = writes();
    const QString databases = askPsql(m_url, "SELECT string_agg(datname, ',' ORDER BY 1) FROM pg_database");
    const QStringList second = QDir(m_second.path()).entryList(QDir::AllEntries | QDir::Hidden);
    (void)planned(request());
    QCOMPARE(writes(), before);
    QCOMPARE(askPsql(m_url, "SELECT string_agg(datname, ',' ORDER BY 1) FROM pg_database"), databases);
    QCOMPARE(QDir(m_second.path()).entryList(QDir::AllEntries | QDir::Hidden), second);
}

void TestMigrationPlan::plansAreKeptAsTheyAre()
{
    QCOMPARE(askPsql(m_url, "ALTER DATABASE bird_app_db SET search_path = a, public"), QString());
    QCOMPARE(askPsql(m_url, "COMMENT ON DATABASE bird_app_db IS 'the birds'"), QString());
    const MigrationPlan plan = planned(request()).plan;
    const QJsonObject json = toJson(plan);
    const auto read = planFromJson(QJsonDocument::fromJson(QJsonDocument(json).toJson()).object());
    QVERIFY2(read, read ? "" : qPrintable(read.error().message));
    QCOMPARE(toJson(*read), json);
    QCOMPARE(read->databases[1].properties.comment, QString("the birds"));
    QCOMPARE(read->databases[1].properties.settings.size(), 1);
    QCOMPARE(planAsMarkdown(*read), planAsMarkdown(plan));
    const QByteArray text = QJsonDocument(json).toJson();
    QVERIFY(!text.contains(QUrl(m_url).password().toUtf8()));
    QVERIFY(!text.contains(m_stage.access().key.revealUtf8()));
}

void TestMigrationPlan::proposesPaths()
{
    const PlannedMigration made = planned(request());
    QCOMPARE(made.paths.size(), 3);
    QCOMPARE(made.paths[0].path, MigrationPath::UpgradeInPlace); // offered first where it fits
    QVERIFY(made.paths[0].isPossible && !made.paths[0].isProposed);
    QVERIFY(made.paths[1].isProposed);
    for (const MigrationPathOffer &offer : made.paths) {
        QVERIFY(offer.why.endsWith('.'));
    }
    MigrationPlanRequest beside = request();
    beside.path = MigrationPath::SideBySide;
    const MigrationPlan plan = planned(beside).plan;
    QCOMPARE(plan.blockers, QStringList());
    QCOMPARE(plan.draft.plan, QString("basic_256mb"));
    QCOMPARE(plan.draft.name, plan.source.name + "-2"); // both are there for days
    beside.path = MigrationPath::UpgradeInPlace;
    const PlannedMigration inPlace = planned(beside);
    QCOMPARE(inPlace.plan.blockers, QStringList());
    QCOMPARE(inPlace.plan.draft.plan, QString("basic_256mb"));
    QVERIFY(inPlace.downtimeSeconds < made.downtimeSeconds);
}

void TestMigrationPlan::readsLikeARecipe()
{
    const MigrationPlan plan = planned(request()).plan;
    const QString text = planAsMarkdown(plan);
    for (const MigrationStep step : stepsOf(plan.path)) {
        QVERIFY2(text.contains(nameOf(step)), qPrintable(nameOf(step)));
    }
    for (const QString &word : {plan.source.name, m_instance, birds, QString("Odd name"), QString("bird-app"),
                                QString("DATABASE_URI, shared: REPORT_DB"), m_second.path(), plan.backupFolder,
                                QString("Cannot be undone: If school-db has to be deleted, it is gone for ever"),
                                QString("Users of the app get no answer for about"), QString("(a rehearsal)")}) {
        QVERIFY2(text.contains(word), qPrintable(word + " is not in:\n" + text));
    }
    const QString html = planAsHtml(plan);
    QVERIFY(html.contains("<h1>Moving school-db to a new instance"));
    for (const QString &foreign : {QString("http:"), QString("https:"), QString("<script"), QString("<img"),
                                   QString("<link"), QString("@import"), QString("url(")}) {
        QVERIFY2(!html.contains(foreign), qPrintable(foreign));
    }
    MigrationPlanRequest other = request();
    for (const MigrationPath path : {MigrationPath::SideBySide, MigrationPath::UpgradeInPlace}) {
        other.path = path;
        const MigrationPlan its = planned(other).plan;
        const QList<RecipeStep> steps = recipeOf(its);
        QCOMPARE(steps.size(), stepsOf(path).size());
        for (const RecipeStep &step : steps) {
            QVERIFY2(step.does.endsWith('.') && !step.does.contains('%'), qPrintable(step.does));
        }
        QVERIFY(planAsMarkdown(its).contains(downtimeInWords(its)));
    }
}

void TestMigrationPlan::markupStaysText()
{
    MigrationPlan plan = planned(request()).plan;
    plan.source.name = "<b>x</b> & [y](http://z) _q_ `c` | d";
    plan.warnings = {"# no heading", "%1 %2"};
    const QString html = planAsHtml(plan);
    QVERIFY(html.contains("&lt;b&gt;x&lt;/b&gt; &amp; [y]"));
    QVERIFY(!html.contains("<b>x"));
    const QString text = planAsMarkdown(plan);
    QVERIFY(text.contains("\\<b\\>x\\</b\\> \\& \\[y\\]"));
    QVERIFY(text.contains("\\_q\\_ \\`c\\` \\| d"));
    QVERIFY(text.contains("- \\# no heading") && text.contains("%1 %2"));
}

void TestMigrationPlan::sessionsOfOthersAreNamed()
{
    JobContext context;
    const auto spec = connectionOf(m_stage.access(), m_instance, context);
    QVERIFY(spec);
    const auto own = DatabaseConnection::open(spec->withDatabase(birds));
    const auto other = DatabaseConnection::open(spec->withDatabase("Odd name"), {}, "writer");
    const auto again = DatabaseConnection::open(spec->withDatabase("Odd name"), {}, "writer");
    QVERIFY(own && other && again);
    const MigrationPlan plan = planned(request()).plan;
    const auto found = std::find_if(plan.sessions.begin(), plan.sessions.end(),
                                    [](const MigrationSession &one) { return one.application == "writer"; });
    QVERIFY(found != plan.sessions.end());
    QCOMPARE(found->count, 2);
    QCOMPARE(found->database, QString("Odd name"));
    QVERIFY(mentions(plan.warnings, "writer in Odd name"));
    for (const MigrationSession &session : plan.sessions) {
        QVERIFY(session.application != "Roost");
    }
}

void TestMigrationPlan::whatIsChosenStays()
{
    MigrationPlanRequest wish = request();
    wish.freezes = false;
    wish.backupFolder = m_desk.home.filePath("mine");
    wish.draft = PostgresDraft{};
    wish.draft->name = "fresh";
    const MigrationPlan plan = planned(wish).plan;
    QCOMPARE(plan.draft.name, QString("fresh"));
    QCOMPARE(plan.draft.ownerId, plan.source.owner.id);
    QCOMPARE(plan.draft.region, plan.source.region);
    QCOMPARE(plan.backupFolder, wish.backupFolder);
    QVERIFY(!plan.services.first().isFrozen);
    QVERIFY(downtimeInWords(plan).contains("from the moment the old instance is suspended"));
}

void TestMigrationPlan::theNewInstanceIsJudged()
{
    MigrationPlanRequest wish = request();
    wish.draft = planned(wish).plan.draft;
    const auto blocks = [&](const auto &change, const QString &word) {
        MigrationPlanRequest changed = wish;
        change(changed);
        const QStringList blockers = blockersOf(changed);
        return blockers.size() == 1 && blockers.first().contains(word);
    };
    QVERIFY(blockersOf(wish).isEmpty());
    QVERIFY(blocks([](auto &wrong) { wrong.draft->version = "11"; }, "older version"));
    QVERIFY(blocks([](auto &wrong) { wrong.draft->version = "newest"; }, "no version of PostgreSQL"));
    QVERIFY(blocks([](auto &wrong) { wrong.draft->name = "-x"; }, "A name begins"));
    QVERIFY(blocks([](auto &wrong) { wrong.draft->databaseName = "Class-DB"; }, "no hyphens"));
    QVERIFY(blocks([](auto &wrong) { wrong.draft->allowedAddresses.clear(); }, "allow list"));
    const auto besideFree = [](auto &wrong) {
        wrong.path = MigrationPath::SideBySide;
        wrong.draft->name = "other";
    };
    QVERIFY(blocks(besideFree, "one active free instance"));
    const auto sameName = [](auto &wrong) {
        wrong.path = MigrationPath::SideBySide;
        wrong.draft->plan = "basic_256mb";
    };
    QVERIFY(blocks(sameName, "already in the workspace"));
}

void TestMigrationPlan::foldersAreJudged()
{
    QFile file(m_desk.home.filePath("file"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    MigrationPlanRequest wish = request();
    wish.secondFolder = file.fileName() + "/below";
    QVERIFY(mentions(blockersOf(wish), "second copies: " + file.fileName() + " is no folder"));
    wish.secondFolder = "relative";
    QVERIFY(mentions(blockersOf(wish), "no whole path"));
    wish.secondFolder = "/proc/roost";
    QVERIFY(mentions(blockersOf(wish), "cannot be written to"));
    wish.secondFolder = wish.backupFolder = m_desk.home.filePath("both");
    QVERIFY(mentions(blockersOf(wish), "is the one of the backups"));
    wish = request();
    wish.backupFolder = "/proc/roost";
    QVERIFY(mentions(blockersOf(wish), "The folder for the backups"));
    wish = request();
    QVERIFY(mentions(planned(wish).plan.warnings, "on the same disk"));
    wish.secondFolder.clear();
    QVERIFY(mentions(planned(wish).plan.warnings, "No folder for second copies"));
}

void TestMigrationPlan::aFullDiskIsSeen()
{
    QTemporaryDir disk;
    const auto mounted = [&disk](const QString &program, const QStringList &arguments) {
        QProcess process;
        process.start(program, arguments + QStringList{disk.path()});
        return process.waitForFinished() && process.exitCode() == 0;
    };
    if (!mounted("mount", {"-t", "tmpfs", "-o", "size=4m", "tmpfs"})) {
        QSKIP("only root can mount a small disk");
    }
    MigrationPlanRequest wish = request();
    wish.secondFolder = disk.path() + "/copies";
    const QStringList small = blockersOf(wish);
    wish.backupFolder = disk.path() + "/backups";
    wish.secondFolder = m_second.path();
    const QStringList backups = blockersOf(wish);
    QVERIFY(mounted("umount", {}));
    QCOMPARE(small.size(), 1);
    QVERIFY2(small.first().contains("not enough room") && small.first().contains("/copies"), qPrintable(small.first()));
    QCOMPARE(backups.size(), 1);
    QVERIFY(backups.first().contains("/backups"));
}

void TestMigrationPlan::everythingInTheWayIsToldAtOnce()
{
    MigrationPlanRequest wish = request();
    wish.backupFolder = "/proc/a";
    wish.secondFolder = "/proc/b";
    wish.draft = planned(request()).plan.draft;
    wish.draft->version = "11";
    wish.draft->allowedAddresses.clear();
    const QStringList blockers = blockersOf(wish);
    QCOMPARE(blockers.size(), 4);
    MigrationPlan plan = planned(wish).plan;
    QCOMPARE(planAsMarkdown(plan).count("In the way:"), 4);
    QVERIFY(!beginMigration(m_desk.home.filePath("journals"), plan));
}

void TestMigrationPlan::withoutTheKeyItIsNoPlanByKey()
{
    m_desk.access.reset();
    const auto plan = m_desk.plan(request());
    m_desk.access = m_stage.access();
    QVERIFY(plan); // the server tells all the same
    QVERIFY(mentions(plan->plan.blockers, "The keychain is locked."));
    QCOMPARE(plan->plan.databases.size(), 3);
    // An instance that the account does not have.
    Profile stranger = m_profile;
    stranger.id = "id-stranger";
    stranger.name = "stranger";
    stranger.renderId = "dpg-aaaaaaaaaaaaaaaaaaaa-a";
    JobContext context;
    m_desk.secrets.keepForSession(stranger.id, connectionOf(m_stage.access(), m_instance, context)->password);
    QVERIFY(m_desk.environment().profiles.save(stranger));
    MigrationPlanRequest wish = request();
    wish.profileId = stranger.id;
    QVERIFY(mentions(blockersOf(wish), "no instance dpg-aaaaaaaaaaaaaaaaaaaa-a"));
    wish.profileId = "nobody";
    QCOMPARE(m_desk.plan(wish).error().code, ErrorCode::NotFound);
}

void TestMigrationPlan::aSuspendedInstanceIsNamed()
{
    QCOMPARE(m_stage.post("/postgres/" + m_instance + "/suspend").status, 202);
    QTRY_COMPARE_WITH_TIMEOUT(m_stage.statusOf(m_instance), QString("suspended"), 30000);
    const QStringList blockers = blockersOf(request());
    QCOMPARE(m_stage.post("/postgres/" + m_instance + "/resume").status, 202);
    QTRY_COMPARE_WITH_TIMEOUT(askPsql(m_url, "SELECT 1"), QString("1"), 30000);
    QCOMPARE(blockers.size(), 1);
    QVERIFY2(blockers.first().contains("is suspended (by: user)"), qPrintable(blockers.first()));
}

/// The last test here: time does not go back.
void TestMigrationPlan::anExpiredInstanceOffersTheUpgrade()
{
    QCOMPARE(m_stage.post("/practice/clock", QJsonObject{{"days", 29}}).status, 200);
    const MigrationPlan late = planned(request()).plan;
    QVERIFY2(late.blockers.isEmpty(), qPrintable(late.blockers.join(QChar(10))));
    QVERIFY(mentions(late.warnings, "left until school-db stops working"));
    QCOMPARE(m_stage.post("/practice/clock", QJsonObject{{"days", 2}}).status, 200);
    QTRY_COMPARE_WITH_TIMEOUT(m_stage.statusOf(m_instance), QString("suspended"), 30000);
    const PlannedMigration made = planned(request());
    QCOMPARE(made.plan.path, MigrationPath::UpgradeInPlace);
    QVERIFY(made.paths.first().isProposed);
    QCOMPARE(made.plan.blockers.size(), 1);
    QVERIFY(made.plan.blockers.first().contains("Upgrade it in Render's dashboard"));
    QVERIFY(planAsMarkdown(made.plan).contains("In the way:"));
}

QTEST_GUILESS_MAIN(TestMigrationPlan)
#include "tst_migrationplan.moc"
