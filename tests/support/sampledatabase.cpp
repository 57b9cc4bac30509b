#include "support/sampledatabase.h"

#include "postgres/identifier.h"
#include "support/psql.h"

namespace Roost::Testing {

namespace {

const QString sampleSql = QStringLiteral(R"sql(
CREATE SCHEMA nest;
CREATE TYPE size AS ENUM ('small', 'middling', 'big');
CREATE TABLE species (id serial PRIMARY KEY, name text NOT NULL UNIQUE, kind size);
CREATE TABLE birds (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    species_id int NOT NULL REFERENCES species ON DELETE CASCADE,
    name varchar(80) CHECK (name <> ''),
    note text, seen timestamptz, weight numeric(40, 20), photo bytea, tags text[], extra jsonb);
CREATE INDEX birds_by_name ON birds (lower(name), seen DESC);
CREATE TABLE nest."Odd ""name"" here" ("a b" int, "Ä" text DEFAULT 'x''y');
CREATE TABLE nest.empty_one (id int);
CREATE TABLE nest.logbook (id int PRIMARY KEY, entry text);
CREATE FUNCTION nest.shout() RETURNS trigger LANGUAGE plpgsql AS
    $f$ BEGIN new.note := upper(new.note); RETURN new; END $f$;
CREATE TRIGGER shouting BEFORE INSERT ON birds FOR EACH ROW EXECUTE FUNCTION nest.shout();
CREATE VIEW counts AS SELECT s.id, s.name, s.kind, count(b.id) AS birds
    FROM species s LEFT JOIN birds b ON b.species_id = s.id GROUP BY s.id;
INSERT INTO species (name, kind) VALUES ('Wren', 'small'), ('Owl', 'big'), (E'tab\tline\nend\\.', NULL);
INSERT INTO birds (species_id, name, note, seen, weight, photo, tags, extra) VALUES
    (1, 'Jenny', 'sings', '2026-01-02 03:04:05.123456+00', 0.00950000000000000001, '\x00ff5c6e', '{a,"b c",NULL}', '{"a": 1}'),
    (2, 'Archimedes', NULL, 'infinity', 'NaN', NULL, '{}', 'null'),
    (2, E'\\.', '', '0044-03-15 BC', -1, '', NULL, NULL);
INSERT INTO nest."Odd ""name"" here" VALUES (1, ''), (NULL, NULL), (3, E'COPY public.birds (id) FROM stdin;');
INSERT INTO nest.logbook SELECT g, (SELECT string_agg(md5(g || '/' || part), '') FROM generate_series(1, 16) part)
    FROM generate_series(1, %1) g;
CREATE MATERIALIZED VIEW nest.totals AS SELECT count(*) AS n FROM nest.logbook;
SELECT setval('species_id_seq', 41);
SELECT lo_from_bytea(424242, '\x626972640a');
COMMENT ON TABLE birds IS 'all of them';
)sql");

const QString fingerprintSql = QStringLiteral(R"sql(
SET search_path = pg_catalog;
WITH names AS (
    SELECT c.*, n.nspname, format('%I.%I', n.nspname, c.relname) AS full_name
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema')
SELECT line FROM (
    SELECT 'rows ' || full_name || ' ' || (xpath('/row/x/text()', query_to_xml(format(
        $q$SELECT count(*) || ':' || coalesce(md5(string_agg(t::text, E'\n' ORDER BY t::text)), '-') AS x FROM %s t$q$,
        full_name), false, true, '')))[1]::text
    FROM names WHERE relkind IN ('r', 'm', 'p')
    UNION ALL SELECT 'sequence ' || full_name || ' ' || coalesce(pg_sequence_last_value(oid)::text, '-')
    FROM names WHERE relkind = 'S'
    UNION ALL SELECT 'view ' || full_name || ' ' || pg_get_viewdef(oid) FROM names WHERE relkind IN ('v', 'm')
    UNION ALL SELECT 'index ' || pg_get_indexdef(oid) FROM names WHERE relkind = 'i'
    UNION ALL SELECT 'constraint ' || r.full_name || ' ' || k.conname || ' ' || pg_get_constraintdef(k.oid)
    FROM pg_constraint k JOIN names r ON r.oid = k.conrelid
    UNION ALL SELECT 'column ' || r.full_name || ' ' || a.attnum || ' ' || a.attname || ' ' ||
        format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull || a.attidentity::text || ' ' ||
        coalesce(pg_get_expr(d.adbin, d.adrelid), '')
    FROM pg_attribute a JOIN names r ON r.oid = a.attrelid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attnum > 0 AND NOT a.attisdropped AND r.relkind IN ('r', 'p')
    UNION ALL SELECT 'trigger ' || pg_get_triggerdef(t.oid) FROM pg_trigger t WHERE NOT t.tgisinternal
    UNION ALL SELECT 'function ' || pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    UNION ALL SELECT 'enum ' || e.enumlabel || ' ' || e.enumsortorder FROM pg_enum e
    UNION ALL SELECT 'comment ' || obj_description(oid, 'pg_class') FROM names WHERE obj_description(oid, 'pg_class') <> ''
    UNION ALL SELECT 'large object ' || m.oid || ' ' || encode(lo_get(m.oid), 'hex') FROM pg_largeobject_metadata m
) all_lines (line) ORDER BY line COLLATE "C"
)sql");

} // namespace

void fillSampleDatabase(TemporaryCluster &cluster, const QString &database, int logbookRows)
{
    const QString owner = cluster.spec(database).parameters.user; // made, if it is missing
    fillSampleDatabase(cluster.superuser(database), owner, logbookRows);
}

void fillSampleDatabase(const ConnectionSpec &superuser, const QString &owner, int logbookRows)
{
    runPsql(superuser, QStringLiteral("SET ROLE %1;").arg(quoteIdentifier(owner)) +
                           QString(sampleSql).replace(QStringLiteral("%1"), QString::number(logbookRows)));
}

QString databaseFingerprint(const TemporaryCluster &cluster, const QString &database)
{
    return databaseFingerprint(cluster.superuser(database));
}

QString databaseFingerprint(const ConnectionSpec &superuser)
{
    return runPsql(superuser, fingerprintSql);
}

} // namespace Roost::Testing
