#include "postgres/catalogsql.h"

namespace Roost::CatalogSql {

/// What an expression, index, view, rule or policy is written from are the relations it names, and the server opens
/// them for it: state says whether nobody holds or waits for an exclusive lock on any of them, for it would wait too.
/// Of foreign keys, partitions have copies of their own: a table's are those that begin at it and not at its parts.
QString withState()
{
    return QStringLiteral(R"(, below AS (
  SELECT oid AS member FROM roots
  UNION
  SELECT d.refobjid
    FROM below b
    JOIN (SELECT 'pg_catalog.pg_rewrite'::pg_catalog.regclass AS class, w.oid, w.ev_class AS relation
            FROM pg_catalog.pg_rewrite w
           UNION ALL
          SELECT 'pg_catalog.pg_policy'::pg_catalog.regclass, p.oid, p.polrelid
            FROM pg_catalog.pg_policy p
           UNION ALL
          SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, c.oid, c.oid -- what it is a part of
            FROM pg_catalog.pg_class c) o ON o.relation = b.member
    JOIN pg_catalog.pg_depend d ON d.classid = o.class AND d.objid = o.oid
                               AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
), state AS (
  SELECT NOT EXISTS (SELECT FROM below b JOIN locked l ON l.relation = b.member) AS is_free
), chains AS (
  SELECT c.oid, c.conparentid AS up, c.conrelid, c.confrelid
    FROM pg_catalog.pg_constraint c, roots r
   WHERE c.contype = 'f' AND (c.conrelid = r.oid OR c.confrelid = r.oid)
  UNION
  SELECT h.oid, c.conparentid, c.conrelid, c.confrelid
    FROM chains h
    JOIN pg_catalog.pg_constraint c ON c.oid = h.up
), links AS (
  SELECT c.oid, c.conname, c.conrelid, c.confrelid, c.conkey, c.confkey, c.contype,
         c.conrelid = r.oid AND h.confrelid = c.confrelid AS is_out,
         c.confrelid = r.oid AND h.conrelid = c.conrelid AS is_in
    FROM chains h
    JOIN pg_catalog.pg_constraint c ON c.oid = h.oid
   CROSS JOIN roots r
   WHERE h.up = 0
))");
}

namespace {

/// pg_attver is the server's own note, which pg_dump leaves out as well.
QString columns()
{
    return QStringLiteral(R"(,
       (SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
                 'name', a.attname, 'type', pg_catalog.format_type(a.atttypid, a.atttypmod), 'notNull', a.attnotnull,
                 'default', CASE WHEN (SELECT is_free FROM state)
                                 THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid, true) END,
                 'identity', a.attidentity, 'generated', pg_catalog.to_jsonb(a) ->> 'attgenerated',
                 'isKey', EXISTS (SELECT FROM pg_catalog.pg_index i
                                   WHERE i.indrelid = r.oid AND i.indisprimary AND a.attnum = ANY (i.indkey)),
                 'collation', (SELECT co.collname FROM pg_catalog.pg_collation co, pg_catalog.pg_type t
                                WHERE co.oid = a.attcollation AND t.oid = a.atttypid
                                  AND a.attcollation <> t.typcollation),
                 'comment', pg_catalog.col_description(r.oid, a.attnum), 'typeOid', a.atttypid::pg_catalog.int8,
                 'domain', CASE WHEN b.depth > 0 THEN pg_catalog.format_type(b.oid, b.typmod) END,
                 'labels', (SELECT pg_catalog.json_agg(e.enumlabel ORDER BY e.enumsortorder)
                              FROM pg_catalog.pg_enum e
                             WHERE e.enumtypid = b.oid),
                 'maxLength', CASE WHEN b.oid IN ('pg_catalog.varchar'::pg_catalog.regtype,
                                                  'pg_catalog.bpchar'::pg_catalog.regtype) AND b.typmod >= 4
                                   THEN b.typmod - 4 END,
                 'mayUpdate', pg_catalog.has_column_privilege(r.oid, a.attnum, 'UPDATE'),
                 'storage', a.attstorage, 'compression', pg_catalog.to_jsonb(a) ->> 'attcompression',
                 'statistics', CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END,
                 'options', (SELECT pg_catalog.json_agg(o.name)
                               FROM pg_catalog.unnest(a.attoptions || a.attfdwoptions) AS o(name)
                              WHERE o.name NOT LIKE 'pg\_attver=%')) ORDER BY a.attnum)
          FROM pg_catalog.pg_attribute a
          LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
         CROSS JOIN LATERAL (
           WITH RECURSIVE down AS (
             SELECT a.atttypid AS oid, a.atttypmod AS typmod, 0 AS depth
             UNION ALL
             SELECT t.typbasetype, CASE WHEN w.typmod >= 0 THEN w.typmod ELSE t.typtypmod END, w.depth + 1
               FROM down w
               JOIN pg_catalog.pg_type t ON t.oid = w.oid AND t.typtype = 'd'
           )
           SELECT w.oid, w.typmod, w.depth FROM down w ORDER BY w.depth DESC LIMIT 1) b
         WHERE a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns)");
}

QString indexesAndConstraints()
{
    return QStringLiteral(R"(,
       (SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
                 'name', c.relname, 'definition', CASE WHEN (SELECT is_free FROM state)
                                                       THEN pg_catalog.pg_get_indexdef(i.indexrelid, 0, true) END,
                 'note', pg_catalog.concat_ws(', ', CASE WHEN i.indisclustered THEN 'clustered' END,
                           CASE WHEN NOT i.indisvalid THEN 'invalid' END,
                           CASE WHEN i.indisreplident THEN 'replica identity' END,
                           (SELECT 'tablespace ' || s.spcname FROM pg_catalog.pg_tablespace s
                             WHERE s.oid = c.reltablespace)),
                 'comment', pg_catalog.obj_description(c.oid, 'pg_class'))
                 ORDER BY i.indisprimary DESC, c.relname)
          FROM pg_catalog.pg_index i
          JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
         WHERE i.indrelid = r.oid) AS indexes,
       (SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
                 'kind', c.contype, 'name', c.conname,
                 'definition', CASE WHEN (SELECT is_free FROM state)
                                    THEN pg_catalog.pg_get_constraintdef(c.oid, true) END,
                 'comment', pg_catalog.obj_description(c.oid, 'pg_constraint'))
                 ORDER BY c.contype <> 'p', c.conname)
          FROM pg_catalog.pg_constraint c
         WHERE c.conrelid = r.oid AND c.contype IN ('c', 'p', 'u', 'x')) AS constraints,
       (SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
                 'name', l.conname, 'isOut', l.is_out, 'isIn', l.is_in,
                 'definition', pg_catalog.pg_get_constraintdef(l.oid, true),
                 'from', l.conrelid::pg_catalog.regclass, 'fromSchema', fn.nspname, 'fromTable', f.relname,
                 'toSchema', tn.nspname, 'toTable', t.relname,
                 'columns', (SELECT pg_catalog.json_agg(a.attname ORDER BY k.place)
                               FROM pg_catalog.unnest(l.conkey) WITH ORDINALITY AS k(attnum, place)
                               JOIN pg_catalog.pg_attribute a ON a.attrelid = l.conrelid AND a.attnum = k.attnum),
                 'toColumns', (SELECT pg_catalog.json_agg(a.attname ORDER BY k.place)
                                 FROM pg_catalog.unnest(l.confkey) WITH ORDINALITY AS k(attnum, place)
                                 JOIN pg_catalog.pg_attribute a ON a.attrelid = l.confrelid AND a.attnum = k.attnum),
                 'comment', pg_catalog.obj_description(l.oid, 'pg_constraint')) ORDER BY l.conname, l.oid)
          FROM links l
          JOIN pg_catalog.pg_class f ON f.oid = l.conrelid
          JOIN pg_catalog.pg_namespace fn ON fn.oid = f.relnamespace
          JOIN pg_catalog.pg_class t ON t.oid = l.confrelid
          JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
         WHERE l.is_out OR l.is_in) AS links)");
}

QString triggersAndPartitions()
{
    return QStringLiteral(R"(,
       (SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
                 'name', t.tgname, 'definition', CASE WHEN (SELECT is_free FROM state)
                                                      THEN pg_catalog.pg_get_triggerdef(t.oid, true) END,
                 'note', pg_catalog.concat_ws(', ', CASE t.tgenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica only'
                                                                     WHEN 'A' THEN 'always' END,
                           (WITH RECURSIVE up AS (
                              SELECT (pg_catalog.to_jsonb(t) ->> 'tgparentid')::pg_catalog.oid AS oid,
                                     NULL::pg_catalog.regclass AS relation
                              UNION ALL
                              SELECT (pg_catalog.to_jsonb(g) ->> 'tgparentid')::pg_catalog.oid, g.tgrelid
                                FROM up
                                JOIN pg_catalog.pg_trigger g ON g.oid = up.oid)
                            SELECT 'on table ' || up.relation FROM up WHERE up.oid = 0 AND up.relation IS NOT NULL)),
                 'comment', pg_catalog.obj_description(t.oid, 'pg_trigger')) ORDER BY t.tgname)
          FROM pg_catalog.pg_trigger t
         WHERE t.tgrelid = r.oid AND NOT t.tgisinternal) AS triggers,
       (SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
                 'name', c.oid::pg_catalog.regclass, 'schema', n.nspname, 'table', c.relname,
                 'definition', CASE WHEN c.oid NOT IN (SELECT relation FROM locked)
                                    THEN pg_catalog.pg_get_expr(c.relpartbound, c.oid) END,
                 'note', CASE WHEN c.relkind = 'p' THEN 'partitioned' WHEN c.relkind = 'f' THEN 'foreign' END)
                 ORDER BY pg_catalog.pg_get_expr(CASE WHEN c.oid NOT IN (SELECT relation FROM locked)
                                                      THEN c.relpartbound END, c.oid) = 'DEFAULT',
                          c.oid::pg_catalog.regclass::pg_catalog.text)
          FROM pg_catalog.pg_inherits i
          JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE i.inhparent = r.oid AND c.relkind IN ('r', 'p', 'f')) AS partitions)");
}

QString others()
{
    return QStringLiteral(R"(,
       (SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
                 'kind', o.kind, 'name', o.name, 'definition', o.definition, 'note', o.note, 'comment', o.comment)
                 ORDER BY o.kind = 'partition constraint', o.kind, o.place, o.name)
          FROM (SELECT 'partition key' AS kind, NULL::pg_catalog.text AS name, 0 AS place,
                       CASE WHEN (SELECT is_free FROM state) THEN pg_catalog.pg_get_partkeydef(r.oid) END AS definition,
                       NULL::pg_catalog.text AS note, NULL::pg_catalog.text AS comment
                 WHERE r.relkind = 'p'
                 UNION ALL
                SELECT 'partition constraint', NULL, 0,
                       CASE WHEN (SELECT is_free FROM state)
                            THEN pg_catalog.pg_get_partition_constraintdef(r.oid) END, NULL, NULL
                  FROM pg_catalog.pg_class c
                 WHERE c.oid = r.oid AND c.relispartition
                 UNION ALL
                SELECT CASE WHEN c.relispartition THEN 'partition of' ELSE 'inherits' END,
                       i.inhparent::pg_catalog.regclass::pg_catalog.text, i.inhseqno,
                       CASE WHEN (SELECT is_free FROM state) THEN pg_catalog.pg_get_expr(c.relpartbound, c.oid) END,
                       NULL, NULL
                  FROM pg_catalog.pg_inherits i
                  JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
                 WHERE i.inhrelid = r.oid
                 UNION ALL
                SELECT 'rule', u.rulename, 0,
                       CASE WHEN (SELECT is_free FROM state) THEN pg_catalog.pg_get_ruledef(u.oid, true) END,
                       CASE u.ev_enabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica only' WHEN 'A' THEN 'always' END,
                       pg_catalog.obj_description(u.oid, 'pg_rewrite')
                  FROM pg_catalog.pg_rewrite u
                 WHERE u.ev_class = r.oid AND u.rulename <> '_RETURN'
                 UNION ALL
                SELECT 'statistics', s.stxnamespace::pg_catalog.regnamespace::pg_catalog.text || '.' ||
                         pg_catalog.quote_ident(s.stxname), 0,
                       CASE WHEN (SELECT is_free FROM state) THEN pg_catalog.pg_get_statisticsobjdef(s.oid) END,
                       'target ' || NULLIF((pg_catalog.to_jsonb(s) ->> 'stxstattarget')::pg_catalog.int4, -1),
                       pg_catalog.obj_description(s.oid, 'pg_statistic_ext')
                  FROM pg_catalog.pg_statistic_ext s
                 WHERE s.stxrelid = r.oid
                 UNION ALL
                SELECT 'publication', p.pubname, 0, NULL, NULL, NULL
                  FROM pg_catalog.pg_publication p
                 WHERE p.puballtables AND r.relkind IN ('r', 'p')
                    OR EXISTS (SELECT FROM pg_catalog.pg_publication_rel m
                                WHERE m.prpubid = p.oid AND m.prrelid = r.oid)
                 UNION ALL
                SELECT 'policy', p.polname, 0, CASE WHEN (SELECT is_free FROM state) THEN pg_catalog.concat_ws(' ',
                         CASE WHEN NOT p.polpermissive THEN 'AS RESTRICTIVE' END,
                         CASE p.polcmd WHEN 'r' THEN 'FOR SELECT' WHEN 'a' THEN 'FOR INSERT' WHEN 'w' THEN 'FOR UPDATE'
                                       WHEN 'd' THEN 'FOR DELETE' END,
                         'TO ' || (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(m.rolname), ', '
                                                                ORDER BY m.rolname)
                                     FROM pg_catalog.pg_roles m
                                    WHERE m.oid = ANY (p.polroles)),
                         'USING (' || pg_catalog.pg_get_expr(p.polqual, p.polrelid) || ')',
                         'WITH CHECK (' || pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) || ')') END,
                       NULL, pg_catalog.obj_description(p.oid, 'pg_policy')
                  FROM pg_catalog.pg_policy p
                 WHERE p.polrelid = r.oid) o) AS others)");
}

/// pg_relation_is_updatable() answers in bits: 4 update, 8 insert, 16 delete.
QString factsAndView()
{
    return QStringLiteral(R"(,
       (SELECT pg_catalog.json_build_object(
                 'accessMethod', (SELECT m.amname FROM pg_catalog.pg_am m WHERE m.oid = c.relam),
                 'tablespace', (SELECT s.spcname FROM pg_catalog.pg_tablespace s WHERE s.oid = c.reltablespace),
                 'options', c.reloptions || (SELECT pg_catalog.array_agg('toast.' || x.name)
                                               FROM pg_catalog.pg_class o, pg_catalog.unnest(o.reloptions) AS x(name)
                                              WHERE o.oid = c.reltoastrelid),
                 'persistence', c.relpersistence,
                 'tableBytes', z.total_bytes - z.index_bytes - z.toast_bytes,
                 'indexBytes', z.index_bytes, 'toastBytes', z.toast_bytes,
                 'mayInsert', v.usable AND pg_catalog.has_any_column_privilege(r.oid, 'INSERT'),
                 'mayUpdate', v.usable AND pg_catalog.has_any_column_privilege(r.oid, 'UPDATE'),
                 'mayDelete', v.usable AND pg_catalog.has_table_privilege(r.oid, 'DELETE'),
                 'updatable', CASE WHEN r.relkind = 'v' AND (SELECT is_free FROM state)
                                    AND NOT EXISTS (SELECT FROM below b
                                                      JOIN pg_catalog.pg_foreign_table t ON t.ftrelid = b.member)
                                   THEN pg_catalog.pg_relation_is_updatable(r.oid, true) END,
                 'isLocked', NOT (SELECT is_free FROM state),
                 'rowSecurity', CASE WHEN c.relrowsecurity AND c.relforcerowsecurity THEN 'forced'
                                     WHEN c.relrowsecurity THEN 'enabled' END,
                 'replicaIdentity', CASE WHEN r.relkind IN ('r', 'p', 'm') AND n.nspname <> 'pg_catalog' THEN
                                      CASE c.relreplident WHEN 'f' THEN 'full' WHEN 'n' THEN 'nothing'
                                                          WHEN 'i' THEN 'index' END END,
                 'ofType', CASE WHEN c.reloftype <> 0 THEN pg_catalog.format_type(c.reloftype, NULL) END,
                 'server', (SELECT s.srvname FROM pg_catalog.pg_foreign_table t
                              JOIN pg_catalog.pg_foreign_server s ON s.oid = t.ftserver WHERE t.ftrelid = r.oid),
                 'serverOptions', (SELECT t.ftoptions FROM pg_catalog.pg_foreign_table t WHERE t.ftrelid = r.oid))
          FROM pg_catalog.pg_class c
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         CROSS JOIN LATERAL (SELECT pg_catalog.has_schema_privilege(c.relnamespace, 'USAGE')
                                    AND c.relkind IN ('r', 'p', 'v', 'f') AS usable) v
         CROSS JOIN LATERAL (
           SELECT CASE WHEN pg_catalog.bool_and(m.total_bytes IS NOT NULL OR m.relkind NOT IN ('r', 'm'))
                       THEN pg_catalog.sum(m.total_bytes) END AS total_bytes,
                  pg_catalog.sum(CASE WHEN m.total_bytes IS NOT NULL AND m.relkind IN ('r', 'm')
                                      THEN pg_catalog.pg_indexes_size(m.oid) END) AS index_bytes,
                  pg_catalog.sum(CASE WHEN m.total_bytes IS NOT NULL AND m.relkind IN ('r', 'm') THEN
                                   CASE WHEN k.reltoastrelid = 0 THEN 0
                                        ELSE pg_catalog.pg_total_relation_size(k.reltoastrelid) END END) AS toast_bytes
             FROM members m
             JOIN pg_catalog.pg_class k ON k.oid = m.oid
            WHERE r.relkind IN ('p', 'm', 'r') AND (m.oid = r.oid OR r.relkind = 'p')) z
         WHERE c.oid = r.oid) AS facts,
       CASE WHEN r.relkind IN ('v', 'm') AND (SELECT is_free FROM state)
            THEN pg_catalog.pg_get_viewdef(r.oid, true) END AS view_definition)");
}

} // namespace

QString describe()
{
    return withRelations(QStringLiteral("c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')\n"
                                        "     AND n.nspname = $2::pg_catalog.text AND c.relname = "
                                        "$3::pg_catalog.text")) +
           withState() + relationColumns() + columns() + indexesAndConstraints() + triggersAndPartitions() + others() +
           factsAndView() + relationSources();
}

} // namespace Roost::CatalogSql
