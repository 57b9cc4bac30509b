// What a manifest sees: nothing in an untouched copy, and every tampering by its name.

#include "postgres/databaseconnection.h"
#include "postgres/manifest.h"
#include "postgres/manifestcompare.h"
#include "postgres/manifestreader.h"
#include "process/pgtoolchain.h"
#include "support/temporarycluster.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace Roost;
using namespace Roost::Testing;

namespace {

const char *const schema = R"sql(
SET client_min_messages = error;
CREATE EXTENSION citext; CREATE EXTENSION pg_trgm;
SET ROLE my_database_user;
CREATE TYPE mood AS ENUM ('calm', 'singing', 'it''s alarmed');
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN grams AS numeric(8,2) CHECK (VALUE > 0) DEFAULT 1;
CREATE SCHEMA "Odd nest";
CREATE TABLE species (id int PRIMARY KEY, name text NOT NULL UNIQUE);
INSERT INTO species VALUES (1, 'Chickadee'), (2, 'Grackle'), (3, '');
CREATE TABLE birds (id serial PRIMARY KEY, name varchar(40) NOT NULL, species_id int REFERENCES species, weight grams,
  length float8, speed float4, seen timestamptz, day date, span interval, price money, ringed boolean DEFAULT false,
  feel mood, both_ pair, tags text[], spots int[], traits jsonb, raw json, photo bytea, note text DEFAULT 'none', uid uuid,
  place point, net inet, bits bit(4), doc xml, nick citext, twice numeric GENERATED ALWAYS AS (weight * 2) STORED,
  CONSTRAINT sane CHECK (length <> 1000));
INSERT INTO birds (name, species_id, weight, length, speed, seen, day, span, price, ringed, feel, both_, tags, spots, traits,
  raw, photo, note, uid, place, net, bits, doc, nick) VALUES
 ('Ada', 1, 11.5, 0.1::float8 + 0.2::float8, 1.1, '2026-01-02 03:04:05.123456+00', '2026-05-05', '1 mon 2 days 03:00', 12.50,
  true, 'calm', '(1,x)', '{a,b}', '{1,2}', '{"a": 1}', '{"b":  2}', '\x0001ff', '', gen_random_uuid(), '(1,2)', '10.0.0.1',
  B'1010', '<a/>', 'Ada'),
 ('Bea', 2, 122, 'Infinity', 'NaN', 'infinity', '0044-03-15 BC', '-1 day', -3, false, 'singing', '(,)', '{}', NULL, '{}', '[]',
  '\x', NULL, gen_random_uuid(), NULL, '::1', B'0000', NULL, 'BEA'),
 ('Cyd', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'x', NULL, NULL, NULL,
  NULL, NULL, NULL);
CREATE INDEX birds_name_idx ON birds (lower(name)); CREATE INDEX birds_seen_idx ON birds (seen) WHERE ringed;
CREATE TABLE "Odd nest"."the log" ("when" timestamptz, line text);
INSERT INTO "Odd nest"."the log" SELECT '2026-01-01'::timestamptz + n * interval '1 min', 'line ' || n % 5 FROM generate_series(1, 200) n;
CREATE TABLE twins (v text); INSERT INTO twins VALUES ('same'), ('same'), (NULL), ('');
CREATE TABLE others (v text); INSERT INTO others VALUES ('other');
CREATE TABLE none (); CREATE TABLE empty (id int GENERATED ALWAYS AS IDENTITY (START 7), v int);
CREATE TABLE parts (id int, v text) PARTITION BY RANGE (id);
CREATE TABLE parts_low PARTITION OF parts FOR VALUES FROM (0) TO (100);
CREATE TABLE parts_high PARTITION OF parts FOR VALUES FROM (100) TO (1000);
INSERT INTO parts VALUES (1, 'low'), (200, 'high');
CREATE TABLE old (kept int, dropped int, last_ text); INSERT INTO old VALUES (1, 2, 'x'); ALTER TABLE old DROP COLUMN dropped;
CREATE SEQUENCE counter START 5 INCREMENT 3; SELECT nextval('counter'), nextval('counter');
CREATE SEQUENCE untouched;
CREATE VIEW heavy AS SELECT b.id, b.name FROM birds b WHERE b.weight > 100;
CREATE MATERIALIZED VIEW totals AS SELECT count(*) AS n FROM birds;
CREATE FUNCTION shout(t text) RETURNS text LANGUAGE sql AS $$SELECT upper(t)$$;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$;
CREATE TRIGGER touched BEFORE UPDATE ON birds FOR EACH ROW EXECUTE FUNCTION touch();
CREATE RULE quiet AS ON DELETE TO others DO INSTEAD NOTHING;
CREATE TABLE guarded (id int, owner text); INSERT INTO guarded VALUES (1, 'me');
ALTER TABLE guarded ENABLE ROW LEVEL SECURITY; CREATE POLICY mine ON guarded USING (owner = 'me');
COMMENT ON TABLE birds IS 'what was seen'; COMMENT ON COLUMN birds.name IS 'as it is called';
SELECT lo_from_bytea(0, '\x010203'); SELECT lo_from_bytea(0, '\x04');
)sql";

} // namespace

class TestManifest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void sameWhateverTheSession();
    void untouchedCopiesAreEqual();
    void tamperings_data();
    void tamperings();
    void seesOneInstant();
    void jsonKeepsItAll();
    void damagedJson_data();
    void damagedJson();
    void otherEncoding();
    void hiddenRowsAreRefused();

private:
    Result<Manifest> read(const QString &database, std::optional<Manifest::RowHash> hash = {},
                          const QString &before = {}) const
    {
        auto connection = DatabaseConnection::open(m_cluster.superuser(database));
        if (!connection) {
            return failure(connection.error());
        }
        if (!before.isEmpty() && !(*connection)->execute(before)) {
            return failure(ErrorCode::Internal, before);
        }
        return readManifest(**connection, hash);
    }
    static QString told(const QList<ManifestDifference> &differences)
    {
        QStringList lines;
        for (const ManifestDifference &one : differences) {
            lines += QStringLiteral("%1 %2 [%3] [%4]").arg(one.what, one.text, one.before, one.after);
        }
        return lines.join(u'\n');
    }
    bool copyByDump(const QString &from, const QString &to) const;
    QString psql(const QString &sql, const QString &database = QStringLiteral("shop")) const
    {
        return m_cluster.psql(sql, database);
    }

    TemporaryCluster m_cluster;
    Manifest m_manifest;
};

/// With pg_dump and pg_restore as the lesson uses them.
bool TestManifest::copyByDump(const QString &from, const QString &to) const
{
    const auto tools = serverToolchain(JobContext());
    const QTemporaryDir folder;
    const ConnectionParameters admin = m_cluster.superuser(from).parameters;
    const QString file = folder.filePath(QStringLiteral("copy.dump"));
    psql(QStringLiteral("CREATE DATABASE %1 OWNER my_database_user TEMPLATE template0").arg(to),
         QStringLiteral("postgres"));
    const QStringList at{QStringLiteral("-h"),        admin.host,           QStringLiteral("-p"),
                         QString::number(admin.port), QStringLiteral("-U"), admin.user};
    const auto run = [&](const char *tool, const QStringList &arguments) {
        return QProcess::execute(tools->tool(QLatin1String(tool)), at + arguments) == 0;
    };
    return run("pg_dump", {QStringLiteral("-Fc"), QStringLiteral("-f"), file, from}) &&
           run("pg_restore", {QStringLiteral("--exit-on-error"), QStringLiteral("-d"), to, file});
}

void TestManifest::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    m_cluster.spec(QStringLiteral("shop"));
    psql(QString::fromLatin1(schema));
    const auto manifest = read(QStringLiteral("shop"));
    QVERIFY2(manifest, qPrintable(manifest ? QString() : manifest.error().message + manifest.error().detail));
    m_manifest = *manifest;
    QCOMPARE(m_manifest.tables.value(QStringLiteral("public.birds")).rows, 3);
    QCOMPARE(m_manifest.tables.value(QStringLiteral("\"Odd nest\".\"the log\"")).rows, 200);
    QVERIFY(m_manifest.tables.contains(QStringLiteral("public.parts_low")) &&
            !m_manifest.tables.contains(QStringLiteral("public.parts")));
    QCOMPARE(m_manifest.sequences.value(QStringLiteral("public.counter")), (SequenceState{8, true}));
    QCOMPARE(m_manifest.largeObjects.rows, 2);
    QCOMPARE(m_manifest.unproven.size(), 1); // the materialized view
    QVERIFY(copyByDump(QStringLiteral("shop"), QStringLiteral("pristine")));
}

void TestManifest::sameWhateverTheSession()
{
    const auto other =
        read(QStringLiteral("shop"), {},
             QStringLiteral("SET DateStyle = 'SQL, DMY'; SET TimeZone = 'Asia/Tokyo'; SET IntervalStyle = "
                            "'iso_8601'; SET extra_float_digits = -5; SET bytea_output = 'escape'; SET "
                            "search_path = public; SET lc_monetary = 'C'"));
    QVERIFY(!other); // several statements at once are not taken
    for (const char *setting :
         {"SET DateStyle = 'SQL, DMY'", "SET TimeZone = 'Asia/Tokyo'", "SET IntervalStyle = 'iso_8601'",
          "SET extra_float_digits = -5", "SET bytea_output = 'escape'", "SET search_path = public, \"Odd nest\"",
          "SET quote_all_identifiers = on", "SET xmlbinary = 'hex'", "SET enable_seqscan = off"}) {
        const auto manifest = read(QStringLiteral("shop"), {}, QLatin1String(setting));
        QVERIFY(manifest);
        QCOMPARE(told(compareManifests(m_manifest, *manifest)), QString());
    }
    // Nor does it matter where the rows lie.
    psql(QStringLiteral("UPDATE birds SET name = name WHERE id = 1; VACUUM FULL birds"));
    QCOMPARE(told(compareManifests(m_manifest, *read(QStringLiteral("shop")))), QString());
}

void TestManifest::untouchedCopiesAreEqual()
{
    const auto first = read(QStringLiteral("pristine"));
    QVERIFY(first);
    QCOMPARE(told(compareManifests(m_manifest, *first)), QString());
    QVERIFY(isProven(compareManifests(m_manifest, *first)));
    // And a copy of the copy.
    QVERIFY(copyByDump(QStringLiteral("pristine"), QStringLiteral("again")));
    QCOMPARE(told(compareManifests(m_manifest, *read(QStringLiteral("again")))), QString());
}

void TestManifest::tamperings_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("what");
    const auto row = [](const char *name, const char *sql, const char *what) {
        QTest::newRow(name) << QString::fromUtf8(sql) << QString::fromUtf8(what);
    };
    row("row removed", "DELETE FROM birds WHERE id = 3", "table public.birds");
    row("row added", "INSERT INTO species VALUES (4, 'x')", "table public.species");
    row("row doubled", "INSERT INTO twins VALUES ('same')", "table public.twins");
    row("row doubled, another gone", "DELETE FROM twins WHERE v = ''; INSERT INTO twins VALUES ('same')",
        "table public.twins");
    row("trailing space", "UPDATE birds SET name = 'Ada ' WHERE id = 1", "table public.birds");
    row("case", "UPDATE birds SET name = 'ada' WHERE id = 1", "table public.birds");
    row("case of citext", "UPDATE birds SET nick = 'ada' WHERE id = 1", "table public.birds");
    row("empty to NULL", "UPDATE birds SET note = NULL WHERE id = 1", "table public.birds");
    row("NULL to empty", "UPDATE birds SET note = '' WHERE id = 2", "table public.birds");
    row("NULL to empty, alone in its table", "UPDATE twins SET v = '' WHERE v IS NULL", "table public.twins");
    row("rounded float", "UPDATE birds SET length = 0.3 WHERE id = 1", "table public.birds");
    row("last bit of a float4", "UPDATE birds SET speed = 1.1000001::float4 WHERE id = 1", "table public.birds");
    row("microseconds", "UPDATE birds SET seen = date_trunc('milliseconds', seen) WHERE id = 1", "table public.birds");
    row("an hour", "UPDATE birds SET seen = seen + interval '1 hour' WHERE id = 1", "table public.birds");
    row("BC", "UPDATE birds SET day = '0044-03-15' WHERE id = 2", "table public.birds");
    row("scale of a number", "ALTER TABLE birds DROP COLUMN twice; ALTER DOMAIN grams DROP CONSTRAINT grams_check",
        "type public.grams");
    row("cents", "UPDATE birds SET price = 12.51 WHERE id = 1", "table public.birds");
    row("boolean", "UPDATE birds SET ringed = false WHERE id = 1", "table public.birds");
    row("order in an array", "UPDATE birds SET tags = '{b,a}' WHERE id = 1", "table public.birds");
    row("empty array to NULL", "UPDATE birds SET tags = NULL WHERE id = 2", "table public.birds");
    row("blank in json", "UPDATE birds SET raw = '{\"b\": 2}' WHERE id = 1", "table public.birds");
    row("value in jsonb", "UPDATE birds SET traits = '{\"a\": \"1\"}' WHERE id = 1", "table public.birds");
    row("a byte", "UPDATE birds SET photo = '\\x0001fe' WHERE id = 1", "table public.birds");
    row("two values of a row swapped", "UPDATE birds SET note = name, name = 'x' WHERE id = 3", "table public.birds");
    row("values swapped between rows",
        "UPDATE species SET name = 'tmp' WHERE id = 1; UPDATE species SET name = 'Chickadee' WHERE id = 2; "
        "UPDATE species SET name = 'Grackle' WHERE id = 1",
        "table public.species");
    row("rows swapped between tables", "UPDATE twins SET v = 'other' WHERE v = ''; UPDATE others SET v = ''",
        "table public.others");
    row("row in another partition", "UPDATE parts SET id = 100 WHERE id = 1", "table public.parts_low");
    row("row hidden by a policy", "UPDATE guarded SET owner = 'you'", "table public.guarded");
    row("table of an odd name", "DELETE FROM \"Odd nest\".\"the log\" WHERE line = 'line 1'",
        "table \"Odd nest\".\"the log\"");
    row("table dropped", "DROP TABLE others", "table public.others");
    row("table added", "CREATE TABLE more (id int)", "table public.more");
    row("sequence set back", "SELECT setval('counter', 5)", "sequence public.counter");
    row("sequence used", "SELECT nextval('untouched')", "sequence public.untouched");
    row("sequence of an identity", "SELECT nextval('empty_id_seq')", "sequence public.empty_id_seq");
    row("sequence's step", "ALTER SEQUENCE counter INCREMENT 1", "sequence public.counter");
    row("index dropped", "DROP INDEX birds_name_idx", "index public.birds_name_idx");
    row("index on something else", "DROP INDEX birds_name_idx; CREATE INDEX birds_name_idx ON birds (name)",
        "index public.birds_name_idx");
    row("index invalid", "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'birds_seen_idx'::regclass",
        "index public.birds_seen_idx");
    row("primary key dropped", "ALTER TABLE birds DROP CONSTRAINT birds_pkey", "constraint birds_pkey on public.birds");
    row("foreign key dropped", "ALTER TABLE birds DROP CONSTRAINT birds_species_id_fkey",
        "constraint birds_species_id_fkey on public.birds");
    row("check dropped", "ALTER TABLE birds DROP CONSTRAINT sane", "constraint sane on public.birds");
    row("check not valid",
        "ALTER TABLE birds DROP CONSTRAINT sane; ALTER TABLE birds ADD CONSTRAINT sane CHECK (length <> 1000) NOT "
        "VALID",
        "constraint sane on public.birds");
    row("NOT NULL dropped", "ALTER TABLE birds ALTER name DROP NOT NULL", "column public.birds.name");
    row("default changed", "ALTER TABLE birds ALTER note SET DEFAULT 'nothing'", "column public.birds.note");
    row("default dropped", "ALTER TABLE birds ALTER ringed DROP DEFAULT", "column public.birds.ringed");
    row("column's type", "ALTER TABLE others ALTER v TYPE varchar(40)", "column public.others.v");
    row("column renamed", "ALTER TABLE others RENAME v TO w", "column public.others.v");
    row("enum label renamed", "ALTER TYPE mood RENAME VALUE 'calm' TO 'quiet'", "type public.mood");
    row("enum label added", "ALTER TYPE mood ADD VALUE 'new' BEFORE 'singing'", "type public.mood");
    row("composite changed", "ALTER TYPE pair ADD ATTRIBUTE c int", "type public.pair");
    row("trigger dropped", "DROP TRIGGER touched ON birds", "trigger touched on public.birds");
    row("trigger disabled", "ALTER TABLE birds DISABLE TRIGGER touched", "trigger touched on public.birds");
    row("function changed", "CREATE OR REPLACE FUNCTION shout(t text) RETURNS text LANGUAGE sql AS $$SELECT lower(t)$$",
        "function public.shout(t text)");
    row("function dropped", "DROP FUNCTION shout(text)", "function public.shout(t text)");
    row("view changed", "CREATE OR REPLACE VIEW heavy AS SELECT b.id, b.name FROM birds b WHERE b.weight > 10",
        "view public.heavy");
    row("view dropped", "DROP VIEW heavy", "view public.heavy");
    row("rule dropped", "DROP RULE quiet ON others", "rule quiet on public.others");
    row("policy changed", "ALTER POLICY mine ON guarded USING (true)", "policy mine on public.guarded");
    row("policies off", "ALTER TABLE guarded DISABLE ROW LEVEL SECURITY", "table public.guarded");
    row("comment lost", "COMMENT ON TABLE birds IS NULL", "comment on table public.birds");
    row("comment of a column", "COMMENT ON COLUMN birds.name IS 'else'", "comment on table column public.birds.name");
    row("extension dropped", "DROP EXTENSION pg_trgm", "extension pg_trgm");
    row("schema added", "CREATE SCHEMA more", "schema more");
    row("large object changed", "SELECT lo_put(min(oid), 0, '\\xff') FROM pg_largeobject_metadata", "large objects");
    row("large object gone", "SELECT lo_unlink(min(oid)) FROM pg_largeobject_metadata", "large objects");
    row("unlogged", "ALTER TABLE others SET UNLOGGED", "table public.others");
}

void TestManifest::tamperings()
{
    QFETCH(QString, sql);
    QFETCH(QString, what);
    psql(QStringLiteral("DROP DATABASE IF EXISTS tampered"), QStringLiteral("postgres"));
    psql(QStringLiteral("CREATE DATABASE tampered TEMPLATE pristine"), QStringLiteral("postgres"));
    psql(QStringLiteral("SET client_min_messages = error; SET allow_system_table_mods = on; ") + sql,
         QStringLiteral("tampered"));
    const auto manifest = read(QStringLiteral("tampered"));
    QVERIFY2(manifest, qPrintable(manifest ? QString() : manifest.error().message + manifest.error().detail));
    const QList<ManifestDifference> differences = compareManifests(m_manifest, *manifest);
    QVERIFY2(!isProven(differences), qPrintable(told(differences)));
    const bool isNamed = std::any_of(differences.begin(), differences.end(),
                                     [&what](const ManifestDifference &one) { return one.what == what; });
    QVERIFY2(isNamed, qPrintable(told(differences)));
    QVERIFY2(differences.size() <= 4, qPrintable(told(differences)));
}

void TestManifest::seesOneInstant()
{
    auto connection = DatabaseConnection::open(m_cluster.superuser(QStringLiteral("shop")));
    QVERIFY(connection);
    const auto snapshot = beginSnapshot(**connection);
    QVERIFY(snapshot && !snapshot->isEmpty());
    psql(QStringLiteral("INSERT INTO twins VALUES ('later'); CREATE TABLE later (id int)"));
    qint64 last = 0;
    const auto manifest = readManifest(**connection, {}, [&last](qint64 done, qint64 all) {
        QVERIFY(done >= last && done <= all);
        last = done;
    });
    QVERIFY(manifest);
    QCOMPARE(told(compareManifests(m_manifest, *manifest)), QString());
    QVERIFY(last > 0);
    psql(QStringLiteral("DELETE FROM twins WHERE v = 'later'; DROP TABLE later"));
}

void TestManifest::jsonKeepsItAll()
{
    Manifest manifest = m_manifest;
    manifest.dumpFile = QStringLiteral("b.dump");
    manifest.dumpBytes = 123456789012345;
    manifest.dumpSha256 = "abc";
    manifest.toolVersion = QStringLiteral("15.20");
    manifest.sequences.insert(QStringLiteral("big"), {9223372036854775807, false});
    const QByteArray json = manifest.toJson();
    const auto again = Manifest::fromJson(json);
    QVERIFY(again);
    QCOMPARE(again->toJson(), json);
    QCOMPARE(told(compareManifests(manifest, *again)), QString());
    QCOMPARE(again->sequences.value(QStringLiteral("big")).lastValue, 9223372036854775807);
    QCOMPARE(again->takenAt, manifest.takenAt);
    QVERIFY(!json.contains(m_cluster.spec(QStringLiteral("shop")).password.reveal().toUtf8()));
}

void TestManifest::damagedJson_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::newRow("a count") << QByteArray("\"rows\": 3") << QByteArray("\"rows\": 4");
    QTest::newRow("a name") << QByteArray("public.birds") << QByteArray("public.birdz");
    QTest::newRow("cut") << QByteArray("\"tables\"") << QByteArray();
    QTest::newRow("no manifest") << QByteArray("roost_manifest") << QByteArray("somebody_else");
    QTest::newRow("later format") << QByteArray("\"roost_manifest\": 1") << QByteArray("\"roost_manifest\": 2");
}

void TestManifest::damagedJson()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    QByteArray json = m_manifest.toJson();
    QVERIFY(json.contains(from));
    if (to.isEmpty()) {
        json.truncate(json.indexOf(from));
    } else {
        json.replace(json.indexOf(from), from.size(), to);
    }
    const auto manifest = Manifest::fromJson(json);
    QVERIFY(!manifest);
    QCOMPARE(manifest.error().code, ErrorCode::InvalidInput);
    QVERIFY(!manifest.error().message.isEmpty());
}

/// A dump of a database in Latin-1, restored into UTF-8.
void TestManifest::otherEncoding()
{
    psql(QStringLiteral("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"),
         QStringLiteral("postgres"));
    psql(QStringLiteral("CREATE TABLE t (v text); INSERT INTO t VALUES ('K\u00e4fer'), ('x'), (NULL)"),
         QStringLiteral("latin"));
    QVERIFY(copyByDump(QStringLiteral("latin"), QStringLiteral("unicode")));
    const auto before = read(QStringLiteral("latin"));
    QVERIFY(before);
    QCOMPARE(before->rowHash, Manifest::RowHash::HexUtf8);
    const auto after = read(QStringLiteral("unicode"), before->rowHash);
    QVERIFY(after);
    QVERIFY2(isProven(compareManifests(*before, *after)), qPrintable(told(compareManifests(*before, *after))));
    psql(QStringLiteral("UPDATE t SET v = 'Kafer' WHERE v LIKE 'K%'"), QStringLiteral("unicode"));
    QVERIFY(!isProven(compareManifests(*before, *read(QStringLiteral("unicode"), before->rowHash))));
}

void TestManifest::hiddenRowsAreRefused()
{
    psql(QStringLiteral("ALTER TABLE guarded FORCE ROW LEVEL SECURITY"), QStringLiteral("again"));
    auto connection = DatabaseConnection::open(m_cluster.spec(QStringLiteral("again")));
    QVERIFY(connection);
    const auto manifest = readManifest(**connection);
    QVERIFY(!manifest);
    QVERIFY2(manifest.error().detail.contains(QStringLiteral("row-level security")) ||
                 manifest.error().message.contains(QStringLiteral("row-level security")),
             qPrintable(manifest.error().message));
}

QTEST_GUILESS_MAIN(TestManifest)
#include "tst_manifest.moc"
