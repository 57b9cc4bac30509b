// The Qt SQL driver: parameters, rows, errors, notices and COPY.

#include "postgres/databaseconnection.h"
#include "postgres/postgresdriver.h"
#include "postgres/postgresresult.h"
#include "support/temporarycluster.h"

#include <QElapsedTimer>
#include <QSqlError>
#include <QSqlField>
#include <QSqlRecord>
#include <QTest>

using namespace Roost;

class TestDriver : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();
    void parameters();
    void nullIsNotEmpty();
    void whatCannotBeStoredIsRefused();
    void statementsGoAsTheyStand();
    void errorsSayAll();
    void codesFollowTheState_data();
    void codesFollowTheState();
    void notices();
    void transactions();
    void rowsRandomly();
    void rowsOneByOne();
    void streamGivesWayToAnotherStatement();
    void streamFailsInTheMiddle();
    void streamDroppedEarly();
    void copyOutAndIn();
    void copyFails();
    void copyIsNoQuery();
    void featuresAreHonest();

private:
    Testing::TemporaryCluster m_cluster;
    ConnectionSpec m_spec;
    std::unique_ptr<DatabaseConnection> m_connection;
};

void TestDriver::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    m_spec = m_cluster.spec();
    auto connection = DatabaseConnection::open(m_spec);
    QVERIFY(connection);
    m_connection = std::move(*connection);
}

void TestDriver::cleanupTestCase()
{
    m_connection.reset();
}

void TestDriver::parameters()
{
    auto row = m_connection->query(
        QStringLiteral("SELECT $1::text, $2::int + 1, $3::bool, $4::bytea, $5::float8, $6::int8, $1 || '!'"),
        {QStringLiteral("it's; -- \\ $2"), 41, true, QByteArray("\x00\xff", 2), 0.1, qint64(9007199254740993)});
    QVERIFY(row && row->next());
    const QStringList expected = {
        QStringLiteral("it's; -- \\ $2"), QStringLiteral("42"),  QStringLiteral("t"),
        QStringLiteral("\\x00ff"),        QStringLiteral("0.1"), QStringLiteral("9007199254740993"),
        QStringLiteral("it's; -- \\ $2!")};
    for (int i = 0; i < expected.size(); ++i) {
        QCOMPARE(row->value(i), QVariant(expected.at(i)));
    }
}

void TestDriver::nullIsNotEmpty()
{
    auto row = m_connection->query(QStringLiteral("SELECT $1::text IS NULL, $2::text IS NULL, $1::text, $2::text"),
                                   {QVariant(), QString()});
    QVERIFY(row && row->next());
    QCOMPARE(row->value(0).toString(), QStringLiteral("t"));
    QCOMPARE(row->value(1).toString(), QStringLiteral("f"));
    QVERIFY(row->value(2).isNull() && row->isNull(2));
    QVERIFY(!row->value(3).isNull() && !row->isNull(3));
    QVERIFY(!row->value(3).toString().isNull());
}

void TestDriver::whatCannotBeStoredIsRefused()
{
    const QString nul = QStringLiteral("ab") + QChar(0) + u'c';
    const QString half = QStringLiteral("a") + QChar(0xd800) + u'c';
    for (const QVariant &bad : {QVariant(nul), QVariant(half), QVariant(QDateTime::currentDateTime())}) {
        const auto result = m_connection->query(QStringLiteral("SELECT $1::text"), {bad});
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::InvalidInput);
    }
    QVERIFY(m_connection->query(QStringLiteral("SELECT $1"), {nul}).error().message.contains(u"position 3"));
    QVERIFY(m_connection->query(QStringLiteral("SELECT $1"), {half}).error().message.contains(u"position 2"));
    QVERIFY(!m_connection->query(QStringLiteral("SELECT '%1'").arg(nul)));
    QVERIFY(m_connection->isOpen());
}

void TestDriver::statementsGoAsTheyStand()
{
    auto row = m_connection->query(
        QStringLiteral(
            "SELECT (ARRAY[1,2,3])[1:2], '{\"a\":1}'::jsonb ? 'a', '{\"a\":1}'::jsonb ?| $1::text[], ':x ?'"),
        {QStringLiteral("{a,b}")});
    QVERIFY2(row, qPrintable(row ? QString() : row.error().detail));
    QVERIFY(row->next());
    QCOMPARE(row->value(0).toString(), QStringLiteral("{1,2}"));
    QCOMPARE(row->value(1).toString(), QStringLiteral("t"));
    QCOMPARE(row->value(2).toString(), QStringLiteral("t"));
    QCOMPARE(row->value(3).toString(), QStringLiteral(":x ?"));
    const auto two = m_connection->query(QStringLiteral("SELECT 1; SELECT 2"));
    QVERIFY(!two);
    QCOMPARE(two.error().sqlState, QByteArray("42601"));
}

void TestDriver::errorsSayAll()
{
    QVERIFY(m_connection->execute(QStringLiteral("CREATE TABLE parents (id int PRIMARY KEY)")));
    QVERIFY(m_connection->execute(
        QStringLiteral("CREATE TABLE children (parent int CONSTRAINT needs_parent REFERENCES parents)")));
    const auto refused = m_connection->execute(QStringLiteral("INSERT INTO children VALUES (7)"));
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::ServerRefused);
    QCOMPARE(refused.error().sqlState, QByteArray("23503"));
    QVERIFY(refused.error().detail.contains(u"DETAIL: Key (parent)=(7) is not present"));
    const ServerMessage message = m_connection->lastMessage();
    QCOMPARE(message.table, QStringLiteral("children"));
    QCOMPARE(message.constraint, QStringLiteral("needs_parent"));

    QVERIFY(!m_connection->query(QStringLiteral("SELECT 'ü', 1 +* 2")));
    QCOMPARE(m_connection->lastMessage().position, 15);

    QSqlQuery query(m_connection->database());
    QVERIFY(!query.exec(QStringLiteral("SELECT * FROM nowhere")));
    QCOMPARE(query.lastError().nativeErrorCode(), QStringLiteral("42P01"));
    QCOMPARE(query.lastError().type(), QSqlError::StatementError);
    QVERIFY(query.lastError().databaseText().contains(u"POSITION: 15"));
}

void TestDriver::codesFollowTheState_data()
{
    QTest::addColumn<QString>("state");
    QTest::addColumn<int>("code");
    QTest::newRow("rights") << QStringLiteral("42501") << int(ErrorCode::NotAllowed);
    QTest::newRow("disk") << QStringLiteral("53100") << int(ErrorCode::DiskFull);
    QTest::newRow("in use") << QStringLiteral("55006") << int(ErrorCode::Conflict);
    QTest::newRow("duplicate table") << QStringLiteral("42P07") << int(ErrorCode::AlreadyExists);
    QTest::newRow("locked") << QStringLiteral("55P03") << int(ErrorCode::TimedOut);
    QTest::newRow("time limit") << QStringLiteral("57014") << int(ErrorCode::TimedOut);
    QTest::newRow("anything else") << QStringLiteral("P0001") << int(ErrorCode::ServerRefused);
}

void TestDriver::codesFollowTheState()
{
    QFETCH(QString, state);
    QFETCH(int, code);
    const auto result = m_connection->execute(
        QStringLiteral("DO $$ BEGIN RAISE EXCEPTION 'Nein' USING ERRCODE = '%1'; END $$").arg(state));
    QVERIFY(!result);
    QCOMPARE(int(result.error().code), code);
    QCOMPARE(result.error().sqlState, state.toLatin1());
    QVERIFY(result.error().message.contains(u"Nein"));
}

void TestDriver::notices()
{
    m_connection->takeNotices();
    QVERIFY(m_connection->execute(QStringLiteral(
        "DO $$ BEGIN RAISE NOTICE 'one' USING HINT = 'h'; RAISE WARNING 'two' USING DETAIL = 'd'; END $$")));
    const QList<ServerMessage> notices = m_connection->takeNotices();
    QCOMPARE(notices.size(), 2);
    QCOMPARE(notices.at(0).severity, QStringLiteral("NOTICE"));
    QCOMPARE(notices.at(0).text, QStringLiteral("one"));
    QCOMPARE(notices.at(0).hint, QStringLiteral("h"));
    QCOMPARE(notices.at(1).severity, QStringLiteral("WARNING"));
    QCOMPARE(notices.at(1).detail, QStringLiteral("d"));
    QVERIFY(m_connection->takeNotices().isEmpty());
}

void TestDriver::transactions()
{
    QSqlDatabase database = m_connection->database();
    QVERIFY(m_connection->execute(QStringLiteral("CREATE TABLE kept (n int)")));
    QVERIFY(database.transaction());
    const auto inserted = m_connection->execute(QStringLiteral("INSERT INTO kept SELECT generate_series(1, 3)"));
    QVERIFY(inserted);
    QCOMPARE(*inserted, 3);
    QVERIFY(database.rollback());
    QCOMPARE(m_cluster.psql(QStringLiteral("SELECT count(*) FROM kept"), QStringLiteral("test")), QStringLiteral("0"));
    QVERIFY(database.transaction());
    QVERIFY(m_connection->execute(QStringLiteral("INSERT INTO kept VALUES (1)")));
    QVERIFY(database.commit());
    QCOMPARE(m_cluster.psql(QStringLiteral("SELECT count(*) FROM kept"), QStringLiteral("test")), QStringLiteral("1"));
}

void TestDriver::rowsRandomly()
{
    QSqlQuery query(m_connection->database());
    QVERIFY(query.exec(QStringLiteral("SELECT i, 'row ' || i AS text FROM generate_series(0, 9) i")));
    QCOMPARE(query.size(), 10);
    QVERIFY(query.isSelect());
    QCOMPARE(query.record().fieldName(1), QStringLiteral("text"));
    QVERIFY(query.last());
    QCOMPARE(query.value(0).toString(), QStringLiteral("9"));
    QVERIFY(query.seek(3));
    QCOMPARE(query.value(1).toString(), QStringLiteral("row 3"));
    QVERIFY(query.previous());
    QCOMPARE(query.value(0).toString(), QStringLiteral("2"));
    QVERIFY(!query.seek(10));
    const PostgresResult *result = PostgresResult::of(query);
    QCOMPARE(result->rowCount(), 10);
    QCOMPARE(result->utf8(7, 1), QByteArrayView("row 7"));
    QCOMPARE(result->typeOid(0), 23U);
    QVERIFY(query.exec(QStringLiteral("SELECT 1 WHERE false")));
    QVERIFY(!query.next());
    QVERIFY(query.isActive() && query.isSelect());
    QCOMPARE(query.record().count(), 1);
}

void TestDriver::rowsOneByOne()
{
    auto rows = m_connection->stream(QStringLiteral("SELECT i, NULL FROM generate_series(1, $1::int) i"), {100000});
    QVERIFY(rows);
    QCOMPARE(rows->record().count(), 2);
    int count = 0;
    while (rows->next()) {
        ++count;
        if (rows->value(0).toInt() != count || !rows->isNull(1)) {
            QFAIL("a wrong row");
        }
    }
    QCOMPARE(count, 100000);
    QVERIFY(!DatabaseConnection::streamError(*rows));
    QCOMPARE(rows->record().count(), 2);
    QCOMPARE(rows->numRowsAffected(), 100000);
    QVERIFY(!rows->next());
    auto none = m_connection->stream(QStringLiteral("SELECT 1 WHERE false"));
    QVERIFY(none && !none->next() && none->record().count() == 1);
    auto noRows = m_connection->stream(QStringLiteral("UPDATE kept SET n = 5"));
    QVERIFY(noRows && !noRows->isSelect());
    QCOMPARE(noRows->numRowsAffected(), 1);
}

void TestDriver::streamGivesWayToAnotherStatement()
{
    auto rows = m_connection->stream(QStringLiteral("SELECT i FROM generate_series(1, 5000) i"));
    QVERIFY(rows && rows->next());
    auto other = m_connection->query(QStringLiteral("SELECT 'between'"));
    QVERIFY(other && other->next());
    QCOMPARE(other->value(0).toString(), QStringLiteral("between"));
    int count = 1;
    while (rows->next()) {
        ++count;
    }
    QCOMPARE(count, 5000);
    QVERIFY(!DatabaseConnection::streamError(*rows));
}

void TestDriver::streamFailsInTheMiddle()
{
    auto rows = m_connection->stream(QStringLiteral("SELECT 1 / (4 - i) FROM generate_series(1, 10) i"));
    QVERIFY(rows);
    int count = 0;
    while (rows->next()) {
        ++count;
    }
    QCOMPARE(count, 3);
    const auto error = DatabaseConnection::streamError(*rows);
    QVERIFY(error);
    QCOMPARE(error->sqlState, QByteArray("22012"));
    QVERIFY(!m_connection->query(QStringLiteral("SELECT 1 / (4 - i) FROM generate_series(1, 10) i")));
    QVERIFY(m_connection->query(QStringLiteral("SELECT 1")));
}

void TestDriver::streamDroppedEarly()
{
    QElapsedTimer timer;
    timer.start();
    {
        auto rows = m_connection->stream(QStringLiteral("SELECT generate_series(1, 2000000000)"));
        QVERIFY(rows && rows->next());
    }
    auto next = m_connection->query(QStringLiteral("SELECT 'next'"));
    QVERIFY(next && next->next());
    QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
}

void TestDriver::copyOutAndIn()
{
    QVERIFY(m_connection->execute(
        QStringLiteral("CREATE TABLE source AS SELECT i, md5(i::text) AS hash FROM generate_series(1, 50000) i")));
    QVERIFY(m_connection->execute(QStringLiteral("CREATE TABLE target (LIKE source)")));
    QByteArrayList pieces;
    const auto out = m_connection->copyOut(QStringLiteral("COPY source TO STDOUT"), [&](QByteArrayView piece) {
        pieces.append(piece.toByteArray());
        return true;
    });
    QVERIFY(out);
    QCOMPARE(pieces.size(), 50000);
    qsizetype next = 0;
    const auto in = m_connection->copyIn(QStringLiteral("COPY target FROM STDIN"),
                                         [&] { return next < pieces.size() ? pieces.at(next++) : QByteArray(); });
    QVERIFY(in);
    QCOMPARE(*in, 50000);
    QCOMPARE(m_cluster.psql(QStringLiteral("SELECT count(*) FROM (TABLE source EXCEPT TABLE target) d"),
                            QStringLiteral("test")),
             QStringLiteral("0"));
}

void TestDriver::copyFails()
{
    int given = 0;
    const auto in = m_connection->copyIn(QStringLiteral("COPY target FROM STDIN"),
                                         [&] { return ++given < 1000 ? QByteArray("no number\tx\n") : QByteArray(); });
    QVERIFY(!in);
    QCOMPARE(in.error().sqlState, QByteArray("22P02"));
    QVERIFY(in.error().detail.contains(u"CONTEXT: COPY target, line 1"));
    QCOMPARE(m_connection->copyIn(QStringLiteral("SELECT 1"), [] { return QByteArray(); }).error().code,
             ErrorCode::InvalidInput);
    QCOMPARE(m_connection->copyOut(QStringLiteral("COPY nowhere TO STDOUT"), [](QByteArrayView) { return true; })
                 .error()
                 .sqlState,
             QByteArray("42P01"));
    int pieces = 0;
    const auto stopped =
        m_connection->copyOut(QStringLiteral("COPY source TO STDOUT"), [&](QByteArrayView) { return ++pieces < 10; });
    QVERIFY(!stopped && stopped.error().isCancelled());
    QCOMPARE(pieces, 10);
    QVERIFY(m_connection->query(QStringLiteral("SELECT 1")));
}

void TestDriver::copyIsNoQuery()
{
    for (const char *sql : {"COPY source TO STDOUT", "COPY target FROM STDIN"}) {
        const auto refused = m_connection->query(QLatin1String(sql));
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::InvalidInput);
        QVERIFY(m_connection->isOpen());
        QVERIFY(m_connection->query(QStringLiteral("SELECT 1")));
    }
}

void TestDriver::featuresAreHonest()
{
    const QSqlDriver *driver = m_connection->database().driver();
    QVERIFY(driver->hasFeature(QSqlDriver::Transactions));
    QVERIFY(driver->hasFeature(QSqlDriver::QuerySize));
    QVERIFY(!driver->hasFeature(QSqlDriver::NamedPlaceholders));
    QVERIFY(!driver->hasFeature(QSqlDriver::LastInsertId));
    QSqlDatabase database = m_connection->database();
    QVERIFY(!database.open(QStringLiteral("user"), QStringLiteral("password")));
    QVERIFY(m_connection->query(QStringLiteral("SELECT 1")));
}

QTEST_GUILESS_MAIN(TestDriver)
#include "tst_driver.moc"
