#include "render/deploywait.h"
#include "render/renderclient.h"
#include "support/scriptedhttp.h"

#include <QTest>

using namespace Roost;
using Roost::Testing::ScriptedAnswer;
using Roost::Testing::ScriptedHttp;
using std::chrono::milliseconds;

namespace {

const QString srv = QStringLiteral("srv-c0ffee00000000000003");
const QByteArray path = "/v1/services/srv-c0ffee00000000000003/deploys";

QByteArray deploy(const QByteArray &id, const QByteArray &status, const QByteArray &at = "2026-09-01T10:05:10.4Z")
{
    return "{\"id\":\"" + id + "\",\"status\":\"" + status + "\",\"createdAt\":\"" + at + "\"}";
}

QByteArray listOf(const QList<QByteArray> &deploys)
{
    QByteArray all;
    for (const QByteArray &one : deploys) {
        all += (all.isEmpty() ? "" : ",") + QByteArray("{\"cursor\":\"c\",\"deploy\":") + one + '}';
    }
    return '[' + all + ']';
}

} // namespace

class TestDeployWait : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_server = std::make_unique<ScriptedHttp>();
        m_client = std::make_unique<RenderClient>(
            RenderAccess{m_server->url(), Secret("rnd_abcdefgh")}, JobContext(),
            RenderTimes{milliseconds(200), milliseconds(1), milliseconds(5000), milliseconds(5000)});
        m_steps.clear();
    }

    void followsToLive()
    {
        m_server->queue({200, listOf({deploy("dep-old", "live", "2026-08-01T00:00:00Z")})});
        m_server->queue({201, deploy("dep-new", "created")});
        for (const char *status : {"created", "build_in_progress", "pre_deploy_in_progress", "update_in_progress",
                                   "growing_feathers", "live"}) {
            m_server->queue({200, deploy("dep-new", status)});
        }
        const auto started = startDeploy(*m_client, srv);
        QVERIFY(started.has_value());
        QCOMPARE(started->deployId, "dep-new");
        const auto over = follow(*started);
        QVERIFY(over.has_value());
        QVERIFY(over->isLive());
        QCOMPARE(m_steps, (QStringList{"The deploy is queued", "The deploy is being built",
                                       "The deploy is running its pre-deploy command", "The deploy is starting",
                                       "The deploy is growing_feathers", "The deploy is live"}));
        QCOMPARE(m_server->requests().constLast().target, path + "/dep-new");
        QCOMPARE(m_server->count("POST"), 1);
    }

    void findsAQueuedOne()
    {
        const QByteArray old = deploy("dep-old", "build_in_progress", "2026-09-01T10:05:10.3Z");
        m_server->queue({200, listOf({old})});
        m_server->queue({202, {}});
        m_server->queue({200, listOf({old})});
        m_server->queue({200, listOf({deploy("dep-new", "queued"), old})});
        m_server->queue({200, deploy("dep-new", "live")});
        const auto started = startDeploy(*m_client, srv);
        QVERIFY(started.has_value());
        QVERIFY(started->deployId.isEmpty());
        const auto over = follow(*started);
        QVERIFY(over.has_value());
        QCOMPARE(over->id, "dep-new");
        QCOMPARE(m_steps,
                 (QStringList{"Waiting for Render to begin the deploy", "The deploy is queued", "The deploy is live"}));
    }

    void findsAQueuedOneByTime()
    {
        const QByteArray old = deploy("dep-old", "live", "2026-09-01T10:00:00Z");
        m_server->queue({200, listOf({old})});
        m_server->queue({200, listOf({deploy("dep-3", "live", "2026-09-01T10:06:00Z"),
                                      deploy("dep-2", "canceled", "2026-09-01T10:05:30Z"), old})});
        DeployWait wait;
        wait.serviceId = srv;
        wait.askedAt = QDateTime::fromString("2026-09-01T10:05:00Z", Qt::ISODate);
        const auto over = follow(wait);
        QVERIFY(over.has_value());
        QCOMPARE(over->id, "dep-3");
    }

    /// The answer was lost, but the deploy is there: it is followed, and not asked for twice.
    void looksWhetherItHappened()
    {
        m_server->queue({200, "[]"});
        m_server->queue({201, {}, {}, ScriptedAnswer::End::CutBefore});
        m_server->queue({200, listOf({deploy("dep-new", "created")})});
        const auto started = startDeploy(*m_client, srv);
        QVERIFY(started.has_value());
        QCOMPARE(started->deployId, "dep-new");
        QCOMPARE(m_server->count("POST"), 1);
    }

    void saysWhenNobodyKnows()
    {
        m_server->queue({200, "[]"});
        m_server->queue({500, {}});
        m_server->queue({200, "[]"});
        QCOMPARE(startDeploy(*m_client, srv).error().code, ErrorCode::OutcomeUnknown);
        QCOMPARE(m_server->count("POST"), 1);
    }

    void ends_data()
    {
        QTest::addColumn<QByteArray>("status");
        QTest::addColumn<bool>("isFailed");
        for (const char *status : {"build_failed", "pre_deploy_failed", "update_failed", "canceled"}) {
            QTest::newRow(status) << QByteArray(status) << true;
        }
        QTest::newRow("live") << QByteArray("live") << false;
        QTest::newRow("deactivated") << QByteArray("deactivated") << false;
    }

    void ends()
    {
        QFETCH(QByteArray, status);
        QFETCH(bool, isFailed);
        m_server->queue({200, deploy("dep-1", status)});
        const auto over = follow(known());
        QVERIFY(over.has_value());
        QCOMPARE(over->isFailed(), isFailed);
        QVERIFY(deployStateText(over->status) != QString::fromLatin1(status) || status == "live");
        QVERIFY(deployFailureText(*over).contains("runs as before"));
    }

    void survivesANetworkFailure()
    {
        for (int i = 0; i < 10; ++i) { // more than the client itself tries
            m_server->queue({500, {}});
        }
        m_server->queue({404, {}});
        m_server->queue({200, deploy("dep-1", "live")});
        QVERIFY(follow(known()).has_value());
    }

    void givesUp()
    {
        m_server->route("GET " + path + "/dep-1", {200, deploy("dep-1", "build_in_progress")});
        DeployWait wait = known();
        wait.longest = milliseconds(60);
        const auto over = follow(wait);
        QCOMPARE(over.error().code, ErrorCode::TimedOut);
        QVERIFY(over.error().message.contains("being built"));
        QVERIFY(m_server->count() > 2);
        m_server->clear();
        m_server->queue({401, {}});
        QCOMPARE(follow(known()).error().code, ErrorCode::NotAllowed);
        QCOMPARE(follow(known()).error().code, ErrorCode::NotFound); // 404, three times
        QCOMPARE(m_server->count(), 4);
    }

    void canBeCancelled()
    {
        m_server->route("GET " + path + "/dep-1", {200, deploy("dep-1", "build_in_progress")});
        std::stop_source stop;
        DeployWait wait = known();
        wait.firstLook = wait.longestLook = std::chrono::minutes(1);
        const JobContext context(stop.get_token(), [&](const Progress &) { stop.request_stop(); });
        QCOMPARE(waitForDeploy(*m_client, wait, context).error().code, ErrorCode::Cancelled);
    }

private:
    static DeployWait known()
    {
        DeployWait wait;
        wait.serviceId = srv;
        wait.deployId = "dep-1";
        return wait;
    }

    Result<Deploy> follow(DeployWait wait)
    {
        if (wait.firstLook == DeployWait().firstLook) {
            wait.firstLook = milliseconds(5);
        }
        wait.longestLook = milliseconds(10);
        return waitForDeploy(*m_client, wait, JobContext({}, [this](const Progress &p) { m_steps += p.step; }));
    }

    std::unique_ptr<ScriptedHttp> m_server;
    std::unique_ptr<RenderClient> m_client;
    QStringList m_steps;
};

QTEST_GUILESS_MAIN(TestDeployWait)
#include "tst_deploywait.moc"
