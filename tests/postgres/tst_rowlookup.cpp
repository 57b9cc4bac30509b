#include "postgres/catalogreader.h"
#include "postgres/databaseconnection.h"
#include "postgres/tablequery.h"
#include "support/temporarycluster.h"

#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

using From = TableQuery::From;
using Operator = FilterCondition::Operator;

Q_DECLARE_METATYPE(Roost::FilterCondition::Operator)

/// Filters on the server, finding a text, and what the planner says of a sort.
class TestRowLookup : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void conditions_data();
    void conditions();
    void everyTypeTakesItsOwnValue_data();
    void everyTypeTakesItsOwnValue();
    void finds_data();
    void finds();
    void findsEverywhere();
    void findsOneAfterTheOther();
    void estimates();
    void estimateOfPartsInOrder();

private:
    TableQuery query(const QString &name, const QString &sort = {})
    {
        TableQuery query;
        for (const RelationInfo &relation : m_relations) {
            if (relation.id.name == name) {
                query.table = relation.id;
                query.kind = relation.kind;
                query.columns = relation.columns;
                query.keyColumns = relation.keyColumns;
            }
        }
        query.serverVersion = m_connection->server().version;
        if (!sort.isEmpty()) {
            query.sort = {SortColumn{sort, false}};
        }
        return query;
    }
    QString ids(const TableQuery &query)
    {
        const auto page = fetchPage(*m_connection, query);
        if (!page) {
            return page.error().message + page.error().detail + query.statement().sql;
        }
        QStringList all;
        for (qsizetype row = 0; row < page->rowCount(); ++row) {
            all += page->text(row, 0);
        }
        return all.join(u' ');
    }

    TemporaryCluster m_cluster;
    std::unique_ptr<DatabaseConnection> m_connection;
    QList<RelationInfo> m_relations;
};

void TestRowLookup::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    auto connection = DatabaseConnection::open(m_cluster.spec(QStringLiteral("lookup")));
    QVERIFY(connection);
    m_connection = std::move(*connection);
    m_cluster.psql(QStringLiteral("CREATE EXTENSION citext; CREATE EXTENSION hstore; SET ROLE \"%1\";")
                           .arg(m_connection->parameters().user) +
                       QStringLiteral(R"sql(
CREATE TYPE mood AS ENUM ('sad', 'ok', 'it''s');
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN tiny AS int CHECK (value < 100);
CREATE TABLE f (id int PRIMARY KEY, t text, n numeric(6,2), i int, v varchar(5), c char(5), m mood, d tiny, b bool,
  ts timestamptz, j json, jb jsonb, x xml, a int[], p pair, bx box, u uuid, by bytea, ci citext, h hstore, ip inet);
INSERT INTO f VALUES
 (1, 'Alpha', 1.00, 1, 'one', 'a', 'sad', 1, true, '2026-01-01', '{"a": 1}', '{"a": 1}', '<a/>', '{1,2}', '(1,x)',
  '(1,1),(0,0)', '00000000-0000-0000-0000-000000000001', '\x01', 'CiText', 'a=>1', '10.0.0.1'),
 (2, 'alp_ha', 2.50, 2, 'two', 'b', 'ok', 2, false, '2026-01-02', '{"a":1}', '{"a": 2}', '<b/>', '{}', '(,)',
  '(2,0.5),(0,0)', '00000000-0000-0000-0000-000000000002', '\x02', 'other', 'b=>2', '10.0.0.2'),
 (3, '100% sure\', 10.00, 30, 'three', 'ab', 'it''s', 3, true, 'infinity', '[]', '[]', '<c/>', '{3}', '(3,)',
  '(3,3),(1,1)', '00000000-0000-0000-0000-000000000003', '\x03', 'CITEXT', '', '10.0.0.0/8'),
 (4, '', NULL, NULL, '', '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
 (5, NULL, 'NaN', -5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
  NULL);
CREATE TABLE birds (id int PRIMARY KEY, name text, note text, seen int);
INSERT INTO birds SELECT g, 'bird ' || g, CASE WHEN g % 100 = 0 THEN 'A Needle_' || g END, 1000 - g
  FROM generate_series(1, 1000) g;
CREATE TABLE keyless AS SELECT * FROM birds;
CREATE VIEW seen AS SELECT * FROM birds;
CREATE INDEX ON birds (seen, id);
ANALYZE birds;
)sql"),
                   QStringLiteral("lookup"));
    const auto relations = CatalogReader::relations(*m_connection);
    QVERIFY(relations);
    m_relations = *relations;
}

void TestRowLookup::conditions_data()
{
    QTest::addColumn<QString>("column");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *column, const char *typed, const char *expected) {
        QTest::addRow("%s %s", column, typed)
            << QString::fromLatin1(column) << QString::fromUtf8(typed) << QString::fromLatin1(expected);
    };
    row("t", "alp", "1 2");
    row("t", "_", "2");
    row("t", "%", "3");
    row("t", "\\", "3");
    row("t", "^ALP", "1 2");
    row("t", "= alpha", "");
    row("t", "= Alpha", "1");
    row("t", "= ''", "4");
    row("t", "<> Alpha", "2 3 4 5");
    row("t", "null", "5");
    row("t", "not null", "1 2 3 4");
    row("t", "in (Alpha, alp_ha)", "1 2");
    row("t", "~ ^a", "2");
    row("t", "~* ^a", "1 2");
    row("t", "~ ^$", "4");
    row("n", "= 1", "1");
    row("n", "1.005", ""); // not rounded to the column's scale
    row("n", "> 2", "2 3 5");
    row("n", "1..2.5", "1 2");
    row("n", "NaN", "5");
    row("n", "contains .5", "2");
    row("n", "in (1, 10)", "1 3");
    row("i", "1..2", "1 2");
    row("i", "<0", "5");
    row("i", "contains 3", "3");
    row("v", "= three and more", ""); // not cut to the column's length
    row("v", "= three", "3");
    row("c", "= a", "1");
    row("c", "contains a ", "1 3");
    row("m", "ok", "2");
    row("m", "> sad", "2 3");
    row("m", "'it''s'", "3");
    row("m", "contains IT", "3");
    row("d", "< 200", "1 2 3"); // beyond the domain's check
    row("b", "true", "1 3");
    row("b", "<> true", "2 4 5");
    row("b", "contains t", "1 3"); // as it is shown
    row("ts", ">= 2026-01-02", "2 3");
    row("ts", "2026-01-01..2026-01-01 12:00", "1");
    row("ts", "infinity", "3");
    row("ts", "contains 01-02", "2");
    row("j", "= {\"a\":1}", "2"); // no `=` for json: its text
    row("j", "<> {\"a\":1}", "1 3 4 5");
    row("j", "in ('{\"a\":1}', [])", "2 3");
    row("j", "contains \"a\"", "1 2");
    row("jb", "= {\"a\":1}", "1");
    row("x", "= <b/>", "2");
    row("a", "= {1,2}", "1");
    row("a", "'{}'", "2");
    row("p", "= (1,x)", "1");
    row("p", "null", "4 5"); // and not (,)
    row("p", "not null", "1 2 3");
    row("bx", "= '(1,1),(0,0)'", "1"); // not those with the same area
    row("u", "00000000-0000-0000-0000-000000000002", "2");
    row("u", "contains 0003", "3");
    row("by", "= \\x02", "2");
    row("ci", "citext", "1 3");
    row("ci", "= citext", "1 3");
    row("h", "= a=>1", "1");
    row("ip", "= 10.0.0.1", "1");
    row("ip", "contains /", "3"); // the server shows no /32
}

void TestRowLookup::conditions()
{
    QFETCH(QString, column);
    QFETCH(QString, typed);
    TableQuery filtered = query(QStringLiteral("f"));
    for (const RowColumn &one : filtered.columns) {
        if (one.name == column) {
            const auto condition = parseCondition(one, typed);
            QVERIFY2(condition, condition ? "" : qPrintable(condition.error().message));
            filtered.filter.conditions = {*condition};
        }
    }
    QCOMPARE(filtered.filter.conditions.size(), 1);
    QTEST(ids(filtered), "expected");
}

void TestRowLookup::everyTypeTakesItsOwnValue_data()
{
    QTest::addColumn<QString>("column");
    for (const RowColumn &column : query(QStringLiteral("f")).columns) {
        QTest::newRow(qPrintable(column.name)) << column.name;
    }
}

/// "Filter by this cell": = and <> with the text that the cell shows.
void TestRowLookup::everyTypeTakesItsOwnValue()
{
    QFETCH(QString, column);
    const auto all = fetchPage(*m_connection, query(QStringLiteral("f")));
    QVERIFY(all);
    const auto found = std::find_if(all->columns.cbegin(), all->columns.cend(),
                                    [&](const ResultColumn &one) { return one.name == column; });
    const qsizetype place = found - all->columns.cbegin();
    for (const qsizetype row : {0, 1, 2}) {
        TableQuery filtered = query(QStringLiteral("f"));
        filtered.filter.conditions = {FilterCondition{column, Operator::Equal, {all->text(row, place)}}};
        QVERIFY2(ids(filtered).split(u' ').contains(all->text(row, 0)), qPrintable(ids(filtered)));
        filtered.filter.conditions.first().op = Operator::NotEqual;
        QVERIFY2(!ids(filtered).split(u' ').contains(all->text(row, 0)), qPrintable(ids(filtered)));
        QVERIFY2(ids(filtered).contains(QStringLiteral("5")), qPrintable(ids(filtered))); // NULL is different
    }
}

void TestRowLookup::finds_data()
{
    QTest::addColumn<QString>("table");
    QTest::addColumn<QString>("sort");
    for (const char *table : {"birds", "keyless", "seen"}) {
        for (const char *sort : {"", "seen"}) {
            QTest::addRow("%s %s", table, sort) << QString::fromLatin1(table) << QString::fromLatin1(sort);
        }
    }
}

/// From every kind of place, both ways.
void TestRowLookup::finds()
{
    QFETCH(QString, table);
    QFETCH(QString, sort);
    TableQuery pages = query(table, sort);
    pages.limit = 1000;
    const auto all = fetchPage(*m_connection, pages);
    QVERIFY(all);
    QCOMPARE(all->rowCount(), 1000);
    const auto found = [&](From from, qsizetype row, bool backward) -> QString {
        pages.from = from;
        pages.bound = row < 0 ? QList<CellValue>() : all->bound(row);
        pages.offset = row;
        const auto page = findRow(*m_connection, pages, QStringLiteral("needle_"), backward);
        if (!page) {
            return page.error().message + page.error().detail;
        }
        if (page->rowCount() == 0) {
            return QStringLiteral("none");
        }
        // Its bound leads to it.
        TableQuery at = pages;
        at.from = From::At;
        at.bound = page->bound(0);
        at.limit = 1;
        const auto again = fetchPage(*m_connection, at);
        return again && again->rowCount() == 1 && again->text(0, 0) == page->text(0, 0) ? page->text(0, 0)
                                                                                        : QStringLiteral("astray");
    };
    // By `seen` the rows stand upside down: row r has the id 1000 - r, else r + 1.
    const bool isTurned = !sort.isEmpty();
    const auto id = [&](int up, int turned) { return QString::number(isTurned ? turned : up); };
    QCOMPARE(found(From::First, -1, false), id(100, 1000));
    QCOMPARE(found(From::Last, -1, true), id(1000, 100));
    QCOMPARE(found(From::At, 450, false), id(500, 500));
    QCOMPARE(found(From::At, 450, true), id(400, 600));
    QCOMPARE(found(From::After, 450, false), id(500, 500));
    QCOMPARE(found(From::Before, 450, true), id(400, 600));
    QCOMPARE(found(From::Offset, 450, false), id(500, 500));
    QCOMPARE(found(From::Offset, 450, true), id(400, 600));
    const qsizetype hit = isTurned ? 500 : 499; // the row with id 500
    QCOMPARE(found(From::At, hit, false), QStringLiteral("500"));
    QCOMPARE(found(From::At, hit, true), QStringLiteral("500"));
    QCOMPARE(found(From::After, hit, false), id(600, 400));
    QCOMPARE(found(From::Before, hit, true), id(400, 600));
    QCOMPARE(found(From::Offset, hit, false), QStringLiteral("500"));
    QCOMPARE(found(From::Offset, hit, true), QStringLiteral("500"));
    QCOMPARE(found(From::After, isTurned ? 990 : 999, false), QStringLiteral("none"));
    QCOMPARE(found(From::Before, 0, true), QStringLiteral("none"));
}

void TestRowLookup::findsEverywhere()
{
    const TableQuery pages = query(QStringLiteral("f"));
    const auto found = [&](const char *text, const QStringList &columns = {}) {
        const auto page = findRow(*m_connection, pages, QString::fromUtf8(text), false, columns);
        return !page ? page.error().detail : page->rowCount() == 0 ? QStringLiteral("none") : page->text(0, 0);
    };
    QCOMPARE(found("it's"), QStringLiteral("3"));
    QCOMPARE(found("2.50"), QStringLiteral("2"));
    QCOMPARE(found("\\x03"), QStringLiteral("3"));
    QCOMPARE(found("%"), QStringLiteral("3"));
    QCOMPARE(found("2026-01-02"), QStringLiteral("2"));
    QCOMPARE(found("<C/>"), QStringLiteral("3"));
    QCOMPARE(found("nowhere"), QStringLiteral("none"));
    QCOMPARE(found("two", {QStringLiteral("t")}), QStringLiteral("none"));
    QCOMPARE(found("two", {QStringLiteral("v")}), QStringLiteral("2"));
}

void TestRowLookup::findsOneAfterTheOther()
{
    TableQuery pages = query(QStringLiteral("birds"));
    pages.filter.where = QStringLiteral("id > 250");
    QStringList hits;
    pages.from = From::First;
    while (hits.size() < 20) {
        const auto page = findRow(*m_connection, pages, QStringLiteral("Needle"), false);
        QVERIFY(page);
        if (page->rowCount() == 0) {
            break;
        }
        QCOMPARE(page->key(0), RowKey{page->text(0, 0)});
        hits += page->text(0, 0);
        pages.from = From::After;
        pages.bound = page->bound(0);
    }
    QCOMPARE(hits.join(u' '), QStringLiteral("300 400 500 600 700 800 900 1000"));
}

void TestRowLookup::estimates()
{
    auto estimate = estimateSort(*m_connection, query(QStringLiteral("birds")));
    QVERIFY(estimate);
    QVERIFY(estimate->usesIndex);
    QVERIFY(estimate->cost > 0);
    estimate = estimateSort(*m_connection, query(QStringLiteral("birds"), QStringLiteral("seen")));
    QVERIFY(estimate && estimate->usesIndex);
    estimate = estimateSort(*m_connection, query(QStringLiteral("birds"), QStringLiteral("name")));
    QVERIFY(estimate);
    QVERIFY(!estimate->usesIndex);
    QCOMPARE(estimate->rows, 1000);
    TableQuery filtered = query(QStringLiteral("birds"), QStringLiteral("name"));
    filtered.filter.conditions = {FilterCondition{QStringLiteral("id"), Operator::LessOrEqual, {QStringLiteral("50")}}};
    estimate = estimateSort(*m_connection, filtered);
    QVERIFY(estimate && !estimate->usesIndex);
    QVERIFY2(estimate->rows > 20 && estimate->rows < 100, qPrintable(QString::number(estimate->rows)));
}

/// An index on the first column of the order gives it in parts, and only those that a page needs are sorted.
void TestRowLookup::estimateOfPartsInOrder()
{
    m_cluster.psql(
        QStringLiteral("SET ROLE my_database_user;"
                       "CREATE TABLE parts (id integer PRIMARY KEY, fine text, coarse boolean);"
                       "INSERT INTO parts SELECT n, 'note ' || n, n % 2 = 0 FROM generate_series(1, 20000) n;"
                       "CREATE INDEX ON parts (fine); CREATE INDEX ON parts (coarse); ANALYZE parts"),
        QStringLiteral("lookup"));
    const auto relations = CatalogReader::relations(*m_connection);
    QVERIFY(relations);
    m_relations = *relations;
    TableQuery fine = query(QStringLiteral("parts"), QStringLiteral("fine"));
    fine.sort.first().descending = true;
    auto estimate = estimateSort(*m_connection, fine);
    QVERIFY(estimate);
    QVERIFY(estimate->usesIndex);
    QVERIFY2(estimate->rows < 1000, qPrintable(QString::number(estimate->rows)));
    // Half of the table is one part.
    estimate = estimateSort(*m_connection, query(QStringLiteral("parts"), QStringLiteral("coarse")));
    QVERIFY(estimate);
    QVERIFY2(estimate->rows > 8000, qPrintable(QString::number(estimate->rows)));
}

QTEST_GUILESS_MAIN(TestRowLookup)
#include "tst_rowlookup.moc"
