#include "postgres/catalogreader.h"
#include "postgres/databaseconnection.h"
#include "postgres/tablequery.h"
#include "support/tcpproxy.h"
#include "support/temporarycluster.h"

#include <QElapsedTimer>
#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

namespace {

using Connection = std::unique_ptr<DatabaseConnection>;

const QString newline = QStringLiteral("line\nend");
const QString longName = QString(63, u'n');

/// Records and fields of an unaligned psql answer, whatever is in them.
QList<QStringList> psqlTable(const TemporaryCluster &cluster, const QString &command, const QString &database)
{
    const QString out =
        cluster.psql(QStringLiteral("\\pset fieldsep '\x1f'\n\\pset recordsep '\x1e'\n") + command, database);
    QList<QStringList> table;
    for (const QString &record : out.split(u'\x1e', Qt::SkipEmptyParts)) {
        table += record.split(u'\x1f');
    }
    return table;
}

} // namespace

class TestCatalog : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void databasesAreThoseOfPsql();
    void hidesSizesThatTheUserMayNotKnow();
    void tablesAreThoseOfPsql();
    void hostileNamesComeBack();
    void countsAndKeys_data();
    void countsAndKeys();
    void emptyDatabaseIsEmpty();
    void lockedTableDoesNotHang();
    void damagedTableDoesNotHideTheOthers();
    void describesATable();
    void describesAViewAndAPartition();
    void describeFindsNothing();
    void listsSessions();
    void countsRows();
    void eachIsOneRoundTrip();
    void isCancelled();

private:
    Connection open(const ConnectionSpec &spec)
    {
        Result<Connection> connection = DatabaseConnection::open(spec);
        if (!connection) {
            qFatal("%s %s", qPrintable(connection.error().message), qPrintable(connection.error().detail));
        }
        return std::move(*connection);
    }
    RelationInfo relation(const QString &name)
    {
        const auto relations = CatalogReader::relations(*m_connection);
        if (relations) {
            for (const RelationInfo &relation : *relations) {
                if (relation.id.name == name) {
                    return relation;
                }
            }
        }
        return {};
    }

    TemporaryCluster m_cluster;
    Connection m_connection; ///< as the role, to "birds"
};

void TestCatalog::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    const ConnectionSpec spec = m_cluster.spec(QStringLiteral("birds"));
    m_connection = open(spec);
    const QString role = spec.parameters.user;
    m_cluster.psql(QStringLiteral(R"(
CREATE ROLE stranger LOGIN PASSWORD 'stranger-password';
CREATE DATABASE closed OWNER postgres;
REVOKE CONNECT ON DATABASE closed FROM PUBLIC;
COMMENT ON DATABASE birds IS 'where they live';
GRANT CONNECT ON DATABASE birds TO stranger;
CREATE DATABASE "odd ""name"" = 'x'";
)"));
    m_cluster.psql(QStringLiteral("SET ROLE \"%1\";").arg(role) + QStringLiteral(R"(
CREATE TABLE species (id serial PRIMARY KEY, name varchar(160) NOT NULL UNIQUE);
CREATE TABLE birds (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text COLLATE "C" NOT NULL DEFAULT 'nobody',
  species_id integer REFERENCES species (id) ON DELETE CASCADE,
  weight numeric(8,2) CHECK (weight > 0),
  doubled numeric GENERATED ALWAYS AS (weight * 2) STORED);
CREATE INDEX birds_name ON birds (lower(name));
COMMENT ON TABLE birds IS 'All of them';
COMMENT ON COLUMN birds.name IS 'as it is called';
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER birds_touch BEFORE UPDATE ON birds FOR EACH ROW EXECUTE FUNCTION touch();
CREATE RULE quiet AS ON DELETE TO birds DO ALSO NOTHING;
INSERT INTO species (name) SELECT 's' || g FROM generate_series(1, 3) g;
INSERT INTO birds (name, species_id, weight) SELECT 'b' || g, 1, g FROM generate_series(1, 4) g;
CREATE VIEW heavy AS SELECT * FROM birds WHERE weight > 2;
CREATE MATERIALIZED VIEW frozen AS SELECT id, name FROM birds;
CREATE TABLE big AS SELECT g AS id, repeat('x', 100) AS t FROM generate_series(1, 30000) g;
ALTER TABLE big SET (autovacuum_enabled = off);
CREATE TABLE analysed AS SELECT g AS id, repeat('x', 100) AS t FROM generate_series(1, 30000) g;
ANALYZE analysed;
CREATE TABLE parts (a int, b text, PRIMARY KEY (a)) PARTITION BY RANGE (a);
CREATE TABLE parts_low PARTITION OF parts FOR VALUES FROM (0) TO (10);
CREATE TABLE parts_high PARTITION OF parts FOR VALUES FROM (10) TO (20);
INSERT INTO parts SELECT g, 'x' FROM generate_series(0, 19) g;
CREATE TABLE parent (id int);
CREATE TABLE child (x int) INHERITS (parent);
INSERT INTO parent VALUES (1);
INSERT INTO child VALUES (2, 2), (3, 3);
CREATE TABLE guarded (id int PRIMARY KEY);
ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
ALTER TABLE guarded FORCE ROW LEVEL SECURITY;
CREATE POLICY small ON guarded FOR SELECT USING (id < 10);
INSERT INTO guarded SELECT 1 WHERE false;
CREATE TABLE unique_key (a int NOT NULL, b int, UNIQUE (b), UNIQUE (a));
CREATE TABLE unique_null (a int, UNIQUE (a));
CREATE TABLE unique_partial (a int NOT NULL);
CREATE UNIQUE INDEX ON unique_partial (a) WHERE a > 0;
CREATE TABLE unique_expression (a int NOT NULL);
CREATE UNIQUE INDEX ON unique_expression ((a + 1));
CREATE TABLE unique_late (a int NOT NULL UNIQUE DEFERRABLE);
CREATE TABLE key_of_two (a int, b text, c int, PRIMARY KEY (b, a) INCLUDE (c));
CREATE TYPE pair AS (x int, y int);
CREATE TABLE composite_key (p pair PRIMARY KEY);
CREATE TABLE plain (a int);
CREATE TABLE no_columns ();
CREATE SCHEMA "App Schema";
CREATE TABLE "App Schema"."Select" ("from" int PRIMARY KEY);
CREATE TABLE "App Schema"."quo""te" (a int);
CREATE TABLE "App Schema"."dot.dot" (a int);
CREATE TABLE "App Schema"."it's" (a int);
CREATE TABLE "App Schema"."back\slash" (a int);
CREATE TABLE "App Schema"."Vögel 🐦" (a int);
CREATE TABLE "App Schema"."%I %1$s $1" (a int);
CREATE TABLE "App Schema"."<c>9</c>" (a int);
CREATE TABLE "App Schema"."line
end" (a int);
CREATE TABLE "App Schema"."nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn" (a int);
INSERT INTO "App Schema"."line
end" VALUES (1), (2);
INSERT INTO "App Schema"."%I %1$s $1" VALUES (1), (2), (3);
-- Nothing of the user's may be called, though it comes first.
CREATE FUNCTION public.pg_relation_size(oid) RETURNS bigint LANGUAGE sql AS 'SELECT 1/0::bigint';
CREATE FUNCTION public.count(integer) RETURNS bigint LANGUAGE sql AS 'SELECT 1/0::bigint';
)"),
                   QStringLiteral("birds"));
}

void TestCatalog::databasesAreThoseOfPsql()
{
    const auto databases = CatalogReader::databases(*m_connection);
    QVERIFY(databases);
    QList<QStringList> ours;
    for (const DatabaseInfo &database : *databases) {
        ours += {database.name,      database.owner,         database.encoding,
                 database.collation, database.characterType, database.accessPrivileges};
    }
    QList<QStringList> theirs = psqlTable(m_cluster, QStringLiteral("\\l"), QStringLiteral("birds"));
    for (QStringList &fields : theirs) {
        fields.remove(5, 2); // ICU locale and provider
    }
    QCOMPARE(ours, theirs);
    QVERIFY(ours.size() >= 6);
    for (const DatabaseInfo &database : *databases) {
        const bool isSystem = database.name == u"postgres" || database.name.startsWith(u"template");
        QCOMPARE(database.isSystem, isSystem);
        QCOMPARE(database.allowsConnections, database.name != u"template0");
        if (database.name == u"birds") {
            QCOMPARE(database.comment, QStringLiteral("where they live"));
            QVERIFY(database.sizeBytes > 1000000);
        }
    }
}

void TestCatalog::hidesSizesThatTheUserMayNotKnow()
{
    const auto databases = CatalogReader::databases(*m_connection);
    QVERIFY(databases);
    int hidden = 0;
    for (const DatabaseInfo &database : *databases) {
        hidden += database.name == u"closed" && database.sizeBytes == -1 ? 1 : 0;
    }
    QCOMPARE(hidden, 1);

    ConnectionSpec spec = m_cluster.spec(QStringLiteral("birds"));
    spec.parameters.user = QStringLiteral("stranger");
    spec.password = Secret(QStringLiteral("stranger-password"));
    const Connection stranger = open(spec);
    const auto relations = CatalogReader::relations(*stranger);
    QVERIFY2(relations, relations ? "" : qPrintable(relations.error().detail));
    QCOMPARE(relations->size(), CatalogReader::relations(*m_connection)->size());
    for (const RelationInfo &relation : *relations) {
        if (relation.id.name == u"birds") { // may not be counted, is estimated
            QVERIFY(!relation.rowsAreExact);
            QVERIFY(relation.estimatedRows > 0);
            QVERIFY(relation.sizeBytes > 0);
        }
    }
    const auto described = CatalogReader::describe(*stranger, {QStringLiteral("public"), QStringLiteral("birds")});
    QVERIFY(described);
    QCOMPARE(described->columns.size(), 5);
}

void TestCatalog::tablesAreThoseOfPsql()
{
    const auto relations = CatalogReader::relations(*m_connection);
    QVERIFY(relations);
    QList<QStringList> ours;
    for (const RelationInfo &relation : *relations) {
        ours += {relation.id.schema, relation.id.name, relationKindName(relation.kind), relation.owner};
    }
    QList<QStringList> theirs =
        psqlTable(m_cluster, QStringLiteral("\\dtvmsE \"App Schema\".*"), QStringLiteral("birds"));
    theirs += psqlTable(m_cluster, QStringLiteral("\\dtvmsE public.*"), QStringLiteral("birds"));
    QCOMPARE(ours, theirs);
    QVERIFY(ours.size() > 30);
}

void TestCatalog::hostileNamesComeBack()
{
    const QStringList names{"%I %1$s $1", "<c>9</c>", "Select", "back\\slash", "dot.dot",
                            "it's",       newline,    longName, "quo\"te",     QStringLiteral("Vögel 🐦")};
    for (const QString &name : names) {
        const RelationInfo found = relation(name);
        QCOMPARE(found.id, (TableId{QStringLiteral("App Schema"), name}));
        QVERIFY2(found.rowsAreExact, qPrintable(name));
        QCOMPARE(found.estimatedRows, name == newline ? 2 : name.startsWith(u'%') ? 3 : 0);
        const auto described = CatalogReader::describe(*m_connection, found.id);
        QVERIFY(described);
        QCOMPARE(described->relation.id, found.id);
        QCOMPARE(described->columns.size(), 1);
        TableQuery query;
        query.table = found.id;
        query.columns = found.columns;
        query.keyColumns = found.keyColumns;
        const auto page = fetchPage(*m_connection, query);
        QVERIFY(page);
        QCOMPARE(page->rowCount(), found.estimatedRows);
    }
}

void TestCatalog::countsAndKeys_data()
{
    QTest::addColumn<QString>("table");
    QTest::addColumn<int>("least"); // rows
    QTest::addColumn<int>("most");
    QTest::addColumn<bool>("exact");
    QTest::addColumn<QString>("key");
    const auto row = [](const char *table, int least, int most, bool exact, const char *key) {
        QTest::newRow(table) << QString::fromLatin1(table) << least << most << exact << QString::fromLatin1(key);
    };
    row("birds", 4, 4, true, "id");
    row("species", 3, 3, true, "id");
    row("heavy", -1, -1, false, "");
    row("frozen", 4, 4, true, "");
    row("big", 10000, 90000, false, ""); // never analysed: from its size
    row("analysed", 29000, 31000, false, "");
    row("parts", 20, 20, true, "a");
    row("parts_low", 10, 10, true, "a");
    row("parent", 3, 3, true, "");
    row("child", 2, 2, true, "");
    row("guarded", 0, 0, false, "id");
    row("unique_key", 0, 0, true, "a");
    row("unique_null", 0, 0, true, "");
    row("unique_partial", 0, 0, true, "");
    row("unique_expression", 0, 0, true, "");
    row("unique_late", 0, 0, true, "");
    row("key_of_two", 0, 0, true, "b,a");
    row("composite_key", 0, 0, true, "");
    row("no_columns", 0, 0, true, "");
    row("species_id_seq", -1, -1, false, "");
}

void TestCatalog::countsAndKeys()
{
    QFETCH(QString, table);
    QFETCH(int, least);
    QFETCH(int, most);
    const RelationInfo found = relation(table);
    QCOMPARE(found.id.name, table);
    QVERIFY2(found.estimatedRows >= least, qPrintable(QString::number(found.estimatedRows)));
    QVERIFY2(found.estimatedRows <= most, qPrintable(QString::number(found.estimatedRows)));
    QTEST(found.rowsAreExact, "exact");
    QTEST(found.keyColumns.join(u','), "key");
    QCOMPARE(found.sizeBytes >= 0, found.kind != RelationKind::View);
    if (found.kind != RelationKind::View && found.kind != RelationKind::PartitionedTable) {
        const QString size =
            m_cluster.psql(QStringLiteral("SELECT pg_total_relation_size('%1')").arg(table), QStringLiteral("birds"));
        QCOMPARE(QString::number(found.sizeBytes), size);
    }
}

void TestCatalog::emptyDatabaseIsEmpty()
{
    const Connection connection = open(m_cluster.spec(QStringLiteral("empty")));
    const auto relations = CatalogReader::relations(*connection);
    QVERIFY(relations);
    QVERIFY(relations->isEmpty());
}

void TestCatalog::lockedTableDoesNotHang()
{
    const Connection other = open(m_cluster.spec(QStringLiteral("birds")));
    QVERIFY(other->execute(QStringLiteral("BEGIN")));
    QVERIFY(other->execute(QStringLiteral("LOCK TABLE birds IN ACCESS EXCLUSIVE MODE")));
    QVERIFY(other->execute(QStringLiteral("REINDEX INDEX species_pkey")));
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(relation(QStringLiteral("birds")).sizeBytes, -1);
    QCOMPARE(relation(QStringLiteral("birds")).estimatedRows, -1);
    QCOMPARE(relation(QStringLiteral("species")).sizeBytes, -1);
    QCOMPARE(relation(QStringLiteral("frozen")).estimatedRows, 4);
    QVERIFY(timer.elapsed() < 3000); // the lock timeout of a connection is 5 s
    QVERIFY(other->execute(QStringLiteral("ROLLBACK")));
    QCOMPARE(relation(QStringLiteral("birds")).estimatedRows, 4);
}

void TestCatalog::damagedTableDoesNotHideTheOthers()
{
    const QString database = QStringLiteral("damaged");
    const Connection connection = open(m_cluster.spec(database));
    QVERIFY(connection->execute(QStringLiteral("CREATE TABLE fine AS SELECT 1 AS a")));
    QVERIFY(connection->execute(QStringLiteral("CREATE TABLE broken AS SELECT 1 AS a")));
    const QString path = m_cluster.psql(
        QStringLiteral(
            "CHECKPOINT;\nSELECT current_setting('data_directory') || '/' || pg_relation_filepath('broken')"),
        database);
    QFile file(path);
    QVERIFY2(file.open(QIODevice::ReadWrite), qPrintable(path));
    file.seek(0);
    file.write(QByteArray(200, '\xff')); // the page's header, so that reading it is an error
    file.close();
    m_cluster.psql(QStringLiteral("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE false"), database);
    // Out of the buffers by copying the database's blocks away.
    const QString copy = QStringLiteral("damaged_copy");
    m_cluster.psql(QStringLiteral("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'damaged';\n"
                                  "CREATE DATABASE damaged_copy TEMPLATE damaged STRATEGY file_copy;\n"
                                  "ALTER DATABASE damaged_copy OWNER TO \"%1\"")
                       .arg(m_connection->parameters().user));
    const Connection damaged = open(m_cluster.spec(copy));
    QVERIFY(!damaged->query(QStringLiteral("SELECT count(*) FROM broken")));
    const auto relations = CatalogReader::relations(*damaged);
    QVERIFY2(relations, relations ? "" : qPrintable(relations.error().detail));
    QCOMPARE(relations->size(), 2);
}

void TestCatalog::describesATable()
{
    const auto birds = CatalogReader::describe(*m_connection, {QStringLiteral("public"), QStringLiteral("birds")});
    QVERIFY(birds);
    QCOMPARE(birds->relation.comment, QStringLiteral("All of them"));
    QCOMPARE(birds->relation.estimatedRows, 4);
    QCOMPARE(birds->relation.keyColumns, QStringList{QStringLiteral("id")});
    // name, type, collation, nullable, default: as \d says
    QList<QStringList> ours;
    for (const ColumnInfo &column : birds->columns) {
        const QString identity = QStringLiteral("generated %1 as identity").arg(column.identity);
        const QString generated = QStringLiteral("generated always as (%1) stored").arg(column.defaultExpression);
        ours += {column.name, column.type, column.collation, column.notNull ? QStringLiteral("not null") : QString(),
                 !column.identity.isEmpty() ? identity
                 : column.generated         ? generated
                                            : column.defaultExpression};
    }
    const QList<QStringList> theirs = psqlTable(m_cluster, QStringLiteral("\\d birds"), QStringLiteral("birds"));
    QCOMPARE(ours, theirs);
    QCOMPARE(birds->columns.at(0).isKey, true);
    QCOMPARE(birds->columns.at(1).isKey, false);
    QCOMPARE(birds->columns.at(1).comment, QStringLiteral("as it is called"));
    QCOMPARE(birds->indexes.size(), 2);
    QCOMPARE(birds->indexes.at(0).name, QStringLiteral("birds_pkey"));
    QCOMPARE(birds->indexes.at(1).definition,
             QStringLiteral("CREATE INDEX birds_name ON birds USING btree (lower(name))"));
    QCOMPARE(birds->checks.size(), 1);
    QCOMPARE(birds->checks.at(0).definition, QStringLiteral("CHECK (weight > 0::numeric)"));
    QCOMPARE(birds->foreignKeys.size(), 1);
    QCOMPARE(birds->foreignKeys.at(0).definition,
             QStringLiteral("FOREIGN KEY (species_id) REFERENCES species(id) ON DELETE CASCADE"));
    QCOMPARE(birds->triggers.size(), 1);
    QVERIFY(birds->triggers.at(0).definition.startsWith(u"CREATE TRIGGER birds_touch BEFORE UPDATE"));
    QCOMPARE(birds->rules.size(), 1);
    QCOMPARE(birds->policies.size(), 0);
    const auto species = CatalogReader::describe(*m_connection, {QStringLiteral("public"), QStringLiteral("species")});
    QVERIFY(species);
    QCOMPARE(species->columns.at(1).type, QStringLiteral("character varying(160)"));
    QCOMPARE(species->referencedBy.size(), 1);
    QVERIFY(species->referencedBy.at(0).definition.startsWith(u"TABLE birds FOREIGN KEY (species_id)"));
    const auto guarded = CatalogReader::describe(*m_connection, {QStringLiteral("public"), QStringLiteral("guarded")});
    QCOMPARE(guarded->policies.size(), 1);
    QCOMPARE(guarded->policies.at(0).definition, QStringLiteral("FOR SELECT USING ((id < 10))"));
}

void TestCatalog::describesAViewAndAPartition()
{
    const auto heavy = CatalogReader::describe(*m_connection, {QStringLiteral("public"), QStringLiteral("heavy")});
    QVERIFY(heavy);
    QCOMPARE(int(heavy->relation.kind), int(RelationKind::View));
    QCOMPARE(heavy->viewDefinition,
             m_cluster.psql(QStringLiteral("SELECT pg_get_viewdef('heavy'::regclass, true)"), QStringLiteral("birds")));
    const auto low = CatalogReader::describe(*m_connection, {QStringLiteral("public"), QStringLiteral("parts_low")});
    QVERIFY(low);
    QCOMPARE(low->partitioning.size(), 2); // and the constraint that follows from it
    QCOMPARE(low->partitioning.at(0).name, QStringLiteral("partition of"));
    QCOMPARE(low->partitioning.at(0).definition, QStringLiteral("parts FOR VALUES FROM (0) TO (10)"));
    const auto parts = CatalogReader::describe(*m_connection, {QStringLiteral("public"), QStringLiteral("parts")});
    QCOMPARE(parts->partitioning.at(0).definition, QStringLiteral("RANGE (a)"));
    const auto sequence =
        CatalogReader::describe(*m_connection, {QStringLiteral("public"), QStringLiteral("species_id_seq")});
    QVERIFY(sequence);
    QCOMPARE(int(sequence->relation.kind), int(RelationKind::Sequence));
}

void TestCatalog::describeFindsNothing()
{
    const auto none = CatalogReader::describe(*m_connection, {QStringLiteral("public"), QStringLiteral("Birds")});
    QVERIFY(!none);
    QCOMPARE(int(none.error().code), int(ErrorCode::NotFound));
    QVERIFY(none.error().message.contains(u"Birds"));
}

void TestCatalog::listsSessions()
{
    const QString database = QStringLiteral("visited");
    const ConnectionSpec spec = m_cluster.spec(database);
    QVERIFY(CatalogReader::sessions(*m_connection, database)->isEmpty());
    Connection visitor = *DatabaseConnection::open(spec, {}, QStringLiteral("a visitor"));
    const auto sessions = CatalogReader::sessions(*m_connection, database);
    QVERIFY(sessions);
    QCOMPARE(sessions->size(), 1);
    QCOMPARE(sessions->at(0).pid, visitor->server().backendPid);
    QCOMPARE(sessions->at(0).user, spec.parameters.user);
    QCOMPARE(sessions->at(0).applicationName, QStringLiteral("a visitor"));
    QCOMPARE(sessions->at(0).clientAddress, QStringLiteral("127.0.0.1"));
    QVERIFY(!sessions->at(0).since.isEmpty());
    QVERIFY(CatalogReader::sessions(*visitor, database)->isEmpty()); // not oneself
}

void TestCatalog::countsRows()
{
    QCOMPARE(*CatalogReader::countRows(*m_connection, {QStringLiteral("public"), QStringLiteral("big")}), 30000);
    QCOMPARE(*CatalogReader::countRows(*m_connection, {QStringLiteral("App Schema"), newline}), 2);
    const auto none = CatalogReader::countRows(*m_connection, {QStringLiteral("public"), QStringLiteral("none")});
    QVERIFY(!none);
    QCOMPARE(none.error().sqlState, QByteArray("42P01"));
}

void TestCatalog::eachIsOneRoundTrip()
{
    ConnectionSpec spec = m_cluster.spec(QStringLiteral("birds"));
    TcpProxy proxy(spec.parameters.port);
    spec.parameters.port = proxy.port();
    const Connection connection = open(spec);
    const auto trips = [&](const auto &call) {
        proxy.resetCount();
        return call() ? proxy.roundTrips() : -1;
    };
    const TableId birds{QStringLiteral("public"), QStringLiteral("birds")};
    QCOMPARE(trips([&] { return CatalogReader::databases(*connection).has_value(); }), 1);
    QCOMPARE(trips([&] { return CatalogReader::relations(*connection).has_value(); }), 1);
    QCOMPARE(trips([&] { return CatalogReader::describe(*connection, birds).has_value(); }), 1);
    QCOMPARE(trips([&] { return CatalogReader::sessions(*connection, QStringLiteral("birds")).has_value(); }), 1);
    QCOMPARE(trips([&] { return CatalogReader::countRows(*connection, birds).has_value(); }), 1);
    TableQuery query;
    query.table = birds;
    QCOMPARE(trips([&] { return fetchPage(*connection, query).has_value(); }), 1);
}

void TestCatalog::isCancelled()
{
    std::stop_source stop;
    stop.request_stop();
    const auto relations = CatalogReader::relations(*m_connection, stop.get_token());
    QVERIFY(!relations);
    QVERIFY(relations.error().isCancelled());
    QVERIFY(CatalogReader::relations(*m_connection));
}

QTEST_GUILESS_MAIN(TestCatalog)
#include "tst_catalog.moc"
