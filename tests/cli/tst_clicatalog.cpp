// The list of backups on the command line: all of an instance, retention, copies, imports, ids.

#include "cliprocess.h"
#include "postgres/connectionstring.h"
#include "support/temporarycluster.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

class TestCliCatalog : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
        m_cluster.spec("plants");
        m_cli.setVariable("SHOP_URL", databaseUri(m_cluster.spec("birds")));
        m_cluster.psql("SET ROLE my_database_user; CREATE TABLE birds (id serial PRIMARY KEY, name text);"
                       "INSERT INTO birds (name) VALUES ('robin'), ('wren')",
                       "birds");
    }

    void allOfAnInstance()
    {
        const CliOutcome all = m_cli.run({"backup", "--all", "env:SHOP_URL"});
        QVERIFY2(all.exitCode == 0, all.told());
        const QStringList files = QString::fromUtf8(all.output).trimmed().split(u'\n');
        QCOMPARE(files.size(), 2);
        for (const QString &file : files) {
            QVERIFY(QFile::exists(file));
            QVERIFY(QFile::exists(file + ".json"));
        }
        const QJsonArray list = backups();
        QCOMPARE(list.size(), 2);
        const QJsonObject latest = list.first().toObject();
        QCOMPARE(latest["instance"].toString(), QStringLiteral("env:SHOP_URL"));
        QCOMPARE(latest["proof"].toString(), QStringLiteral("read"));
        QCOMPARE(latest["id"].toString(), QStringLiteral("b2"));
        QCOMPARE(latest["is_there"].toBool(), true);
    }

    void wrongUsage_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("a database with --all") << QStringList{"backup", "--all", "env:SHOP_URL/birds"};
        QTest::newRow("keep none") << QStringList{"backup", "env:SHOP_URL", "--keep", "0"};
        QTest::newRow("keep some") << QStringList{"backup", "env:SHOP_URL", "--keep", "some"};
        QTest::newRow("all into a file") << QStringList{"backup", "--all", "env:SHOP_URL", "--to", "nowhere.dump"};
        QTest::newRow("a copy to nowhere") << QStringList{"backups", "--copy", "b1"};
        QTest::newRow("a note of nothing") << QStringList{"backups", "--note", "b1"};
    }
    void wrongUsage()
    {
        QFETCH(QStringList, arguments);
        const CliOutcome wrong = m_cli.run(arguments);
        QVERIFY2(wrong.exitCode == 2, wrong.told());
    }

    void keepsTheLastTwo()
    {
        const qsizetype before = backups().size();
        for (int n = 0; n < 4; ++n) {
            const CliOutcome one = m_cli.run({"backup", "env:SHOP_URL", "--keep", "2"});
            QVERIFY2(one.exitCode == 0, one.told());
            QVERIFY2((n >= 2) == one.errors.contains("Removed"), one.told());
        }
        QCOMPARE(backups().size(), before + 2);
    }

    void noteCopyAndIds()
    {
        const QString id = backups().first().toObject()["id"].toString();
        QVERIFY(m_cli.run({"backups", "--note", id, "--text", "before the exam"}).exitCode == 0);
        QCOMPARE(backups().first().toObject()["note"].toString(), QStringLiteral("before the exam"));
        const QString stick = m_cli.home() + "/stick";
        QVERIFY(QDir().mkdir(stick));
        const CliOutcome copy = m_cli.run({"backups", "--copy", id, "--to", stick});
        QVERIFY2(copy.exitCode == 0, copy.told());
        QVERIFY(QFile::exists(QString::fromUtf8(copy.output).trimmed()));
        const CliOutcome unknown = m_cli.run({"backups", "--copy", "b999", "--to", stick});
        QVERIFY2(unknown.exitCode == 1 && unknown.errors.contains("b999"), unknown.told());
        const CliOutcome verified = m_cli.run({"verify", id, "--restore", "--on", "env:SHOP_URL"});
        QVERIFY2(verified.exitCode == 0, verified.told());
        QCOMPARE(backups().first().toObject()["proof"].toString(), QStringLiteral("restored"));
        const CliOutcome shown = m_cli.run({"show", id});
        QVERIFY2(shown.exitCode == 0 && shown.output.contains("birds"), shown.told());
        const CliOutcome rows = m_cli.run({"rows", id, "birds"});
        QVERIFY2(rows.exitCode == 0 && rows.output.contains("wren"), rows.told());
    }

    void safetyBackupsAreListed()
    {
        const CliOutcome reset = m_cli.run({"reset", "env:SHOP_URL/plants", "--confirm", "plants"});
        QVERIFY2(reset.exitCode == 0, reset.told());
        const QJsonObject safety = backups().first().toObject();
        QCOMPARE(safety["database"].toString(), QStringLiteral("plants"));
        QCOMPARE(safety["instance"].toString(), QStringLiteral("env:SHOP_URL"));
        QCOMPARE(safety["file"].toString(), QString::fromUtf8(reset.output).trimmed());
        const CliOutcome back = m_cli.run({"restore", safety["id"].toString(), "env:SHOP_URL/plants"});
        QVERIFY2(back.exitCode == 0, back.told());
    }

    void importsAndFailures()
    {
        QVERIFY(m_cli.run({"backup", "env:SHOP_URL", "--to", m_cli.home() + "/foreign.dump"}).exitCode == 0);
        QVERIFY(QFile::remove(m_cli.home() + "/foreign.dump.json"));
        const CliOutcome taken = m_cli.run({"backups", "--import", m_cli.home() + "/foreign.dump"});
        QVERIFY2(taken.exitCode == 0, taken.told());
        QCOMPARE(backups().first().toObject()["proof"].toString(), QStringLiteral("none"));

        m_cluster.psql("CREATE TABLE hidden (id int)", "birds"); // not ours
        QVERIFY(m_cli.run({"backup", "env:SHOP_URL"}).exitCode == 1);
        const QJsonObject failed = backups().first().toObject();
        QCOMPARE(failed["proof"].toString(), QStringLiteral("failed"));
        QVERIFY(failed["problem"].toString().contains("hidden"));
        const CliOutcome all = m_cli.run({"backup", "--all", "env:SHOP_URL"});
        QVERIFY2(all.exitCode == 1 && all.output.contains("plants") && all.errors.contains("birds: "), all.told());
        const CliOutcome none = m_cli.run({"show", failed["id"].toString()});
        QVERIFY2(none.exitCode == 1 && none.errors.contains("failed"), none.told());
    }

private:
    QJsonArray backups()
    {
        const CliOutcome list = m_cli.run({"backups", "--json"});
        return QJsonDocument::fromJson(list.output).array();
    }

    TemporaryCluster m_cluster;
    CliProcess m_cli;
};

QTEST_GUILESS_MAIN(TestCliCatalog)
#include "tst_clicatalog.moc"
