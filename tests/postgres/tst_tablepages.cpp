#include "postgres/catalogreader.h"
#include "postgres/databaseconnection.h"
#include "postgres/tablequery.h"
#include "support/tcpproxy.h"
#include "support/temporarycluster.h"

#include <QTest>

#include <algorithm>
#include <thread>

using namespace Roost;
using namespace Roost::Testing;

using From = TableQuery::From;

namespace {

/// "a", "-b": descending.
QList<SortColumn> sortOf(const QString &columns)
{
    QList<SortColumn> sort;
    for (const QString &name : columns.split(u' ', Qt::SkipEmptyParts)) {
        const bool isDescending = name.startsWith(u'-');
        sort += SortColumn{name.mid(isDescending ? 1 : 0), isDescending};
    }
    return sort;
}

} // namespace

/// Pages of a table in every order and from every place, against the server's own ORDER BY.
class TestTablePages : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void orders_data();
    void orders();
    void withFilter();
    void shortBounds();
    void nullsInTheBound();
    void placesCoverTheTable_data();
    void placesCoverTheTable();
    void placesWithHoles();
    void noHelpersByPlace();
    void numbersCoverTheView();
    void oddNames();
    void eachIsOneRoundTrip_data();
    void eachIsOneRoundTrip();
    void usesTheIndex_data();
    void usesTheIndex();
    void stopsOnTheServer();

private:
    TableQuery query(const QString &name, const QString &sort = {}) const
    {
        TableQuery query;
        for (const RelationInfo &relation : m_relations) {
            if (relation.id.name == name) {
                query.table = relation.id;
                query.kind = relation.kind;
                query.columns = relation.columns;
                query.keyColumns = relation.keyColumns;
                query.hasInheritors = relation.hasInheritors;
            }
        }
        query.serverVersion = m_connection->server().version;
        query.sort = sortOf(sort);
        query.limit = 7;
        return query;
    }
    RowPage fetch(const TableQuery &query)
    {
        auto page = fetchPage(*m_connection, query);
        if (!page) {
            qFatal("%s\n%s\n%s", qPrintable(page.error().message), qPrintable(page.error().detail),
                   qPrintable(query.statement().sql));
        }
        return std::move(*page);
    }
    static QString line(const RowPage &page, qsizetype row)
    {
        QStringList cells;
        for (qsizetype column = 0; column < page.columns.size(); ++column) {
            cells += page.isNull(row, column) ? QStringLiteral("<null>") : page.text(row, column);
        }
        return cells.join(u'|');
    }
    static QStringList lines(const RowPage &page)
    {
        QStringList all;
        for (qsizetype row = 0; row < page.rowCount(); ++row) {
            all += line(page, row);
        }
        return all;
    }
    /// Page after page (or before page) from one end to the other, put together in the view's order.
    QStringList walk(TableQuery pages, bool backward)
    {
        QStringList all;
        pages.from = backward ? From::Last : From::First;
        while (true) {
            const RowPage page = fetch(pages);
            all = backward ? lines(page) + all : all + lines(page);
            if (!page.hasMore || page.rowCount() == 0) {
                return all;
            }
            pages.from = backward ? From::Before : From::After;
            pages.bound = page.bound(backward ? 0 : page.rowCount() - 1);
        }
    }
    QStringList psqlLines(const QString &sql)
    {
        const QString out = m_cluster.psql(
            QStringLiteral("SET timezone = 'UTC'; SET extra_float_digits = 3;\n\\pset null '<null>'\n") + sql,
            QStringLiteral("pages"));
        return out.isEmpty() ? QStringList() : out.split(u'\n');
    }

    TemporaryCluster m_cluster;
    std::unique_ptr<DatabaseConnection> m_connection;
    QList<RelationInfo> m_relations;
};

void TestTablePages::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    auto connection = DatabaseConnection::open(m_cluster.spec(QStringLiteral("pages")));
    QVERIFY(connection);
    m_connection = std::move(*connection);
    m_cluster.psql(QStringLiteral("CREATE EXTENSION citext; SET ROLE \"%1\";").arg(m_connection->parameters().user) +
                       QStringLiteral(R"(
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN small AS int CHECK (value < 1000);
CREATE TABLE many (
  id bigint PRIMARY KEY, dup int NOT NULL, maybe int, word text, c_word text COLLATE "C" NOT NULL,
  icu_word text COLLATE "de-x-icu", key uuid NOT NULL, m mood, n numeric, f float8, ts timestamptz, d small, flag bool,
  ch char(4), pr pair, bits bit(3), arr int[], ci citext);
INSERT INTO many
SELECT g, g % 5, CASE WHEN g % 4 = 0 THEN NULL ELSE g % 7 END,
       (ARRAY[NULL, '', 'a', 'A', 'ä', 'Z', 'z', 'ss', 'ß', '10', '9'])[1 + g % 11],
       (ARRAY['', 'a', 'A', 'ä', 'Z', 'z', '_', ' ', '~'])[1 + g % 9],
       (ARRAY[NULL, 'a', 'A', 'ä', 'Z', 'z', 'Ä', 'ss', 'ß'])[1 + g % 9],
       md5(g::text)::uuid, (ARRAY[NULL, 'happy', 'sad', 'ok'])[1 + g % 4]::mood,
       (ARRAY['NaN', 'Infinity', '-Infinity', NULL, '1.0', '1.00', '0', '-1e50'])[1 + g % 8]::numeric,
       (ARRAY['NaN', 'Infinity', '-Infinity', NULL, '0.1', '-0', '0', '1e-300'])[1 + g % 8]::float8,
       (ARRAY['infinity', '-infinity', NULL, '2026-01-02 03:04:05.123456+00', '2026-01-02 03:04:05.123457+00',
              '0044-03-15 12:00:00+00 BC'])[1 + g % 6]::timestamptz,
       g % 6, (ARRAY[true, false, NULL])[1 + g % 3], (ARRAY['a', 'ab', NULL, ' x'])[1 + g % 4],
       CASE WHEN g % 5 = 0 THEN NULL ELSE ROW(g % 3, NULLIF(g % 2, 0)::text)::pair END, (g % 8)::bit(3),
       CASE WHEN g % 3 = 0 THEN NULL ELSE ARRAY[g % 4, g % 2] END, (ARRAY[NULL, 'b', 'B', 'a', 'A'])[1 + g % 5]
  FROM generate_series(1, 100) g;
CREATE TABLE two (b text, a int, v text, PRIMARY KEY (a, b));
INSERT INTO two SELECT chr(97 + g % 9), g / 9, CASE WHEN g % 3 > 0 THEN 'v' || g % 3 END FROM generate_series(1, 80) g;
CREATE TABLE texts (k text COLLATE "de-x-icu" PRIMARY KEY);
INSERT INTO texts SELECT DISTINCT chr(33 + g) || chr(33 + g * 7 % 90) FROM generate_series(1, 90) g;
CREATE TABLE keyless (a int, t text);
INSERT INTO keyless SELECT CASE WHEN g % 9 = 0 THEN NULL ELSE g % 4 END, repeat('x', g % 900) FROM generate_series(1, 400) g;
CREATE TABLE holes (a int, t text);
INSERT INTO holes SELECT g, repeat('x', 300) FROM generate_series(1, 3000) g;
CREATE TABLE no_rows (a int);
CREATE MATERIALIZED VIEW stored AS SELECT * FROM many WHERE id <= 50;
CREATE VIEW seen AS SELECT id, word FROM many;
CREATE TABLE parent (a int);
CREATE TABLE child () INHERITS (parent);
INSERT INTO parent SELECT generate_series(1, 20);
INSERT INTO child SELECT generate_series(21, 40);
CREATE TABLE "Odd ""%1""" ("select" int, "%2 ""x""" text, "Odd ""%1""" int, PRIMARY KEY ("Odd ""%1""", "%2 ""x"""));
INSERT INTO "Odd ""%1""" SELECT g % 5, 'k' || g, g % 3 FROM generate_series(1, 40) g;
CREATE TABLE big (id bigint PRIMARY KEY, a int NOT NULL, n int, t text);
INSERT INTO big SELECT g, g % 1000, CASE WHEN g % 10 > 0 THEN g % 777 END, 't' || g FROM generate_series(1, 30000) g;
CREATE INDEX ON big (a, id);
CREATE INDEX ON big (n, id);
ANALYZE big, keyless, stored;
)"),
                   QStringLiteral("pages"));
    m_cluster.psql(QStringLiteral("DELETE FROM holes WHERE a BETWEEN 500 AND 2950 OR a < 20; VACUUM (TRUNCATE false) "
                                  "holes; ANALYZE holes"),
                   QStringLiteral("pages"));
    const auto relations = CatalogReader::relations(*m_connection);
    QVERIFY(relations);
    m_relations = *relations;
}

void TestTablePages::orders_data()
{
    QTest::addColumn<QString>("table");
    QTest::addColumn<QString>("sort");
    for (const char *sort : {"",
                             "-id",
                             "dup",
                             "-dup",
                             "maybe",
                             "-maybe",
                             "dup -id",
                             "-dup id",
                             "maybe -dup",
                             "-maybe dup",
                             "maybe word",
                             "-maybe -word",
                             "word",
                             "-word",
                             "c_word",
                             "-c_word",
                             "icu_word",
                             "-icu_word",
                             "word -icu_word maybe",
                             "key",
                             "-key",
                             "m",
                             "-m",
                             "m maybe -n",
                             "n",
                             "-n",
                             "f",
                             "-f",
                             "ts",
                             "-ts",
                             "-ts -n f",
                             "d",
                             "-d -maybe",
                             "flag",
                             "-flag ch",
                             "ch",
                             "-ch",
                             "pr",
                             "-pr",
                             "bits -arr",
                             "arr",
                             "-arr maybe",
                             "ci",
                             "-ci -id",
                             "flag m -maybe ts"}) {
        QTest::addRow("many: %s", sort) << QStringLiteral("many") << QString::fromLatin1(sort);
    }
    for (const char *sort : {"", "b", "-b", "-a", "a -b", "-a b", "v", "-v", "v -a", "-v b"}) {
        QTest::addRow("two: %s", sort) << QStringLiteral("two") << QString::fromLatin1(sort);
    }
    for (const char *sort : {"", "-k"}) {
        QTest::addRow("texts: %s", sort) << QStringLiteral("texts") << QString::fromLatin1(sort);
    }
    for (const char *sort : {"a", "-a", "t -a", "-t"}) {
        QTest::addRow("keyless: %s", sort) << QStringLiteral("keyless") << QString::fromLatin1(sort);
    }
    for (const char *sort : {"word", "-maybe"}) {
        QTest::addRow("stored: %s", sort) << QStringLiteral("stored") << QString::fromLatin1(sort);
    }
}

void TestTablePages::orders()
{
    QFETCH(QString, table);
    QFETCH(QString, sort);
    TableQuery pages = query(table, sort);
    QVERIFY(!pages.columns.isEmpty());
    QStringList order;
    for (const SortColumn &column : pages.order()) {
        order += quoteIdentifier(column.column) + (column.descending ? QStringLiteral(" DESC") : QString());
    }
    const QStringList expected = psqlLines(
        QStringLiteral("SELECT * FROM %1 ORDER BY %2").arg(pages.table.quoted(), order.join(QStringLiteral(", "))));
    QVERIFY(expected.size() >= 50);
    QCOMPARE(walk(pages, false), expected);
    QCOMPARE(walk(pages, true), expected);
    // From each row at once: itself and what follows, what is behind it, what is before it.
    pages.limit = 1000;
    const RowPage all = fetch(pages);
    QCOMPARE(lines(all), expected);
    QVERIFY(!all.hasMore);
    pages.limit = 3;
    for (qsizetype row = 0; row < all.rowCount(); row += 7) {
        pages.bound = all.bound(row);
        pages.from = From::At;
        RowPage page = fetch(pages);
        QCOMPARE(lines(page), expected.mid(row, 3));
        QCOMPARE(page.hasMore, row + 3 < expected.size());
        pages.from = From::After;
        page = fetch(pages);
        QCOMPARE(lines(page), expected.mid(row + 1, 3));
        QCOMPARE(page.hasMore, row + 4 < expected.size());
        pages.from = From::Before;
        page = fetch(pages);
        QCOMPARE(lines(page), expected.mid(qMax<qsizetype>(0, row - 3), qMin<qsizetype>(3, row)));
        QCOMPARE(page.hasMore, row > 3);
        pages.from = From::Offset;
        pages.offset = row;
        QCOMPARE(lines(fetch(pages)), expected.mid(row, 3));
    }
}

void TestTablePages::withFilter()
{
    TableQuery pages = query(QStringLiteral("many"), QStringLiteral("-maybe word"));
    pages.filter.conditions = {
        FilterCondition{QStringLiteral("dup"), FilterCondition::Operator::NotEqual, {QStringLiteral("3")}}};
    pages.filter.where = QStringLiteral("id % 2 = 1 OR many.word = 'ä' -- and no more");
    const QStringList expected = psqlLines(QStringLiteral("SELECT * FROM many WHERE dup <> 3 AND (id % 2 = 1 OR word = "
                                                          "'ä') ORDER BY maybe DESC, word, id"));
    QVERIFY(expected.size() > 20);
    QCOMPARE(walk(pages, false), expected);
    QCOMPARE(walk(pages, true), expected);
    const auto count = countRows(*m_connection, pages);
    QVERIFY(count);
    QCOMPARE(*count, expected.size());
    pages.filter.where = QStringLiteral("true) OR (true");
    const auto refused = fetchPage(*m_connection, pages);
    QVERIFY(!refused);
    QCOMPARE(int(refused.error().code), int(ErrorCode::InvalidInput));
    QVERIFY(!countRows(*m_connection, pages));
}

/// A jump knows only the first column.
void TestTablePages::shortBounds()
{
    TableQuery pages = query(QStringLiteral("two"));
    pages.bound = {QStringLiteral("4")};
    pages.from = From::At;
    QCOMPARE(lines(fetch(pages)), psqlLines(QStringLiteral("SELECT * FROM two WHERE a >= 4 ORDER BY a, b LIMIT 7")));
    pages.from = From::After;
    QCOMPARE(lines(fetch(pages)), psqlLines(QStringLiteral("SELECT * FROM two WHERE a > 4 ORDER BY a, b LIMIT 7")));
    pages.from = From::Before;
    QCOMPARE(lines(fetch(pages)), psqlLines(QStringLiteral("SELECT * FROM (SELECT * FROM two WHERE a < 4 ORDER BY a "
                                                           "DESC, b DESC LIMIT 7) x ORDER BY a, b")));
    pages = query(QStringLiteral("many"), QStringLiteral("-maybe dup"));
    pages.from = From::At;
    pages.bound = {QStringLiteral("4")};
    QCOMPARE(lines(fetch(pages)),
             psqlLines(QStringLiteral("SELECT * FROM many WHERE maybe <= 4 ORDER BY maybe DESC, dup, id LIMIT 7")));
}

void TestTablePages::nullsInTheBound()
{
    TableQuery pages = query(QStringLiteral("many"), QStringLiteral("maybe"));
    pages.bound = {std::nullopt};
    pages.from = From::At;
    QCOMPARE(lines(fetch(pages)),
             psqlLines(QStringLiteral("SELECT * FROM many WHERE maybe IS NULL ORDER BY id LIMIT 7")));
    pages.from = From::After;
    QCOMPARE(fetch(pages).rowCount(), 0);
    pages.sort = sortOf(QStringLiteral("-maybe"));
    QCOMPARE(
        lines(fetch(pages)),
        psqlLines(QStringLiteral("SELECT * FROM many WHERE maybe IS NOT NULL ORDER BY maybe DESC, id DESC LIMIT 7")));
}

void TestTablePages::placesCoverTheTable_data()
{
    QTest::addColumn<QString>("table");
    for (const char *table : {"keyless", "holes", "stored", "child"}) {
        QTest::newRow(table) << QString::fromLatin1(table);
    }
}

void TestTablePages::placesCoverTheTable()
{
    QFETCH(QString, table);
    TableQuery pages = query(table);
    QCOMPARE(pages.paging(), Paging::ByPlace);
    pages.limit = 11;
    const QStringList expected = psqlLines(QStringLiteral("SELECT * FROM %1").arg(table));
    QVERIFY(expected.size() >= 20);
    QCOMPARE(walk(pages, false), expected);
    QCOMPARE(walk(pages, true), expected);
    pages.limit = 100'000;
    const RowPage all = fetch(pages);
    QCOMPARE(lines(all), expected);
    pages.limit = 4;
    for (qsizetype row = 0; row < all.rowCount(); row += 9) {
        pages.bound = all.bound(row);
        pages.from = From::At;
        QCOMPARE(lines(fetch(pages)), expected.mid(row, 4));
        pages.from = From::Before;
        const RowPage page = fetch(pages);
        QCOMPARE(lines(page), expected.mid(qMax<qsizetype>(0, row - 4), qMin<qsizetype>(4, row)));
        QCOMPARE(page.hasMore, row > 4);
    }
    pages.serverVersion = 130000; // it cannot start a scan in the middle
    QCOMPARE(pages.paging(), Paging::ByOffset);
    QCOMPARE(query(QStringLiteral("parent")).paging(), Paging::ByOffset);
}

/// Many blocks without a row, and a filter that leaves few.
void TestTablePages::placesWithHoles()
{
    TableQuery pages = query(QStringLiteral("holes"));
    pages.filter.where = QStringLiteral("a % 100 = 0");
    const QStringList expected = psqlLines(QStringLiteral("SELECT * FROM holes WHERE a % 100 = 0"));
    QCOMPARE(expected.size(), 5);
    pages.limit = 2;
    QCOMPARE(walk(pages, false), expected);
    QCOMPARE(walk(pages, true), expected);
    TableQuery none = query(QStringLiteral("no_rows"));
    for (const From from : {From::First, From::Last}) {
        none.from = from;
        const RowPage page = fetch(none);
        QCOMPARE(page.rowCount(), 0);
        QVERIFY(!page.hasMore);
        QCOMPARE(page.columns.size(), 1);
    }
}

/// A scan with helper processes does not go in the order of the file.
void TestTablePages::noHelpersByPlace()
{
    QVERIFY(m_connection->execute(QStringLiteral("SET parallel_setup_cost = 0; ")));
    QVERIFY(m_connection->execute(QStringLiteral("SET parallel_tuple_cost = 0")));
    QVERIFY(m_connection->execute(QStringLiteral("SET min_parallel_table_scan_size = 0")));
    const auto plan = [&](const QString &sql) {
        QString text;
        auto rows = m_connection->query(QStringLiteral("EXPLAIN ") + sql);
        while (rows && rows->next()) {
            text += rows->value(0).toString() + u'\n';
        }
        return text;
    };
    TableQuery pages = query(QStringLiteral("holes"));
    pages.filter.where = QStringLiteral("a % 100 = 0");
    const QString plain = plan(QStringLiteral("SELECT * FROM holes WHERE a % 100 = 0 LIMIT 8"));
    QVERIFY2(plain.contains(QStringLiteral("Gather")), qPrintable(plain)); // else this shows nothing
    const QString ours = plan(pages.statement().sql);
    QVERIFY2(ours.contains(QStringLiteral("Seq Scan")) && !ours.contains(QStringLiteral("Gather")), qPrintable(ours));
    pages.from = From::After;
    pages.bound = {QStringLiteral("(3,1)")};
    SqlStatement after = pages.statement();
    after.sql.replace(QStringLiteral("$1"), QStringLiteral("'(3,1)'"));
    const QString range = plan(after.sql);
    QVERIFY2(range.contains(QStringLiteral("Tid Range Scan")) && !range.contains(QStringLiteral("Gather")),
             qPrintable(range));
    QVERIFY(m_connection->execute(QStringLiteral("RESET ALL")));
}

void TestTablePages::numbersCoverTheView()
{
    TableQuery pages = query(QStringLiteral("seen"), QStringLiteral("-id"));
    QCOMPARE(pages.paging(), Paging::ByOffset);
    const QStringList expected = psqlLines(QStringLiteral("SELECT * FROM seen ORDER BY id DESC"));
    QCOMPARE(walk(pages, false), expected);
    QCOMPARE(walk(pages, true), expected);
    pages.from = From::Last;
    RowPage page = fetch(pages);
    QCOMPARE(page.bound(0), QList<CellValue>{QStringLiteral("93")});
    QVERIFY(page.hasMore);
    pages.from = From::Before;
    pages.bound = {QStringLiteral("3")};
    page = fetch(pages);
    QCOMPARE(lines(page), expected.mid(0, 3));
    QVERIFY(!page.hasMore);
    pages.from = From::Offset;
    pages.offset = 40;
    page = fetch(pages);
    QCOMPARE(lines(page), expected.mid(40, 7));
    QCOMPARE(page.bound(2), QList<CellValue>{QStringLiteral("42")});
    QCOMPARE(page.key(2), RowKey());
}

void TestTablePages::oddNames()
{
    const TableQuery pages = query(QStringLiteral("Odd \"%1\""), QStringLiteral("-select"));
    QCOMPARE(pages.keyColumns.size(), 2);
    const QStringList expected = psqlLines(
        QStringLiteral(R"(SELECT * FROM "Odd ""%1""" ORDER BY "select" DESC, "Odd ""%1""" DESC, "%2 ""x""" DESC)"));
    QCOMPARE(expected.size(), 40);
    QCOMPARE(walk(pages, false), expected);
    QCOMPARE(walk(pages, true), expected);
}

void TestTablePages::eachIsOneRoundTrip_data()
{
    QTest::addColumn<QString>("table");
    QTest::addColumn<QString>("sort");
    QTest::newRow("by key") << "many"
                            << "";
    QTest::newRow("sorted") << "many"
                            << "-maybe m word";
    QTest::newRow("two columns") << "two"
                                 << "";
    QTest::newRow("by place") << "keyless"
                              << "";
    QTest::newRow("by place, sorted") << "keyless"
                                      << "a";
    QTest::newRow("by number") << "seen"
                               << "";
}

void TestTablePages::eachIsOneRoundTrip()
{
    QFETCH(QString, table);
    QFETCH(QString, sort);
    ConnectionSpec spec = m_cluster.spec(QStringLiteral("pages"));
    TcpProxy proxy(spec.parameters.port);
    spec.parameters.port = proxy.port();
    const auto connection = DatabaseConnection::open(spec);
    QVERIFY(connection);
    TableQuery pages = query(table, sort);
    const RowPage first = fetch(pages);
    pages.bound = first.bound(3);
    pages.offset = 20;
    if (pages.paging() == Paging::ByPlace && sort.isEmpty()) {
        pages.bound = {QStringLiteral("(5,1)")};
    }
    for (const From from : {From::First, From::Last, From::After, From::Before, From::At, From::Offset}) {
        pages.from = from;
        proxy.resetCount();
        const auto page = fetchPage(**connection, pages);
        QVERIFY(page && page->rowCount() > 0);
        QCOMPARE(proxy.roundTrips(), 1);
    }
    const auto trips = [&](const auto &call) {
        proxy.resetCount();
        return call() ? proxy.roundTrips() : -1;
    };
    QCOMPARE(trips([&] { return countRows(**connection, pages).has_value(); }), 1);
    QCOMPARE(trips([&] { return estimateSort(**connection, pages).has_value(); }), 1);
    QCOMPARE(trips([&] { return PositionMap::read(**connection, pages).has_value(); }),
             pages.paging() == Paging::ByOffset ? 0 : 1);
    QCOMPARE(trips([&] { return findRow(**connection, pages, QStringLiteral("a"), false).has_value(); }), 1);
}

void TestTablePages::usesTheIndex_data()
{
    QTest::addColumn<QString>("sort");
    QTest::addColumn<QVariantList>("bound");
    QTest::newRow("key") << "" << QVariantList{"15000"};
    QTest::newRow("key down") << "-id" << QVariantList{"15000"};
    QTest::newRow("not null, then the key") << "a" << QVariantList{"500", "15500"};
    QTest::newRow("down") << "-a" << QVariantList{"500", "15500"};
    QTest::newRow("nullable") << "n" << QVariantList{"500", "15500"};
    QTest::newRow("nullable down") << "-n" << QVariantList{"500", "15500"};
    QTest::newRow("among the nulls") << "n" << QVariantList{QVariant(), "15000"};
    QTest::newRow("among the nulls, down") << "-n" << QVariantList{QVariant(), "15000"};
    QTest::newRow("directions differ") << "a -id" << QVariantList{"500", "15500"};
}

/// The index leads to the place: nothing before it is read, and not the table to its end.
void TestTablePages::usesTheIndex()
{
    QFETCH(QString, sort);
    QFETCH(QVariantList, bound);
    TableQuery pages = query(QStringLiteral("big"), sort);
    for (const QVariant &value : bound) {
        pages.bound += value.isNull() ? CellValue() : CellValue(value.toString());
    }
    for (const From from : {From::First, From::Last, From::After, From::Before, From::At}) {
        pages.from = from;
        const SqlStatement statement = pages.statement();
        auto rows =
            m_connection->query(QStringLiteral("EXPLAIN (ANALYZE, BUFFERS) ") + statement.sql, statement.parameters);
        QVERIFY2(rows, rows ? "" : qPrintable(rows.error().detail + statement.sql));
        QString plan;
        while (rows->next()) {
            plan += rows->value(0).toString() + u'\n';
        }
        static const QRegularExpression buffers(QStringLiteral("Buffers: shared (?:hit=(\\d+))?(?: ?read=(\\d+))?"));
        const QRegularExpressionMatch match = buffers.match(plan);
        QVERIFY2(match.hasMatch(), qPrintable(plan));
        const int read = match.captured(1).toInt() + match.captured(2).toInt();
        QVERIFY2(plan.contains(QStringLiteral("Index")) && read < 120, qPrintable(statement.sql + u'\n' + plan));
    }
}

void TestTablePages::stopsOnTheServer()
{
    TableQuery slow = query(QStringLiteral("big"));
    slow.filter.where = QStringLiteral("t = (SELECT pg_sleep(60)::text)");
    const QString state =
        QStringLiteral("SELECT state FROM pg_stat_activity WHERE pid = %1").arg(m_connection->server().backendPid);
    std::stop_source stop;
    std::thread watcher([&] {
        while (m_cluster.psql(state) != u"active") {
            std::this_thread::yield();
        }
        stop.request_stop();
    });
    const auto page = fetchPage(*m_connection, slow, stop.get_token());
    watcher.join();
    QVERIFY(!page);
    QVERIFY(page.error().isCancelled());
    QTRY_COMPARE(m_cluster.psql(state), QStringLiteral("idle"));
    QCOMPARE(fetch(query(QStringLiteral("two"))).rowCount(), 7); // the connection is as good as before
}

QTEST_GUILESS_MAIN(TestTablePages)
#include "tst_tablepages.moc"
