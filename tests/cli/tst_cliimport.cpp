#include "cliprocess.h"
#include "postgres/connectionstring.h"
#include "support/temporarycluster.h"

#include <QFile>
#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

/// `roost-cli import`: what comes into the table, and what is refused without changing it.
class TestCliImport : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
        m_cli.setVariable("SHOP_URL", databaseUri(m_cluster.spec("shop")));
    }
    void init()
    {
        m_cluster.psql("DROP TABLE IF EXISTS birds; SET ROLE my_database_user;"
                       "CREATE TABLE birds (id serial PRIMARY KEY, common_name text NOT NULL, weight numeric);"
                       "INSERT INTO birds VALUES (1, 'wren', 9.5)",
                       "shop");
    }

    void rowsComeIn_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QString>("rows");
        const QString two = "1|wren|9.5\n7|robin|\n9|a \"tit\"|12.50";
        QTest::newRow("csv") << "a.csv" << QByteArray("id,common_name,weight\n7,robin,\n9,\"a \"\"tit\"\"\",12.50\n")
                             << QStringList() << two;
        QTest::newRow("semicolons, other names, CRLF")
            << "b.csv" << QByteArray("ID;Common Name;grams\r\n7;robin;\r\n9;\"a \"\"tit\"\"\";12.50\r\n")
            << QStringList{"--map", "grams=weight"} << two;
        QTest::newRow("no header") << "c.csv" << QByteArray("7,robin,-\n9,\"a \"\"tit\"\"\",12.50\n")
                                   << QStringList{"--no-header", "--null", "-"} << two;
        QTest::newRow("ndjson") << "d.ndjson"
                                << QByteArray("{\"id\": 7, \"common_name\": \"robin\", \"weight\": null}\n"
                                              "{\"id\": 9, \"common_name\": \"a \\\"tit\\\"\", \"weight\": 12.50}\n")
                                << QStringList() << two;
        QTest::newRow("a field left out") << "e.csv" << QByteArray("id,common_name,junk\n7,robin,x\n")
                                          << QStringList{"--map", "junk="} << "1|wren|9.5\n7|robin|";
        QTest::newRow("skip") << "f.csv" << QByteArray("id,common_name\n1,other\n7,robin\n")
                              << QStringList{"--on-conflict", "skip"} << "1|wren|9.5\n7|robin|";
        QTest::newRow("update") << "g.csv" << QByteArray("id,common_name\n1,other\n7,robin\n")
                                << QStringList{"--on-conflict", "update"} << "1|other|9.5\n7|robin|";
        QTest::newRow("check only") << "h.csv" << QByteArray("id,common_name\n7,robin\n") << QStringList{"--check"}
                                    << "1|wren|9.5";
    }

    void rowsComeIn()
    {
        QFETCH(const QString, name);
        QFETCH(const QByteArray, content);
        QFETCH(const QStringList, options);
        QFETCH(const QString, rows);
        const CliOutcome outcome = run(name, content, options);
        QVERIFY2(outcome.exitCode == 0, outcome.told());
        QCOMPARE(m_cluster.psql("SELECT * FROM birds ORDER BY id", "shop"), rows);
        if (rows.contains("\n9|")) {
            QCOMPARE(m_cluster.psql("INSERT INTO birds (common_name) VALUES ('next') RETURNING id", "shop"),
                     QString("10"));
            QVERIFY2(outcome.errors.contains("birds_id_seq"), outcome.told());
        }
    }

    void refusals_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("short line") << QByteArray("id,common_name\n7,robin\n8\n") << QStringList() << QByteArray("3");
        QTest::newRow("value") << QByteArray("id,common_name\n7,robin\nx,tit\n") << QStringList() << QByteArray("3");
        QTest::newRow("key that is there")
            << QByteArray("id,common_name\n7,robin\n1,tit\n") << QStringList() << QByteArray("birds_pkey");
        QTest::newRow("unknown field") << QByteArray("id,common_nmae\n7,robin\n") << QStringList()
                                       << QByteArray("Did you mean \"common_name\"");
        QTest::newRow("unknown column") << QByteArray("id,name\n7,robin\n") << QStringList{"--map", "name=nmae"}
                                        << QByteArray("no column \"nmae\"");
        QTest::newRow("on-conflict") << QByteArray("id\n7\n") << QStringList{"--on-conflict", "ignore"}
                                     << QByteArray("fail, skip or update");
        QTest::newRow("empty") << QByteArray() << QStringList() << QByteArray("empty");
    }

    void refusals()
    {
        QFETCH(const QByteArray, content);
        QFETCH(const QStringList, options);
        QFETCH(const QByteArray, says);
        const CliOutcome outcome = run("bad.csv", content, options);
        QVERIFY2(outcome.exitCode > 0, outcome.told());
        QVERIFY2(outcome.errors.contains(says), outcome.told());
        QCOMPARE(m_cluster.psql("SELECT * FROM birds ORDER BY id", "shop"), QString("1|wren|9.5"));
    }

    void whatWasExportedComesBack()
    {
        m_cluster.psql("INSERT INTO birds (id, common_name, weight) SELECT n, E'odd, \"' || n || E'\\n\\\\.', n * 0.1"
                       "  FROM generate_series(100, 2000) n",
                       "shop");
        const QString sum = "SELECT count(*), md5(string_agg(b::text, '|' ORDER BY id)) FROM birds b";
        const QString before = m_cluster.psql(sum, "shop");
        for (const char *name : {"all.csv", "all.tsv", "all.ndjson"}) {
            const QString file = m_cli.path(name);
            QVERIFY(m_cli.run({"export", "env:SHOP_URL", "birds", "--to", file}).exitCode == 0);
            m_cluster.psql("TRUNCATE birds", "shop");
            const CliOutcome outcome = m_cli.run({"import", file, "env:SHOP_URL", "birds"});
            QVERIFY2(outcome.exitCode == 0, outcome.told());
            QCOMPARE(m_cluster.psql(sum, "shop"), before);
        }
    }

private:
    CliOutcome run(const QString &name, const QByteArray &content, const QStringList &options) const
    {
        QFile file(m_cli.path(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size()) {
            return {};
        }
        file.close();
        return m_cli.run(QStringList{"import", file.fileName(), "env:SHOP_URL", "birds"} + options);
    }

    TemporaryCluster m_cluster;
    CliProcess m_cli;
};

QTEST_GUILESS_MAIN(TestCliImport)

#include "tst_cliimport.moc"
