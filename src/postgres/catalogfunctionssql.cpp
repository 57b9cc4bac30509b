#include "postgres/catalogsql.h"

namespace Roost::CatalogSql {

namespace {

/// Those of the user: not the system's, nor those that came with an extension.
QString ofUser()
{
    return QStringLiteral(R"(n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
     AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                      WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid
                        AND d.deptype = 'e'))");
}

/// pg_get_functiondef() refuses aggregates.
QString aggregate()
{
    return QStringLiteral(R"((SELECT 'CREATE OR REPLACE AGGREGATE ' || pg_catalog.quote_ident(n.nspname) || '.'
               || pg_catalog.quote_ident(p.proname)
               || '(' || pg_catalog.pg_get_function_arguments(p.oid) || E') (\n    '
               || pg_catalog.concat_ws(E',\n    ', 'SFUNC = ' || g.aggtransfn::pg_catalog.regproc,
                    'STYPE = ' || pg_catalog.format_type(g.aggtranstype, NULL),
                    'SSPACE = ' || NULLIF(g.aggtransspace, 0),
                    'FINALFUNC = ' || NULLIF(g.aggfinalfn, 0)::pg_catalog.regproc,
                    CASE WHEN g.aggfinalextra THEN 'FINALFUNC_EXTRA' END,
                    'FINALFUNC_MODIFY = ' || CASE g.aggfinalmodify WHEN 's' THEN 'SHAREABLE'
                                                                   WHEN 'w' THEN 'READ_WRITE' END,
                    'COMBINEFUNC = ' || NULLIF(g.aggcombinefn, 0)::pg_catalog.regproc,
                    'SERIALFUNC = ' || NULLIF(g.aggserialfn, 0)::pg_catalog.regproc,
                    'DESERIALFUNC = ' || NULLIF(g.aggdeserialfn, 0)::pg_catalog.regproc,
                    'INITCOND = ' || pg_catalog.quote_literal(g.agginitval),
                    'MSFUNC = ' || NULLIF(g.aggmtransfn, 0)::pg_catalog.regproc,
                    'MINVFUNC = ' || NULLIF(g.aggminvtransfn, 0)::pg_catalog.regproc,
                    'MSTYPE = ' || pg_catalog.format_type(NULLIF(g.aggmtranstype, 0), NULL),
                    'MSSPACE = ' || NULLIF(g.aggmtransspace, 0),
                    'MFINALFUNC = ' || NULLIF(g.aggmfinalfn, 0)::pg_catalog.regproc,
                    CASE WHEN g.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END,
                    'MFINALFUNC_MODIFY = ' || CASE g.aggmfinalmodify WHEN 's' THEN 'SHAREABLE'
                                                                     WHEN 'w' THEN 'READ_WRITE' END,
                    'MINITCOND = ' || pg_catalog.quote_literal(g.aggminitval),
                    'SORTOP = ' || (SELECT 'OPERATOR(' || pg_catalog.quote_ident(m.nspname) || '.' || o.oprname || ')'
                                      FROM pg_catalog.pg_operator o
                                      JOIN pg_catalog.pg_namespace m ON m.oid = o.oprnamespace
                                     WHERE o.oid = g.aggsortop),
                    'PARALLEL = ' || CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' END,
                    CASE WHEN g.aggkind = 'h' THEN 'HYPOTHETICAL' END) || E'\n)\n'
          FROM pg_catalog.pg_aggregate g
         WHERE g.aggfnoid = p.oid))");
}

} // namespace

QString functions()
{
    return QStringLiteral(R"(SELECT p.oid, n.nspname, p.proname, pg_catalog.pg_get_function_arguments(p.oid),
       pg_catalog.pg_get_function_result(p.oid),
       CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' WHEN 'w' THEN 'window' ELSE 'function' END,
       l.lanname, pg_catalog.pg_get_userbyid(p.proowner), pg_catalog.obj_description(p.oid, 'pg_proc')
  FROM pg_catalog.pg_proc p
  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  JOIN pg_catalog.pg_language l ON l.oid = p.prolang
   WHERE %1
 ORDER BY n.nspname, p.proname, 4)")
        .arg(ofUser());
}

QString functionSource()
{
    return QStringLiteral(R"(SELECT CASE WHEN p.prokind = 'a' THEN %1 ELSE pg_catalog.pg_get_functiondef(p.oid) END
  FROM pg_catalog.pg_proc p
  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
 WHERE p.oid = $1::pg_catalog.oid)")
        .arg(aggregate());
}

QString contents()
{
    return QStringLiteral(R"(SELECT x.*, CASE WHEN pg_catalog.row_number() OVER (ORDER BY x.schema, x.name) = 1
                 THEN f.counts END AS functions
  FROM (SELECT pg_catalog.json_object_agg(c.nspname, c.count) AS counts
          FROM (SELECT n.nspname, pg_catalog.count(*) AS count
                  FROM pg_catalog.pg_proc p
                  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
                 WHERE %1
                 GROUP BY n.nspname) c) f
  LEFT JOIN (%2) x ON true
 ORDER BY x.schema, x.name)")
        .arg(ofUser(), relations());
}

/// Its row is read by a statement made from its name, and only where it may be and nobody would let us wait.
QString sequence()
{
    return withRelations(QStringLiteral("c.relkind = 'S'\n"
                                        "     AND n.nspname = $2::pg_catalog.text AND c.relname = "
                                        "$3::pg_catalog.text")) +
           QStringLiteral(R"(
SELECT r.nspname, r.relname, pg_catalog.format_type(q.seqtypid, NULL), q.seqstart, q.seqincrement, q.seqmin, q.seqmax,
       q.seqcache, q.seqcycle, pg_catalog.pg_get_userbyid(r.relowner), pg_catalog.obj_description(r.oid, 'pg_class'),
       pg_catalog.substring(x.line, '<last_value>([-0-9]+)</last_value>'),
       pg_catalog.substring(x.line, '<is_called>(true|false)</is_called>') = 'true',
       n.nspname, o.relname, a.attname, d.deptype = 'i'
  FROM roots r
  JOIN pg_catalog.pg_sequence q ON q.seqrelid = r.oid
 CROSS JOIN LATERAL (
   SELECT CASE WHEN r.oid NOT IN (SELECT relation FROM locked)
                    AND pg_catalog.has_schema_privilege(r.nspname::pg_catalog.text, 'USAGE')
                    AND pg_catalog.has_table_privilege(r.oid, 'SELECT')
               THEN pg_catalog.query_to_xml(pg_catalog.format('SELECT last_value, is_called FROM %I.%I', r.nspname,
                                                              r.relname), false, true, '')::pg_catalog.text END) x(line)
  LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = r.oid
                                  AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
                                  AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
  LEFT JOIN pg_catalog.pg_class o ON o.oid = d.refobjid
  LEFT JOIN pg_catalog.pg_namespace n ON n.oid = o.relnamespace
  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid)");
}

} // namespace Roost::CatalogSql
