#include "postgres/catalogreader.h"
#include "postgres/databaseconnection.h"
#include "support/temporarycluster.h"

#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

/// RelationInfo::columns: what reading and filtering needs to know of each column.
class TestRowColumns : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void columns_data();
    void columns();
    void kindsOfRelations();
    void describeSaysTheSame();
    void castTypesTakeEveryValue();
    void inheritedKeysAreNone();

private:
    const RelationInfo *relation(const QString &name) const
    {
        for (const RelationInfo &one : m_relations) {
            if (one.id.name == name) {
                return &one;
            }
        }
        return nullptr;
    }
    TemporaryCluster m_cluster;
    std::unique_ptr<DatabaseConnection> m_connection;
    QList<RelationInfo> m_relations;
};

void TestRowColumns::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    auto connection = DatabaseConnection::open(m_cluster.spec(QStringLiteral("columns")));
    QVERIFY(connection);
    m_connection = std::move(*connection);
    m_cluster.psql(QStringLiteral("CREATE EXTENSION citext; CREATE EXTENSION hstore; SET ROLE \"%1\";")
                           .arg(m_connection->parameters().user) +
                       QStringLiteral(R"(
CREATE SCHEMA "far ""away""";
CREATE TYPE "far ""away"""."Mood" AS ENUM ('sad', 'ok');
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN tiny AS int CHECK (value < 9);
CREATE DOMAIN tinier AS tiny CHECK (value < 5) NOT NULL;
CREATE DOMAIN code AS varchar(7);
CREATE DOMAIN lists AS int[];
CREATE TABLE every (
  c_bigint bigint NOT NULL, c_numeric numeric(10,2), c_double float8, c_money money, c_bool bool, c_text text,
  c_varchar varchar(160), c_long varchar(501), c_free varchar, c_char char(4), c_bpchar bpchar, "c_""char""" "char",
  c_name name, c_bytea bytea, c_json json, c_jsonb jsonb, c_xml xml, c_uuid uuid, c_stamp timestamptz(3),
  c_interval interval day to second, c_inet inet, c_bit bit(3), c_varbit bit varying, c_range int4range, c_array int4[],
  c_matrix varchar(5)[][], c_mood "far ""away"""."Mood", c_moods "far ""away"""."Mood"[], c_pair pair, c_tiny tiny,
  c_tinier tinier, c_code code, c_lists lists, c_vector tsvector, c_citext citext, c_hstore hstore, gone int);
ALTER TABLE every DROP COLUMN gone;
CREATE VIEW seen AS SELECT c_bigint AS one, c_varchar FROM every;
CREATE MATERIALIZED VIEW stored AS SELECT c_code FROM every;
CREATE TABLE parts (id int NOT NULL, t text) PARTITION BY RANGE (id);
CREATE TABLE bare ();
CREATE TABLE parent (id int PRIMARY KEY);
CREATE TABLE child (PRIMARY KEY (id)) INHERITS (parent);
INSERT INTO parent VALUES (1); INSERT INTO child VALUES (1);
CREATE SEQUENCE numbers;
)"),
                   QStringLiteral("columns"));
    auto relations = CatalogReader::relations(*m_connection);
    QVERIFY2(relations, relations ? "" : qPrintable(relations.error().detail));
    m_relations = *relations;
}

void TestRowColumns::columns_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("shortType");
    QTest::addColumn<QString>("castType");
    QTest::addColumn<unsigned>("baseOid");
    QTest::addColumn<char>("category");
    QTest::addColumn<QString>("flags"); // # numeric, ~ may be long, ! not null
    const auto row = [](const char *name, const char *type, const char *shortType, const char *castType,
                        unsigned baseOid, char category, const char *flags = "") {
        QTest::newRow(name) << QString::fromLatin1(type) << QString::fromLatin1(shortType)
                            << QString::fromLatin1(castType) << baseOid << category << QString::fromLatin1(flags);
    };
    row("c_bigint", "bigint", "int8", "bigint", 20, 'N', "#!");
    row("c_numeric", "numeric(10,2)", "numeric", "numeric", 1700, 'N', "#");
    row("c_double", "double precision", "float8", "double precision", 701, 'N', "#");
    row("c_money", "money", "money", "money", 790, 'N', "#");
    row("c_bool", "boolean", "bool", "boolean", 16, 'B');
    row("c_text", "text", "text", "text", 25, 'S', "~");
    row("c_varchar", "character varying(160)", "varchar", "character varying", 1043, 'S');
    row("c_long", "character varying(501)", "varchar", "character varying", 1043, 'S', "~");
    row("c_free", "character varying", "varchar", "character varying", 1043, 'S', "~");
    row("c_char", "character(4)", "bpchar", "bpchar", 1042, 'S');
    row("c_bpchar", "bpchar", "bpchar", "bpchar", 1042, 'S', "~");
    row("c_\"char\"", "\"char\"", "char", "\"char\"", 18, 'Z');
    row("c_name", "name", "name", "name", 19, 'S');
    row("c_bytea", "bytea", "bytea", "bytea", 17, 'U', "~");
    row("c_json", "json", "json", "json", 114, 'U', "~");
    row("c_jsonb", "jsonb", "jsonb", "jsonb", 3802, 'U', "~");
    row("c_xml", "xml", "xml", "xml", 142, 'U', "~");
    row("c_uuid", "uuid", "uuid", "uuid", 2950, 'U');
    row("c_stamp", "timestamp(3) with time zone", "timestamptz", "timestamp with time zone", 1184, 'D');
    row("c_interval", "interval day to second", "interval", "interval", 1186, 'T');
    row("c_inet", "inet", "inet", "inet", 869, 'I');
    row("c_bit", "bit(3)", "bit", "\"bit\"", 1560, 'V');
    row("c_varbit", "bit varying", "varbit", "bit varying", 1562, 'V', "~");
    row("c_range", "int4range", "int4range", "int4range", 3904, 'R');
    row("c_array", "integer[]", "int4[]", "integer[]", 1007, 'A', "~");
    row("c_matrix", "character varying(5)[]", "varchar[]", "character varying[]", 1015, 'A', "~");
    row("c_mood", R"("far ""away"""."Mood")", "Mood", R"("far ""away"""."Mood")", 0, 'E');
    row("c_moods", R"("far ""away"""."Mood"[])", "Mood[]", R"("far ""away"""."Mood"[])", 0, 'A', "~");
    row("c_pair", "pair", "pair", "pair", 0, 'C', "~");
    row("c_tiny", "tiny", "tiny", "integer", 23, 'N', "#");
    row("c_tinier", "tinier", "tinier", "integer", 23, 'N', "#");
    row("c_code", "code", "code", "character varying", 1043, 'S');
    row("c_lists", "lists", "lists", "integer[]", 1007, 'A', "~");
    row("c_vector", "tsvector", "tsvector", "tsvector", 3614, 'U', "~");
    row("c_citext", "citext", "citext", "citext", 0, 'S', "~");
    row("c_hstore", "hstore", "hstore", "hstore", 0, 'U', "~");
}

void TestRowColumns::columns()
{
    QFETCH(QString, flags);
    const RelationInfo *every = relation(QStringLiteral("every"));
    QVERIFY(every);
    const QString name = QString::fromLatin1(QTest::currentDataTag());
    const auto found = std::find_if(every->columns.cbegin(), every->columns.cend(),
                                    [&](const RowColumn &column) { return column.name == name; });
    QVERIFY(found != every->columns.cend());
    QTEST(found->type, "type");
    QTEST(found->shortType, "shortType");
    QTEST(found->castType, "castType");
    QTEST(found->category, "category");
    QFETCH(unsigned, baseOid);
    if (baseOid != 0) {
        QCOMPARE(found->baseOid, baseOid);
    }
    QCOMPARE(found->typeOid != found->baseOid, QStringList({QStringLiteral("tiny"), QStringLiteral("tinier"),
                                                            QStringLiteral("code"), QStringLiteral("lists")})
                                                   .contains(found->type));
    QCOMPARE(found->isNumeric, flags.contains(u'#'));
    QCOMPARE(found->mayBeLong, flags.contains(u'~'));
    QCOMPARE(found->notNull, flags.contains(u'!'));
}

void TestRowColumns::kindsOfRelations()
{
    QStringList names;
    for (const RowColumn &column : relation(QStringLiteral("every"))->columns) {
        names += column.name;
    }
    QCOMPARE(names.join(u' '), m_cluster.psql(QStringLiteral("SELECT string_agg(attname, ' ' ORDER BY attnum) FROM "
                                                             "pg_attribute WHERE attrelid = 'every'::regclass AND "
                                                             "attnum > 0 AND NOT attisdropped"),
                                              QStringLiteral("columns")));
    QCOMPARE(relation(QStringLiteral("seen"))->columns.size(), 2);
    QCOMPARE(relation(QStringLiteral("seen"))->columns.at(1).type, QStringLiteral("character varying(160)"));
    QCOMPARE(relation(QStringLiteral("stored"))->columns.at(0).shortType, QStringLiteral("code"));
    QCOMPARE(relation(QStringLiteral("parts"))->columns.size(), 2);
    QVERIFY(relation(QStringLiteral("bare"))->columns.isEmpty());
    QVERIFY(relation(QStringLiteral("numbers"))->columns.isEmpty());
}

void TestRowColumns::describeSaysTheSame()
{
    for (const RelationInfo &one : m_relations) {
        const auto description = CatalogReader::describe(*m_connection, one.id);
        QVERIFY(description);
        QCOMPARE(description->relation.columns, one.columns);
    }
}

/// `$1::castType` must neither cut nor round nor refuse: a filter or a bound may be any value of the base type.
void TestRowColumns::castTypesTakeEveryValue()
{
    const auto cast = [&](const QString &column, const QString &value) {
        for (const RowColumn &one : relation(QStringLiteral("every"))->columns) {
            if (one.name == column) {
                auto rows = m_connection->query(QStringLiteral("SELECT $1::") + one.castType, {value});
                return rows && rows->next() ? rows->value(0).toString() : QStringLiteral("failed");
            }
        }
        return QStringLiteral("no column");
    };
    QCOMPARE(cast(QStringLiteral("c_numeric"), QStringLiteral("1.005")), QStringLiteral("1.005"));
    QCOMPARE(cast(QStringLiteral("c_char"), QStringLiteral("longer")), QStringLiteral("longer"));
    QCOMPARE(cast(QStringLiteral("c_bit"), QStringLiteral("10101")), QStringLiteral("10101"));
    QCOMPARE(cast(QStringLiteral("c_tinier"), QStringLiteral("100")), QStringLiteral("100"));
    QCOMPARE(cast(QStringLiteral("c_code"), QStringLiteral("longer than 7")), QStringLiteral("longer than 7"));
    QCOMPARE(cast(QStringLiteral("c_moods"), QStringLiteral("{ok,sad}")), QStringLiteral("{ok,sad}"));
    QCOMPARE(cast(QStringLiteral("c_matrix"), QStringLiteral("{longer than 5}")),
             QStringLiteral("{\"longer than 5\"}"));
}

/// The rows of a table that others inherit from have its key twice.
void TestRowColumns::inheritedKeysAreNone()
{
    QVERIFY(relation(QStringLiteral("parent"))->hasInheritors);
    QCOMPARE(relation(QStringLiteral("parent"))->keyColumns, QStringList());
    QVERIFY(!relation(QStringLiteral("child"))->hasInheritors);
    QCOMPARE(relation(QStringLiteral("child"))->keyColumns, QStringList(QStringLiteral("id")));
    QVERIFY(!relation(QStringLiteral("parts"))->hasInheritors);
}

QTEST_GUILESS_MAIN(TestRowColumns)
#include "tst_rowcolumns.moc"
