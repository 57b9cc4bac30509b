// Pages whose statements stay prepared on the server: one round trip each, whatever becomes of table and session.

#include "postgres/catalogreader.h"
#include "postgres/databaseconnection.h"
#include "postgres/tablequery.h"
#include "support/tcpproxy.h"
#include "support/temporarycluster.h"

#include <QTest>

#include <thread>

using namespace Roost;
using namespace Roost::Testing;

class TestKeptStatements : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void eachIsOneRoundTrip();
    void tableChangesBetween();
    void droppedBehindOurBack();
    void notAllAreKept();
    void failingStatementsBlockNothing();
    void filtersArePlannedAnew();
    void inATransaction();
    void isCancelled();

private:
    TableQuery query() const
    {
        TableQuery query;
        query.table = {QStringLiteral("public"), QStringLiteral("birds")};
        query.columns = m_columns;
        query.keyColumns = {QStringLiteral("id")};
        query.serverVersion = m_connection->server().version;
        query.limit = 10;
        return query;
    }
    TableQuery after(int id) const
    {
        TableQuery next = query();
        next.from = TableQuery::From::After;
        next.bound = {QString::number(id)};
        return next;
    }
    QString firstOf(const TableQuery &query)
    {
        const auto page = fetchPage(*m_connection, query);
        return page ? page->text(0, 0) + u' ' + page->text(0, 1) : page.error().message + page.error().detail;
    }
    int kept()
    {
        auto rows = m_connection->query(QStringLiteral("SELECT count(*) FROM pg_prepared_statements"));
        return rows && rows->next() ? rows->value(0).toInt() : -1;
    }
    QString psql(const QString &sql) const { return m_cluster.psql(sql, QStringLiteral("shop")); }
    void readColumns()
    {
        const auto relations = CatalogReader::relations(*m_connection);
        QVERIFY(relations && relations->size() == 1);
        m_columns = relations->first().columns;
    }

    TemporaryCluster m_cluster;
    std::unique_ptr<TcpProxy> m_proxy;
    std::unique_ptr<DatabaseConnection> m_connection;
    QList<RowColumn> m_columns;
};

void TestKeptStatements::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    m_proxy = std::make_unique<TcpProxy>(m_cluster.port());
    m_cluster.spec(QStringLiteral("shop"));
}

void TestKeptStatements::init()
{
    psql(QStringLiteral("SET client_min_messages = error; SET ROLE my_database_user; DROP TABLE IF EXISTS birds;"
                        "CREATE TABLE birds (id int PRIMARY KEY, name text);"
                        "INSERT INTO birds SELECT n, 'Bird ' || n FROM generate_series(1, 1000) n"));
    ConnectionSpec spec = m_cluster.spec(QStringLiteral("shop"));
    spec.parameters.port = m_proxy->port();
    auto connection = DatabaseConnection::open(spec);
    QVERIFY(connection);
    m_connection = std::move(*connection);
    readColumns();
}

void TestKeptStatements::eachIsOneRoundTrip()
{
    for (int id = 100; id < 200; id += 10) {
        m_proxy->resetCount();
        QCOMPARE(firstOf(after(id)), QStringLiteral("%1 Bird %1").arg(id + 1));
        QCOMPARE(m_proxy->roundTrips(), 1);
    }
    QCOMPARE(kept(), 1);
}

/// What a prepared statement gives can no longer be given, or is another type.
void TestKeptStatements::tableChangesBetween()
{
    QCOMPARE(firstOf(query()), QStringLiteral("1 Bird 1"));
    psql(QStringLiteral("ALTER TABLE birds ALTER name TYPE varchar(100); UPDATE birds SET name = 'New ' || id"));
    QCOMPARE(firstOf(query()), QStringLiteral("1 New 1"));
    psql(QStringLiteral("ALTER TABLE birds ALTER id TYPE bigint"));
    QCOMPARE(firstOf(query()), QStringLiteral("1 New 1"));
    psql(QStringLiteral("ALTER TABLE birds DROP COLUMN name"));
    const auto gone = fetchPage(*m_connection, query());
    QVERIFY(!gone);
    QCOMPARE(gone.error().sqlState, QByteArray("42703"));
    readColumns();
    QCOMPARE(fetchPage(*m_connection, query())->text(0, 0), QStringLiteral("1"));
}

void TestKeptStatements::droppedBehindOurBack()
{
    QCOMPARE(firstOf(query()), QStringLiteral("1 Bird 1"));
    QVERIFY(m_connection->execute(QStringLiteral("DEALLOCATE ALL")));
    QCOMPARE(firstOf(query()), QStringLiteral("1 Bird 1"));
    QCOMPARE(firstOf(query()), QStringLiteral("1 Bird 1"));
    QCOMPARE(kept(), 1);
}

void TestKeptStatements::notAllAreKept()
{
    for (int limit = 2; limit < 100; ++limit) {
        TableQuery one = query();
        one.limit = limit;
        m_proxy->resetCount();
        QCOMPARE(firstOf(one), QStringLiteral("1 Bird 1"));
        QCOMPARE(m_proxy->roundTrips(), 1);
        QVERIFY2(kept() <= 32, qPrintable(QString::number(kept())));
    }
}

void TestKeptStatements::failingStatementsBlockNothing()
{
    TableQuery wrong = query();
    wrong.sort = {SortColumn{QStringLiteral("nothing"), false}};
    for (int i = 0; i < 40; ++i) {
        const auto page = fetchPage(*m_connection, wrong);
        QVERIFY(!page);
        QCOMPARE(page.error().sqlState, QByteArray("42703"));
        QCOMPARE(firstOf(after(i)), QStringLiteral("%1 Bird %1").arg(i + 1));
    }
    TableQuery badBound = after(1);
    badBound.bound = {QStringLiteral("x")};
    QVERIFY(!fetchPage(*m_connection, badBound));
    QCOMPARE(firstOf(after(7)), QStringLiteral("8 Bird 8"));
}

void TestKeptStatements::filtersArePlannedAnew()
{
    TableQuery filtered = query();
    filtered.filter.where = QStringLiteral("id > 500");
    QCOMPARE(firstOf(filtered), QStringLiteral("501 Bird 501"));
    QCOMPARE(kept(), 0);
}

/// There an error would be the transaction's.
void TestKeptStatements::inATransaction()
{
    QCOMPARE(firstOf(query()), QStringLiteral("1 Bird 1"));
    QVERIFY(m_connection->execute(QStringLiteral("DEALLOCATE ALL")));
    QVERIFY(m_connection->execute(QStringLiteral("BEGIN")));
    QCOMPARE(firstOf(query()), QStringLiteral("1 Bird 1"));
    QVERIFY(m_connection->execute(QStringLiteral("COMMIT")));
}

void TestKeptStatements::isCancelled()
{
    psql(QStringLiteral("SET ROLE my_database_user; CREATE OR REPLACE FUNCTION slow(int) RETURNS text LANGUAGE plpgsql "
                        "AS $$BEGIN PERFORM pg_sleep(20); RETURN $1; END$$;"
                        "DROP TABLE birds; CREATE VIEW birds AS SELECT n AS id, slow(n) AS name FROM "
                        "generate_series(1, 3) n"));
    for (int i = 0; i < 2; ++i) {
        std::stop_source stop;
        std::jthread soon([&stop] {
            QTest::qSleep(200);
            stop.request_stop();
        });
        const auto page = fetchPage(*m_connection, query(), stop.get_token());
        QVERIFY(!page);
        QVERIFY(page.error().isCancelled());
    }
    QVERIFY(m_connection->isOpen());
    QCOMPARE(psql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%slow%' AND state = 'active' "
                                 "AND pid <> pg_backend_pid()")),
             QStringLiteral("0"));
    psql(QStringLiteral("DROP VIEW birds"));
}

QTEST_GUILESS_MAIN(TestKeptStatements)
#include "tst_keptstatements.moc"
