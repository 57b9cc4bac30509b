#include "postgres/catalogreader.h"
#include "postgres/databaseconnection.h"
#include "structuresample.h"
#include "support/tcpproxy.h"
#include "support/temporarycluster.h"

#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

namespace {

using Connection = std::unique_ptr<DatabaseConnection>;

const QString database = QStringLiteral("structure");
const QString publicSchema = QStringLiteral("public");

} // namespace

class TestFunctions : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void areThoseOfPsql();
    void sourceMakesThemAgain();
    void sourceOfNone();
    void contentsAreRelationsAndCounts();
    void contentsWithoutTables();
    void sequences();
    void sequencesWithoutRights();
    void eachIsOneRoundTrip();

private:
    Connection open(const ConnectionSpec &spec)
    {
        Result<Connection> connection = DatabaseConnection::open(spec);
        if (!connection) {
            qFatal("%s %s", qPrintable(connection.error().message), qPrintable(connection.error().detail));
        }
        return std::move(*connection);
    }

    TemporaryCluster m_cluster;
    Connection m_connection; ///< as the superuser
};

void TestFunctions::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    QVERIFY(m_cluster.createDatabase(database));
    m_cluster.psql(structureRoles() + structureSample() + QStringLiteral(R"(
CREATE EXTENSION pgcrypto; -- brings functions that are not the user's
CREATE FUNCTION add(a int, b int DEFAULT 2, OUT c int) LANGUAGE sql STABLE AS $q$ SELECT a + b -- it's; "$$"
$q$;
COMMENT ON FUNCTION add IS 'adds';
CREATE FUNCTION add(text, VARIADIC numeric[]) RETURNS SETOF birds LANGUAGE sql AS 'SELECT * FROM birds';
CREATE FUNCTION "odd ""name"""(mood) RETURNS TABLE (x int, y text) LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = '' COST 5 AS 'BEGIN RETURN; END';
CREATE FUNCTION modern(a int) RETURNS int BEGIN ATOMIC SELECT count(*)::int FROM birds WHERE id = a; END;
CREATE PROCEDURE work(INOUT a int) LANGUAGE plpgsql AS 'BEGIN a := a + 1; END';
CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0', COMBINEFUNC = int4pl, PARALLEL = SAFE);
CREATE AGGREGATE "App Schema".longest(text) (SFUNC = text_larger, STYPE = text, SORTOP = >);
CREATE FUNCTION nth() RETURNS bigint LANGUAGE internal WINDOW AS 'window_row_number';
)"),
                   database);
    m_connection = open(m_cluster.superuser(database));
}

void TestFunctions::areThoseOfPsql()
{
    const auto functions = CatalogReader::functions(*m_connection);
    QVERIFY2(functions, functions ? "" : qPrintable(functions.error().detail));
    QStringList ours;
    for (const FunctionInfo &function : *functions) {
        const QString kind = function.kind == u"function" && function.result == u"trigger" ? QStringLiteral("func")
                             : function.kind == u"procedure"                               ? QStringLiteral("proc")
                             : function.kind == u"aggregate"                               ? QStringLiteral("agg")
                                                                                           : function.kind.left(6);
        ours += QStringList{function.id.schema, function.id.name, function.result, function.arguments,
                            kind == u"functi" ? QStringLiteral("func") : kind}
                    .join(u'|');
    }
    QStringList theirs;
    for (const QString &schema : {QStringLiteral("\"App Schema\""), publicSchema}) {
        for (const QString &line : m_cluster.psql(QStringLiteral("\\df %1.*").arg(schema), database).split(u'\n')) {
            theirs += line;
        }
    }
    // psql lists those of pgcrypto too.
    const QStringList foreign = m_cluster
                                    .psql(QStringLiteral("SELECT DISTINCT p.proname FROM pg_proc p JOIN pg_depend d ON "
                                                         "d.objid = p.oid AND d.deptype = 'e'"),
                                          database)
                                    .split(u'\n');
    theirs.removeIf([&foreign](const QString &line) { return foreign.contains(line.section(u'|', 1, 1)); });
    theirs.replaceInStrings(QStringLiteral("|trigger|trigger"), QStringLiteral("|trigger|func"));
    theirs.replaceInStrings(QStringLiteral("||trigger"), QStringLiteral("||func"));
    ours.sort();
    theirs.sort();
    QCOMPARE(ours, theirs);
    QCOMPARE(ours.size(), 10);
    for (const FunctionInfo &function : *functions) {
        QCOMPARE(function.comment, function.arguments.startsWith(u"a integer, b") ? QStringLiteral("adds") : QString());
        QVERIFY(!function.owner.isEmpty() && !function.language.isEmpty() && function.oid > 0);
    }
}

void TestFunctions::sourceMakesThemAgain()
{
    const auto functions = CatalogReader::functions(*m_connection);
    QVERIFY(functions);
    for (const FunctionInfo &function : *functions) {
        const auto source = CatalogReader::functionSource(*m_connection, function.oid);
        QVERIFY2(source, qPrintable(function.id.name));
        QVERIFY2(source->startsWith(u"CREATE OR REPLACE"), qPrintable(*source));
        if (function.kind != u"aggregate") {
            QCOMPARE(*source,
                     m_cluster.psql(QStringLiteral("SELECT pg_get_functiondef(%1)").arg(function.oid), database));
        }
        // It runs, over itself, and changes nothing.
        m_cluster.psql(*source, database);
        const auto again = CatalogReader::functionSource(*m_connection, function.oid);
        QVERIFY(again);
        QCOMPARE(*again, *source);
    }
}

void TestFunctions::sourceOfNone()
{
    const auto none = CatalogReader::functionSource(*m_connection, 4000000000U);
    QVERIFY(!none);
    QCOMPARE(int(none.error().code), int(ErrorCode::NotFound));
}

void TestFunctions::contentsAreRelationsAndCounts()
{
    const auto contents = CatalogReader::contents(*m_connection);
    QVERIFY2(contents, contents ? "" : qPrintable(contents.error().detail));
    const auto relations = CatalogReader::relations(*m_connection);
    QVERIFY(relations);
    QCOMPARE(contents->relations.size(), relations->size());
    for (qsizetype i = 0; i < relations->size(); ++i) {
        QCOMPARE(contents->relations.at(i).id, relations->at(i).id);
        QCOMPARE(contents->relations.at(i).columns.size(), relations->at(i).columns.size());
        QCOMPARE(contents->relations.at(i).estimatedRows, relations->at(i).estimatedRows);
    }
    QCOMPARE(contents->functions, (QMap<QString, int>{{QStringLiteral("App Schema"), 2}, {publicSchema, 8}}));
}

void TestFunctions::contentsWithoutTables()
{
    const Connection empty = open(m_cluster.spec(QStringLiteral("empty")));
    auto contents = CatalogReader::contents(*empty);
    QVERIFY(contents);
    QVERIFY(contents->relations.isEmpty() && contents->functions.isEmpty());
    QVERIFY(empty->execute(QStringLiteral("CREATE FUNCTION alone() RETURNS int LANGUAGE sql AS 'SELECT 1'")));
    contents = CatalogReader::contents(*empty);
    QVERIFY(contents);
    QVERIFY(contents->relations.isEmpty());
    QCOMPARE(contents->functions.value(publicSchema), 1);
}

void TestFunctions::sequences()
{
    const auto read = [this](const QString &name, const QString &schema = publicSchema) {
        const auto sequence = CatalogReader::sequence(*m_connection, {schema, name});
        return sequence ? *sequence : SequenceInfo{};
    };
    SequenceInfo counts = read(QStringLiteral("counts"));
    QCOMPARE(counts.type, QStringLiteral("smallint"));
    QCOMPARE(counts.start, QStringLiteral("5"));
    QCOMPARE(counts.increment, QStringLiteral("2"));
    QCOMPARE(counts.least, QStringLiteral("1"));
    QCOMPARE(counts.most, QStringLiteral("999"));
    QCOMPARE(counts.cache, QStringLiteral("10"));
    QVERIFY(counts.cycles);
    QCOMPARE(counts.comment, QStringLiteral("odd ones"));
    QCOMPARE(counts.lastValue, QStringLiteral("5"));
    QVERIFY(!counts.isCalled);
    QVERIFY(counts.column.isEmpty());
    m_cluster.psql(QStringLiteral("SELECT setval('counts', 33)"), database);
    counts = read(QStringLiteral("counts"));
    QCOMPARE(counts.lastValue, QStringLiteral("33"));
    QVERIFY(counts.isCalled);
    const SequenceInfo identity = read(QStringLiteral("odd_name"));
    QCOMPARE(identity.increment, QStringLiteral("-5"));
    QCOMPARE(identity.table.name, QStringLiteral("birds"));
    QCOMPARE(identity.column, QStringLiteral("other"));
    QVERIFY(identity.isIdentity);
    const SequenceInfo serial = read(QStringLiteral("species_id_seq"));
    QCOMPARE(serial.column, QStringLiteral("id"));
    QVERIFY(!serial.isIdentity);
    QCOMPARE(read(QStringLiteral("down seq"), QStringLiteral("App Schema")).lastValue, QStringLiteral("-1"));
    const auto none = CatalogReader::sequence(*m_connection, {publicSchema, QStringLiteral("birds")});
    QVERIFY(!none);
    QCOMPARE(int(none.error().code), int(ErrorCode::NotFound));
}

void TestFunctions::sequencesWithoutRights()
{
    const Connection stranger = open(m_cluster.spec(database));
    const auto counts = CatalogReader::sequence(*stranger, {publicSchema, QStringLiteral("counts")});
    QVERIFY2(counts, counts ? "" : qPrintable(counts.error().detail));
    QCOMPARE(counts->most, QStringLiteral("999"));
    QVERIFY(counts->lastValue.isEmpty());
    const auto hidden = CatalogReader::sequence(*stranger, {QStringLiteral("App Schema"), QStringLiteral("down seq")});
    QVERIFY(hidden);
    QVERIFY(hidden->lastValue.isEmpty());
}

void TestFunctions::eachIsOneRoundTrip()
{
    ConnectionSpec spec = m_cluster.spec(database);
    TcpProxy proxy(spec.parameters.port);
    spec.parameters.port = proxy.port();
    const Connection connection = open(spec);
    const auto trips = [&](const auto &call) {
        proxy.resetCount();
        return call() ? proxy.roundTrips() : -1;
    };
    const auto functions = CatalogReader::functions(*m_connection);
    QCOMPARE(trips([&] { return CatalogReader::contents(*connection).has_value(); }), 1);
    QCOMPARE(trips([&] { return CatalogReader::functions(*connection).has_value(); }), 1);
    QCOMPARE(trips([&] { return CatalogReader::functionSource(*connection, functions->first().oid).has_value(); }), 1);
    QCOMPARE(trips([&] {
                 return CatalogReader::sequence(*connection, {publicSchema, QStringLiteral("counts")}).has_value();
             }),
             1);
}

QTEST_GUILESS_MAIN(TestFunctions)
#include "tst_functions.moc"
