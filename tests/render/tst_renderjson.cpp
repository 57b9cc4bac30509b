#include "render/jsonmembers.h"
#include "render/renderaccess.h"
#include "render/renderjson.h"
#include "support/renderbodies.h"

#include <QJsonDocument>
#include <QTest>

using namespace Roost;
namespace Example = Roost::Testing::Example;

namespace {

QJsonValue json(const QByteArray &text)
{
    const QJsonDocument document = QJsonDocument::fromJson(text);
    return document.isArray() ? QJsonValue(document.array()) : QJsonValue(document.object());
}

} // namespace

class TestRenderJson : public QObject
{
    Q_OBJECT

private slots:
    void times_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("utc");
        QTest::newRow("nine digits") << "2026-05-04T20:43:02.84289922Z"
                                     << "2026-05-04T20:43:02.842Z";
        QTest::newRow("six digits") << "2026-05-04T20:43:02.842899Z"
                                    << "2026-05-04T20:43:02.842Z";
        QTest::newRow("none") << "2026-05-04T20:43:02Z"
                              << "2026-05-04T20:43:02.000Z";
        QTest::newRow("one digit") << "2026-05-04T20:43:02.5Z"
                                   << "2026-05-04T20:43:02.500Z";
        QTest::newRow("offset") << "2026-05-04T22:43:02.5+02:00"
                                << "2026-05-04T20:43:02.500Z";
        QTest::newRow("no zone") << "2026-05-04 20:43:02"
                                 << "2026-05-04T20:43:02.000Z";
        QTest::newRow("nonsense") << "soon"
                                  << "";
        QTest::newRow("no such day") << "2026-02-31T00:00:00Z"
                                     << "";
        QTest::newRow("empty") << ""
                               << "";
    }

    void times()
    {
        QFETCH(QString, text);
        QFETCH(QString, utc);
        const QDateTime time = timeFromJson(text);
        QCOMPARE(time.isValid() ? time.toString(Qt::ISODateWithMs) : QString(""), utc);
    }

    void wrongShapesAreNamed_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("problem");
        QTest::newRow("a list") << QByteArray("[1]") << "postgres is a list";
        QTest::newRow("no id") << QByteArray(R"({"name":"x"})") << "postgres.id is missing";
        QTest::newRow("null id") << QByteArray(R"({"id":null})") << "postgres.id is missing";
        QTest::newRow("object id") << QByteArray(R"({"id":{}})") << "postgres.id is an object";
        QTest::newRow("object name") << QByteArray(R"({"id":"dpg-1","name":{}})") << "postgres.name is an object";
        QTest::newRow("owner text") << QByteArray(R"({"id":"dpg-1","owner":"me"})") << "postgres.owner is a text";
        QTest::newRow("owner list") << QByteArray(R"({"id":"dpg-1","owner":[]})") << "postgres.owner is a list";
        QTest::newRow("addresses text") << QByteArray(R"({"id":"dpg-1","ipAllowList":"all"})")
                                        << "postgres.ipAllowList is a text";
        QTest::newRow("address number") << QByteArray(R"({"id":"dpg-1","ipAllowList":[1]})")
                                        << "ipAllowList is a number";
        QTest::newRow("address without range")
            << QByteArray(R"({"id":"dpg-1","ipAllowList":[{}]})") << "ipAllowList.cidrBlock is missing";
        QTest::newRow("disk") << QByteArray(R"({"id":"dpg-1","diskSizeGB":"big"})") << "postgres.diskSizeGB is a text";
        QTest::newRow("huge disk") << QByteArray(R"({"id":"dpg-1","diskSizeGB":1e300})")
                                   << "postgres.diskSizeGB is a number";
        QTest::newRow("suspenders") << QByteArray(R"({"id":"dpg-1","suspenders":[[]]})")
                                    << "postgres.suspenders is a list";
        QTest::newRow("replicas") << QByteArray(R"({"id":"dpg-1","readReplicas":{"id":"x"}})")
                                  << "postgres.readReplicas is an object";
    }

    void wrongShapesAreNamed()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, problem);
        const auto read = readInstance(json(text));
        QVERIFY(!read.has_value());
        QCOMPARE(read.error(), problem);
    }

    /// Each member of each example is replaced by each kind of value: it is read or refused, and never crashes.
    void everyMemberMayBeAnything()
    {
        const QList<QJsonValue> values = {QJsonValue(QJsonValue::Null),
                                          QJsonValue(),
                                          true,
                                          -1.5,
                                          1e308,
                                          QString(),
                                          QStringLiteral("x"),
                                          QJsonArray{1, QJsonArray()},
                                          QJsonArray{QJsonValue()},
                                          QJsonObject{{"id", QJsonArray()}}};
        int tried = 0;
        const auto mutate = [&](const QByteArray &text, const auto &reader) {
            const QJsonObject whole = json(text).toObject();
            QVERIFY(reader(whole));
            for (auto it = whole.begin(); it != whole.end(); ++it) {
                for (const QJsonValue &value : values) {
                    QJsonObject changed = whole;
                    changed[it.key()] = value;
                    (void)reader(changed);
                    ++tried;
                }
                QJsonObject without = whole;
                without.remove(it.key());
                QCOMPARE(reader(without),
                         it.key() != u"id" && it.key() != u"key" && it.key() != u"externalConnectionString");
            }
        };
        mutate(Example::instance, [](const QJsonValue &v) { return readInstance(v).has_value(); });
        mutate(Example::fullInstance, [](const QJsonValue &v) { return readInstance(v).has_value(); });
        mutate(Example::connectionInfo, [](const QJsonValue &v) { return readConnectionInfo(v).has_value(); });
        mutate(Example::service, [](const QJsonValue &v) { return readService(v).has_value(); });
        mutate(Example::group, [](const QJsonValue &v) { return readGroup(v).has_value(); });
        mutate(Example::deploy, [](const QJsonValue &v) { return readDeploy(v).has_value(); });
        QVERIFY(tried > 700);
    }

    void idsAreLookedAt()
    {
        QVERIFY(isRenderId("dpg-c0ffee00000000000002-a", "dpg"));
        QVERIFY(!isRenderId("dpg-c0ffee00000000000002-a", "srv"));
        QVERIFY(!isRenderId("dpgx-1", "dpg"));
        QVERIFY(!isRenderId("dpg-1-", "dpg"));
        QVERIFY(!isRenderId("dpg-" + QString(100, 'a'), "dpg"));
    }

    void onlySafeAddresses_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<bool>("isFine");
        QTest::newRow("Render") << "https://api.render.com/v1" << true;
        QTest::newRow("loopback") << "http://127.0.0.1:1234/v1" << true;
        QTest::newRow("loopback 2") << "http://127.8.9.1:1234" << true;
        QTest::newRow("loopback 6") << "http://[::1]:1234/v1" << true;
        QTest::newRow("localhost") << "http://localhost:1/v1" << true;
        QTest::newRow("plain") << "http://api.render.com/v1" << false;
        QTest::newRow("looks local") << "http://localhost.evil.example/v1" << false;
        QTest::newRow("looks local 2") << "http://127.0.0.1.evil.example/v1" << false;
        QTest::newRow("any") << "http://0.0.0.0/v1" << false;
        QTest::newRow("user") << "https://me:pw@api.render.com/v1" << false;
        QTest::newRow("query") << "https://api.render.com/v1?a=b" << false;
        QTest::newRow("fragment") << "https://api.render.com/v1#x" << false;
        QTest::newRow("ftp") << "ftp://127.0.0.1/v1" << false;
        QTest::newRow("file") << "file:///etc/passwd" << false;
        QTest::newRow("empty") << "" << false;
        QTest::newRow("words") << "api.render.com" << false;
    }

    void onlySafeAddresses()
    {
        QFETCH(QString, url);
        QFETCH(bool, isFine);
        QCOMPARE(renderApiProblem(QUrl(url)).isEmpty(), isFine);
    }

    void theEnvironmentNamesTheApi()
    {
        qunsetenv("ROOST_RENDER_API");
        QCOMPARE(defaultRenderApi(), QUrl("https://api.render.com/v1"));
        qputenv("ROOST_RENDER_API", "http://127.0.0.1:99/v1");
        QCOMPARE(defaultRenderApi(), QUrl("http://127.0.0.1:99/v1"));
        qunsetenv("ROOST_RENDER_API");
    }
};

QTEST_GUILESS_MAIN(TestRenderJson)
#include "tst_renderjson.moc"
