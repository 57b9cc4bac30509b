#include "postgres/catalogsql.h"

namespace Roost::CatalogSql {

namespace {

/// What reading needs of the columns, in few bytes: name, NOT NULL, type, its number, limit; then of the type below all
/// domains its number, name for casts (where it differs: without the limit), category and length; then the short name
/// of a type that is not built in.
QString withColumns()
{
    return QStringLiteral(R"(, bases AS (
  SELECT t.oid, t.typbasetype AS base, t.typtypmod AS typmod
    FROM pg_catalog.pg_type t
   WHERE t.typtype = 'd'
   UNION ALL
  SELECT d.oid, t.typbasetype, t.typtypmod
    FROM bases d
    JOIN pg_catalog.pg_type t ON t.oid = d.base
   WHERE t.typtype = 'd'
), attributes AS (
  SELECT a.attrelid, a.attnum, a.attname, a.attnotnull, a.atttypid, a.atttypmod
    FROM roots r
    JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
   WHERE r.relkind <> 'S'
), types AS (
  SELECT u.atttypid, u.atttypmod,
         ',' || pg_catalog.right(pg_catalog.json_build_array(
           pg_catalog.format_type(t.oid, u.atttypmod), t.oid::pg_catalog.int8, COALESCE(d.typmod, u.atttypmod),
           b.oid::pg_catalog.int8,
           CASE WHEN d.oid IS NOT NULL OR u.atttypmod <> -1 THEN pg_catalog.format_type(b.oid, -1) END,
           b.typcategory, b.typlen,
           CASE WHEN t.oid >= 16384 OR d.oid IS NOT NULL
                THEN COALESCE(e.typname || '[]', t.typname) END)::pg_catalog.text, -1) AS facts
    FROM (SELECT DISTINCT atttypid, atttypmod FROM attributes) u
    JOIN pg_catalog.pg_type t ON t.oid = u.atttypid
    LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND t.typcategory = 'A' AND t.typtype <> 'd'
    LEFT JOIN bases d ON d.oid = t.oid AND NOT EXISTS (SELECT FROM bases i WHERE i.oid = d.base)
    JOIN pg_catalog.pg_type b ON b.oid = COALESCE(d.base, t.oid)
  OFFSET 0
), lists AS (
  SELECT a.attrelid,
         '[' || pg_catalog.string_agg('[' || pg_catalog.to_json(a.attname)
                                      || CASE WHEN a.attnotnull THEN ',true' ELSE ',false' END || y.facts,
                                      ',' ORDER BY a.attnum) || ']' AS list
    FROM attributes a
    JOIN types y ON y.atttypid = a.atttypid AND y.atttypmod = a.atttypmod
   GROUP BY a.attrelid
))");
}

} // namespace

/// %1: which relations. A size is only asked for where nobody holds or waits for an exclusive lock: the size functions
/// and count(*) would wait for it. Rows are those of the whole inheritance tree, as a SELECT sees them: small tables
/// are counted (query_to_xml runs a statement made from a name), others estimated as the planner does.
QString withRelations(const QString &filter)
{
    return QStringLiteral(R"(WITH RECURSIVE roots AS (
  SELECT c.oid, n.nspname, c.relname, c.relkind, c.relowner,
         pg_catalog.row_security_active(c.oid) AS has_policies
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE %1
), tree AS (
  SELECT oid AS root, oid AS member FROM roots
  UNION
  SELECT t.root, i.inhrelid
    FROM tree t
    JOIN pg_catalog.pg_inherits i ON i.inhparent = t.member
), exclusive AS (
  SELECT l.relation
    FROM pg_catalog.pg_locks l
    JOIN pg_catalog.pg_database d ON d.oid = l.database
   WHERE d.datname = pg_catalog.current_database() AND l.locktype = 'relation'
     AND l.mode = 'AccessExclusiveLock' AND l.pid <> pg_catalog.pg_backend_pid()
), locked AS (
  SELECT relation FROM exclusive
  UNION SELECT i.indrelid FROM pg_catalog.pg_index i JOIN exclusive e ON e.relation = i.indexrelid
  UNION SELECT c.oid FROM pg_catalog.pg_class c JOIN exclusive e ON e.relation = c.reltoastrelid
), members AS (
  SELECT c.oid, c.relkind, c.relname, c.relnamespace, c.relpages, c.reltuples,
         c.relispopulated AND NOT pg_catalog.row_security_active(c.oid) AS countable,
         CASE WHEN c.relkind IN ('r', 'm') AND l.relation IS NULL
              THEN pg_catalog.pg_relation_size(c.oid) END AS bytes,
         CASE WHEN c.relkind = 'p' THEN 0
              WHEN c.relkind IN ('r', 'm', 'S') AND l.relation IS NULL
              THEN pg_catalog.pg_total_relation_size(c.oid) END AS total_bytes,
         pg_catalog.current_setting('block_size')::pg_catalog.int4 AS block_bytes
    FROM (SELECT DISTINCT member FROM tree) t
    JOIN pg_catalog.pg_class c ON c.oid = t.member
    LEFT JOIN locked l ON l.relation = c.oid
), counts AS (
  SELECT m.oid,
         CASE WHEN m.relkind = 'p' OR m.bytes = 0 AND m.countable THEN 0
              WHEN $1::pg_catalog.bool AND m.countable AND m.bytes <= 1048576
                   AND pg_catalog.has_schema_privilege(m.relnamespace, 'USAGE')
                   AND pg_catalog.has_table_privilege(m.oid, 'SELECT')
              THEN pg_catalog.substring(pg_catalog.query_to_xml(
                     pg_catalog.format('SELECT pg_catalog.count(*) AS c FROM ONLY %I.%I', n.nspname, m.relname),
                     false, true, '')::pg_catalog.text, '<c>([0-9]+)</c>')::pg_catalog.int8
         END AS counted
    FROM members m
    JOIN pg_catalog.pg_namespace n ON n.oid = m.relnamespace
), sizes AS (
  SELECT m.oid, m.total_bytes, x.counted,
         CASE WHEN x.counted IS NOT NULL THEN x.counted
              WHEN m.relpages > 0 AND m.reltuples >= 0
              THEN m.reltuples::pg_catalog.float8 * COALESCE(m.bytes / m.block_bytes, m.relpages) / m.relpages
              WHEN m.relkind IN ('r', 'm')
              THEN m.bytes / m.block_bytes * pg_catalog.floor((m.block_bytes - 24) / (
                     SELECT 28 + COALESCE(pg_catalog.sum(CASE WHEN a.attlen > 0 THEN a.attlen ELSE 32 END), 0)
                       FROM pg_catalog.pg_attribute a
                      WHERE a.attrelid = m.oid AND a.attnum > 0 AND NOT a.attisdropped))
         END AS estimated
    FROM members m
    JOIN counts x ON x.oid = m.oid
), sums AS (
  SELECT t.root, pg_catalog.count(*) AS members,
         CASE WHEN pg_catalog.bool_and(s.estimated IS NOT NULL)
              THEN pg_catalog.round(pg_catalog.sum(s.estimated)) END AS rows,
         pg_catalog.bool_and(s.counted IS NOT NULL) AS exact,
         CASE WHEN pg_catalog.bool_and(s.total_bytes IS NOT NULL OR s.oid = t.root)
              THEN pg_catalog.sum(s.total_bytes) END AS tree_bytes,
         pg_catalog.sum(s.total_bytes) FILTER (WHERE s.oid = t.root) AS own_bytes
    FROM tree t
    JOIN sizes s ON s.oid = t.member
   GROUP BY t.root
), keys AS (
  SELECT DISTINCT ON (i.indrelid) i.indrelid, k.names
    FROM pg_catalog.pg_index i
    JOIN roots r ON r.oid = i.indrelid
   CROSS JOIN LATERAL (
     SELECT pg_catalog.json_agg(a.attname ORDER BY g.place) AS names,
            pg_catalog.bool_and(a.attnotnull AND o.opcintype <> 'pg_catalog.record'::pg_catalog.regtype
                                AND pg_catalog.pg_operator_is_visible(p.amopopr)) AS usable
       FROM pg_catalog.generate_series(0, i.indnkeyatts - 1) AS g(place)
       JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[g.place]
       JOIN pg_catalog.pg_opclass o ON o.oid = i.indclass[g.place]
       JOIN pg_catalog.pg_amop p ON p.amopfamily = o.opcfamily AND p.amopstrategy = 5
                                AND p.amoplefttype = o.opcintype AND p.amoprighttype = o.opcintype) k
   WHERE i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL AND k.usable
   ORDER BY i.indrelid, i.indisprimary DESC, i.indnkeyatts, i.indexrelid
))")
               .arg(filter) +
           withColumns();
}

QString relationColumns()
{
    return QStringLiteral(R"(
SELECT r.nspname AS schema, r.relname AS name, r.relkind AS kind, pg_catalog.pg_get_userbyid(r.relowner) AS owner,
       CASE WHEN r.relkind IN ('r', 'p', 'm', 'f') THEN s.rows::pg_catalog.int8 END AS rows,
       r.relkind IN ('r', 'p', 'm') AND s.exact AND NOT r.has_policies AS exact,
       CASE WHEN r.relkind = 'p' THEN s.tree_bytes ELSE s.own_bytes END::pg_catalog.int8 AS size_bytes,
       CASE WHEN r.relkind <> 'r' OR s.members = 1 THEN k.names END AS key,
       l.list AS columns,
       pg_catalog.obj_description(r.oid, 'pg_class') AS comment,
       r.relkind = 'r' AND s.members > 1 AS has_inheritors)");
}

QString relationSources()
{
    return QStringLiteral(R"(
  FROM roots r
  LEFT JOIN sums s ON s.root = r.oid
  LEFT JOIN keys k ON k.indrelid = r.oid
  LEFT JOIN lists l ON l.attrelid = r.oid
 ORDER BY r.nspname, r.relname)");
}

QString databases()
{
    return QStringLiteral(R"(SELECT d.datname AS name, pg_catalog.pg_get_userbyid(d.datdba) AS owner,
       pg_catalog.pg_encoding_to_char(d.encoding) AS encoding, d.datcollate AS collate, d.datctype AS ctype,
       pg_catalog.array_to_string(d.datacl, E'\n') AS access_privileges,
       CASE WHEN pg_catalog.has_database_privilege(d.oid, 'CONNECT')
                 OR pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE')
            THEN pg_catalog.pg_database_size(d.oid) END AS size_bytes,
       d.datallowconn AS allows_connections, pg_catalog.shobj_description(d.oid, 'pg_database') AS description
  FROM pg_catalog.pg_database d
 ORDER BY d.datname)");
}

QString relations()
{
    return withRelations(QStringLiteral("c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')\n"
                                        "     AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'")) +
           relationColumns() + relationSources();
}

QString sessions()
{
    return QStringLiteral(R"(SELECT a.pid, a.usename, a.application_name, a.client_addr, a.state, a.backend_start
  FROM pg_catalog.pg_stat_activity a
 WHERE a.datname = $1::pg_catalog.text AND a.pid <> pg_catalog.pg_backend_pid()
   AND COALESCE(a.backend_type, 'client backend') = 'client backend'
 ORDER BY a.backend_start, a.pid)");
}

} // namespace Roost::CatalogSql
