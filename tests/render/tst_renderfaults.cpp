#include "core/redact.h"
#include "render/renderclient.h"
#include "support/leaksearch.h"
#include "support/renderbodies.h"
#include "support/scriptedhttp.h"

#include <QElapsedTimer>
#include <QTcpServer>
#include <QTest>

#include <functional>
#include <thread>

using namespace Roost;
namespace Example = Roost::Testing::Example;
using Roost::Testing::LeakSearch;
using Roost::Testing::ScriptedAnswer;
using Roost::Testing::ScriptedHttp;
using End = ScriptedAnswer::End;
using std::chrono::milliseconds;

namespace {

const QString dpg = QStringLiteral("dpg-c0ffee00000000000002-a");
const QString srv = QStringLiteral("srv-c0ffee00000000000003");
const QString tea = QStringLiteral("tea-c0ffee00000000000001");
const QString evg = QStringLiteral("evg-c0ffee00000000000005");
const QString key = QStringLiteral("rnd_S3cretCanary0815xyz");
const QString value = QStringLiteral("postgresql://u:V4lueCanary4711abc@h/d");

const RenderTimes quick{milliseconds(250), milliseconds(2), milliseconds(20000), milliseconds(3000)};

/// A call of the client; what becomes of it is an error or nothing.
using Call = std::function<std::optional<Error>(RenderClient &)>;

template <class T>
std::optional<Error> errorOf(const Result<T> &result)
{
    return result ? std::optional<Error>() : result.error();
}

struct NamedCall
{
    const char *name;
    Call call;
};

PostgresDraft draft()
{
    PostgresDraft made;
    made.name = "class-db";
    made.ownerId = tea;
    return made;
}

ServiceDraft serviceDraft()
{
    ServiceDraft made;
    made.name = "bird-app";
    made.ownerId = tea;
    made.variables = {{"DATABASE_URI", Secret(value)}};
    return made;
}

QList<NamedCall> reads()
{
    return {
        {"user", [](RenderClient &c) { return errorOf(c.user()); }},
        {"owners", [](RenderClient &c) { return errorOf(c.owners()); }},
        {"owner", [](RenderClient &c) { return errorOf(c.owner(tea)); }},
        {"instances", [](RenderClient &c) { return errorOf(c.instances()); }},
        {"instance", [](RenderClient &c) { return errorOf(c.instance(dpg)); }},
        {"connectionInfo", [](RenderClient &c) { return errorOf(c.connectionInfo(dpg)); }},
        {"credentials", [](RenderClient &c) { return errorOf(c.credentials(dpg)); }},
        {"sizes", [](RenderClient &c) { return errorOf(c.sizes(dpg)); }},
        {"processes", [](RenderClient &c) { return errorOf(c.processes(dpg)); }},
        {"exports", [](RenderClient &c) { return errorOf(c.exports(dpg)); }},
        {"services", [](RenderClient &c) { return errorOf(c.services()); }},
        {"service", [](RenderClient &c) { return errorOf(c.service(srv)); }},
        {"variables", [](RenderClient &c) { return errorOf(c.variables(srv)); }},
        {"variable", [](RenderClient &c) { return errorOf(c.variable(srv, "A")); }},
        {"environmentGroups", [](RenderClient &c) { return errorOf(c.environmentGroups()); }},
        {"environmentGroup", [](RenderClient &c) { return errorOf(c.environmentGroup(evg)); }},
        {"deploys", [](RenderClient &c) { return errorOf(c.deploys(srv)); }},
        {"a deploy", [](RenderClient &c) { return errorOf(c.deploy(srv, QStringLiteral("dep-1"))); }},
        {"metric", [](RenderClient &c) { return errorOf(c.metric("cpu", dpg)); }},
    };
}

QList<NamedCall> sets()
{
    return {
        {"updateInstance",
         [](RenderClient &c) {
             return errorOf(c.updateInstance(dpg, {"n", {}, {}, {}}));
         }},
        {"setVariable",
         [](RenderClient &c) {
             return errorOf(c.setVariable(srv, {"A", Secret(value)}));
         }},
        {"setGroupVariable",
         [](RenderClient &c) {
             return errorOf(c.setGroupVariable(evg, {"A", Secret(value)}));
         }},
    };
}

QList<NamedCall> onces()
{
    return {
        {"createInstance", [](RenderClient &c) { return errorOf(c.createInstance(draft())); }},
        {"deleteInstance", [](RenderClient &c) { return errorOf(c.deleteInstance(dpg)); }},
        {"suspendInstance", [](RenderClient &c) { return errorOf(c.suspendInstance(dpg)); }},
        {"resumeInstance", [](RenderClient &c) { return errorOf(c.resumeInstance(dpg)); }},
        {"createCredential", [](RenderClient &c) { return errorOf(c.createCredential(dpg, "u")); }},
        {"deleteCredential", [](RenderClient &c) { return errorOf(c.deleteCredential(dpg, "u")); }},
        {"startExport", [](RenderClient &c) { return errorOf(c.startExport(dpg)); }},
        {"createService", [](RenderClient &c) { return errorOf(c.createService(serviceDraft())); }},
        {"suspendService", [](RenderClient &c) { return errorOf(c.suspendService(srv)); }},
        {"resumeService", [](RenderClient &c) { return errorOf(c.resumeService(srv)); }},
        {"deleteVariable", [](RenderClient &c) { return errorOf(c.deleteVariable(srv, "A")); }},
        {"deleteGroupVariable", [](RenderClient &c) { return errorOf(c.deleteGroupVariable(evg, "A")); }},
        {"deploy", [](RenderClient &c) { return errorOf(c.deploy(srv)); }},
    };
}

struct Fault
{
    const char *name;
    ScriptedAnswer answer;
    ErrorCode ofRead;
};

/// What may come instead of an answer. The server has got the request each time.
QList<Fault> faults()
{
    const QByteArray body = R"({"id":"dpg-1","key":"A","more":"so that half of it is no JSON"})";
    return {
        {"cut before", {200, {}, {}, End::CutBefore}, ErrorCode::ConnectionLost},
        {"cut within", {200, body, {}, End::CutWithin}, ErrorCode::ConnectionLost},
        {"stall", {200, {}, {}, End::Stall}, ErrorCode::TimedOut},
        {"500", {500, R"({"message":"internal server error"})"}, ErrorCode::ServerRefused},
        {"503 without a body", {503, {}}, ErrorCode::ServerRefused},
        {"bad JSON", {200, "<html>Welcome to our WLAN</html>"}, ErrorCode::ServerRefused},
        {"half JSON", {200, R"([{"id":"dpg-1")"}, ErrorCode::ServerRefused},
    };
}

} // namespace

class TestRenderFaults : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_server = std::make_unique<ScriptedHttp>();
        m_log.clear();
        m_stop = std::stop_source();
    }

    void unansweredRequests_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("call");
        QTest::addColumn<int>("fault");
        const auto rows = [](int kind, const QList<NamedCall> &calls) {
            for (int call = 0; call < calls.size(); ++call) {
                for (int fault = 0; fault < faults().size(); ++fault) {
                    QTest::addRow("%s: %s", calls[call].name, faults()[fault].name) << kind << call << fault;
                }
            }
        };
        rows(0, reads());
        rows(1, sets());
        rows(2, onces());
    }

    /// A read is tried five times, a write that sets a value likewise, any other write once; what is not known is
    /// said not to be known.
    void unansweredRequests()
    {
        QFETCH(int, kind);
        QFETCH(int, call);
        QFETCH(int, fault);
        const NamedCall called = (kind == 0 ? reads() : kind == 1 ? sets() : onces())[call];
        const Fault what = faults()[fault];
        for (int i = 0; i < 20; ++i) {
            m_server->queue(what.answer);
        }
        RenderTimes times = quick;
        if (what.answer.end == End::Stall) {
            times.answer = milliseconds(60);
        }
        RenderClient client({m_server->url(), Secret(key)}, context(), times);
        const auto error = called.call(client);
        QVERIFY2(error.has_value(), called.name);
        QCOMPARE(error->code, kind == 0 ? what.ofRead : ErrorCode::OutcomeUnknown);
        if (kind == 0) {
            // Qt sends a GET again by itself once, on a new connection, when the first one ends without an answer.
            const int most = what.answer.end == End::CutBefore ? 10 : 5;
            QVERIFY2(m_server->count() >= 5 && m_server->count() <= most,
                     qPrintable(QString::number(m_server->count())));
        } else {
            QCOMPARE(m_server->count(), kind == 1 ? 5 : 1);
        }
        QCOMPARE(error->httpStatus,
                 error->code == ErrorCode::ConnectionLost || what.answer.end != End::Whole ? 0 : what.answer.status);
        QVERIFY(error->message.size() > 40);
        hasNoSecret(*error);
    }

    void aReadRecovers()
    {
        m_server->queue({200, "[   ]", {}, End::CutWithin});
        m_server->queue({502, "bad gateway"});
        m_server->queue({200, "["});
        m_server->queue({200, {}});
        m_server->queue({200, "[]"});
        RenderClient client({m_server->url(), Secret(key)}, context(), quick);
        QVERIFY(client.instances().has_value());
        QCOMPARE(m_server->count(), 5);
    }

    void aSetRecovers()
    {
        m_server->queue({200, {}, {}, End::CutBefore});
        m_server->queue({200, R"({"key":"A","value":"x"})"});
        RenderClient client({m_server->url(), Secret(key)}, context(), quick);
        QVERIFY(client.setVariable(srv, {"A", Secret(value)}).has_value());
        QCOMPARE(m_server->count("PUT"), 2);
    }

    /// The first try may have done it, so a later "no" that says nothing about the value does not make it undone.
    void whatIsUnknownStaysUnknown()
    {
        m_server->queue({200, {}, {}, End::CutBefore});
        m_server->queue({403, R"({"message":"no"})"});
        RenderClient client({m_server->url(), Secret(key)}, context(), quick);
        QCOMPARE(client.setVariable(srv, {"A", Secret(value)}).error().code, ErrorCode::OutcomeUnknown);
    }

    /// A server that has closed the connection kept open from before gets a write on a new one.
    void aClosedConnectionIsNotUsedForAWrite()
    {
        RenderClient client({m_server->url(), Secret(key)}, context(), quick);
        m_server->queue({200, "[]"});
        QVERIFY(client.instances().has_value());
        m_server->queue({201, Example::instance});
        QVERIFY(client.createInstance(draft()).has_value());
        m_server->queue({200, {}, {}, End::CutBefore});
        QCOMPARE(client.deleteInstance(dpg).error().code, ErrorCode::OutcomeUnknown);
        QCOMPARE(m_server->count("DELETE"), 1);
    }

    void anAnswerOfAnotherShape()
    {
        RenderClient client({m_server->url(), Secret(key)}, context(), quick);
        m_server->queue({200, R"({"message":"a database, honestly"})"});
        const auto read = client.instance(dpg);
        QCOMPARE(read.error().code, ErrorCode::ServerRefused);
        QVERIFY(read.error().detail.contains("postgres.id is missing"));
        m_server->queue({201, R"({"message":"made it, honestly"})"});
        QCOMPARE(client.createInstance(draft()).error().code, ErrorCode::OutcomeUnknown);
        m_server->queue({200, R"({"postgres":[]})"});
        QCOMPARE(client.instances().error().code, ErrorCode::ServerRefused);
        QCOMPARE(m_server->count(), 3);
    }

    void nobodyThere_data()
    {
        QTest::addColumn<QUrl>("api");
        QTcpServer taken;
        QVERIFY(taken.listen(QHostAddress::LocalHost));
        QTest::newRow("refused") << QUrl(QStringLiteral("http://127.0.0.1:%1/v1").arg(taken.serverPort()));
        QTest::newRow("refused, TLS") << QUrl(QStringLiteral("https://127.0.0.1:%1/v1").arg(taken.serverPort()));
        QTest::newRow("no such name") << QUrl(QStringLiteral("https://api.render.invalid/v1"));
    }

    void nobodyThere()
    {
        QFETCH(QUrl, api);
        RenderClient client({api, Secret(key)}, context(), quick);
        for (const auto &calls : {reads(), sets(), onces()}) {
            const auto error = calls.first().call(client);
            QVERIFY(error.has_value());
            QCOMPARE(error->code, ErrorCode::ConnectionFailed);
            QVERIFY2(error->message.contains(api.host()), qPrintable(error->message));
            hasNoSecret(*error);
        }
        if (api.host().endsWith(".invalid")) {
            QVERIFY(errorOf(client.user())->message.contains("offline"));
        }
    }

    /// A server behind https that never gets to the end of the handshake has not been told anything.
    void aStalledHandshakeSentNothing()
    {
        QTcpServer silent;
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        const QUrl api(QStringLiteral("https://127.0.0.1:%1/v1").arg(silent.serverPort()));
        RenderClient client({api, Secret(key)}, context(), quick);
        QCOMPARE(client.deleteInstance(dpg).error().code, ErrorCode::ConnectionFailed);
    }

    void statuses_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("says");
        const QByteArray said = R"({"id":"e","message":"owls only","code":"x"})";
        QTest::newRow("400") << 400 << said << ErrorCode::InvalidInput << "refused to delete the database";
        QTest::newRow("401") << 401 << said << ErrorCode::NotAllowed << "Account Settings → API Keys";
        QTest::newRow("402") << 402 << said << ErrorCode::NotAllowed << "https://dashboard.render.com/billing";
        QTest::newRow("403") << 403 << said << ErrorCode::NotAllowed << "role";
        QTest::newRow("404") << 404 << said << ErrorCode::NotFound << "not there any more";
        QTest::newRow("406") << 406 << said << ErrorCode::ServerRefused << "406";
        QTest::newRow("409") << 409 << said << ErrorCode::Conflict << "being changed";
        QTest::newRow("410") << 410 << said << ErrorCode::NotFound << "not there any more";
        QTest::newRow("418") << 418 << said << ErrorCode::ServerRefused << "418";
        QTest::newRow("302") << 302 << said << ErrorCode::ServerRefused << "redirection";
        QTest::newRow("404 empty") << 404 << QByteArray() << ErrorCode::NotFound << "not there any more";
        QTest::newRow("401 HTML") << 401 << QByteArray("<html>no</html>") << ErrorCode::NotAllowed << "API Keys";
        QTest::newRow("400 odd JSON") << 400 << QByteArray(R"({"message":{"a":1}})") << ErrorCode::InvalidInput
                                      << "refused";
        QTest::newRow("one free database")
            << 400 << QByteArray(R"({"message":"cannot have more than one active free tier database"})")
            << ErrorCode::Conflict << "one active free database per workspace";
    }

    void statuses()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(ErrorCode, code);
        QFETCH(QString, says);
        m_server->route("DELETE /v1/postgres/" + dpg.toLatin1(),
                        {status, body, {{"Render-Request-Id", "req-77"}, {"Location", "http://127.0.0.1:1/"}}});
        RenderClient client({m_server->url(), Secret(key)}, context(), quick);
        const auto done = client.deleteInstance(dpg);
        QVERIFY(!done.has_value());
        QCOMPARE(done.error().code, code);
        QCOMPARE(done.error().httpStatus, status);
        QVERIFY2(done.error().message.contains(says), qPrintable(done.error().message));
        QVERIFY2(!body.contains("owls") || done.error().message.contains("Render says: “owls only”"),
                 qPrintable(done.error().message));
        QVERIFY2(done.error().detail.contains("req-77"), qPrintable(done.error().detail));
        QCOMPARE(m_server->count(), 1);
    }

    /// What the server sends back is not ours to trust with secrets either.
    void echoedSecretsAreMasked()
    {
        const QByteArray echo = "{\"message\":\"bad value " + value.toUtf8() + " with Bearer " + key.toUtf8() + "\"}";
        m_server->queue({400, echo});
        m_server->queue({400, "plain " + value.toUtf8() + ' ' + key.toUtf8()});
        RenderClient client({m_server->url(), Secret(key)}, context(), quick);
        for (int i = 0; i < 2; ++i) {
            const EnvironmentVariable variable{"A", Secret(value)};
            const auto done = client.setVariable(srv, variable);
            QVERIFY(!done.has_value());
            hasNoSecret(done.error());
        }
    }

    /// The answer that cannot be read may hold a password that nobody knows as one yet.
    void anUnreadableAnswerIsNotShown()
    {
        m_server->route("GET /v1/postgres/" + dpg.toLatin1() + "/connection-info",
                        {200, R"({"password":"Unkn0wnCanary99zzz", broken)"});
        RenderClient client({m_server->url(), Secret(key)}, context(), quick);
        const auto info = client.connectionInfo(dpg);
        QVERIFY(!info.has_value());
        const LeakSearch search("Unkn0wnCanary99zzz");
        QVERIFY(!search.isIn(info.error().message + info.error().detail + m_log.join('\n')));
    }

    void aRedirectionDoesNotGetTheKey()
    {
        ScriptedHttp other;
        m_server->queue({301, {}, {{"Location", other.url("/v1/users").toEncoded()}}});
        RenderClient client({m_server->url(), Secret(key)}, context(), quick);
        QCOMPARE(client.user().error().code, ErrorCode::ServerRefused);
        QCOMPARE(other.count(), 0);
    }

    void plainHttpOnlyOnLoopback()
    {
        RenderClient client({QUrl("http://api.render.invalid/v1"), Secret(key)}, context(), quick);
        const auto user = client.user();
        QCOMPARE(user.error().code, ErrorCode::InvalidInput);
        QVERIFY(user.error().message.contains("https"));
    }

    void keysThatAreNone()
    {
        for (const QString &bad :
             {QStringLiteral("rnd_a\r\nX-Evil: 1"), QStringLiteral("rnd a b"), QStringLiteral("rnd_ä")}) {
            RenderClient client({m_server->url(), Secret(bad)}, context(), quick);
            QCOMPARE(client.user().error().code, ErrorCode::InvalidInput);
        }
        RenderClient without({m_server->url(), Secret()}, context(), quick);
        QCOMPARE(without.user().error().code, ErrorCode::SecretMissing);
        QCOMPARE(m_server->count(), 0);
    }

    void anEndlessAnswerIsGivenUp()
    {
        m_server->queue({200, QByteArray(20 * 1024 * 1024, ' ')});
        RenderClient client({m_server->url(), Secret(key)}, context(), quick);
        const auto all = client.instances();
        QCOMPARE(all.error().code, ErrorCode::ServerRefused);
        QCOMPARE(m_server->count(), 1);
    }

    void cancelling_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<ErrorCode>("code");
        QTest::newRow("read") << 0 << ErrorCode::Cancelled;
        QTest::newRow("set") << 1 << ErrorCode::OutcomeUnknown;
        QTest::newRow("once") << 2 << ErrorCode::OutcomeUnknown;
    }

    /// At once; and a write that was already sent is not said to be undone.
    void cancelling()
    {
        QFETCH(int, kind);
        QFETCH(ErrorCode, code);
        m_server->queue({200, {}, {}, End::Stall});
        RenderClient client({m_server->url(), Secret(key)}, context());
        QElapsedTimer since;
        std::jthread stopper([&] {
            if (m_server->waitForRequests(1)) {
                since.start();
                m_stop.request_stop();
            }
        });
        const auto error = (kind == 0 ? reads() : kind == 1 ? sets() : onces()).first().call(client);
        stopper.join();
        QVERIFY(since.isValid());
        QVERIFY2(since.elapsed() < 200, qPrintable(QString::number(since.elapsed())));
        QVERIFY(error.has_value());
        QCOMPARE(error->code, code);
        QCOMPARE(m_server->count(), 1);
    }

    void cancelledBeforeNothingIsSent()
    {
        m_stop.request_stop();
        RenderClient client({m_server->url(), Secret(key)}, context());
        QCOMPARE(client.user().error().code, ErrorCode::Cancelled);
        QCOMPARE(client.deleteInstance(dpg).error().code, ErrorCode::Cancelled);
        QCOMPARE(m_server->count(), 0);
    }

private:
    JobContext context()
    {
        return JobContext(m_stop.get_token(), {}, [this](const QString &line) { m_log += line; });
    }

    void hasNoSecret(const Error &error)
    {
        for (const QString &secret : {QStringLiteral("S3cretCanary0815xyz"), QStringLiteral("V4lueCanary4711abc")}) {
            const LeakSearch search(secret);
            QVERIFY2(!search.isIn(error.message + error.detail), qPrintable(error.message + error.detail));
            QVERIFY2(!search.isIn(m_log.join('\n')), qPrintable(m_log.join('\n')));
        }
        QVERIFY(!m_log.isEmpty() || m_server->count() == 0);
    }

    std::unique_ptr<ScriptedHttp> m_server;
    QStringList m_log;
    std::stop_source m_stop;
};

QTEST_GUILESS_MAIN(TestRenderFaults)
#include "tst_renderfaults.moc"
