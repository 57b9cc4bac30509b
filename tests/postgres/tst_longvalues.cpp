#include "postgres/catalogreader.h"
#include "postgres/databaseconnection.h"
#include "postgres/tablequery.h"
#include "support/tcpproxy.h"
#include "support/temporarycluster.h"

#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

/// Long values come shortened and say so; every other one comes as the server prints it.
class TestLongValues : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void everyType_data();
    void everyType();
    void beginnings_data();
    void beginnings();
    void orderComesWhole();
    void viewsToo();
    void pagesStaySmall();
    void wholeCell();

private:
    TableQuery query(const QString &name) const
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
        return query;
    }
    static qsizetype columnOf(const RowPage &page, const QString &name)
    {
        for (qsizetype i = 0; i < page.columns.size(); ++i) {
            if (page.columns.at(i).name == name) {
                return i;
            }
        }
        return -1;
    }

    TemporaryCluster m_cluster;
    std::unique_ptr<DatabaseConnection> m_connection;
    QList<RelationInfo> m_relations;
};

void TestLongValues::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    auto connection = DatabaseConnection::open(m_cluster.spec(QStringLiteral("long")));
    QVERIFY(connection);
    m_connection = std::move(*connection);
    m_cluster.psql(QStringLiteral("CREATE EXTENSION citext; CREATE EXTENSION hstore; SET ROLE \"%1\";")
                           .arg(m_connection->parameters().user) +
                       QStringLiteral(R"sql(
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN words AS text;
CREATE DOMAIN facts AS jsonb;
CREATE TABLE every (id int PRIMARY KEY, b bool, bp char(600), c4 char(4), v varchar, t text, w words, ch "char", nm name,
  i inet, ci cidr, mo money, j json, jb jsonb, fa facts, x xml, by bytea, a int[], ta text[], ms mood[], p pair,
  ps pair[], tv tsvector, tq tsquery, h hstore, cit citext, vb bit varying, po polygon, pa path, r int4range,
  mr int4multirange, n numeric, f float8, ts timestamptz, iv interval);
INSERT INTO every VALUES
 (1, true, 'x  ', 'a', 'v ', ' t ', 'w', 'c', 'n', '10.0.0.1/8', '10/8', 12.5, '{"a":  1, "a": 2}', '{"b":  [1.0, "x"]}',
  '{"z": null}', '<?xml version="1.0" encoding="UTF-8"?><a  b="1"/>', '\x00ff10', '{1,NULL,3}', '{a,"b c",NULL,"NULL",""}',
  '{sad,ok}', '(1,"x y")', '{"(1,a)","(,)"}', 'a:1 b:2A', 'a & !b', 'a=>1, b=>NULL', 'CiTeXt', '10101',
  '((0,0),(1,1.5),(2,0))', '[(0,0),(1,1)]', '[1,5)', '{[1,2),[3,4)}', 1.50, 0.1, '2026-01-02 03:04:05.1+02',
  '1 mon 2 days 03:00:00'),
 (2, false, '', '', '', '', '', '', '', '::1', '::/0', -0.01, 'null', 'null', '1', '', '', '{}', '{}', '{}', '(,)', '{}',
  '', '', '', '', '', '((0,0))', '((0,0))', 'empty', '{}', 'NaN', '-0', 'infinity', '0'),
 (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
  NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
 (4, NULL, repeat('y', 600), 'abcd', repeat('ä', 1000), repeat(E'\\', 2000), repeat('🐦', 500), E'\\', 'N', '1.2.3.4',
  '1.2.3.0/24', 1, ('[' || repeat(' ', 1900) || ']')::json, to_jsonb(repeat('k', 1900)), '{}', NULL,
  decode(repeat('ab', 2000), 'hex'), array_fill(7, ARRAY[400]), ARRAY[repeat('x', 1800)], NULL, ROW(1, repeat('q', 1800)),
  NULL, NULL, NULL, NULL, repeat('C', 1900)::citext, repeat('1', 9000)::bit varying, NULL, NULL, NULL, NULL, NULL, NULL,
  NULL, NULL);
CREATE TABLE longer (id int PRIMARY KEY, t text, v varchar, w words, bp char(3000), by bytea, j json, jb jsonb, fa facts,
                    x xml, a text[], p pair, cit citext, vb bit varying, note text);
ALTER TABLE longer ALTER t SET STORAGE EXTERNAL, ALTER by SET STORAGE EXTERNAL;
INSERT INTO longer SELECT 1, l, l, l, left(l, 3000), decode(repeat('00ff10ab', 5000), 'hex'), to_json(l), to_jsonb(l), to_jsonb(l),
    xmlparse(content '<a>' || l || '</a>'), ARRAY[l, 'x'], ROW(7, l)::pair, l, repeat('10', 20000)::bit varying,
    'short' FROM (SELECT string_agg(md5(g::text) || ':ä🐦', ',') AS l FROM generate_series(1, 800) g) x;
INSERT INTO longer SELECT 2, repeat('z', 1000000), repeat('z', 2001), repeat('z', 2000), NULL,
    decode(repeat('00', 2001), 'hex'), NULL, to_jsonb(repeat('z', 1000000)), NULL, NULL, NULL, NULL, NULL, NULL, NULL;
INSERT INTO longer (id, j) SELECT 3, to_json(string_agg(md5(g::text), '')) FROM generate_series(1, 9000) g;
CREATE VIEW seen AS SELECT id, t || '!' AS louder FROM longer;
)sql"),
                   QStringLiteral("long"));
    const auto relations = CatalogReader::relations(*m_connection);
    QVERIFY(relations);
    m_relations = *relations;
}

void TestLongValues::everyType_data()
{
    QTest::addColumn<QString>("column");
    for (const RowColumn &column : query(QStringLiteral("every")).columns) {
        QTest::newRow(qPrintable(column.name + u' ' + column.type)) << column.name;
    }
}

/// Byte for byte what `SELECT column` gives, and nothing of it is taken for long.
void TestLongValues::everyType()
{
    QFETCH(QString, column);
    const auto page = fetchPage(*m_connection, query(QStringLiteral("every")));
    QVERIFY2(page, page ? "" : qPrintable(page.error().detail));
    QCOMPARE(page->rowCount(), 4);
    const qsizetype place = columnOf(*page, column);
    auto plain = m_connection->query(QStringLiteral("SELECT %1 FROM every ORDER BY id").arg(quoteIdentifier(column)));
    QVERIFY(plain);
    for (qsizetype row = 0; row < 4; ++row) {
        QVERIFY(plain->next());
        QCOMPARE(page->isNull(row, place), plain->value(0).isNull());
        QCOMPARE(page->text(row, place), plain->value(0).toString());
        QVERIFY(!page->isShortened(row, place));
        QCOMPARE(page->storedBytes(row, place), -1);
    }
    const RowColumn known = query(QStringLiteral("every")).columns.at(place);
    QCOMPARE(page->columns.at(place).type, known.shortType);
    QCOMPARE(page->columns.at(place).typeOid, known.typeOid);
}

void TestLongValues::beginnings_data()
{
    QTest::addColumn<int>("id");
    QTest::addColumn<QString>("column");
    QTest::addColumn<qsizetype>("shown"); // characters; -1: all of it
    const qsizetype characters = 1000;
    for (const char *column : {"t", "v", "w", "bp", "j", "jb", "fa", "x", "a", "p", "cit"}) {
        QTest::addRow("%s", column) << 1 << QString::fromLatin1(column) << characters;
    }
    QTest::newRow("bytes") << 1 << QStringLiteral("by") << qsizetype(2 + 2 * 500);
    QTest::newRow("too large to be read for its beginning") << 3 << QStringLiteral("j") << qsizetype(0);
    QTest::newRow("short") << 1 << QStringLiteral("note") << qsizetype(-1);
    QTest::newRow("one byte too long") << 2 << QStringLiteral("v") << characters;
    QTest::newRow("not too long") << 2 << QStringLiteral("w") << qsizetype(-1);
    QTest::newRow("one byte of bytea too long") << 2 << QStringLiteral("by") << qsizetype(2 + 2 * 500);
    QTest::newRow("huge") << 2 << QStringLiteral("t") << characters;
    QTest::newRow("huge, packed") << 2 << QStringLiteral("jb") << characters;
}

void TestLongValues::beginnings()
{
    QFETCH(int, id);
    QFETCH(QString, column);
    QFETCH(qsizetype, shown);
    const TableQuery longer = query(QStringLiteral("longer"));
    const auto page = fetchPage(*m_connection, longer);
    QVERIFY2(page, page ? "" : qPrintable(page.error().detail));
    const qsizetype row = id - 1;
    const qsizetype place = columnOf(*page, column);
    auto plain = m_connection->query(
        QStringLiteral("SELECT %1, octet_length(%1::text), pg_column_size(%1) FROM longer WHERE id = %2")
            .arg(column)
            .arg(id));
    QVERIFY(plain && plain->next());
    const QString whole = plain->value(0).toString();
    QVERIFY(!page->isNull(row, place));
    if (shown < 0) {
        QVERIFY(!page->isShortened(row, place));
        QCOMPARE(page->text(row, place), whole);
        return;
    }
    QVERIFY(page->isShortened(row, place));
    const QString text = page->text(row, place);
    QCOMPARE(text, whole.left(text.size())); // its true beginning
    QCOMPARE(text.toUcs4().size(), shown);
    const bool isText = column == u"t" || column == u"v" || column == u"w";
    if (isText) {
        QCOMPARE(page->storedBytes(row, place), plain->value(1).toLongLong());
    } else if (column != u"by" && column != u"bp") {
        QCOMPARE(page->storedBytes(row, place), plain->value(2).toLongLong());
    }
    // All of it, when it is looked at.
    const auto cell = fetchCell(*m_connection, longer, page->key(row), column);
    QVERIFY(cell && cell->has_value());
    QCOMPARE(**cell, whole);
}

/// What a page begins behind must be whole.
void TestLongValues::orderComesWhole()
{
    TableQuery sorted = query(QStringLiteral("longer"));
    sorted.sort = {SortColumn{QStringLiteral("t"), false}};
    auto page = fetchPage(*m_connection, sorted);
    QVERIFY(page);
    const qsizetype place = columnOf(*page, QStringLiteral("t"));
    QVERIFY(!page->isShortened(1, place));
    QCOMPARE(page->text(1, place).size(), 1'000'000);
    QVERIFY(page->isShortened(1, columnOf(*page, QStringLiteral("v"))));
    sorted.from = TableQuery::From::After;
    sorted.bound = page->bound(1);
    page = fetchPage(*m_connection, sorted);
    QVERIFY(page);
    QCOMPARE(page->rowCount(), 1);
    QCOMPARE(page->key(0), RowKey{QStringLiteral("3")});
}

void TestLongValues::viewsToo()
{
    TableQuery seen = query(QStringLiteral("seen"));
    seen.sort = {SortColumn{QStringLiteral("id"), true}};
    const auto page = fetchPage(*m_connection, seen);
    QVERIFY(page);
    QCOMPARE(page->text(1, 0), QStringLiteral("2"));
    QVERIFY(page->isShortened(1, 1));
    QCOMPARE(page->storedBytes(1, 1), 1'000'001);
    QCOMPARE(page->text(1, 1), QStringLiteral("z").repeated(1000));
    const auto cell = fetchCell(*m_connection, seen, {}, QStringLiteral("louder"));
    QVERIFY(!cell);
    QCOMPARE(int(cell.error().code), int(ErrorCode::NotFound));
}

/// Megabytes in a page's rows are kilobytes on the wire.
void TestLongValues::pagesStaySmall()
{
    QVERIFY(m_connection->execute(QStringLiteral("CREATE TABLE heavy (id int PRIMARY KEY, t text, j jsonb)")));
    QVERIFY(m_connection->execute(QStringLiteral("INSERT INTO heavy SELECT g, repeat('abc', 100000), "
                                                 "to_jsonb(repeat('abc', 100000)) FROM generate_series(1, 20) g")));
    const auto relations = CatalogReader::relations(*m_connection);
    QVERIFY(relations);
    m_relations = *relations;
    ConnectionSpec spec = m_cluster.spec(QStringLiteral("long"));
    TcpProxy proxy(spec.parameters.port);
    spec.parameters.port = proxy.port();
    const auto connection = DatabaseConnection::open(spec);
    QVERIFY(connection);
    const qint64 before = proxy.bytesToClient();
    const auto page = fetchPage(**connection, query(QStringLiteral("heavy")));
    QVERIFY(page);
    QCOMPARE(page->rowCount(), 20);
    QVERIFY(page->isShortened(19, 1) && page->isShortened(19, 2));
    QVERIFY2(proxy.bytesToClient() - before < 80'000, qPrintable(QString::number(proxy.bytesToClient() - before)));
}

void TestLongValues::wholeCell()
{
    const TableQuery longer = query(QStringLiteral("longer"));
    const auto null = fetchCell(*m_connection, longer, {QStringLiteral("2")}, QStringLiteral("note"));
    QVERIFY(null && !null->has_value());
    const auto gone = fetchCell(*m_connection, longer, {QStringLiteral("77")}, QStringLiteral("t"));
    QVERIFY(!gone);
    QCOMPARE(int(gone.error().code), int(ErrorCode::NotFound));
    QVERIFY(
        m_connection->execute(QStringLiteral("INSERT INTO longer (id, by) SELECT 4, decode(repeat('00ff', 25000000), "
                                             "'hex')")));
    const auto large = fetchCell(*m_connection, longer, {QStringLiteral("4")}, QStringLiteral("by"));
    QVERIFY(large && large->has_value());
    QCOMPARE((*large)->size(), 2 + 2 * 50'000'000);
}

QTEST_GUILESS_MAIN(TestLongValues)
#include "tst_longvalues.moc"
