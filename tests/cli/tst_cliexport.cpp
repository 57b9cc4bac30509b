#include "cliprocess.h"
#include "postgres/connectionstring.h"
#include "support/temporarycluster.h"

#include <QFile>
#include <QJsonObject>
#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

/// `roost-cli export`: what it writes, and what it refuses.
class TestCliExport : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
        m_cli.setVariable("SHOP_URL", databaseUri(m_cluster.spec("shop")));
        m_cluster.psql(
            "SET ROLE my_database_user;"
            "CREATE TABLE birds (id serial PRIMARY KEY, name text, \"Mixed Case\" numeric);"
            "INSERT INTO birds (name, \"Mixed Case\") SELECT 'bird ' || n, n * 1.50 FROM generate_series(1, 500) n",
            "shop");
    }

    void theFilesNameSaysTheFormat_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("begin");
        QTest::newRow("csv") << "birds.csv" << QByteArray("id,name,Mixed Case\n1,bird 1,1.50\n");
        QTest::newRow("tsv") << "birds.tsv" << QByteArray("id\tname\tMixed Case\n1\tbird 1\t1.50\n");
        QTest::newRow("json") << "birds.json" << QByteArray("[\n{\"id\": 1, \"name\": \"bird 1\"");
        QTest::newRow("jsonl") << "birds.jsonl" << QByteArray("{\"id\": 1, \"name\": \"bird 1\"");
        QTest::newRow("sql") << "birds.sql" << QByteArray("INSERT INTO \"public\".\"birds\" (\"id\"");
        QTest::newRow("markdown") << "birds.md" << QByteArray("| id | name | Mixed Case |\n");
        QTest::newRow("xlsx") << "birds.xlsx" << QByteArray("PK");
        QTest::newRow("no name that says one") << "birds" << QByteArray("id,name,Mixed Case\n");
    }

    void theFilesNameSaysTheFormat()
    {
        QFETCH(const QString, name);
        QFETCH(const QByteArray, begin);
        const CliOutcome outcome = run({"birds", "--to", m_cli.path(name)});
        QVERIFY2(outcome.exitCode == 0, outcome.told());
        QCOMPARE(outcome.output, m_cli.path(name).toUtf8() + '\n');
        QVERIFY2(outcome.errors.contains("500 rows"), outcome.told());
        const QByteArray written = content(name);
        QVERIFY2(written.startsWith(begin), written.left(200));
    }

    void partOfATable()
    {
        const CliOutcome outcome =
            run({"birds", "--to", m_cli.path("part.csv"), "--where", "id < 4 OR name = 'bird 500'", "--columns",
                 "name,id", "--sort", "id:desc", "--no-header", "--delimiter", ";"});
        QVERIFY2(outcome.exitCode == 0, outcome.told());
        QCOMPARE(content("part.csv"), QByteArray("bird 500;500\nbird 3;3\nbird 2;2\nbird 1;1\n"));
    }

    void aQuery()
    {
        const CliOutcome outcome = run({"(SELECT max(id) AS top FROM birds)", "--to", m_cli.path("top.json")});
        QVERIFY2(outcome.exitCode == 0, outcome.told());
        QCOMPARE(content("top.json"), QByteArray("[\n{\"top\": 500}\n]\n"));
    }

    void refusals_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("says");
        const QString file = m_cli.path("refused.csv");
        QTest::newRow("no file") << QStringList{"birds"} << QByteArray("--to FILE");
        QTest::newRow("format") << QStringList{"birds", "--to", file, "--format", "pdf"} << QByteArray("not \"pdf\"");
        QTest::newRow("column") << QStringList{"birds", "--to", file, "--columns", "id,nmae"}
                                << QByteArray("no column \"nmae\". Its columns: id, name, Mixed Case");
        QTest::newRow("table") << QStringList{"brids", "--to", file} << QByteArray("brids");
        QTest::newRow("delimiter") << QStringList{"birds", "--to", file, "--delimiter", "::"}
                                   << QByteArray("one character");
        QTest::newRow("where") << QStringList{"birds", "--to", file, "--where", "id = 'x'"}
                               << QByteArray("invalid input");
        QTest::newRow("where that ends the query")
            << QStringList{"birds", "--to", file, "--where", "true) TO STDOUT; DROP TABLE birds; --"} << QByteArray("");
        QTest::newRow("query with where")
            << QStringList{"(SELECT 1)", "--to", file, "--where", "true"} << QByteArray("a query says that by itself");
        QTest::newRow("folder") << QStringList{"birds", "--to", "/no/such/folder/x.csv"} << QByteArray("no folder");
    }

    void refusals()
    {
        QFETCH(const QStringList, arguments);
        QFETCH(const QByteArray, says);
        const CliOutcome outcome = run(arguments);
        QVERIFY2(outcome.exitCode > 0, outcome.told());
        QVERIFY2(outcome.errors.contains(says), outcome.told());
        QVERIFY(!QFile::exists(m_cli.path("refused.csv")));
        QCOMPARE(m_cluster.psql("SELECT count(*) FROM birds", "shop"), QString("500"));
    }

    void aFileThatIsThere()
    {
        const QString file = m_cli.path("there.csv");
        QVERIFY2(run({"birds", "--to", file}).exitCode == 0, "first");
        QVERIFY(run({"birds", "--to", file, "--where", "false"}).exitCode > 0);
        QCOMPARE(content("there.csv").count('\n'), 501);
        const CliOutcome replaced = run({"birds", "--to", file, "--where", "false", "--overwrite"});
        QVERIFY2(replaced.exitCode == 0, replaced.told());
        QCOMPARE(content("there.csv"), QByteArray("id,name,Mixed Case\n"));
    }

private:
    CliOutcome run(const QStringList &arguments) const
    {
        return m_cli.run(QStringList{"export", "env:SHOP_URL"} + arguments);
    }
    QByteArray content(const QString &name) const
    {
        QFile file(m_cli.path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("no file");
    }

    TemporaryCluster m_cluster;
    CliProcess m_cli;
};

QTEST_GUILESS_MAIN(TestCliExport)

#include "tst_cliexport.moc"
