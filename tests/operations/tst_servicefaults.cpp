#include "../practice/practiceclient.h"

#include "operations/deployapp.h"
#include "operations/pointservice.h"
#include "operations/servicelife.h"
#include "operations/servicereferences.h"

#include "support/sample.h"
#include <QtTest>

#include <functional>

using namespace Roost;
using namespace Roost::Testing;

/// Every call that the work with services makes goes wrong in every way that there is, against the stand-in for Render.
/// Whatever happens, no variable is lost: each is as it was or as it was to become, and all others stay.
class TestServiceFaults : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();
    void init();
    void pointsInPeace();
    void readingFails_data();
    void readingFails();
    void changingFails_data();
    void changingFails();
    void deployingFails_data();
    void deployingFails();
    void suspendingFails_data();
    void suspendingFails();
    void creatingFails_data();
    void creatingFails();
    void stopsWhereSomebodyElseChanged();

private:
    using Values = QMap<QString, QString>; ///< by "holder key"

    static RenderTimes times();
    QJsonObject object(const QString &path) { return m_stage.get(path).object(); }
    Values values();
    void restore();
    void fault(const QString &method, const QString &path, const QString &kind, int skip);
    Result<VariablePlan> plan(const RenderTimes &patience = {});
    void kinds(const QList<std::pair<QString, QString>> &calls, int skips = 1) const;
    void knownOrSaid(const Result<void> &done, const Values &before, const Values &after, const VariablePlan &wanted);

    PracticeStage m_stage;
    QString m_service;
    QString m_group;
    QString m_instance;
    PointTarget m_target;
    Values m_original;
    int m_faults = 0;
};

RenderTimes TestServiceFaults::times()
{
    using std::chrono::milliseconds;
    return {milliseconds(300), milliseconds(5), milliseconds(300), milliseconds(300)};
}

void TestServiceFaults::initTestCase()
{
    m_stage.options.hasSample = true;
    const QString problem = m_stage.start();
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    const QJsonObject many{{"get", 1000000}, {"write", 1000000}, {"create", 1000000}, {"service", 1000000}};
    QCOMPARE(m_stage.post("/practice/settings", QJsonObject{{"limits", many}}).status, 200);
    RenderClient client(m_stage.access());
    const auto services = client.services();
    const auto instances = client.instances();
    QVERIFY(services && instances);
    QVERIFY(!services->isEmpty() && !instances->isEmpty());
    m_service = services->first().id;
    m_instance = instances->first().id;
    const auto target = readPointTarget(client, m_instance);
    QVERIFY2(target, target ? "" : qPrintable(target.error().message));
    m_target = *target;
    // A group that the service shares, with a variable of its own; and variables that are nobody's business.
    const QJsonObject made =
        m_stage
            .post("/env-groups",
                  QJsonObject{{"name", "shared"},
                              {"ownerId", services->first().ownerId},
                              {"serviceIds", QJsonArray{m_service}},
                              {"envVars", QJsonArray{QJsonObject{{"key", "REPORT_DB"}, {"value", "x"}}}}})
            .object();
    m_group = made["id"].toString();
    QVERIFY(!m_group.isEmpty());
    const auto old = [](const QString &tail) {
        return QJsonObject{{"value", "postgres://old:oldpw@dpg-aaaaaaaaaaaaaaaaaaaa-a/" + tail}};
    };
    const QString own = "/services/" + m_service + "/env-vars/";
    QCOMPARE(m_stage.ask("PUT", own + "DATABASE_URI", old("bird_app_db")).status, 200);
    QCOMPARE(m_stage.ask("PUT", own + "DATABASE_URL", old("bird_app_db?x=1")).status, 200);
    QCOMPARE(m_stage.ask("PUT", own + "SECRET_KEY", QJsonObject{{"value", "not yours"}}).status, 200);
    QCOMPARE(m_stage.ask("PUT", "/env-groups/" + m_group + "/env-vars/REPORT_DB", old("bird_app_db")).status, 200);
    QCOMPARE(m_stage.ask("PUT", "/env-groups/" + m_group + "/env-vars/OTHER", QJsonObject{{"value", "o"}}).status, 200);
    m_original = values();
    QCOMPARE(m_original.size(), 5);
}

void TestServiceFaults::cleanupTestCase()
{
    qInfo("%d faults tried", m_faults);
    m_stage.stop();
}

void TestServiceFaults::init()
{
    QCOMPARE(m_stage.ask("DELETE", "/practice/faults").status / 100, 2);
    restore();
    QCOMPARE(values(), m_original);
}

TestServiceFaults::Values TestServiceFaults::values()
{
    Values all;
    const QJsonArray own = m_stage.get("/services/" + m_service + "/env-vars?limit=100").array();
    for (const QJsonValue &each : own) {
        all.insert(m_service + ' ' + each["envVar"]["key"].toString(), each["envVar"]["value"].toString());
    }
    const QJsonArray shared = object("/env-groups/" + m_group)["envVars"].toArray();
    for (const QJsonValue &each : shared) {
        all.insert(m_group + ' ' + each["key"].toString(), each["value"].toString());
    }
    return all;
}

void TestServiceFaults::restore()
{
    if (m_original.isEmpty()) {
        return;
    }
    const Values now = values();
    for (auto it = m_original.begin(); it != m_original.end(); ++it) {
        if (now.value(it.key()) != it.value()) {
            const QString holder = it.key().section(' ', 0, 0);
            m_stage.ask("PUT",
                        (holder == m_group ? "/env-groups/" : "/services/") + holder + "/env-vars/" +
                            it.key().section(' ', 1),
                        QJsonObject{{"value", it.value()}});
        }
    }
}

void TestServiceFaults::fault(const QString &method, const QString &path, const QString &kind, int skip)
{
    ++m_faults;
    // Every further call fails alike, so that trying again does not hide it.
    const PracticeResponse set =
        m_stage.post("/practice/faults",
                     QJsonObject{{"method", method}, {"path", path}, {"kind", kind}, {"skip", skip}, {"count", -1}});
    QCOMPARE(set.status / 100, 2);
}

Result<VariablePlan> TestServiceFaults::plan(const RenderTimes &patience)
{
    RenderClient client(m_stage.access(), {}, patience);
    return planPoint(client, {m_service, m_target, {}, {}, {}, {}, {}}, JobContext());
}

/// The columns method, path, kind, skip.
void TestServiceFaults::kinds(const QList<std::pair<QString, QString>> &calls, int skips) const
{
    QTest::addColumn<QString>("method");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("kind");
    QTest::addColumn<int>("skip");
    int number = 0;
    for (const auto &[method, path] : calls) {
        for (const char *kind : {"drop_after", "drop_before", "error", "stall", "bad_json"}) {
            for (int skip = 0; skip < skips; ++skip) {
                if (!isInSample(number)) {
                    continue;
                }
                QTest::addRow("%s %s %s after %d", qPrintable(method), qPrintable(path), kind, skip)
                    << method << path << QString(kind) << skip;
            }
        }
    }
}

void TestServiceFaults::pointsInPeace()
{
    const auto wanted = plan();
    QVERIFY2(wanted, wanted ? "" : qPrintable(wanted.error().message));
    QCOMPARE(wanted->wanted().size(), 3);
    const auto done = changeVariables(m_stage.access(), *wanted, JobContext());
    QVERIFY2(done, done ? "" : qPrintable(done.error().message));
    const Values after = values();
    QCOMPARE(after.size(), m_original.size());
    QVERIFY(after[m_service + " DATABASE_URI"].contains(m_instance));
    QVERIFY(after[m_service + " DATABASE_URL"].endsWith("/bird_app_db?x=1"));
    QVERIFY(after[m_group + " REPORT_DB"].contains(m_instance));
    QCOMPARE(after[m_service + " SECRET_KEY"], QString("not yours"));
    // And back.
    QList<KeptValue> kept;
    for (const VariableChange &change : wanted->wanted()) {
        kept += {change.holder, change.key, change.oldValue};
    }
    RenderClient client(m_stage.access());
    const auto undo = planUndo(client, m_service, kept, JobContext());
    QVERIFY(undo);
    QVERIFY(changeVariables(m_stage.access(), *undo, JobContext()));
    QCOMPARE(values(), m_original);
    const auto again = planUndo(client, m_service, kept, JobContext());
    QVERIFY(again);
    QVERIFY(again->changes.isEmpty());
    // What the account shows of it.
    const auto service = client.service(m_service);
    const auto instances = client.instances();
    QVERIFY(service && instances);
    const auto references = findReferences(client, {{*service}, *instances, {}, true}, JobContext());
    QVERIFY(references);
    QCOMPARE(references->services.first().references.size(), 3);
    QVERIFY(references->gaps.isEmpty());
    QVERIFY(references->requests <= 5);
}

void TestServiceFaults::readingFails_data()
{
    kinds({{"GET", "/services/*"},
           {"GET", "/services/*/env-vars"},
           {"GET", "/env-groups"},
           {"GET", "/env-groups/*"},
           {"GET", "/services/*/deploys"}});
}

/// Reading changes nothing, and fails or says what it could not read.
void TestServiceFaults::readingFails()
{
    QFETCH(QString, method);
    QFETCH(QString, path);
    QFETCH(QString, kind);
    QFETCH(int, skip);
    RenderClient peaceful(m_stage.access());
    const auto service = peaceful.service(m_service);
    const auto instances = peaceful.instances();
    QVERIFY(service && instances);
    fault(method, path, kind, skip);
    const auto wanted = plan(times());
    QVERIFY(!wanted || path == "/services/*/deploys"); // only a warning depends on these
    RenderClient client(m_stage.access(), {}, times());
    const auto references = findReferences(client, {{*service}, *instances, {}, true}, JobContext());
    QVERIFY(references);
    QVERIFY(!references->gaps.isEmpty() || path == "/services/*/deploys" || path == "/services/*");
    m_stage.ask("DELETE", "/practice/faults");
    QCOMPARE(values(), m_original);
}

void TestServiceFaults::changingFails_data()
{
    kinds({{"PUT", "/services/*/env-vars/*"},
           {"GET", "/services/*/env-vars/*"},
           {"PUT", "/env-groups/*/env-vars/*"},
           {"GET", "/env-groups/*"},
           {"", "**"}},
          5);
}

void TestServiceFaults::changingFails()
{
    QFETCH(QString, method);
    QFETCH(QString, path);
    QFETCH(QString, kind);
    QFETCH(int, skip);
    const auto wanted = plan();
    QVERIFY(wanted);
    fault(method, path, kind, skip);
    const auto done = changeVariables(m_stage.access(), *wanted, JobContext(), times());
    m_stage.ask("DELETE", "/practice/faults");
    const Values after = values();
    knownOrSaid(done, m_original, after, *wanted);
    if (QTest::currentTestFailed()) {
        return;
    }
    // Whatever happened, the old values put everything back.
    QList<KeptValue> kept;
    for (const VariableChange &change : wanted->wanted()) {
        kept += {change.holder, change.key, change.oldValue};
    }
    RenderClient client(m_stage.access());
    const auto undo = planUndo(client, m_service, kept, JobContext());
    QVERIFY(undo);
    QVERIFY(changeVariables(m_stage.access(), *undo, JobContext()));
    QCOMPARE(values(), m_original);
}

/// Each variable is old or new, and what is said of it is true.
void TestServiceFaults::knownOrSaid(const Result<void> &done, const Values &before, const Values &after,
                                    const VariablePlan &wanted)
{
    QCOMPARE(after.keys(), before.keys());
    Values expected = before;
    for (const VariableChange &change : wanted.wanted()) {
        expected.insert(change.holder.id + ' ' + change.key, change.newValue->reveal());
    }
    for (auto it = after.begin(); it != after.end(); ++it) {
        QVERIFY2(it.value() == before[it.key()] || it.value() == expected[it.key()], qPrintable(it.key()));
    }
    if (done) {
        QCOMPARE(after, expected);
        return;
    }
    const QString message = done.error().message;
    const auto sentence = [&message](const QString &begin) {
        const qsizetype at = message.indexOf(begin);
        return at < 0 ? QString() : message.mid(at, message.indexOf('.', at) - at);
    };
    const auto names = [](const QString &text, const QString &key) {
        return QRegularExpression("\\b" + key + "\\b").match(text).hasMatch();
    };
    for (const VariableChange &change : wanted.wanted()) {
        const QString id = change.holder.id + ' ' + change.key;
        const bool isNew = after[id] == expected[id];
        const bool saidNew = names(sentence("Set already:"), change.key);
        const bool saidOld = names(sentence("As before:"), change.key);
        const bool saidUnknown = names(sentence("Not known"), change.key);
        QVERIFY2(int(saidNew) + int(saidOld) + int(saidUnknown) == 1, qPrintable(message));
        QVERIFY2(!saidNew || isNew, qPrintable(message));
        QVERIFY2(!saidOld || !isNew, qPrintable(message));
        QVERIFY2(!saidUnknown || done.error().code == ErrorCode::OutcomeUnknown, qPrintable(message));
    }
    QVERIFY2(message.contains("Nothing was deployed"), qPrintable(message));
    QVERIFY(!message.contains("oldpw"));
}

void TestServiceFaults::deployingFails_data()
{
    kinds({{"POST", "/services/*/deploys"}, {"GET", "/services/*/deploys"}, {"GET", "/services/*/deploys/*"}}, 2);
}

/// Never two deploys for one wish; the end is known, or said not to be.
void TestServiceFaults::deployingFails()
{
    QFETCH(QString, method);
    QFETCH(QString, path);
    QFETCH(QString, kind);
    QFETCH(int, skip);
    const auto count = [this] { return m_stage.get("/services/" + m_service + "/deploys?limit=100").array().size(); };
    const qsizetype before = count();
    RenderClient client(m_stage.access(), {}, times());
    const auto service = client.service(m_service);
    QVERIFY(service);
    fault(method, path, kind, skip);
    const DeployFollowing following{*service, {}, std::chrono::milliseconds(20), std::chrono::milliseconds(1500)};
    const auto done = deployAndFollow(client, following, JobContext());
    m_stage.ask("DELETE", "/practice/faults");
    QVERIFY(count() <= before + 1);
    if (done) {
        QVERIFY(done->isOver() && !done->isFailed());
    } else {
        QVERIFY(!done.error().message.isEmpty());
        QVERIFY2(count() == before || done.error().code != ErrorCode::ConnectionFailed,
                 qPrintable(done.error().message));
    }
    QCOMPARE(values(), m_original);
    QTRY_VERIFY_WITH_TIMEOUT(!m_stage.get("/services/" + m_service + "/deploys?limit=1")
                                  .array()
                                  .at(0)["deploy"]["finishedAt"]
                                  .toString()
                                  .isEmpty(),
                             30'000);
}

void TestServiceFaults::suspendingFails_data()
{
    kinds({{"POST", "/services/*/suspend"}, {"POST", "/services/*/resume"}, {"GET", "/services/*"}}, 2);
}

void TestServiceFaults::suspendingFails()
{
    QFETCH(QString, method);
    QFETCH(QString, path);
    QFETCH(QString, kind);
    QFETCH(int, skip);
    RenderClient peaceful(m_stage.access());
    const auto service = peaceful.service(m_service);
    QVERIFY(service);
    const auto isSuspended = [this] { return object("/services/" + m_service)["suspended"] == "suspended"; };
    fault(method, path, kind, skip);
    RenderClient client(m_stage.access(), {}, times());
    const auto off = suspendAndCheck(client, *service, JobContext());
    m_stage.ask("DELETE", "/practice/faults");
    const bool wasOff = isSuspended();
    QVERIFY(!off || wasOff);
    QVERIFY(off || off.error().code == ErrorCode::OutcomeUnknown || !wasOff);
    fault(method, path, kind, skip);
    const auto on = resumeAndCheck(client, *service, JobContext());
    m_stage.ask("DELETE", "/practice/faults");
    QVERIFY(!on || !isSuspended());
    QVERIFY(on || on.error().code == ErrorCode::OutcomeUnknown || isSuspended() || !wasOff);
    if (isSuspended()) {
        QVERIFY(resumeAndCheck(peaceful, *service, JobContext()));
    }
    QCOMPARE(values(), m_original);
}

void TestServiceFaults::creatingFails_data()
{
    kinds({{"POST", "/services"}, {"GET", "/services"}}, 2);
}

/// Never two services for one wish.
void TestServiceFaults::creatingFails()
{
    QFETCH(QString, method);
    QFETCH(QString, path);
    QFETCH(QString, kind);
    QFETCH(int, skip);
    static int number = 0;
    ServiceDraft draft;
    draft.name = QStringLiteral("cats-%1").arg(++number);
    RenderClient peaceful(m_stage.access());
    draft.ownerId = peaceful.service(m_service)->ownerId;
    draft.repository = QStringLiteral("https://github.com/ada/bird-app");
    draft.branch = QStringLiteral("main");
    draft.region = QStringLiteral("oregon");
    draft.buildCommand = QStringLiteral("pip install -r requirements.txt");
    draft.startCommand = QStringLiteral("gunicorn app:app");
    draft.variables = databaseVariables(draft, m_target, QStringLiteral("bird_app_db"));
    fault(method, path, kind, skip);
    RenderClient client(m_stage.access(), {}, times());
    const auto made = createServiceOnce(client, draft, JobContext());
    m_stage.ask("DELETE", "/practice/faults");
    const auto there = peaceful.services(draft.ownerId, draft.name);
    QVERIFY(there);
    QVERIFY(there->size() <= 1);
    QVERIFY(!made || there->size() == 1);
    // What is there and was not told is said to be unknown.
    QVERIFY2(made || there->isEmpty() || made.error().message.contains("nobody knows"),
             made ? "" : qPrintable(made.error().message));
    const auto again = createServiceOnce(peaceful, draft, JobContext());
    QVERIFY(again || again.error().code == ErrorCode::AlreadyExists);
    QCOMPARE(peaceful.services(draft.ownerId, draft.name)->size(), 1);
    (void)peaceful.suspendService(peaceful.services(draft.ownerId, draft.name)->first().id);
    QCOMPARE(values(), m_original);
}

void TestServiceFaults::stopsWhereSomebodyElseChanged()
{
    const auto wanted = plan();
    QVERIFY(wanted);
    const QString theirs = QStringLiteral("postgresql://them:pw@dpg-bbbbbbbbbbbbbbbbbbbb-a/d");
    m_stage.ask("PUT", "/services/" + m_service + "/env-vars/DATABASE_URL", QJsonObject{{"value", theirs}});
    const auto done = changeVariables(m_stage.access(), *wanted, JobContext(), times());
    QVERIFY(!done);
    QCOMPARE(done.error().code, ErrorCode::Conflict);
    QCOMPARE(values()[m_service + " DATABASE_URL"], theirs);
    QVERIFY2(done.error().message.contains("DATABASE_URL"), qPrintable(done.error().message));
}

QTEST_GUILESS_MAIN(TestServiceFaults)
#include "tst_servicefaults.moc"
