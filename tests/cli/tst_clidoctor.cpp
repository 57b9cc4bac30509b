// The connection doctor on the command line: every layer, in words and as JSON, and the exit codes.

#include "cliprocess.h"
#include "postgres/connectionstring.h"
#include "support/temporarycluster.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

namespace {

QJsonObject object(const CliOutcome &outcome)
{
    return QJsonDocument::fromJson(outcome.output).object();
}

} // namespace

class TestCliDoctor : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
        m_spec = m_cluster.spec("birds");
        m_cli.setVariable("BIRDS", databaseUri(m_spec));
        ConnectionSpec wrong = m_spec;
        wrong.password = Secret(QStringLiteral("not-the-right-one"));
        m_cli.setVariable("WRONG", databaseUri(wrong));
    }

    void good()
    {
        const CliOutcome words = m_cli.run({"doctor", "env:BIRDS"});
        QCOMPARE(words.exitCode, 0);
        for (const char *layer : {"Instance", "Name", "TCP", "TLS", "Login", "Database", "Rights", "Versions"}) {
            QVERIFY2(words.output.contains(layer), words.told());
        }
        const CliOutcome json = m_cli.run({"doctor", "env:BIRDS", "--json"});
        QCOMPARE(json.exitCode, 0);
        QVERIFY2(object(json)["good"].toBool(), json.told());
        QCOMPARE(object(json)["layers"].toArray().size(), 8);
        QVERIFY(!object(json).contains("problem"));
    }

    void failures_data()
    {
        QTest::addColumn<QString>("target");
        QTest::addColumn<QString>("problem");
        QTest::addColumn<int>("failedAt");
        QTest::newRow("password") << "env:WRONG"
                                  << "wrong-password" << 4;
        QTest::newRow("database") << "env:BIRDS/bird"
                                  << "missing-database" << 5;
    }
    void failures()
    {
        QFETCH(QString, target);
        QFETCH(QString, problem);
        QFETCH(int, failedAt);
        const CliOutcome json = m_cli.run({"doctor", target, "--json"});
        QVERIFY2(json.exitCode == 1, json.told());
        const QJsonObject report = object(json);
        QCOMPARE(report["problem"].toString(), problem);
        const QJsonArray layers = report["layers"].toArray();
        QCOMPARE(layers.size(), 8);
        QCOMPARE(layers[failedAt].toObject()["verdict"].toString(), QStringLiteral("failed"));
        QCOMPARE(layers[7].toObject()["verdict"].toString(), QStringLiteral("skipped"));
        const CliOutcome words = m_cli.run({"doctor", target});
        QCOMPARE(words.exitCode, 1);
        QVERIFY2(words.output.contains("What to do: "), words.told());
        QVERIFY(!(words.output + words.errors + json.output).contains("not-the-right-one"));
    }

    void withoutThePasswordTheRestIsExamined()
    {
        const CliOutcome added =
            m_cli.run({"add", "birds", "--without-password", "--no-test"}, databaseUri(m_spec).toUtf8());
        QVERIFY2(added.exitCode == 0, added.told());
        const CliOutcome json = m_cli.run({"doctor", "birds", "--json"});
        QCOMPARE(json.exitCode, 1);
        QCOMPARE(object(json)["problem"].toString(), QStringLiteral("no-password"));
        QVERIFY2(json.errors.contains("is not stored"), json.told());
    }

    void unknownTarget()
    {
        QCOMPARE(m_cli.run({"doctor", "nobody"}).exitCode, 1);
        QCOMPARE(m_cli.run({"doctor"}).exitCode, 2);
    }

private:
    TemporaryCluster m_cluster;
    ConnectionSpec m_spec;
    CliProcess m_cli;
};

QTEST_GUILESS_MAIN(TestCliDoctor)
#include "tst_clidoctor.moc"
