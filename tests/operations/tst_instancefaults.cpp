#include "operations/accountoverview.h"
#include "operations/instancechanges.h"
#include "operations/instanceconnection.h"
#include "operations/instancecreation.h"
#include "practice/practiceclient.h"

#include "support/sample.h"
#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

namespace {

using namespace std::chrono_literals;

const QString owner = QStringLiteral("tea-practice000000000000");
const QString made = QStringLiteral("made-db");
const QString bystander = QStringLiteral("bystander");

enum class Operation { Create, Delete, Suspend, Resume, Allow, Connect, Read };

/// A call of an operation that a fault meets.
struct Place
{
    const char *name;
    Operation operation;
    const char *method;
    const char *path;
    int skip = 0;
    bool answerIsLostBefore = false; ///< the creation's answer is lost first, so that the list is looked at
};

const QList<Place> &places()
{
    static const QList<Place> all{
        {"create: the list before", Operation::Create, "GET", "/postgres"},
        {"create: the creation", Operation::Create, "POST", "/postgres"},
        {"create: the list after a lost answer", Operation::Create, "GET", "/postgres", 1, true},
        {"create: the wait", Operation::Create, "GET", "/postgres/*"},
        {"delete: the look before", Operation::Delete, "GET", "/postgres/*"},
        {"delete: the deletion", Operation::Delete, "DELETE", "/postgres/*"},
        {"delete: the look after", Operation::Delete, "GET", "/postgres/*", 1},
        {"suspend: the look before", Operation::Suspend, "GET", "/postgres/*"},
        {"suspend: the suspension", Operation::Suspend, "POST", "/postgres/*/suspend"},
        {"suspend: the look after", Operation::Suspend, "GET", "/postgres/*", 1},
        {"resume: the look before", Operation::Resume, "GET", "/postgres/*"},
        {"resume: the resumption", Operation::Resume, "POST", "/postgres/*/resume"},
        {"resume: the look after", Operation::Resume, "GET", "/postgres/*", 1},
        {"allow list: the look before", Operation::Allow, "GET", "/postgres/*"},
        {"allow list: the change", Operation::Allow, "PATCH", "/postgres/*"},
        {"allow list: the look after", Operation::Allow, "GET", "/postgres/*", 1},
        {"connection", Operation::Connect, "GET", "/postgres/*/connection-info"},
        {"account: whose key", Operation::Read, "GET", "/users"},
        {"account: workspaces", Operation::Read, "GET", "/owners"},
        {"account: instances", Operation::Read, "GET", "/postgres"},
        {"account: services", Operation::Read, "GET", "/services"},
    };
    return all;
}

RenderPatience brief()
{
    RenderPatience patience;
    patience.lookEvery = 20ms;
    patience.lookFor = 250ms;
    patience.firstPoll = 30ms;
    patience.longestPoll = 100ms;
    patience.waitFor = 8s;
    patience.times = RenderTimes{250ms, 10ms, 300ms, 300ms};
    return patience;
}

/// What an operation said.
struct Ending
{
    bool succeeded = false;
    Error error;
};

template <class T>
Ending endingOf(const Result<T> &result)
{
    return result ? Ending{true, {}} : Ending{false, result.error()};
}

bool isUndecided(const Error &error)
{
    return error.code == ErrorCode::OutcomeUnknown || error.code == ErrorCode::TimedOut;
}

} // namespace

/// Every call of every operation on instances, with everything that can go wrong with it.
class TestInstanceFaults : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_stage.options.settings[QStringLiteral("creating_ms")] = 20;
        const QString problem = m_stage.start();
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        const QJsonObject many{{"get", 1000000}, {"write", 1000000}, {"create", 1000000}, {"service", 1000000}};
        QCOMPARE(m_stage.post("/practice/settings", QJsonObject{{"limits", many}}).status, 200);
        QJsonObject draft = m_stage.draft(bystander);
        draft["plan"] = "basic_256mb";
        m_bystander = m_stage.createAvailable(draft);
        QVERIFY(!m_bystander.isEmpty());
    }
    void cleanupTestCase()
    {
        qInfo("%d faults tried", m_tried);
        m_stage.stop();
    }

    void whateverGoesWrong_data()
    {
        QTest::addColumn<int>("place");
        QTest::addColumn<QString>("kind");
        QTest::addColumn<int>("count");
        const QStringList kinds{"drop_after", "drop_before", "error", "stall", "bad_json"};
        const QStringList more{"error_after", "stall_after", "cut_body"};
        int number = 0;
        for (int i = 0; i < places().size(); ++i) {
            const Place &place = places().at(i);
            const bool isWrite = QByteArray(place.method) != "GET";
            for (const QString &kind : isWrite ? kinds + more : kinds) {
                for (const int count : {1, -1}) {
                    if (!isInSample(number)) {
                        continue;
                    }
                    QTest::newRow(qPrintable(QString("%1: %2 %3").arg(place.name, kind, count < 0 ? "always" : "once")))
                        << i << kind << count;
                }
            }
        }
    }
    void whateverGoesWrong()
    {
        QFETCH(int, place);
        QFETCH(QString, kind);
        QFETCH(int, count);
        const Place &where = places().at(place);
        prepare(where.operation);
        if (QTest::currentTestFailed()) {
            return;
        }
        if (where.answerIsLostBefore) {
            fault("POST", "/postgres", "drop_after", 1, 0);
        }
        fault(where.method, where.path, kind, count, where.skip);
        ++m_tried;
        const Ending ending = run(where.operation);
        QCOMPARE(m_stage.ask("DELETE", "/practice/faults").status, 204);
        judge(where.operation, ending, count);
        // What nobody asked for stays as it is.
        const QJsonObject other = m_stage.get("/postgres/" + m_bystander).object();
        QCOMPARE(other["name"].toString(), bystander);
        QCOMPARE(other["suspended"].toString(), QString("not_suspended"));
    }

    void anotherInstanceThanWasSeenIsLeftAlone()
    {
        prepare(Operation::Delete);
        PostgresInstance seen = m_seen;
        seen.name = "other";
        QCOMPARE(deleteNow(seen, "other").error().code, ErrorCode::Conflict);
        seen = m_seen;
        seen.createdAt = seen.createdAt.addSecs(1);
        QCOMPARE(deleteNow(seen, made).error().code, ErrorCode::Conflict);
        seen = m_seen;
        seen.region = "ohio";
        QCOMPARE(deleteNow(seen, made).error().code, ErrorCode::Conflict);
        seen = m_seen;
        seen.id.clear();
        QCOMPARE(deleteNow(seen, made).error().code, ErrorCode::InvalidInput);
        QCOMPARE(deleteNow(m_seen, "made").error().code, ErrorCode::InvalidInput);
        QCOMPARE(named(made), 1);
    }

    void aSecondOneIsNamedBeforeAnythingIsSent()
    {
        prepare(Operation::Delete);
        JobContext context;
        CreateInstanceRequest request = creation();
        const auto same = createInstance(m_stage.access(), request, context);
        QCOMPARE(same.error().code, ErrorCode::AlreadyExists);
        QVERIFY(same.error().message.contains(m_seen.id));
        request.draft.name = "another";
        const auto second = createInstance(m_stage.access(), request, context);
        QCOMPARE(second.error().code, ErrorCode::Conflict);
        QVERIFY(second.error().message.contains(m_seen.id));
        request.triesBesideFree = true; // Render's own word on it
        const auto refused = createInstance(m_stage.access(), request, context);
        QVERIFY(!refused);
        QVERIFY(refused.error().message.contains("cannot have more than one active free tier database"));
        QCOMPARE(named("another"), 0);
    }

    void anAllowListThatSomebodyElseChangedIsKept()
    {
        prepare(Operation::Allow);
        const QJsonArray theirs{QJsonObject{{"cidrBlock", "198.51.100.7/32"}, {"description", "theirs"}}};
        QCOMPARE(m_stage.ask("PATCH", "/postgres/" + m_seen.id, QJsonObject{{"ipAllowList", theirs}}).status, 200);
        JobContext context;
        const auto changed = setAllowedAddresses(m_stage.access(), {m_seen, brief()}, wanted(), context);
        QCOMPARE(changed.error().code, ErrorCode::Conflict);
        QCOMPARE(m_stage.get("/postgres/" + m_seen.id).object()["ipAllowList"][0]["description"].toString(),
                 QString("theirs"));
    }

    void cancellingTheWaitLeavesTheInstance()
    {
        prepare(Operation::Create);
        QCOMPARE(m_stage.post("/practice/settings", QJsonObject{{"creating_ms", 60000}}).status, 200);
        std::stop_source stop;
        JobContext context(stop.get_token(), [&stop](const Progress &progress) {
            if (progress.step.contains("Waiting")) {
                stop.request_stop();
            }
        });
        const auto created = createInstance(m_stage.access(), creation(), context);
        QVERIFY(created);
        QVERIFY(!created->instance.isAvailable());
        QCOMPARE(named(made), 1);
        QCOMPARE(m_stage.post("/practice/settings", QJsonObject{{"creating_ms", 20}}).status, 200);
    }

private:
    void fault(const QString &method, const QString &path, const QString &kind, int count, int skip)
    {
        const QJsonObject wish{{"method", method}, {"path", path}, {"kind", kind}, {"count", count}, {"skip", skip}};
        QCOMPARE(m_stage.post("/practice/faults", wish).status, 200);
    }

    QJsonArray all() { return m_stage.get("/postgres?limit=100").array(); }
    int named(const QString &name)
    {
        int count = 0;
        for (const QJsonValue &each : all()) {
            count += each["postgres"]["name"].toString() == name ? 1 : 0;
        }
        return count;
    }

    /// What the operation needs is there, and nothing else.
    void prepare(Operation operation)
    {
        QCOMPARE(m_stage.ask("DELETE", "/practice/faults").status, 204);
        QString known;
        for (const QJsonValue &each : all()) {
            const QJsonObject one = each["postgres"].toObject();
            const QString id = one["id"].toString();
            if (id == m_bystander) {
                continue;
            }
            const bool isFit = operation != Operation::Create && operation != Operation::Read &&
                               one["name"].toString() == made && one["status"].toString() != "creating";
            if (isFit && known.isEmpty()) {
                known = id;
            } else {
                QCOMPARE(m_stage.ask("DELETE", "/postgres/" + id).status, 204);
            }
        }
        if (operation == Operation::Create || operation == Operation::Read) {
            return;
        }
        if (known.isEmpty()) {
            known = m_stage.createAvailable(m_stage.draft(made));
            QVERIFY(!known.isEmpty());
        }
        const bool isSuspended = m_stage.get("/postgres/" + known).object()["suspended"].toString() == "suspended";
        if (isSuspended != (operation == Operation::Resume)) {
            QCOMPARE(m_stage.post("/postgres/" + known + (isSuspended ? "/resume" : "/suspend")).status, 202);
            const QString status = isSuspended ? "available" : "suspended";
            QTRY_COMPARE_WITH_TIMEOUT(m_stage.statusOf(known), status, 30000);
        }
        const QJsonArray everywhere{QJsonObject{{"cidrBlock", "0.0.0.0/0"}, {"description", "everywhere"}}};
        QCOMPARE(m_stage.ask("PATCH", "/postgres/" + known, QJsonObject{{"ipAllowList", everywhere}}).status, 200);
        RenderClient client(m_stage.access());
        const auto seen = client.instance(known);
        QVERIFY(seen);
        m_seen = *seen;
    }

    static QList<AllowedAddresses> wanted() { return {{"203.0.113.7/32", "school"}}; }
    static CreateInstanceRequest creation()
    {
        CreateInstanceRequest request;
        request.draft.name = made;
        request.draft.ownerId = owner;
        request.draft.version = "15";
        request.draft.region = "oregon";
        request.patience = brief();
        return request;
    }
    Result<void> deleteNow(const PostgresInstance &seen, const QString &typed)
    {
        JobContext context;
        return deleteInstance(m_stage.access(), {seen, typed, brief()}, context);
    }

    Ending run(Operation operation)
    {
        JobContext context;
        const RenderAccess access = m_stage.access();
        switch (operation) {
        case Operation::Create: {
            const auto created = createInstance(access, creation(), context);
            m_created = created ? created->instance.id : QString();
            return endingOf(created);
        }
        case Operation::Delete:
            return endingOf(deleteNow(m_seen, made));
        case Operation::Suspend:
            return endingOf(suspendInstance(access, {m_seen, brief()}, context));
        case Operation::Resume:
            return endingOf(resumeInstance(access, {m_seen, brief()}, context));
        case Operation::Allow:
            return endingOf(setAllowedAddresses(access, {m_seen, brief()}, wanted(), context));
        case Operation::Connect:
            return endingOf(connectionOf(access, m_seen.id, context, brief().times));
        case Operation::Read: {
            const auto overview = readAccount(access, context, brief().times);
            m_overview = overview.value_or(AccountOverview());
            return endingOf(overview);
        }
        }
        return {};
    }

    void judge(Operation operation, const Ending &ending, int count)
    {
        const QByteArray said = ending.error.message.toUtf8();
        if (!ending.succeeded) {
            QVERIFY2(said.endsWith('.') || said.endsWith("”"), said);
        }
        const QJsonObject now =
            operation == Operation::Read ? QJsonObject() : m_stage.get("/postgres/" + m_seen.id).object();
        switch (operation) {
        case Operation::Create: {
            const int there = named(made);
            QVERIFY2(there <= 1, "created twice");
            QCOMPARE(ending.succeeded ? there : 1, 1);
            QVERIFY2(there == 0 || ending.succeeded || isUndecided(ending.error), said);
            QVERIFY2(ending.succeeded || said.contains("made-db") || said.startsWith("Nothing was created"), said);
            break;
        }
        case Operation::Delete: {
            const int there = named(made);
            QVERIFY2(!ending.succeeded || there == 0, "said to be deleted, and there");
            QVERIFY2(there == 1 || ending.succeeded || isUndecided(ending.error), said);
            break;
        }
        case Operation::Suspend:
        case Operation::Resume: {
            const bool isDone = (now["suspended"].toString() == "suspended") == (operation == Operation::Suspend);
            QVERIFY2(!ending.succeeded || isDone, "said to be done, and is not");
            QVERIFY2(!isDone || ending.succeeded || isUndecided(ending.error), said);
            QCOMPARE(named(made), 1);
            break;
        }
        case Operation::Allow: {
            const QJsonArray list = now["ipAllowList"].toArray();
            const bool isDone = list.size() == 1 && list[0]["cidrBlock"].toString() == "203.0.113.7/32";
            QVERIFY2(!ending.succeeded || isDone, "said to be done, and is not");
            QVERIFY2(!isDone || ending.succeeded || isUndecided(ending.error), said);
            break;
        }
        case Operation::Connect:
            QVERIFY2(ending.succeeded == (count == 1), said); // a read is tried again
            break;
        case Operation::Read:
            QVERIFY2(count < 0 || ending.succeeded, said);
            QVERIFY2(!ending.succeeded || count == 1 || !m_overview.gaps.isEmpty(), "a gap that nobody is told of");
            QVERIFY(!ending.succeeded || m_overview.instances.size() == 1 || !m_overview.instancesAreKnown);
            break;
        }
    }

    PracticeStage m_stage;
    PostgresInstance m_seen;
    AccountOverview m_overview;
    QString m_bystander;
    QString m_created;
    int m_tried = 0;
};

QTEST_GUILESS_MAIN(TestInstanceFaults)
#include "tst_instancefaults.moc"
