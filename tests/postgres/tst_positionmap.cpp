#include "postgres/catalogreader.h"
#include "postgres/databaseconnection.h"
#include "postgres/tablequery.h"
#include "support/temporarycluster.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace Roost;
using namespace Roost::Testing;

using From = TableQuery::From;

/// "40 % down" by the server's statistics: how far from the true place a jump ends.
class TestPositionMap : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void jumps_data();
    void jumps();
    void growsBehindTheStatistics();
    void withoutStatistics();
    void emptyWhereNothingIsKnown();
    void endsAreTheEnds();
    void byPlace();

private:
    TableQuery query(const QString &name, const QString &sort = {})
    {
        TableQuery query;
        const auto relations = CatalogReader::relations(*m_connection);
        for (const RelationInfo &relation : *relations) {
            if (relation.id.name == name) {
                query.table = relation.id;
                query.kind = relation.kind;
                query.columns = relation.columns;
                query.keyColumns = relation.keyColumns;
            }
        }
        query.serverVersion = m_connection->server().version;
        for (const QString &one : sort.split(u' ', Qt::SkipEmptyParts)) {
            const bool isDescending = one.startsWith(u'-');
            query.sort += SortColumn{one.mid(isDescending ? 1 : 0), isDescending};
        }
        query.limit = 5;
        return query;
    }
    PositionMap mapOf(const TableQuery &query)
    {
        auto map = PositionMap::read(*m_connection, query);
        if (!map) {
            qFatal("%s", qPrintable(map.error().detail));
        }
        return *map;
    }
    /// Where the row with this bound really is, 0 … 1.
    double trueFraction(TableQuery query, const QList<CellValue> &bound)
    {
        query.from = From::Before;
        query.bound = bound;
        query.limit = 1'000'000;
        query.columns.removeIf([order = query.order()](const RowColumn &column) {
            return std::none_of(order.cbegin(), order.cend(),
                                [&](const SortColumn &one) { return one.column == column.name; });
        });
        const auto before = fetchPage(*m_connection, query);
        return double(before->rowCount()) / double(*countRows(*m_connection, query));
    }

    TemporaryCluster m_cluster;
    std::unique_ptr<DatabaseConnection> m_connection;
};

void TestPositionMap::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    auto connection = DatabaseConnection::open(m_cluster.spec(QStringLiteral("places")));
    QVERIFY(connection);
    m_connection = std::move(*connection);
    m_cluster.psql(QStringLiteral("SET ROLE \"%1\";").arg(m_connection->parameters().user) + QStringLiteral(R"sql(
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE birds (id bigint PRIMARY KEY, gaps int NOT NULL UNIQUE, u uuid NOT NULL UNIQUE, n numeric, f float8,
  ts timestamptz NOT NULL, d date, t text COLLATE "C" NOT NULL, m mood, several int, flag bool NOT NULL);
INSERT INTO birds
SELECT g, g * g, md5(g::text)::uuid, g / 7.0, -g / 3.0, '2026-01-01 00:00:00+00'::timestamptz + g * interval '61 s',
       '2026-01-01'::date + g / 10, md5(g::text), (ARRAY['sad', 'ok', 'happy'])[1 + g % 3]::mood,
       CASE WHEN g % 4 > 0 THEN g % 900 END, g % 10 = 0
  FROM generate_series(1, 4000) g;
CREATE INDEX ON birds (ts);
CREATE TABLE pairs (a int, b text COLLATE "C", PRIMARY KEY (a, b));
INSERT INTO pairs SELECT g % 5, md5(g::text) FROM generate_series(1, 5000) g;
CREATE TABLE fresh (id bigint PRIMARY KEY, u uuid UNIQUE NOT NULL, t text UNIQUE NOT NULL)
  WITH (autovacuum_enabled = false);
INSERT INTO fresh SELECT g, md5(g::text)::uuid, md5(g::text) FROM generate_series(1000, 3000) g;
CREATE TABLE nobody (id int PRIMARY KEY);
CREATE TABLE keyless AS SELECT g AS a, repeat('x', 100) AS t FROM generate_series(1, 5000) g;
CREATE VIEW seen AS SELECT id FROM birds;
CREATE TABLE parts (id int PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE low PARTITION OF parts FOR VALUES FROM (MINVALUE) TO (2000);
CREATE TABLE high PARTITION OF parts FOR VALUES FROM (2000) TO (MAXVALUE);
INSERT INTO parts SELECT generate_series(1, 4000);
ANALYZE birds, pairs, keyless, parts;
)sql"),
                   QStringLiteral("places"));
}

void TestPositionMap::jumps_data()
{
    QTest::addColumn<QString>("table");
    QTest::addColumn<QString>("sort");
    QTest::addColumn<bool>("tellsBack");
    const auto row = [](const char *table, const char *sort, bool tellsBack = true) {
        QTest::addRow("%s by %s", table, sort) << QString::fromLatin1(table) << QString::fromLatin1(sort) << tellsBack;
    };
    for (const char *sort :
         {"", "-id", "gaps", "-gaps", "u", "-u", "n", "-n", "f", "-f", "ts", "-ts", "d", "-d", "several", "-several"}) {
        row("birds", sort);
    }
    for (const char *sort : {"t", "-t"}) {
        row("birds", sort, false);
    }
    for (const char *sort : {"m", "-m", "flag", "-flag"}) { // few values: the key tells where among their rows
        row("birds", sort);
    }
    row("pairs", "", false);
    row("pairs", "-a", false);
    row("parts", "");
    row("keyless", "a");
}

void TestPositionMap::jumps()
{
    QFETCH(QString, table);
    QFETCH(QString, sort);
    QFETCH(bool, tellsBack);
    const TableQuery pages = query(table, sort);
    const PositionMap map = mapOf(pages);
    QVERIFY(!map.isEmpty());
    for (const double wanted : {0.0, 0.1, 0.25, 0.5, 0.77, 0.95, 1.0}) {
        const QList<CellValue> bound = map.boundAt(wanted);
        QVERIFY(!bound.isEmpty());
        const double found = trueFraction(pages, bound);
        QVERIFY2(std::abs(found - wanted) < 0.04,
                 qPrintable(QStringLiteral("%1 ends at %2, with %3")
                                .arg(wanted)
                                .arg(found)
                                .arg(bound.constFirst().value_or(QStringLiteral("<null>")))));
        TableQuery page = pages;
        page.from = From::At;
        page.bound = bound;
        const auto rows = fetchPage(*m_connection, page);
        QVERIFY2(rows, rows ? "" : qPrintable(rows.error().detail));
        QVERIFY(rows->rowCount() > 0);
        if (tellsBack) {
            const double back = map.fractionOf(rows->bound(0));
            QVERIFY2(std::abs(back - wanted) < 0.04,
                     qPrintable(QStringLiteral("%1 is told as %2").arg(wanted).arg(back)));
        }
    }
}

void TestPositionMap::growsBehindTheStatistics()
{
    QVERIFY(m_connection->execute(QStringLiteral("CREATE TABLE growing (id int PRIMARY KEY) WITH (autovacuum_enabled = "
                                                 "false)")));
    QVERIFY(m_connection->execute(QStringLiteral("INSERT INTO growing SELECT generate_series(2001, 4000)")));
    QVERIFY(m_connection->execute(QStringLiteral("ANALYZE growing")));
    QVERIFY(m_connection->execute(QStringLiteral("INSERT INTO growing SELECT generate_series(4001, 8000)")));
    QVERIFY(m_connection->execute(QStringLiteral("INSERT INTO growing SELECT generate_series(1, 2000)")));
    const TableQuery pages = query(QStringLiteral("growing"));
    const PositionMap map = mapOf(pages);
    for (const double wanted : {0.1, 0.5, 0.9}) {
        QVERIFY(std::abs(trueFraction(pages, map.boundAt(wanted)) - wanted) < 0.03);
    }
}

void TestPositionMap::withoutStatistics()
{
    TableQuery pages = query(QStringLiteral("fresh"));
    QCOMPARE(mapOf(pages).boundAt(0.5), QList<CellValue>{QStringLiteral("2000")});
    QCOMPARE(mapOf(pages).fractionOf({QStringLiteral("1500")}), 0.25);
    pages = query(QStringLiteral("fresh"), QStringLiteral("u"));
    QVERIFY(std::abs(trueFraction(pages, mapOf(pages).boundAt(0.5)) - 0.5) < 0.05);
    QVERIFY(mapOf(query(QStringLiteral("fresh"), QStringLiteral("t"))).isEmpty()); // nothing lies between two texts
}

void TestPositionMap::emptyWhereNothingIsKnown()
{
    QVERIFY(mapOf(query(QStringLiteral("nobody"))).isEmpty());
    QVERIFY(mapOf(query(QStringLiteral("seen"))).isEmpty());
    TableQuery filtered = query(QStringLiteral("birds"));
    filtered.filter.where = QStringLiteral("id > 5000");
    QVERIFY(mapOf(filtered).isEmpty());
    QVERIFY(PositionMap().boundAt(0.5).isEmpty());
    QVERIFY(PositionMap().fractionOf({QStringLiteral("1")}) < 0);
    QVERIFY(mapOf(query(QStringLiteral("birds"), QStringLiteral("t"))).fractionOf({QStringLiteral("abc")}) < 0);
}

void TestPositionMap::endsAreTheEnds()
{
    const PositionMap up = mapOf(query(QStringLiteral("birds")));
    QCOMPARE(up.boundAt(0), QList<CellValue>{QStringLiteral("1")});
    QCOMPARE(up.boundAt(1), QList<CellValue>{QStringLiteral("4000")});
    QCOMPARE(up.boundAt(-3), QList<CellValue>{QStringLiteral("1")});
    QCOMPARE(up.boundAt(7), QList<CellValue>{QStringLiteral("4000")});
    QCOMPARE(up.fractionOf({QStringLiteral("-100")}), 0.0);
    QCOMPARE(up.fractionOf({QStringLiteral("100000")}), 1.0);
    const PositionMap down = mapOf(query(QStringLiteral("birds"), QStringLiteral("-id")));
    QCOMPARE(down.boundAt(0), QList<CellValue>{QStringLiteral("4000")});
    QCOMPARE(down.fractionOf({QStringLiteral("4000")}), 0.0);
}

void TestPositionMap::byPlace()
{
    TableQuery pages = query(QStringLiteral("keyless"));
    QCOMPARE(pages.paging(), Paging::ByPlace);
    const PositionMap map = mapOf(pages);
    pages.from = From::At;
    for (const double wanted : {0.0, 0.3, 0.5, 0.9}) {
        pages.bound = map.boundAt(wanted);
        const auto page = fetchPage(*m_connection, pages);
        QVERIFY(page && page->rowCount() > 0);
        QVERIFY(std::abs(page->text(0, 0).toDouble() / 5000 - wanted) < 0.03);
        QVERIFY(std::abs(map.fractionOf(page->bound(0)) - wanted) < 0.03);
    }
}

QTEST_GUILESS_MAIN(TestPositionMap)
#include "tst_positionmap.moc"
