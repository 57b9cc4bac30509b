#include "pagesdatabase.h"
#include "support/tcpproxy.h"

#include <QTest>

#include <thread>

using namespace Roost;
using namespace Roost::Testing;

using From = TableQuery::From;

/// Pages of what has no key, by place and by number; and what every page has in common: one round trip, and an end when
/// it is told to stop.
class TestTablePlaces : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void placesCoverTheTable_data();
    void placesCoverTheTable();
    void placesWithHoles();
    void noHelpersByPlace();
    void numbersCoverTheView();
    void eachIsOneRoundTrip_data();
    void eachIsOneRoundTrip();
    void stopsOnTheServer();

private:
    PagesDatabase m_pages;
};

void TestTablePlaces::initTestCase()
{
    QVERIFY2(m_pages.start(), qPrintable(m_pages.cluster().problem()));
}

void TestTablePlaces::placesCoverTheTable_data()
{
    QTest::addColumn<QString>("table");
    for (const char *table : {"keyless", "holes", "stored", "child"}) {
        QTest::newRow(table) << QString::fromLatin1(table);
    }
}

void TestTablePlaces::placesCoverTheTable()
{
    QFETCH(QString, table);
    TableQuery pages = m_pages.query(table);
    QCOMPARE(pages.paging(), Paging::ByPlace);
    pages.limit = 11;
    const QStringList expected = m_pages.psqlLines(QStringLiteral("SELECT * FROM %1").arg(table));
    QVERIFY(expected.size() >= 20);
    QCOMPARE(m_pages.walk(pages, false), expected);
    QCOMPARE(m_pages.walk(pages, true), expected);
    pages.limit = 100'000;
    const RowPage all = m_pages.fetch(pages);
    QCOMPARE(m_pages.lines(all), expected);
    pages.limit = 4;
    for (qsizetype row = 0; row < all.rowCount(); row += 9) {
        pages.bound = all.bound(row);
        pages.from = From::At;
        QCOMPARE(m_pages.lines(m_pages.fetch(pages)), expected.mid(row, 4));
        pages.from = From::Before;
        const RowPage page = m_pages.fetch(pages);
        QCOMPARE(m_pages.lines(page), expected.mid(qMax<qsizetype>(0, row - 4), qMin<qsizetype>(4, row)));
        QCOMPARE(page.hasMore, row > 4);
    }
    pages.serverVersion = 130000; // it cannot start a scan in the middle
    QCOMPARE(pages.paging(), Paging::ByOffset);
    QCOMPARE(m_pages.query(QStringLiteral("parent")).paging(), Paging::ByOffset);
}

/// Many blocks without a row, and a filter that leaves few.
void TestTablePlaces::placesWithHoles()
{
    TableQuery pages = m_pages.query(QStringLiteral("holes"));
    pages.filter.where = QStringLiteral("a % 100 = 0");
    const QStringList expected = m_pages.psqlLines(QStringLiteral("SELECT * FROM holes WHERE a % 100 = 0"));
    QCOMPARE(expected.size(), 5);
    pages.limit = 2;
    QCOMPARE(m_pages.walk(pages, false), expected);
    QCOMPARE(m_pages.walk(pages, true), expected);
    TableQuery none = m_pages.query(QStringLiteral("no_rows"));
    for (const From from : {From::First, From::Last}) {
        none.from = from;
        const RowPage page = m_pages.fetch(none);
        QCOMPARE(page.rowCount(), 0);
        QVERIFY(!page.hasMore);
        QCOMPARE(page.columns.size(), 1);
    }
}

/// A scan with helper processes does not go in the order of the file.
void TestTablePlaces::noHelpersByPlace()
{
    QVERIFY(m_pages.connection().execute(QStringLiteral("SET parallel_setup_cost = 0; ")));
    QVERIFY(m_pages.connection().execute(QStringLiteral("SET parallel_tuple_cost = 0")));
    QVERIFY(m_pages.connection().execute(QStringLiteral("SET min_parallel_table_scan_size = 0")));
    const auto plan = [&](const QString &sql) {
        QString text;
        auto rows = m_pages.connection().query(QStringLiteral("EXPLAIN ") + sql);
        while (rows && rows->next()) {
            text += rows->value(0).toString() + u'\n';
        }
        return text;
    };
    TableQuery pages = m_pages.query(QStringLiteral("holes"));
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
    QVERIFY(m_pages.connection().execute(QStringLiteral("RESET ALL")));
}

void TestTablePlaces::numbersCoverTheView()
{
    TableQuery pages = m_pages.query(QStringLiteral("seen"), QStringLiteral("-id"));
    QCOMPARE(pages.paging(), Paging::ByOffset);
    const QStringList expected = m_pages.psqlLines(QStringLiteral("SELECT * FROM seen ORDER BY id DESC"));
    QCOMPARE(m_pages.walk(pages, false), expected);
    QCOMPARE(m_pages.walk(pages, true), expected);
    pages.from = From::Last;
    RowPage page = m_pages.fetch(pages);
    QCOMPARE(page.bound(0), QList<CellValue>{QStringLiteral("93")});
    QVERIFY(page.hasMore);
    pages.from = From::Before;
    pages.bound = {QStringLiteral("3")};
    page = m_pages.fetch(pages);
    QCOMPARE(m_pages.lines(page), expected.mid(0, 3));
    QVERIFY(!page.hasMore);
    pages.from = From::Offset;
    pages.offset = 40;
    page = m_pages.fetch(pages);
    QCOMPARE(m_pages.lines(page), expected.mid(40, 7));
    QCOMPARE(page.bound(2), QList<CellValue>{QStringLiteral("42")});
    QCOMPARE(page.key(2), RowKey());
}

void TestTablePlaces::eachIsOneRoundTrip_data()
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

void TestTablePlaces::eachIsOneRoundTrip()
{
    QFETCH(QString, table);
    QFETCH(QString, sort);
    ConnectionSpec spec = m_pages.spec();
    TcpProxy proxy(spec.parameters.port);
    spec.parameters.port = proxy.port();
    const auto connection = DatabaseConnection::open(spec);
    QVERIFY(connection);
    TableQuery pages = m_pages.query(table, sort);
    const RowPage first = m_pages.fetch(pages);
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

void TestTablePlaces::stopsOnTheServer()
{
    TableQuery slow = m_pages.query(QStringLiteral("big"));
    slow.filter.where = QStringLiteral("t = (SELECT pg_sleep(60)::text)");
    const QString state = QStringLiteral("SELECT state FROM pg_stat_activity WHERE pid = %1")
                              .arg(m_pages.connection().server().backendPid);
    std::stop_source stop;
    std::thread watcher([&] {
        while (m_pages.cluster().psql(state) != u"active") {
            std::this_thread::yield();
        }
        stop.request_stop();
    });
    const auto page = fetchPage(m_pages.connection(), slow, stop.get_token());
    watcher.join();
    QVERIFY(!page);
    QVERIFY(page.error().isCancelled());
    QTRY_COMPARE(m_pages.cluster().psql(state), QStringLiteral("idle"));
    QCOMPARE(m_pages.fetch(m_pages.query(QStringLiteral("two"))).rowCount(), 7); // the connection is as good as before
}

QTEST_GUILESS_MAIN(TestTablePlaces)
#include "tst_tableplaces.moc"
