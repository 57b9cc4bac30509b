#include "migrationstage.h"

#include "operations/migrationreferences.h"

#include "support/sample.h"
#include <QtTest>

using namespace Roost;
using namespace Roost::Testing;

/// The variables of services and groups come to lead to the new instance: all that led to the old one and nothing else,
/// each once, whatever goes wrong at whichever of them.
class TestMigrationServices : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();
    void init();
    void leadsThere_data();
    void leadsThere();
    void changingFails_data();
    void changingFails();
    void readingFails_data();
    void readingFails();
    void findsServicesOfAfterThePlan();
    void leavesWhatSomebodyElseChanged();
    void asksForFormsThatItDoesNotRewrite();
    void setsNothingWhereNothingLeadsThere();

private:
    using Values = QMap<QString, QString>; ///< by "holder/KEY"

    static constexpr int count = 4;

    void arrange(int services);
    void put(const QString &service, const Values &variables);
    Values values();
    Values expected(int services);
    QList<MigrationService> planned(int services) const;
    QJsonObject changesIn(const MigrationJournal &journal) const;
    void checkKept(const MigrationJournal &journal, const Values &before);

    MigrationStage m_stage;
    QStringList m_services;
    QString m_group;
    int m_faults = 0;
};

void TestMigrationServices::initTestCase()
{
    const QString problem = m_stage.start();
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    RenderClient client(m_stage.render.access());
    const auto there = client.services();
    QVERIFY(there);
    m_services = {there->first().id};
    for (int i = 1; i < count; ++i) {
        const QJsonObject made = m_stage.render
                                     .post("/services", QJsonObject{{"name", QStringLiteral("service-%1").arg(i)},
                                                                    {"type", "web_service"},
                                                                    {"ownerId", there->first().ownerId},
                                                                    {"repo", "https://github.com/ada/birds"},
                                                                    {"serviceDetails", QJsonObject{{"plan", "free"}}}})
                                     .object();
        m_services += made["service"]["id"].toString();
        QVERIFY(!m_services.last().isEmpty());
        QCOMPARE(m_stage.render.post("/services/" + m_services.last() + "/suspend").status, 202);
    }
    m_group = m_stage.render
                  .post("/env-groups", QJsonObject{{"name", "shared"},
                                                   {"ownerId", there->first().ownerId},
                                                   {"serviceIds", QJsonArray{m_services.at(2), m_services.at(3)}}})
                  .object()["id"]
                  .toString();
    QVERIFY(!m_group.isEmpty());
}

void TestMigrationServices::cleanupTestCase()
{
    qInfo("%d interruptions", m_faults);
    m_stage.render.stop();
}

void TestMigrationServices::init()
{
    m_stage.noFaults();
    m_stage.patience.times = {std::chrono::milliseconds(300), std::chrono::milliseconds(5),
                              std::chrono::milliseconds(200), std::chrono::milliseconds(200)};
}

void TestMigrationServices::put(const QString &service, const Values &variables)
{
    QJsonArray list;
    for (auto it = variables.begin(); it != variables.end(); ++it) {
        list += QJsonObject{{"key", it.key()}, {"value", it.value()}};
    }
    QCOMPARE(m_stage.render.ask("PUT", "/services/" + service + "/env-vars", list).status, 200);
}

/// So many services lead to the old instance, each in another way; the third and the fourth share a group.
void TestMigrationServices::arrange(int services)
{
    const ConnectionSpec &inside = m_stage.oldOne.internal;
    const QString birds = MigrationStage::birds;
    const QString foreign = QStringLiteral("postgresql://them:pw@dpg-bbbbbbbbbbbbbbbbbbbb-a/theirs");
    QList<Values> all(count, {{"NOTE", "not yours"}, {"OTHER_DB", foreign}});
    all[0][QStringLiteral("DATABASE_URI")] = m_stage.url(inside, birds);
    all[1][QStringLiteral("DATABASE_URI")] =
        m_stage.url(m_stage.oldOne.external, birds, "postgresql+psycopg2", "?application_name=x");
    all[2][QStringLiteral("DATABASE_URI")] = m_stage.url(inside, birds, "postgres", "?sslmode=require");
    all[2][QStringLiteral("DB_HOST")] = inside.parameters.host;
    all[2][QStringLiteral("DB_PORT")] = "5432";
    all[2][QStringLiteral("DB_USER")] = inside.parameters.user;
    all[2][QStringLiteral("DB_PASSWORD")] = inside.password.reveal();
    all[2][QStringLiteral("DB_NAME")] = "bird_app_db";
    for (int i = 0; i < count; ++i) {
        put(m_services.at(i), i < services ? all[i] : Values{{"NOTE", "not yours"}, {"OTHER_DB", foreign}});
    }
    const bool hasGroup = services >= 3;
    const auto setShared = [this](const QString &key, const QString &value) {
        m_stage.render.ask("PUT", "/env-groups/" + m_group + "/env-vars/" + key, QJsonObject{{"value", value}});
    };
    setShared("DATABASE_URI", hasGroup ? m_stage.url(inside, birds) : "none");
    setShared("REPORT_DB", hasGroup ? m_stage.url(inside, "my_database") : "none");
    setShared("LEVEL", "info");
}

TestMigrationServices::Values TestMigrationServices::values()
{
    Values all;
    for (const QString &service : m_services) {
        const QJsonArray own = m_stage.render.get("/services/" + service + "/env-vars?limit=100").array();
        for (const QJsonValue &each : own) {
            all.insert(service + '/' + each["envVar"]["key"].toString(), each["envVar"]["value"].toString());
        }
    }
    const QJsonArray shared = m_stage.render.get("/env-groups/" + m_group).object()["envVars"].toArray();
    for (const QJsonValue &each : shared) {
        all.insert(m_group + '/' + each[u"key"].toString(), each["value"].toString());
    }
    return all;
}

/// What arrange() becomes, to the last byte.
TestMigrationServices::Values TestMigrationServices::expected(int services)
{
    const ConnectionSpec &inside = m_stage.newOne.internal;
    const QString birds = MigrationStage::birds;
    Values all = values();
    const auto set = [&](int service, const QString &key, const QString &value) {
        if (service < services) {
            all[m_services.at(service) + '/' + key] = value;
        }
    };
    set(0, "DATABASE_URI", m_stage.url(inside, birds));
    set(1, "DATABASE_URI", m_stage.url(inside, birds, "postgresql+psycopg2", "?application_name=x"));
    set(2, "DATABASE_URI", m_stage.url(inside, birds, "postgres", "?sslmode=require"));
    set(2, "DB_HOST", inside.parameters.host);
    set(2, "DB_USER", inside.parameters.user);
    set(2, "DB_PASSWORD", inside.password.reveal());
    if (services >= 3) {
        all[m_group + "/DATABASE_URI"] = m_stage.url(inside, birds);
        all[m_group + "/REPORT_DB"] = m_stage.url(inside, "my_database");
    }
    return all;
}

QList<MigrationService> TestMigrationServices::planned(int services) const
{
    QList<MigrationService> all;
    for (int i = 0; i < services; ++i) {
        all += {m_services.at(i),
                QStringLiteral("service-%1").arg(i),
                "web_service",
                {},
                {},
                {"DATABASE_URI"},
                false,
                true,
                false};
    }
    return all;
}

QJsonObject TestMigrationServices::changesIn(const MigrationJournal &journal) const
{
    return MigrationStage::stateIn(journal).facts.value(MigrationStep::Variables)["changes"].toObject();
}

/// The old value of whatever may have changed is in the keychain and can be put back.
void TestMigrationServices::checkKept(const MigrationJournal &journal, const Values &before)
{
    const QJsonObject changes = changesIn(journal);
    const auto records = KeptVariables(m_stage.database()).all("account");
    QVERIFY(records);
    for (auto it = changes.begin(); it != changes.end(); ++it) {
        const QString id = it.value()[u"keptId"].toString();
        const auto kept = m_stage.secret(id);
        QVERIFY2(kept, kept ? "" : qPrintable(kept.error().message));
        QCOMPARE(kept->reveal(), before[it.key()]);
        QCOMPARE(std::count_if(records->begin(), records->end(), [&](const auto &each) { return each.id == id; }), 1);
    }
    for (const MigrationEvent &event : journal.events()) {
        const QByteArray text = QJsonDocument(event.data).toJson();
        QVERIFY(!text.contains(m_stage.oldOne.internal.password.revealUtf8()));
        QVERIFY(!text.contains(m_stage.newOne.internal.password.revealUtf8()));
    }
}

void TestMigrationServices::leadsThere_data()
{
    QTest::addColumn<int>("services");
    for (int n = 1; n <= count; ++n) {
        QTest::addRow("%d services", n) << n;
    }
}

void TestMigrationServices::leadsThere()
{
    QFETCH(int, services);
    arrange(services);
    const Values before = values();
    const Values wanted = expected(services);
    const auto journal = m_stage.begin(m_stage.plan(planned(services)));
    QVERIFY(journal);
    const auto done = m_stage.perform(*journal, rewriteVariables);
    QVERIFY2(done, done ? "" : qPrintable(done.error().message));
    QVERIFY(!*done);
    QCOMPARE(values(), wanted);
    checkKept(*journal, before);
    const QJsonObject changes = changesIn(*journal);
    for (const QJsonValue &each : changes) {
        QCOMPARE(each[u"state"].toString(), "set");
    }
    // All that is listed did change, and all that changed is listed.
    QStringList changed;
    for (auto it = wanted.begin(); it != wanted.end(); ++it) {
        if (before[it.key()] != it.value()) {
            changed += it.key();
        }
    }
    QCOMPARE(changes.keys(), changed);
    // The group's DATABASE_URI is overruled in the third service, which sees REPORT_DB all the same.
    QCOMPARE(MigrationStage::stateIn(*journal).facts[MigrationStep::Variables][u"services"].toObject().size(),
             services >= 3 ? 4 : services);
    // Once more finds nothing to do.
    const qsizetype events = journal->events().size();
    QVERIFY(m_stage.perform(*journal, rewriteVariables));
    QCOMPARE(journal->events().size(), events);
    QCOMPARE(values(), wanted);
}

void TestMigrationServices::changingFails_data()
{
    QTest::addColumn<int>("services");
    QTest::addColumn<int>("at");
    QTest::addColumn<QString>("kind");
    constexpr int changesOf[] = {1, 2, 8, 8};
    int number = 0;
    for (int n = 1; n <= count; ++n) {
        for (int at = 0; at < changesOf[n - 1]; at += n == count ? 3 : 1) { // the last differ by no place
            for (const char *kind : {"drop_before", "drop_after", "error", "error_after", "stall", "bad_json"}) {
                if (isInSample(number)) {
                    QTest::addRow("%d services, %s at %d", n, kind, at + 1) << n << at << QString(kind);
                }
            }
        }
    }
}

/// At each of them Render goes away. What is right stays, and calling again does the rest.
void TestMigrationServices::changingFails()
{
    QFETCH(int, services);
    QFETCH(int, at);
    QFETCH(QString, kind);
    arrange(services);
    const Values before = values();
    const Values wanted = expected(services);
    const auto journal = m_stage.begin(m_stage.plan(planned(services)));
    QVERIFY(journal);
    m_stage.fault("PUT", "/**", kind, at);
    ++m_faults;
    const auto failed = m_stage.perform(*journal, rewriteVariables);
    m_stage.noFaults();
    const Values between = values();
    QCOMPARE(between.keys(), before.keys());
    const QJsonObject changes = changesIn(*journal);
    int set = 0;
    for (auto it = between.begin(); it != between.end(); ++it) {
        QVERIFY2(it.value() == before[it.key()] || it.value() == wanted[it.key()], qPrintable(it.key()));
        const bool isNew = it.value() != before[it.key()];
        set += isNew ? 1 : 0;
        QVERIFY2(changes[it.key()]["state"].toString() != u"set" || isNew, qPrintable(it.key()));
    }
    QVERIFY(set >= at);
    QVERIFY(failed || !failed.error().message.contains(m_stage.oldOne.internal.password.reveal()));
    QVERIFY2(failed || failed.error().message.contains("Go on"), failed ? "" : qPrintable(failed.error().message));
    checkKept(*journal, before);
    const auto done = m_stage.perform(*journal, rewriteVariables);
    QVERIFY2(done, done ? "" : qPrintable(done.error().message));
    QCOMPARE(values(), wanted);
    checkKept(*journal, before);
    for (const QJsonValue &each : changesIn(*journal)) {
        QCOMPARE(each[u"state"].toString(), "set");
    }
}

void TestMigrationServices::readingFails_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("kind");
    QTest::addColumn<int>("skip");
    int number = 0;
    for (const char *path : {"/services", "/services/*/env-vars", "/env-groups", "/env-groups/*", "/postgres/*",
                             "/postgres/*/connection-info", "/services/*/env-vars/*"}) {
        for (const char *kind : {"drop_after", "error", "stall", "bad_json"}) {
            for (int skip = 0; skip < 2; ++skip) {
                if (isInSample(number)) {
                    QTest::addRow("%s %s after %d", path, kind, skip) << QString(path) << QString(kind) << skip;
                }
            }
        }
    }
}

/// What cannot be read may lead to the old instance: nothing is believed to be done.
void TestMigrationServices::readingFails()
{
    QFETCH(QString, path);
    QFETCH(QString, kind);
    QFETCH(int, skip);
    arrange(count);
    const Values before = values();
    const Values wanted = expected(count);
    const auto journal = m_stage.begin(m_stage.plan(planned(count)));
    QVERIFY(journal);
    m_stage.fault("GET", path, kind, skip);
    ++m_faults;
    const auto failed = m_stage.perform(*journal, rewriteVariables);
    m_stage.noFaults();
    QVERIFY2(!failed || values() == wanted, "what was not read was taken for right");
    const auto done = m_stage.perform(*journal, rewriteVariables);
    QVERIFY2(done, done ? "" : qPrintable(done.error().message));
    QCOMPARE(values(), wanted);
    checkKept(*journal, before);
}

void TestMigrationServices::findsServicesOfAfterThePlan()
{
    arrange(2);
    const Values wanted = expected(2);
    const auto journal = m_stage.begin(m_stage.plan(planned(1)));
    QVERIFY(journal);
    const auto done = m_stage.goOn(*journal); // fails later: the second service is suspended, and was before
    QCOMPARE(values(), wanted);
    const QString summary = MigrationStage::stateIn(*journal).step(MigrationStep::Variables).summary;
    QVERIFY2(summary.contains("not in the plan") && summary.contains("service-1"), qPrintable(summary));
    QVERIFY2(summary.contains('2'), qPrintable(summary));
}

void TestMigrationServices::leavesWhatSomebodyElseChanged()
{
    arrange(2);
    const auto journal = m_stage.begin(m_stage.plan(planned(2)));
    QVERIFY(journal);
    m_stage.fault("PUT", "/**", "drop_before", 1);
    QVERIFY(!m_stage.perform(*journal, rewriteVariables));
    m_stage.noFaults();
    const QString theirs = QStringLiteral("postgresql://them:pw@dpg-cccccccccccccccccccc-a/d");
    m_stage.render.ask("PUT", "/services/" + m_services.at(1) + "/env-vars/DATABASE_URI",
                       QJsonObject{{"value", theirs}});
    m_stage.render.ask("PUT", "/services/" + m_services.at(0) + "/env-vars/DATABASE_URI",
                       QJsonObject{{"value", theirs}});
    QVERIFY(m_stage.perform(*journal, rewriteVariables));
    QCOMPARE(values()[m_services.at(0) + "/DATABASE_URI"], theirs);
    QCOMPARE(values()[m_services.at(1) + "/DATABASE_URI"], theirs);
    int foreign = 0;
    for (const QJsonValue &each : changesIn(*journal)) {
        foreign += each[u"state"].toString() == u"other" ? 1 : 0;
    }
    QCOMPARE(foreign, 1); // the first was set, and seen so, before it changed
}

void TestMigrationServices::asksForFormsThatItDoesNotRewrite()
{
    arrange(1);
    const QString jdbc = "jdbc:postgresql://" + m_stage.oldOne.internal.parameters.host + "/bird_app_db";
    const QString path = "/services/" + m_services.at(3) + "/env-vars/JDBC_URL";
    m_stage.render.ask("PUT", path, QJsonObject{{"value", jdbc}});
    const auto journal = m_stage.begin(m_stage.plan(planned(1)));
    QVERIFY(journal);
    const auto asked = m_stage.perform(*journal, rewriteVariables);
    QVERIFY(asked && *asked);
    QCOMPARE((*asked)->question, MigrationQuestion::VariablesSet);
    QVERIFY((*asked)->doing.join(' ').contains("JDBC_URL"));
    QVERIFY((*asked)->problems.isEmpty());
    const MigrationAnswer yes{MigrationQuestion::VariablesSet, "yes", {}};
    const auto again = m_stage.perform(*journal, rewriteVariables, yes);
    QVERIFY(again && *again);
    QVERIFY((*again)->problems.join(' ').contains("JDBC_URL"));
    // Meant so.
    const auto left = m_stage.perform(*journal, rewriteVariables, yes);
    QVERIFY(left && !*left);
    QCOMPARE(values()[m_services.at(3) + "/JDBC_URL"], jdbc);
    // Or changed at last.
    m_stage.render.ask("PUT", path, QJsonObject{{"value", "jdbc:postgresql://elsewhere/d"}});
    const auto other = m_stage.begin(m_stage.plan(planned(1)));
    const auto done = m_stage.perform(*other, rewriteVariables);
    QVERIFY(done && !*done);
}

void TestMigrationServices::setsNothingWhereNothingLeadsThere()
{
    arrange(0);
    const Values before = values();
    const auto journal = m_stage.begin(m_stage.plan());
    QVERIFY(journal);
    const auto done = m_stage.perform(*journal, rewriteVariables);
    QVERIFY(done && !*done);
    QCOMPARE(values(), before);
    QVERIFY(changesIn(*journal).isEmpty());
}

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (const auto code = runWithKeyring(QCoreApplication::arguments())) {
        return *code;
    }
    TestMigrationServices test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_migrationservices.moc"
