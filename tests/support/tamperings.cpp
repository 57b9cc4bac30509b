#include "support/tamperings.h"

namespace Roost::Testing {

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

QString tamperedSchema()
{
    return QString::fromUtf8(schema);
}

const QList<Tampering> &tamperings()
{
    static const QList<Tampering> list = {
        {"row removed", "DELETE FROM birds WHERE id = 3", "table public.birds"},
        {"row added", "INSERT INTO species VALUES (4, 'x')", "table public.species"},
        {"row doubled", "INSERT INTO twins VALUES ('same')", "table public.twins"},
        {"row doubled, another gone", "DELETE FROM twins WHERE v = ''; INSERT INTO twins VALUES ('same')",
         "table public.twins"},
        {"trailing space", "UPDATE birds SET name = 'Ada ' WHERE id = 1", "table public.birds"},
        {"case", "UPDATE birds SET name = 'ada' WHERE id = 1", "table public.birds"},
        {"case of citext", "UPDATE birds SET nick = 'ada' WHERE id = 1", "table public.birds"},
        {"empty to NULL", "UPDATE birds SET note = NULL WHERE id = 1", "table public.birds"},
        {"NULL to empty", "UPDATE birds SET note = '' WHERE id = 2", "table public.birds"},
        {"NULL to empty, alone in its table", "UPDATE twins SET v = '' WHERE v IS NULL", "table public.twins"},
        {"rounded float", "UPDATE birds SET length = 0.3 WHERE id = 1", "table public.birds"},
        {"last bit of a float4", "UPDATE birds SET speed = 1.1000001::float4 WHERE id = 1", "table public.birds"},
        {"microseconds", "UPDATE birds SET seen = date_trunc('milliseconds', seen) WHERE id = 1", "table public.birds"},
        {"an hour", "UPDATE birds SET seen = seen + interval '1 hour' WHERE id = 1", "table public.birds"},
        {"BC", "UPDATE birds SET day = '0044-03-15' WHERE id = 2", "table public.birds"},
        {"scale of a number", "ALTER TABLE birds DROP COLUMN twice; ALTER DOMAIN grams DROP CONSTRAINT grams_check",
         "type public.grams"},
        {"cents", "UPDATE birds SET price = 12.51 WHERE id = 1", "table public.birds"},
        {"boolean", "UPDATE birds SET ringed = false WHERE id = 1", "table public.birds"},
        {"order in an array", "UPDATE birds SET tags = '{b,a}' WHERE id = 1", "table public.birds"},
        {"empty array to NULL", "UPDATE birds SET tags = NULL WHERE id = 2", "table public.birds"},
        {"blank in json", "UPDATE birds SET raw = '{\"b\": 2}' WHERE id = 1", "table public.birds"},
        {"value in jsonb", "UPDATE birds SET traits = '{\"a\": \"1\"}' WHERE id = 1", "table public.birds"},
        {"a byte", "UPDATE birds SET photo = '\\x0001fe' WHERE id = 1", "table public.birds"},
        {"two values of a row swapped", "UPDATE birds SET note = name, name = 'x' WHERE id = 3", "table public.birds"},
        {"values swapped between rows",
         "UPDATE species SET name = 'tmp' WHERE id = 1; UPDATE species SET name = 'Chickadee' WHERE id = 2; "
         "UPDATE species SET name = 'Grackle' WHERE id = 1",
         "table public.species"},
        {"rows swapped between tables", "UPDATE twins SET v = 'other' WHERE v = ''; UPDATE others SET v = ''",
         "table public.others"},
        {"row in another partition", "UPDATE parts SET id = 100 WHERE id = 1", "table public.parts_low"},
        {"row hidden by a policy", "UPDATE guarded SET owner = 'you'", "table public.guarded"},
        {"table of an odd name", "DELETE FROM \"Odd nest\".\"the log\" WHERE line = 'line 1'",
         "table \"Odd nest\".\"the log\""},
        {"table dropped", "DROP TABLE others", "table public.others"},
        {"table added", "CREATE TABLE more (id int)", "table public.more"},
        {"sequence set back", "SELECT setval('counter', 5)", "sequence public.counter"},
        {"sequence used", "SELECT nextval('untouched')", "sequence public.untouched"},
        {"sequence of an identity", "SELECT nextval('empty_id_seq')", "sequence public.empty_id_seq"},
        {"sequence's step", "ALTER SEQUENCE counter INCREMENT 1", "sequence public.counter"},
        {"index dropped", "DROP INDEX birds_name_idx", "index public.birds_name_idx"},
        {"index on something else", "DROP INDEX birds_name_idx; CREATE INDEX birds_name_idx ON birds (name)",
         "index public.birds_name_idx"},
        {"index invalid", "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'birds_seen_idx'::regclass",
         "index public.birds_seen_idx"},
        {"primary key dropped", "ALTER TABLE birds DROP CONSTRAINT birds_pkey",
         "constraint birds_pkey on public.birds"},
        {"foreign key dropped", "ALTER TABLE birds DROP CONSTRAINT birds_species_id_fkey",
         "constraint birds_species_id_fkey on public.birds"},
        {"check dropped", "ALTER TABLE birds DROP CONSTRAINT sane", "constraint sane on public.birds"},
        {"check not valid",
         "ALTER TABLE birds DROP CONSTRAINT sane; ALTER TABLE birds ADD CONSTRAINT sane CHECK (length <> 1000) NOT "
         "VALID",
         "constraint sane on public.birds"},
        {"NOT NULL dropped", "ALTER TABLE birds ALTER name DROP NOT NULL", "column public.birds.name"},
        {"default changed", "ALTER TABLE birds ALTER note SET DEFAULT 'nothing'", "column public.birds.note"},
        {"default dropped", "ALTER TABLE birds ALTER ringed DROP DEFAULT", "column public.birds.ringed"},
        {"column's type", "ALTER TABLE others ALTER v TYPE varchar(40)", "column public.others.v"},
        {"column renamed", "ALTER TABLE others RENAME v TO w", "column public.others.v"},
        {"enum label renamed", "ALTER TYPE mood RENAME VALUE 'calm' TO 'quiet'", "type public.mood"},
        {"enum label added", "ALTER TYPE mood ADD VALUE 'new' BEFORE 'singing'", "type public.mood"},
        {"composite changed", "ALTER TYPE pair ADD ATTRIBUTE c int", "type public.pair"},
        {"trigger dropped", "DROP TRIGGER touched ON birds", "trigger touched on public.birds"},
        {"trigger disabled", "ALTER TABLE birds DISABLE TRIGGER touched", "trigger touched on public.birds"},
        {"function changed",
         "CREATE OR REPLACE FUNCTION shout(t text) RETURNS text LANGUAGE sql AS $$SELECT lower(t)$$",
         "function public.shout(t text)"},
        {"function dropped", "DROP FUNCTION shout(text)", "function public.shout(t text)"},
        {"view changed", "CREATE OR REPLACE VIEW heavy AS SELECT b.id, b.name FROM birds b WHERE b.weight > 10",
         "view public.heavy"},
        {"view dropped", "DROP VIEW heavy", "view public.heavy"},
        {"rule dropped", "DROP RULE quiet ON others", "rule quiet on public.others"},
        {"policy changed", "ALTER POLICY mine ON guarded USING (true)", "policy mine on public.guarded"},
        {"policies off", "ALTER TABLE guarded DISABLE ROW LEVEL SECURITY", "table public.guarded"},
        {"comment lost", "COMMENT ON TABLE birds IS NULL", "comment on table public.birds"},
        {"comment of a column", "COMMENT ON COLUMN birds.name IS 'else'", "comment on table column public.birds.name"},
        {"extension dropped", "DROP EXTENSION pg_trgm", "extension pg_trgm"},
        {"schema added", "CREATE SCHEMA more", "schema more"},
        {"large object changed", "SELECT lo_put(min(oid), 0, '\\xff') FROM pg_largeobject_metadata", "large objects"},
        {"large object gone", "SELECT lo_unlink(min(oid)) FROM pg_largeobject_metadata", "large objects"},
        {"unlogged", "ALTER TABLE others SET UNLOGGED", "table public.others"},
    };
    return list;
}

} // namespace Roost::Testing
