#include "practiceclient.h"

#include <QElapsedTimer>

using namespace Roost;
using namespace Roost::Testing;

/// What goes wrong on purpose, and how often one may ask: without any cluster but one.
class TestPracticeFaults : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_stage = std::make_unique<PracticeStage>();
        const QString problem = m_stage->start();
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
    }
    void cleanup() { m_stage.reset(); }

    void eachKind_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<int>("status");
        QTest::addColumn<bool>("isDone");
        QTest::newRow("drop before") << "drop_before" << 0 << false;
        QTest::newRow("drop after") << "drop_after" << 0 << true;
        QTest::newRow("500") << "error" << 500 << false;
        QTest::newRow("500 after") << "error_after" << 500 << true;
        QTest::newRow("stall") << "stall" << 0 << false;
        QTest::newRow("stall after") << "stall_after" << 0 << true;
        QTest::newRow("bad JSON") << "bad_json" << 201 << true;
        QTest::newRow("cut body") << "cut_body" << 201 << true;
    }
    void eachKind()
    {
        QFETCH(QString, kind);
        QFETCH(int, status);
        QFETCH(bool, isDone);
        QCOMPARE(
            m_stage->post("/practice/faults", QJsonObject{{"method", "POST"}, {"path", "/env-groups"}, {"kind", kind}})
                .status,
            200);
        const QJsonObject draft{{"name", "shared"}};
        QCOMPARE(m_stage->get("/env-groups").status, 200); // another call
        const PracticeResponse hurt = m_stage->ask("POST", "/env-groups", draft, 1000);
        QCOMPARE(hurt.status, status);
        if (status == 201) {
            QVERIFY(hurt.object().isEmpty());
        }
        QCOMPARE(m_stage->get("/env-groups").array().size(), isDone ? 1 : 0);
        QCOMPARE(m_stage->post("/env-groups", draft).status, 201); // once only
        const QJsonArray calls = m_stage->get("/practice/state").object()["calls"].toArray();
        QCOMPARE(calls.size(), 4);
        QVERIFY(calls[1]["isFaulty"].toBool() && !calls[3]["isFaulty"].toBool());
    }

    void whichCalls()
    {
        QCOMPARE(m_stage->post("/practice/faults", QJsonObject{{"kind", "nonsense"}}).status, 400);
        const QJsonArray wishes{
            QJsonObject{
                {"path", "/owners"}, {"kind", "error"}, {"status", 503}, {"retryAfter", 3}, {"skip", 1}, {"count", 2}},
            QJsonObject{{"path", "/postgres/*/suspend"}, {"kind", "error"}, {"status", 403}},
            QJsonObject{{"path", "/services/**"}, {"kind", "error"}, {"status", 410}, {"count", -1}}};
        QCOMPARE(m_stage->post("/practice/faults", wishes).object()["faults"].toInt(), 3);
        QCOMPARE(m_stage->get("/owners").status, 200);
        const PracticeResponse busy = m_stage->get("/owners");
        QCOMPARE(busy.status, 503);
        QCOMPARE(busy.headers["retry-after"], QByteArray("3"));
        QCOMPARE(m_stage->get("/owners").status, 503);
        QCOMPARE(m_stage->get("/owners").status, 200);
        QCOMPARE(m_stage->get("/postgres/dpg-00000000000000000000-a").status, 404);
        QCOMPARE(m_stage->post("/postgres/dpg-00000000000000000000-a/suspend").status, 403);
        QCOMPARE(m_stage->post("/postgres/dpg-00000000000000000000-a/suspend").status, 404);
        for (int i = 0; i < 3; ++i) {
            QCOMPARE(m_stage->get("/services/srv-x/env-vars").status, 410);
        }
        QCOMPARE(m_stage->ask("DELETE", "/practice/faults").status, 204);
        QCOMPARE(m_stage->get("/services/srv-x/env-vars").status, 404);
    }

    void limits()
    {
        QCOMPARE(m_stage
                     ->post("/practice/settings",
                            QJsonObject{{"limits", QJsonObject{{"get", 3}, {"create", 1}, {"service", 1}}}})
                     .status,
                 200);
        for (int left = 2; left >= 0; --left) {
            const PracticeResponse answer = m_stage->get("/users");
            QCOMPARE(answer.status, 200);
            QCOMPARE(answer.headers["ratelimit-limit"], QByteArray("3"));
            QCOMPARE(answer.headers["ratelimit-remaining"], QByteArray::number(left));
        }
        const PracticeResponse refused = m_stage->get("/users");
        QCOMPARE(refused.status, 429);
        const int wait = refused.headers["retry-after"].toInt();
        QVERIFY(wait > 0 && wait <= 60);
        QCOMPARE(m_stage->post("/postgres").status, 400);
        QCOMPARE(m_stage->post("/postgres").status, 429); // a bucket of its own, for an hour
        QCOMPARE(m_stage->post("/services").status, 400);
        QCOMPARE(m_stage->post("/services/srv-a/deploys").status, 404);
        QCOMPARE(m_stage->post("/services/srv-a/deploys").status, 429);
        QCOMPARE(m_stage->post("/services/srv-b/deploys").status, 404); // each service by itself
        QCOMPARE(m_stage->post("/practice/clock", QJsonObject{{"seconds", 61}}).status, 200);
        QCOMPARE(m_stage->get("/users").status, 200);
        QCOMPARE(m_stage->post("/postgres").status, 429);
        QCOMPARE(m_stage->post("/practice/clock", QJsonObject{{"seconds", 3600}}).status, 200);
        QCOMPARE(m_stage->post("/postgres").status, 400);
    }

    void pages()
    {
        const QJsonObject draft{{"name", "many"},
                                {"type", "web_service"},
                                {"ownerId", "tea-practice000000000000"},
                                {"repo", "https://github.com/example/birds"},
                                {"serviceDetails", QJsonObject{{"plan", "free"}}}};
        QCOMPARE(m_stage->post("/practice/settings", QJsonObject{{"next_deploy", "build_failed"}}).status, 200);
        const QString path = "/services/" + m_stage->post("/services", draft).object()["service"][u"id"].toString();
        QJsonArray variables;
        for (int i = 0; i < 45; ++i) {
            variables += QJsonObject{{"key", QString("KEY%1").arg(i)}, {"value", QString::number(i)}};
        }
        QCOMPARE(m_stage->ask("PUT", path + "/env-vars", variables).array().size(), 45);
        QStringList seen;
        QString cursor;
        for (const qsizetype size : {20, 20, 5}) {
            const QJsonArray page =
                m_stage->get(path + "/env-vars" + (cursor.isEmpty() ? "" : "?cursor=" + cursor)).array();
            QCOMPARE(page.size(), size);
            for (const QJsonValue &each : page) {
                seen += each["envVar"]["key"].toString();
            }
            cursor = page.last()["cursor"].toString();
            // What was the last one may be gone by the next page.
            QCOMPARE(m_stage->ask("DELETE", path + "/env-vars/" + seen.last()).status, 204);
        }
        QCOMPARE(m_stage->get(path + "/env-vars?cursor=" + cursor).body, QByteArray("[]\n"));
        QCOMPARE(seen.size(), 45);
        QCOMPARE(QSet<QString>(seen.begin(), seen.end()).size(), 45);
        QCOMPARE(m_stage->get(path + "/env-vars?limit=100").array().size(), 42);
        QCOMPARE(m_stage->get(path + "/env-vars?limit=101").status, 400);
        QCOMPARE(m_stage->get(path + "/env-vars?cursor=nonsense").status, 400);
    }

    void latency()
    {
        QCOMPARE(m_stage->post("/practice/settings", QJsonObject{{"latency_ms", 300}}).status, 200);
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(m_stage->get("/users").status, 200);
        QVERIFY(timer.elapsed() >= 290);
    }

    void aClusterInTheMakingHoldsNobodyUp()
    {
        QCOMPARE(m_stage->post("/postgres", m_stage->draft()).status, 201);
        qint64 longest = 0;
        int calls = 0;
        const QString path = "/postgres?limit=1";
        while (m_stage->get(path).array().at(0)["postgres"]["status"].toString() == "creating") {
            QElapsedTimer timer;
            timer.start();
            QCOMPARE(m_stage->get("/users").status, 200);
            longest = std::max(longest, timer.elapsed());
            if (++calls > 150) {
                m_stage->post("/practice/settings", QJsonObject{{"limits", QJsonObject{{"get", 1000000}}}});
            }
        }
        QVERIFY2(calls > 0, "it was there at once");
        QVERIFY2(longest < 500, QByteArray::number(longest));
    }

private:
    std::unique_ptr<PracticeStage> m_stage;
};

QTEST_GUILESS_MAIN(TestPracticeFaults)
#include "tst_practicefaults.moc"
