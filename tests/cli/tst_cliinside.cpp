#include "cliprocess.h"
#include "postgres/connectionstring.h"
#include "support/temporarycluster.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonObject>
#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

namespace {

const char *const statements = R"(
    CREATE SCHEMA "My.Schema";
    CREATE DOMAIN grams AS real;
    CREATE TABLE birds (id serial PRIMARY KEY, name text, photo bytea, weight grams, extra jsonb, flag bool, big int8,
        price numeric(10,2), seen timestamptz, tags text[]);
    INSERT INTO birds (name, photo, weight, extra, flag, big, price, seen, tags)
        SELECT CASE n % 7 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN E'tab\t"line"\r\nend\\' WHEN 3 THEN E'\\.'
                          WHEN 4 THEN E'\\N' WHEN 5 THEN E'esc\x1b[31m' ELSE 'bird, ' || n END,
               '\x00ff5c0a', n / 3.0, CASE WHEN n % 2 = 0 THEN '{"a": [1, 2.50]}'::jsonb END, n % 3 = 0,
               9007199254740990 + n, n * 1.1, '2026-01-02 03:04:05.123456+00'::timestamptz + n * interval '1 minute',
               '{a,"b c",NULL}' FROM generate_series(1, 300) n;
    CREATE TABLE "My.Schema".birds (other text);
    INSERT INTO "My.Schema".birds VALUES (''), (NULL), (E'\\.'), (E'a\n\\.');
    CREATE TABLE "My.Schema"."Odd ""Table""" ("Mixed Case" int, "a,b" text);
    INSERT INTO "My.Schema"."Odd ""Table""" VALUES (1, 'x');
    CREATE TABLE empty_one (id int, t text);
    CREATE TABLE nothing ();
    INSERT INTO nothing DEFAULT VALUES;
    INSERT INTO nothing DEFAULT VALUES;
    CREATE TABLE computed (id int, twice int GENERATED ALWAYS AS (id * 2) STORED);
    INSERT INTO computed VALUES (4))";

} // namespace

/// What roost-cli says of a backup while no server runs, against what it printed of the tables while one did.
class TestCliInside : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
        const ConnectionSpec spec = m_cluster.spec("shop");
        m_cluster.psql(QStringLiteral("SET ROLE \"%1\";").arg(spec.parameters.user) + statements, "shop");
        m_cli.setVariable("SHOP_URL", databaseUri(spec));
        m_backup = m_cli.path("shop.dump");
        const CliOutcome backup = m_cli.run({"backup", "env:SHOP_URL", "--to", m_backup});
        QVERIFY2(backup.exitCode == 0, backup.told());
        for (const QString &table : m_tables) {
            for (const QStringList &options : m_forms) {
                const CliOutcome rows = m_cli.run(QStringList{"rows", "env:SHOP_URL", table} + options);
                QVERIFY2(rows.exitCode == 0, rows.told());
                m_live[table + options.join(' ')] = rows.output;
                m_liveErrors[table + options.join(' ')] = rows.errors;
            }
        }
        m_cluster.stop();
    }

    void rowsAreThoseOfTheLiveTable_data()
    {
        QTest::addColumn<QString>("table");
        QTest::addColumn<QStringList>("options");
        for (const QString &table : m_tables) {
            for (const QStringList &options : m_forms) {
                QTest::addRow("%s %s", qPrintable(table), qPrintable(options.join(' '))) << table << options;
            }
        }
    }
    void rowsAreThoseOfTheLiveTable()
    {
        QFETCH(QString, table);
        QFETCH(QStringList, options);
        const CliOutcome rows = m_cli.run(QStringList{"rows", m_backup, table} + options);
        QVERIFY2(rows.exitCode == 0, rows.told());
        QCOMPARE(rows.output, m_live.value(table + options.join(' ')));
        QCOMPARE(rows.errors, m_liveErrors.value(table + options.join(' ')));
    }

    void rowsWithoutColumns()
    {
        QCOMPARE(m_cli.run({"rows", m_backup, "nothing", "--format", "csv"}).output, QByteArray("\n\n\n"));
        QCOMPARE(m_cli.run({"rows", m_backup, "nothing", "--json"}).output, QByteArray("[\n  {},\n  {}\n]\n"));
        QCOMPARE(m_cli.run({"rows", m_backup, "nothing"}).exitCode, 0);
    }

    void computedColumnsAreNamed()
    {
        const CliOutcome rows = m_cli.run({"rows", m_backup, "computed", "--format", "csv"});
        QVERIFY2(rows.exitCode == 0, rows.told());
        QCOMPARE(rows.output, QByteArray("id\n4\n"));
        QVERIFY2(rows.errors.contains("twice"), rows.told());
    }

    void whatNamesABackup()
    {
        // Whatever it is called, as long as it is there; by itself, or from another folder.
        const QString other = m_cli.path("renamed");
        QVERIFY(QFile::copy(m_backup, other));
        const CliOutcome rows = m_cli.run({"rows", other, "computed", "--json"});
        QVERIFY2(rows.exitCode == 0 && rows.json().at(0)["id"].toInt() == 4, rows.told());
        const CliOutcome missing = m_cli.run({"rows", m_cli.path("gone.dump"), "birds"});
        QVERIFY2(missing.exitCode == 1 && missing.errors.contains("There is no file"), missing.told());
        const CliOutcome wrong = m_cli.run({"rows", m_cli.path("gone"), "birds"});
        QVERIFY2(wrong.exitCode == 2 && wrong.errors.contains("no file either"), wrong.told());
    }

    void aTargetIsNoBackup()
    {
        // A file that happens to be called like a target does not stand in its way.
        QDir::setCurrent(m_cli.home());
        QVERIFY(QFile::copy(m_backup, m_cli.path("practice")));
        const CliOutcome practice = m_cli.run({"rows", "practice", "computed"});
        QVERIFY2(practice.exitCode == 3 && practice.errors.contains("practice start"), practice.told());
        const CliOutcome add = m_cli.run({"add", "shop", "--no-test"}, "postgresql://u@127.0.0.1:1/d");
        QVERIFY2(add.exitCode == 0, add.told());
        QVERIFY(QFile::copy(m_backup, m_cli.path("shop")));
        const CliOutcome saved = m_cli.run({"rows", "shop", "computed"});
        QVERIFY2(saved.exitCode != 0 && saved.output.isEmpty(), saved.told());
        const CliOutcome file = m_cli.run({"rows", "./shop", "computed", "--format", "csv"});
        QVERIFY2(file.exitCode == 0 && file.output == "id\n4\n", file.told());
    }

    void namesAreAskedBack()
    {
        const CliOutcome several = m_cli.run({"rows", m_backup, "birds"});
        QVERIFY2(several.exitCode == 1 && several.errors.contains("\"My.Schema\".birds, public.birds"), several.told());
        QCOMPARE(several.output, QByteArray());
        const CliOutcome none = m_cli.run({"rows", m_backup, "fish"});
        QVERIFY2(none.exitCode == 1 && none.errors.contains("empty_one"), none.told());
    }

    void show()
    {
        const CliOutcome text = m_cli.run({"show", m_backup});
        QVERIFY2(text.exitCode == 0, text.told());
        for (const char *part : {"Database: shop\n", "PostgreSQL: ", "pg_dump: ", "Tables with rows: 6\n",
                                 "    \"My.Schema\".\"Odd \"\"Table\"\"\"\n", "    public.nothing\n"}) {
            QVERIFY2(text.output.contains(part), text.told());
        }
        QVERIFY2(!text.output.contains("DOMAIN public grams"), text.told());
        QVERIFY(m_cli.run({"show", m_backup, "--objects"}).output.contains("    DOMAIN public grams "));
    }

    void showAsJson()
    {
        const CliOutcome outcome = m_cli.run({"show", m_backup, "--json", "--objects"});
        QVERIFY2(outcome.exitCode == 0 && outcome.json().size() == 1, outcome.told());
        const QJsonValue row = outcome.json().at(0);
        QCOMPARE(row["file"].toString(), m_backup);
        QCOMPARE(row["database"].toString(), QString("shop"));
        QCOMPARE(row["size_bytes"].toInteger(), QFileInfo(m_backup).size());
        QVERIFY(qAbs(QDateTime::fromString(row["taken_at"].toString(), Qt::ISODate)
                         .secsTo(QDateTime::currentDateTimeUtc())) < 600);
        const QJsonArray listed = row["tables"].toArray();
        QVERIFY(listed.contains(QJsonObject{{"schema", "My.Schema"}, {"name", "Odd \"Table\""}}));
        QCOMPARE(listed.size(), 6);
        QVERIFY(row["objects"].toArray().size() > 15);
        QVERIFY(row["objects"].toArray().at(0)["entry"].toInt() > 0);
        QVERIFY(m_cli.run({"show", m_backup, "--json"}).json().at(0)["objects"].isUndefined());
    }

    void damagedAndOther()
    {
        const QString half = m_cli.path("half.dump");
        QVERIFY(QFile::copy(m_backup, half));
        QVERIFY(QFile::resize(half, 400));
        for (const char *verb : {"show", "rows"}) {
            const QStringList rest = *verb == 'r' ? QStringList{"computed"} : QStringList();
            const CliOutcome damaged = m_cli.run(QStringList{verb, half} + rest);
            QVERIFY2(damaged.exitCode == 1 && damaged.errors.contains("damaged"), damaged.told());
            const CliOutcome other = m_cli.run(QStringList{verb, QStringLiteral(ROOST_CLI)} + rest);
            QVERIFY2(other.exitCode == 1 && other.errors.contains("no backup"), other.told());
        }
    }

    void aReaderWhoHasHadEnough()
    {
        const auto process = m_cli.start({"rows", m_backup, "public.birds", "--format", "csv"});
        process->closeReadChannel(QProcess::StandardOutput);
        const CliOutcome outcome = CliProcess::finish(*process);
        QVERIFY2(outcome.exitCode == 0, outcome.told());
        QCOMPARE(outcome.errors, QByteArray());
    }

private:
    const QStringList m_tables{"public.birds", R"("My.Schema".birds)", R"(Odd "Table")", "empty_one"};
    const QList<QStringList> m_forms{{},
                                     {"--limit", "7"},
                                     {"--limit", "0"},
                                     {"--format", "csv"},
                                     {"--format", "csv", "--limit", "5"},
                                     {"--format", "json"},
                                     {"--limit", "100000"}};

    TemporaryCluster m_cluster;
    CliProcess m_cli;
    QString m_backup;
    QHash<QString, QByteArray> m_live; ///< what was printed while the server ran
    QHash<QString, QByteArray> m_liveErrors;
};

QTEST_GUILESS_MAIN(TestCliInside)
#include "tst_cliinside.moc"
