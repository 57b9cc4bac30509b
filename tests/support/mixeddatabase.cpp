#include "support/mixeddatabase.h"

namespace Roost::Testing {

namespace {

const char *const tables = R"(
\set ON_ERROR_STOP on
SET ROLE my_database_user;
CREATE TABLE species (id integer PRIMARY KEY, name text NOT NULL);
INSERT INTO species SELECT n, 'Species ' || n FROM generate_series(1, 500) n;
CREATE TABLE sightings (id bigint PRIMARY KEY, bird uuid NOT NULL, place text NOT NULL, weight numeric(12,4), seen timestamptz,
    ringed boolean, note text, species_id integer REFERENCES species);
INSERT INTO sightings SELECT n, md5(n::text)::uuid, 'Place ' || n % 7919, n * 1.0625, timestamptz '2026-01-01' + n * interval '1 s',
    n % 2 = 0, CASE WHEN n % 3 = 0 THEN NULL ELSE 'seen near ' || md5((n * 7)::text) END, 1 + n % 500
    FROM generate_series(1, :mb * 4000) n;
CREATE INDEX ON sightings (seen);
CREATE TABLE events (id bigint PRIMARY KEY, facts jsonb NOT NULL, value double precision);
INSERT INTO events SELECT n, jsonb_build_object('n', n, 'kind', md5((n % 997)::text), 'tags', jsonb_build_array(n % 17, 'tag ' || n % 31)),
    n / 7.0 FROM generate_series(1, :mb * 1200) n;
CREATE TABLE letters (id integer PRIMARY KEY, body text, photo bytea);
INSERT INTO letters SELECT n, (SELECT string_agg(md5((n * 1000 + i)::text), ' ') FROM generate_series(1, 250) i),
    (SELECT string_agg(decode(md5((n * 31 + i)::text), 'hex'), '') FROM generate_series(1, 500) i) FROM generate_series(1, :mb * 10) n;
)";

} // namespace

void fillMixedDatabase(TemporaryCluster &cluster, const QString &database, int megabytes)
{
    constexpr int columns = 60;
    constexpr int smallTables = 60;
    QStringList definitions;
    QStringList values;
    for (int i = 0; i < columns; ++i) {
        definitions += QStringLiteral("c%1 text").arg(i);
        values += QStringLiteral("'v' || (n * %1) % 10007").arg(i + 3);
    }
    QString sql = QStringLiteral("\\set mb %1\n").arg(megabytes) + QString::fromLatin1(tables) +
                  QStringLiteral("CREATE TABLE wide (id integer PRIMARY KEY, %1);\n"
                                 "INSERT INTO wide SELECT n, %2 FROM generate_series(1, :mb * 150) n;\n")
                      .arg(definitions.join(QStringLiteral(", ")), values.join(QStringLiteral(", ")));
    for (int i = 1; i <= smallTables; ++i) {
        sql += QStringLiteral("CREATE TABLE small_%1 (id integer PRIMARY KEY, name text);\n"
                              "INSERT INTO small_%1 SELECT n, md5(n::text) FROM generate_series(1, 100) n;\n")
                   .arg(i);
    }
    cluster.psql(sql + QStringLiteral("SET client_min_messages = error;\nANALYZE;\n"), database);
}

} // namespace Roost::Testing
