#include "render/ratelimits.h"
#include "render/renderclient.h"
#include "support/renderbodies.h"
#include "support/scriptedhttp.h"

#include <QElapsedTimer>
#include <QTest>

#include <thread>

using namespace Roost;
namespace Example = Roost::Testing::Example;
using Roost::Testing::ScriptedHttp;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

const QString dpg = QStringLiteral("dpg-c0ffee00000000000002-a");
const QString tea = QStringLiteral("tea-c0ffee00000000000001");
const QString srv = QStringLiteral("srv-c0ffee00000000000003");
const QByteArray tooMany = R"({"message":"rate limit exceeded"})";

using Headers = QList<std::pair<QByteArray, QByteArray>>;

HttpAnswer answer(int status, const QHash<QByteArray, QByteArray> &headers)
{
    return {status, headers, {}};
}

} // namespace

class TestRenderLimits : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_server = std::make_unique<ScriptedHttp>();
        m_steps.clear();
        m_stop = std::stop_source();
    }

    void whatHeadersSay()
    {
        const QByteArray date = "Tue, 01 Sep 2026 10:00:00 GMT";
        QCOMPARE(httpDate(date).toString(Qt::ISODate), "2026-09-01T10:00:00Z");
        QVERIFY(!httpDate("soon").isValid());
        QCOMPARE(RateLimits::wait(answer(429, {{"retry-after", "12"}, {"ratelimit-reset", "50"}})), seconds(12));
        QCOMPARE(RateLimits::wait(answer(429, {{"ratelimit-reset", "3494"}})), seconds(3494));
        QCOMPARE(RateLimits::wait(answer(429, {{"date", date}, {"retry-after", "Tue, 01 Sep 2026 10:00:07 GMT"}})),
                 seconds(7));
        const QByteArray epoch = QByteArray::number(httpDate(date).toSecsSinceEpoch() + 31);
        QCOMPARE(RateLimits::wait(answer(429, {{"date", date}, {"ratelimit-reset", epoch}})), seconds(31));
        QVERIFY(!RateLimits::wait(answer(429, {{"retry-after", "later"}})));
    }

    void bucketsAreApart()
    {
        RateLimits limits;
        const auto now = RateLimits::Clock::now();
        limits.note("GET", answer(200, {{"ratelimit-remaining", "0"}, {"ratelimit-reset", "20"}}), now);
        QCOMPARE(limits.waitFor("GET", now), milliseconds(20000));
        QCOMPARE(limits.waitFor("GET", now + seconds(15)), milliseconds(5000));
        QCOMPARE(limits.waitFor("GET", now + seconds(21)), milliseconds(0));
        QCOMPARE(limits.waitFor("write", now), milliseconds(0));
        limits.note("GET", answer(200, {{"ratelimit-remaining", "399"}, {"ratelimit-reset", "59"}}), now);
        QCOMPARE(limits.waitFor("GET", now), milliseconds(0));
    }

    void waits_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::newRow("Retry-After") << QByteArray("Retry-After");
        QTest::newRow("RateLimit-Reset") << QByteArray("RateLimit-Reset");
    }

    void waits()
    {
        QFETCH(QByteArray, header);
        m_server->queue({429, tooMany, {{header, "1"}}});
        m_server->queue({200, "[]"});
        RenderClient client = make();
        QElapsedTimer time;
        time.start();
        QVERIFY(client.instances().has_value());
        QVERIFY2(time.elapsed() >= 1000 && time.elapsed() < 3000, qPrintable(QString::number(time.elapsed())));
        QCOMPARE(m_server->count(), 2);
        QVERIFY2(m_steps.contains("Render asks to wait 1 s"), qPrintable(m_steps.join('|')));
    }

    /// The next one waits by itself when the last answer said that there is no room left.
    void anEmptyBucketIsNotAsked()
    {
        const Headers empty = {{"Ratelimit-Limit", "400"}, {"Ratelimit-Remaining", "0"}, {"Ratelimit-Reset", "1"}};
        m_server->queue({200, "[]", empty});
        m_server->queue({201, Example::instance});
        m_server->queue({200, "[]"});
        RenderClient client = make();
        QVERIFY(client.instances().has_value());
        QElapsedTimer time;
        time.start();
        QVERIFY(client.createInstance(draft()).has_value()); // of another bucket
        QVERIFY(time.elapsed() < 900);
        QVERIFY(client.deploys(srv).has_value());
        QVERIFY(time.elapsed() >= 900);
    }

    void tooLongAWaitIsSaid()
    {
        m_server->route("POST /v1/postgres", {429, tooMany, {{"Retry-After", "3494"}}});
        RenderClient client = make();
        QElapsedTimer time;
        time.start();
        const auto made = client.createInstance(draft());
        QVERIFY(time.elapsed() < 1000);
        QCOMPARE(made.error().code, ErrorCode::RateLimited);
        QCOMPARE(made.error().httpStatus, 429);
        QVERIFY2(made.error().message.contains("58 min 14 s"), qPrintable(made.error().message));
        QVERIFY(made.error().message.contains("did not create the database “class-db”"));
        QCOMPARE(m_server->count(), 1);
    }

    /// Refused for their number, it was not done: asking again cannot do it twice.
    void aRefusedWriteIsAskedAgainAfterTheWait()
    {
        m_server->queue({429, tooMany, {{"Retry-After", "1"}}});
        m_server->queue({204, {}});
        RenderClient client = make();
        QVERIFY(client.deleteInstance(dpg).has_value());
        QCOMPARE(m_server->count("DELETE"), 2);
    }

    void itEndsSometime()
    {
        m_server->route("GET /v1/postgres", {429, tooMany, {{"Retry-After", "0"}}});
        RenderClient client = make();
        QCOMPARE(client.instances().error().code, ErrorCode::RateLimited);
        QCOMPARE(m_server->count(), 5);
    }

    void waitingCanBeCancelled()
    {
        m_server->route("GET /v1/postgres", {429, tooMany, {{"Retry-After", "60"}}});
        RenderClient client({m_server->url(), Secret("rnd_abcdefgh")}, context());
        QElapsedTimer since;
        m_onStep = [&] {
            since.start();
            m_stop.request_stop();
        };
        QCOMPARE(client.instances().error().code, ErrorCode::Cancelled);
        m_onStep = {};
        QVERIFY(since.isValid() && since.elapsed() < 200);
    }

    void retryAfterOf503IsKept()
    {
        m_server->queue({503, {}, {{"Retry-After", "1"}}});
        m_server->queue({200, "[]"});
        RenderClient client = make();
        QElapsedTimer time;
        time.start();
        QVERIFY(client.instances().has_value());
        QVERIFY(time.elapsed() >= 1000);
    }

private:
    JobContext context()
    {
        return JobContext(m_stop.get_token(), [this](const Progress &progress) {
            m_steps += progress.step;
            if (m_onStep) {
                m_onStep();
            }
        });
    }

    RenderClient make()
    {
        return RenderClient({m_server->url(), Secret("rnd_abcdefgh")}, context(),
                            {milliseconds(500), milliseconds(2), milliseconds(20000), milliseconds(5000)});
    }

    static PostgresDraft draft()
    {
        PostgresDraft made;
        made.name = "class-db";
        made.ownerId = tea;
        return made;
    }

    std::unique_ptr<ScriptedHttp> m_server;
    QStringList m_steps;
    std::function<void()> m_onStep;
    std::stop_source m_stop;
};

QTEST_GUILESS_MAIN(TestRenderLimits)
#include "tst_renderlimits.moc"
