#include "postgres/catalogreader.h"
#include "postgres/databaseconnection.h"
#include "postgres/tablecopy.h"
#include "postgres/tablequery.h"
#include "support/tcpproxy.h"
#include "support/temporarycluster.h"

#include <QTest>

#include <algorithm>

using namespace Roost;
using namespace Roost::Testing;

namespace {

using Connection = std::unique_ptr<DatabaseConnection>;

TableId table(const QString &name)
{
    return {QStringLiteral("public"), name};
}

TableQuery query(const QString &name, const QStringList &key, int limit = 200)
{
    TableQuery query;
    query.table = table(name);
    query.keyColumns = key;
    query.limit = limit;
    return query;
}

QList<CellValue> values(const QStringList &texts)
{
    return {texts.cbegin(), texts.cend()};
}

} // namespace

class TestTableQuery : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void writesTheStatement();
    void pageHoldsValues();
    void pagesCoverTheTable_data();
    void pagesCoverTheTable();
    void pagesWithoutKeyCoverTheTable();
    void pageSurvivesWritesBetween();
    void valuesAreTheServersText();
    void namesTypes();
    void emptyAndOddTables();
    void failsPlainly();
    void pageIsOneRoundTrip();
    void copyIsThatOfPsql_data();
    void copyIsThatOfPsql();
    void copyWithALimit();
    void copyStops();

private:
    Connection open(const ConnectionSpec &spec)
    {
        Result<Connection> connection = DatabaseConnection::open(spec);
        if (!connection) {
            qFatal("%s %s", qPrintable(connection.error().message), qPrintable(connection.error().detail));
        }
        return std::move(*connection);
    }
    QStringList keyOf(const QString &name)
    {
        const auto relations = CatalogReader::relations(*m_connection);
        const auto found = std::find_if(relations->cbegin(), relations->cend(),
                                        [&](const RelationInfo &relation) { return relation.id.name == name; });
        return found == relations->cend() ? QStringList() : found->keyColumns;
    }
    QStringList psqlLines(const QString &sql)
    {
        const QString out = m_cluster.psql(sql, QStringLiteral("pages"));
        return out.isEmpty() ? QStringList() : out.split(u'\n');
    }

    TemporaryCluster m_cluster;
    Connection m_connection;
};

void TestTableQuery::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    const ConnectionSpec spec = m_cluster.spec(QStringLiteral("pages"));
    m_connection = open(spec);
    m_cluster.psql(QStringLiteral("CREATE EXTENSION citext;\nSET ROLE \"%1\";").arg(spec.parameters.user) +
                       QStringLiteral(R"(
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy', 'a,b', 'it''s');
CREATE DOMAIN small AS int CHECK (value < 1000);
CREATE TABLE k_int AS SELECT g AS k, 'row ' || g AS v FROM generate_series(1, 23) g;
CREATE TABLE k_bigint AS SELECT g::bigint * 4000000000 - 20000000000 AS k FROM generate_series(1, 23) g;
CREATE TABLE k_smallint AS SELECT g::smallint AS k FROM generate_series(-11, 11) g;
CREATE TABLE k_domain AS SELECT g::small AS k FROM generate_series(1, 23) g;
CREATE TABLE k_numeric AS SELECT g::numeric / 7 AS k FROM generate_series(-11, 11) g;
INSERT INTO k_numeric VALUES ('NaN'), ('Infinity'), ('-Infinity'), (1e60 + 0.000000000000000000001);
CREATE TABLE k_float AS SELECT g::float8 / 3 AS k FROM generate_series(-11, 11) g;
CREATE TABLE k_real AS SELECT g::float4 / 3 AS k FROM generate_series(-11, 11) g;
CREATE TABLE k_text AS SELECT t AS k FROM unnest(ARRAY['', ' ', 'a', 'A', 'ä', 'Ä', 'z', '"', '''', '\', E'a\nb', '%', 'a b',
  '9', '10', '-', 'ß', 'ss', '🐦', 'null', 'NULL']) t;
CREATE TABLE k_varchar AS SELECT ('v' || g)::varchar(10) AS k FROM generate_series(1, 23) g;
CREATE TABLE k_char AS SELECT ('c' || g)::char(10) AS k FROM generate_series(1, 23) g;
CREATE TABLE k_citext AS SELECT t::citext AS k FROM unnest(ARRAY['a', 'B', 'c', 'D', 'e', 'F', 'Z', 'y']) t;
CREATE TABLE k_collated (k text COLLATE "C"); INSERT INTO k_collated SELECT k FROM k_text;
CREATE TABLE k_uuid AS SELECT md5(g::text)::uuid AS k FROM generate_series(1, 23) g;
CREATE TABLE k_enum AS SELECT unnest(enum_range(NULL::mood)) AS k;
CREATE TABLE k_bool AS SELECT b AS k FROM unnest(ARRAY[false, true]) b;
CREATE TABLE k_date AS SELECT d AS k FROM unnest(ARRAY['-infinity', '0044-03-15 BC', '2026-01-02', '5874897-12-31',
  'infinity']::date[]) d;
CREATE TABLE k_timestamp AS SELECT '2026-01-02 03:04:05.123456'::timestamp + g * interval '1 microsecond' AS k
  FROM generate_series(1, 23) g;
CREATE TABLE k_timestamptz AS SELECT '2026-03-29 00:59:59.999990+00'::timestamptz + g * interval '1 microsecond' AS k
  FROM generate_series(1, 23) g;
INSERT INTO k_timestamptz VALUES ('infinity'), ('-infinity'), ('0001-01-01 00:00:00+00 BC');
CREATE TABLE k_timetz AS SELECT t AS k FROM unnest(ARRAY['24:00:00+00', '00:00:00+02', '12:00:00-11:30']::timetz[]) t;
CREATE TABLE k_interval AS SELECT g * interval '1 month 3 days 4 hours' AS k FROM generate_series(-11, 11) g;
CREATE TABLE k_bytea AS SELECT decode(md5(g::text), 'hex') AS k FROM generate_series(1, 23) g;
CREATE TABLE k_inet AS SELECT ('10.0.' || g || '.1/24')::inet AS k FROM generate_series(1, 23) g;
CREATE TABLE k_money AS SELECT (g * 1000.01)::numeric::money AS k FROM generate_series(-11, 11) g;
CREATE TABLE k_array AS SELECT ARRAY[g % 3, g] AS k FROM generate_series(1, 23) g;
CREATE TABLE k_range AS SELECT int4range(g, g + 2) AS k FROM generate_series(1, 23) g;
CREATE TABLE k_jsonb AS SELECT jsonb_build_object('a', g) AS k FROM generate_series(1, 23) g;
CREATE TABLE k_bit AS SELECT g::bit(8) AS k FROM generate_series(1, 23) g;
CREATE TABLE k_oid AS SELECT (4294967200 + g)::oid AS k FROM generate_series(1, 23) g;
CREATE TABLE k_name AS SELECT ('n' || g)::name AS k FROM generate_series(1, 23) g;
DO $$ DECLARE t text; BEGIN
  FOR t IN SELECT tablename FROM pg_tables WHERE tablename LIKE 'k\_%' LOOP
    EXECUTE format('ALTER TABLE %I ADD PRIMARY KEY (k)', t);
  END LOOP; END $$;
CREATE TABLE two (b text, a int, m mood, PRIMARY KEY (a, b, m));
INSERT INTO two SELECT chr(97 + g % 5), g / 7, (enum_range(NULL::mood))[1 + g % 3] FROM generate_series(1, 60) g
  ON CONFLICT DO NOTHING;
CREATE TABLE "odd ""table"".x" ("Key ""1""" int, "%2" text, PRIMARY KEY ("Key ""1""", "%2"));
INSERT INTO "odd ""table"".x" SELECT g, 'x' FROM generate_series(1, 23) g;
CREATE TABLE parts (a int PRIMARY KEY, b text) PARTITION BY HASH (a);
CREATE TABLE parts_0 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO parts SELECT g, 'p' FROM generate_series(1, 23) g;
CREATE TABLE keyless AS SELECT g AS a FROM generate_series(1, 23) g;
CREATE VIEW seen AS SELECT k, v FROM k_int;
CREATE TABLE mixed (id int PRIMARY KEY, t text, m mood, ms mood[], n numeric, ts timestamptz, j json, b bytea, d small,
                    g int GENERATED ALWAYS AS (id * 2) STORED);
INSERT INTO mixed VALUES (1, '', NULL, NULL, 'NaN', '0044-03-15 12:00:00+00 BC', '{"a":  1}', '\x00ff', 5),
  (2, NULL, 'it''s', '{sad,"a,b"}', 12345678901234567890.12345678901234567890, 'infinity', 'null', '', NULL),
  (3, E'tab\t"quote", line\nend', 'ok', '{}', 0.10, '2026-01-02 03:04:05.123456+02', '[]', '\x', 7),
  (4, '\.', 'happy', '{NULL}', -0, '-infinity', '""', NULL, 8);
CREATE TABLE no_rows (a int PRIMARY KEY, b mood);
CREATE TABLE no_columns ();
INSERT INTO no_columns DEFAULT VALUES;
)"),
                   QStringLiteral("pages"));
}

void TestTableQuery::writesTheStatement()
{
    TableQuery some = query(QStringLiteral("a\"b"), {QStringLiteral("x"), QStringLiteral("Y")}, 50);
    QCOMPARE(some.statement().sql, QStringLiteral(R"(SELECT * FROM "public"."a""b" ORDER BY "a""b"."x", "a""b"."Y")"
                                                  " LIMIT 51"));
    some.from = TableQuery::From::After;
    some.bound = values({QStringLiteral("1"), QStringLiteral("2")});
    QCOMPARE(some.statement().sql,
             QStringLiteral(R"(SELECT * FROM "public"."a""b" WHERE ("a""b"."x", "a""b"."Y") > ($1, $2))"
                            R"( ORDER BY "a""b"."x", "a""b"."Y" LIMIT 51)"));
    QCOMPARE(some.statement().parameters, (QVariantList{QStringLiteral("1"), QStringLiteral("2")}));
    some = query(QStringLiteral("t"), {QStringLiteral("id")});
    some.from = TableQuery::From::Before;
    some.bound = values({QStringLiteral("7")});
    QCOMPARE(some.statement().sql,
             QStringLiteral(R"(SELECT * FROM "public"."t" WHERE "t"."id" < $1 ORDER BY "t"."id" DESC LIMIT 201)"));
    some = query(QStringLiteral("t"), {});
    some.from = TableQuery::From::Offset;
    some.offset = 400;
    QCOMPARE(some.statement().sql, QStringLiteral(R"(SELECT * FROM "public"."t" LIMIT 201 OFFSET 400)"));
}

void TestTableQuery::pageHoldsValues()
{
    RowPage page;
    QCOMPARE(page.rowCount(), 0);
    page.columns = {{QStringLiteral("a"), {}, 0, false}, {QStringLiteral("b"), {}, 0, false}};
    for (const auto &cell :
         {std::optional<QByteArrayView>(), std::optional(QByteArrayView("x")), std::optional(QByteArrayView("")),
          std::optional<QByteArrayView>(), std::optional(QByteArrayView("ä")), std::optional(QByteArrayView("yz"))}) {
        page.append(cell);
    }
    QCOMPARE(page.rowCount(), 3);
    QVERIFY(page.isNull(0, 0));
    QVERIFY(page.utf8(0, 0).isEmpty());
    QCOMPARE(page.text(0, 1), QStringLiteral("x"));
    QVERIFY(!page.isNull(1, 0)); // '' is no NULL
    QCOMPARE(page.text(1, 0), QString());
    QVERIFY(page.isNull(1, 1));
    QCOMPARE(page.text(2, 0), QStringLiteral("ä"));
    page.setBoundColumns({1, 0}, {1});
    QCOMPARE(page.bound(2), values({QStringLiteral("yz"), QStringLiteral("ä")}));
    QCOMPARE(page.bound(1), (QList<CellValue>{std::nullopt, QString()}));
    QCOMPARE(page.key(2), QStringList(QStringLiteral("yz")));
    QVERIFY(!page.isShortened(2, 0));
    page.setShortened(0, 1, 5000);
    page.setShortened(2, 0, 70);
    QVERIFY(page.isShortened(2, 0));
    QCOMPARE(page.storedBytes(0, 1), 5000);
    QCOMPARE(page.storedBytes(2, 0), 70);
    QCOMPARE(page.storedBytes(2, 1), -1);
}

void TestTableQuery::pagesCoverTheTable_data()
{
    QTest::addColumn<QString>("name");
    const auto relations = CatalogReader::relations(*m_connection);
    QVERIFY(relations);
    for (const RelationInfo &relation : *relations) {
        if (!relation.keyColumns.isEmpty() && relation.estimatedRows > 0) {
            QTest::newRow(qPrintable(relation.id.name)) << relation.id.name;
        }
    }
}

void TestTableQuery::pagesCoverTheTable()
{
    QFETCH(QString, name);
    const QStringList key = keyOf(name);
    TableQuery pages = query(name, key, 5);
    QStringList quoted;
    for (const QString &column : key) {
        quoted += quoteIdentifier(column);
    }
    const QString order = quoted.join(u',');
    const QString settings =
        QStringLiteral("SET timezone = 'UTC'; SET extra_float_digits = 3; SET bytea_output = 'hex';\n");
    const QStringList expected = psqlLines(
        settings + QStringLiteral("SELECT replace(row_to_json(x)::text, E'\\n', '') FROM (SELECT %1 FROM %2 ORDER BY "
                                  "%1) x")
                       .arg(quoted.size() == 1 ? quoted.constFirst() : order, pages.table.quoted()));
    qsizetype seen = 0;
    QStringList keys;
    for (int number = 0; number < 20; ++number) {
        const auto page = fetchPage(*m_connection, pages);
        QVERIFY2(page, page ? "" : qPrintable(page.error().message));
        for (qsizetype row = 0; row < page->rowCount(); ++row) {
            keys += page->key(row).join(u'\x1f');
        }
        seen += page->rowCount();
        QCOMPARE(page->hasMore, seen < expected.size());
        if (!page->hasMore) {
            break;
        }
        QCOMPARE(page->rowCount(), 5);
        pages.from = TableQuery::From::After;
        pages.bound = page->bound(page->rowCount() - 1);
    }
    QCOMPARE(seen, expected.size());
    QCOMPARE(QSet<QString>(keys.cbegin(), keys.cend()).size(), keys.size());
    // The same order as the whole table at once.
    pages.from = TableQuery::From::First;
    pages.limit = 1000;
    const auto whole = fetchPage(*m_connection, pages);
    QVERIFY(whole);
    for (qsizetype row = 0; row < whole->rowCount(); ++row) {
        QCOMPARE(keys.at(row), whole->key(row).join(u'\x1f'));
    }
}

void TestTableQuery::pagesWithoutKeyCoverTheTable()
{
    auto scans = m_connection->query(QStringLiteral("SHOW synchronize_seqscans"));
    QVERIFY(scans && scans->next());
    QCOMPARE(scans->value(0).toString(), QStringLiteral("off")); // else a page may begin in the middle of the table
    for (const QString name : {"keyless", "seen"}) {
        QCOMPARE(keyOf(name), QStringList());
        TableQuery pages = query(name, {}, 7);
        pages.from = TableQuery::From::Offset;
        QSet<QString> seen;
        bool hasMore = true;
        while (hasMore) {
            const auto page = fetchPage(*m_connection, pages);
            QVERIFY(page);
            for (qsizetype row = 0; row < page->rowCount(); ++row) {
                seen += page->text(row, 0);
            }
            pages.offset += page->rowCount();
            hasMore = page->hasMore;
        }
        QCOMPARE(pages.offset, 23);
        QCOMPARE(seen.size(), 23);
    }
}

void TestTableQuery::pageSurvivesWritesBetween()
{
    TableQuery pages = query(QStringLiteral("k_int"), {QStringLiteral("k")}, 10);
    QVERIFY(m_connection->execute(QStringLiteral("BEGIN")));
    auto page = fetchPage(*m_connection, pages);
    QCOMPARE(page->text(9, 0), QStringLiteral("10"));
    QVERIFY(m_connection->execute(QStringLiteral("DELETE FROM k_int WHERE k <= 10")));
    pages.from = TableQuery::From::After;
    pages.bound = page->bound(9);
    page = fetchPage(*m_connection, pages);
    QCOMPARE(page->text(0, 0), QStringLiteral("11")); // by offset it would be 21
    QVERIFY(m_connection->execute(QStringLiteral("ROLLBACK")));
}

void TestTableQuery::valuesAreTheServersText()
{
    const auto page = fetchPage(*m_connection, query(QStringLiteral("mixed"), {QStringLiteral("id")}));
    QVERIFY(page);
    QCOMPARE(page->rowCount(), 4);
    QVERIFY(!page->hasMore);
    int checked = 0;
    for (qsizetype column = 0; column < page->columns.size(); ++column) {
        for (qsizetype row = 0; row < page->rowCount(); ++row) {
            const QString name = quoteIdentifier(page->columns.at(column).name);
            const QString theirs = m_cluster.psql(
                QStringLiteral("\\pset null '<null>'\nSET timezone = 'UTC';\nSELECT %1 FROM mixed WHERE id = %2")
                    .arg(name, page->text(row, 0)),
                QStringLiteral("pages"));
            QCOMPARE(page->isNull(row, column), theirs == u"<null>");
            QCOMPARE(page->isNull(row, column) ? QStringLiteral("<null>") : page->text(row, column), theirs);
            ++checked;
        }
    }
    QCOMPARE(checked, 40);
}

void TestTableQuery::namesTypes()
{
    const auto types = [&](const QString &name) {
        const auto page = fetchPage(*m_connection, query(name, {}, 1));
        QStringList names;
        for (const ResultColumn &column : page->columns) {
            names += column.type + (column.isNumeric ? QStringLiteral("#") : QString());
        }
        return names.join(u' ');
    };
    QCOMPARE(types(QStringLiteral("mixed")),
             QStringLiteral("int4# text mood mood[] numeric# timestamptz json bytea int4# int4#"));
    QCOMPARE(types(QStringLiteral("k_varchar")), QStringLiteral("varchar"));
    QCOMPARE(types(QStringLiteral("k_array")), QStringLiteral("int4[]"));
    QCOMPARE(types(QStringLiteral("k_citext")), QStringLiteral("citext"));
    QCOMPARE(types(QStringLiteral("k_range")), QStringLiteral("int4range"));
    QCOMPARE(types(QStringLiteral("k_char")), QStringLiteral("bpchar"));
    QCOMPARE(types(QStringLiteral("k_money")), QStringLiteral("money#"));
}

void TestTableQuery::emptyAndOddTables()
{
    auto page = fetchPage(*m_connection, query(QStringLiteral("no_rows"), {QStringLiteral("a")}));
    QVERIFY(page);
    QCOMPARE(page->rowCount(), 0);
    QCOMPARE(page->columns.size(), 2);
    QCOMPARE(page->columns.at(1).type, QStringLiteral("mood"));
    QVERIFY(!page->hasMore);
    page = fetchPage(*m_connection, query(QStringLiteral("no_columns"), {}));
    QVERIFY(page);
    QCOMPARE(page->rowCount(), 0);
    QVERIFY(!page->hasMore);
}

void TestTableQuery::failsPlainly()
{
    auto page = fetchPage(*m_connection, query(QStringLiteral("none"), {}));
    QVERIFY(!page);
    QCOMPARE(page.error().sqlState, QByteArray("42P01"));
    std::stop_source stop;
    stop.request_stop();
    page = fetchPage(*m_connection, query(QStringLiteral("two"), {}), stop.get_token());
    QVERIFY(!page);
    QVERIFY(page.error().isCancelled());
}

void TestTableQuery::pageIsOneRoundTrip()
{
    ConnectionSpec spec = m_cluster.spec(QStringLiteral("pages"));
    TcpProxy proxy(spec.parameters.port);
    spec.parameters.port = proxy.port();
    const Connection connection = open(spec);
    const auto trips = [&](const TableQuery &wanted) {
        proxy.resetCount();
        return fetchPage(*connection, wanted) ? proxy.roundTrips() : -1;
    };
    const TableQuery numbers = query(QStringLiteral("k_int"), {QStringLiteral("k")}, 5);
    QCOMPARE(trips(numbers), 1);
    const TableQuery moods = query(QStringLiteral("mixed"), {QStringLiteral("id")}, 5);
    QCOMPARE(trips(moods), 2); // a type that nobody has named: the proxy's port makes it another server
    QCOMPARE(trips(moods), 1);

    TcpProxy second(m_cluster.port());
    spec.parameters.port = second.port();
    const Connection listed = open(spec);
    QVERIFY(CatalogReader::relations(*listed));
    second.resetCount();
    QVERIFY(fetchPage(*listed, moods));
    QCOMPARE(second.roundTrips(), 1);
}

void TestTableQuery::copyIsThatOfPsql_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("byName"); // COPY itself takes it, and all its columns
    QTest::newRow("mixed") << "mixed" << false;
    QTest::newRow("texts") << "k_text" << true;
    QTest::newRow("odd name") << "odd \"table\".x" << true;
    QTest::newRow("parts") << "parts" << false;
    QTest::newRow("view") << "seen" << false;
    QTest::newRow("empty") << "no_rows" << true;
    QTest::newRow("bytea") << "k_bytea" << true;
}

void TestTableQuery::copyIsThatOfPsql()
{
    QFETCH(QString, name);
    QFETCH(bool, byName);
    QByteArray ours;
    const auto copied = copyTableCsv(*m_connection, {table(name), -1, {}}, [&](QByteArrayView piece) {
        ours += piece;
        return true;
    });
    QVERIFY2(copied, copied ? "" : qPrintable(copied.error().message));
    const QString source =
        byName ? quoteIdentifier(name) : QStringLiteral("(SELECT * FROM %1)").arg(quoteIdentifier(name));
    const QString theirs = m_cluster.psql(
        QStringLiteral("SET timezone = 'UTC';\n\\copy %1 TO stdout CSV HEADER").arg(source), QStringLiteral("pages"));
    QCOMPARE(QString::fromUtf8(ours), theirs + u'\n');
}

void TestTableQuery::copyWithALimit()
{
    QByteArray csv;
    const auto sink = [&](QByteArrayView piece) {
        csv += piece;
        return true;
    };
    QVERIFY(copyTableCsv(*m_connection, {table(QStringLiteral("k_int")), 2, {QStringLiteral("k")}}, sink));
    QCOMPARE(csv, QByteArray("k,v\n1,row 1\n2,row 2\n"));
    csv.clear();
    QVERIFY(copyTableCsv(*m_connection, {table(QStringLiteral("keyless")), 0, {}}, sink));
    QCOMPARE(csv, QByteArray("a\n"));
    const auto none = copyTableCsv(*m_connection, {table(QStringLiteral("none")), -1, {}}, sink);
    QVERIFY(!none);
    QCOMPARE(none.error().sqlState, QByteArray("42P01"));
}

void TestTableQuery::copyStops()
{
    int pieces = 0;
    const auto stopped = copyTableCsv(*m_connection, {table(QStringLiteral("k_int")), -1, {}}, [&](QByteArrayView) {
        ++pieces;
        return pieces < 3;
    });
    QVERIFY(!stopped);
    QVERIFY(stopped.error().isCancelled());
    QCOMPARE(pieces, 3);
    QVERIFY(fetchPage(*m_connection, query(QStringLiteral("k_int"), {}, 1))); // still usable
}

QTEST_GUILESS_MAIN(TestTableQuery)
#include "tst_tablequery.moc"
