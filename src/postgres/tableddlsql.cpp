#include "postgres/tableddlsql.h"

#include "postgres/catalogsql.h"

namespace Roost::CatalogSql {

namespace {

/// %1: an ACL. Null where there is none, which stands for the rights of a fresh object.
QString rights(const QString &acl)
{
    return QStringLiteral(R"(CASE WHEN %1 IS NOT NULL THEN COALESCE(
          (SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
                    'grantee', CASE WHEN x.grantee = 0 THEN 'PUBLIC'
                                    ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(x.grantee)) END,
                    'right', x.privilege_type, 'mayGrant', x.is_grantable) ORDER BY x.place)
             FROM pg_catalog.aclexplode(%1) WITH ORDINALITY
                  AS x(grantor, grantee, privilege_type, is_grantable, place)), '[]') END)")
        .arg(acl);
}

/// %1: the OID of a sequence.
QString sequence(const QString &oid)
{
    return QStringLiteral(R"((SELECT pg_catalog.json_build_object(
                   'name', pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(k.relname), 'persistence', k.relpersistence,
                   'type', pg_catalog.format_type(q.seqtypid, NULL), 'start', q.seqstart::pg_catalog.text,
                   'increment', q.seqincrement::pg_catalog.text, 'min', q.seqmin::pg_catalog.text,
                   'max', q.seqmax::pg_catalog.text, 'cache', q.seqcache::pg_catalog.text, 'cycle', q.seqcycle,
                   'owner', pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(k.relowner)),
                   'comment', pg_catalog.obj_description(k.oid, 'pg_class'),
                   'rights', %2,
                   'ownRights', (SELECT pg_catalog.json_agg(x.privilege_type)
                                   FROM pg_catalog.aclexplode(pg_catalog.acldefault('s', k.relowner)) x),
                   'ownedBy', (SELECT pg_catalog.json_build_object('isIdentity', d.deptype = 'i',
                                                                   'table', d.refobjid::pg_catalog.regclass,
                                                                   'column', pg_catalog.quote_ident(o.attname))
                                 FROM pg_catalog.pg_depend d
                                 JOIN pg_catalog.pg_attribute o ON o.attrelid = d.refobjid AND o.attnum = d.refobjsubid
                                WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = k.oid
                                  AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype IN ('a', 'i')))
            FROM pg_catalog.pg_sequence q
            JOIN pg_catalog.pg_class k ON k.oid = q.seqrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = k.relnamespace
           WHERE q.seqrelid = %1))")
        .arg(oid, rights(QStringLiteral("k.relacl")));
}

QString columns()
{
    return QStringLiteral(R"(
    'columns', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
        'name', pg_catalog.quote_ident(a.attname), 'type', pg_catalog.format_type(a.atttypid, a.atttypmod), 'notNull', a.attnotnull,
        'notNullName', CASE WHEN y.conname <> r.relname || '_' || a.attname || '_not_null'
                            THEN pg_catalog.quote_ident(y.conname) END, 'notNullIsLocal', COALESCE((y.facts ->> 'conislocal')::pg_catalog.bool, true),
        'noInherit', y.facts ->> 'connoinherit', 'isLocal', a.attislocal,
        'default', pg_catalog.pg_get_expr(d.adbin, d.adrelid, true),
        'generated', pg_catalog.to_jsonb(a) ->> 'attgenerated', 'identity', a.attidentity,
        'sequence', CASE WHEN a.attidentity <> '' THEN %1 END,
        'usualSequence', pg_catalog.quote_ident(r.nspname) || '.'
                         || pg_catalog.quote_ident(r.relname || '_' || a.attname || '_seq'),
        'collation', (SELECT CASE WHEN n.nspname = 'pg_catalog' THEN '' ELSE pg_catalog.quote_ident(n.nspname) || '.' END
                             || pg_catalog.quote_ident(co.collname)
                        FROM pg_catalog.pg_collation co
                        JOIN pg_catalog.pg_namespace n ON n.oid = co.collnamespace
                       WHERE co.oid = a.attcollation AND a.attcollation <> t.typcollation),
        'storage', CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage END,
        'compression', pg_catalog.to_jsonb(a) ->> 'attcompression',
        'statistics', CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END,
        'options', (SELECT pg_catalog.json_agg(o.name) FROM pg_catalog.unnest(a.attoptions) AS o(name)
                     WHERE o.name NOT LIKE 'pg\_attver=%'),
        'serverOptions', a.attfdwoptions, 'rights', %2,
        'inherited', (SELECT pg_catalog.json_build_object(
                               'notNull', pg_catalog.bool_or(b.attnotnull),
                               'defaults', pg_catalog.json_agg(pg_catalog.pg_get_expr(e.adbin, e.adrelid, true)))
                        FROM pg_catalog.pg_inherits i
                        JOIN pg_catalog.pg_attribute b ON b.attrelid = i.inhparent AND b.attname = a.attname
                        LEFT JOIN pg_catalog.pg_attrdef e ON e.adrelid = b.attrelid AND e.adnum = b.attnum
                       WHERE i.inhrelid = r.oid),
        'comment', pg_catalog.col_description(r.oid, a.attnum)) ORDER BY a.attnum)
      FROM pg_catalog.pg_attribute a
      JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
      LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      LEFT JOIN (SELECT z.conname, z.conkey, pg_catalog.to_jsonb(z) AS facts
                   FROM pg_catalog.pg_constraint z, roots
                  WHERE z.conrelid = roots.oid AND z.contype = 'n') y ON a.attnum = ANY (y.conkey)
     WHERE a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped),)")
        .arg(sequence(QStringLiteral("(SELECT g.objid FROM pg_catalog.pg_depend g\n"
                                     "              WHERE g.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass\n"
                                     "                AND g.refobjid = r.oid AND g.refobjsubid = a.attnum\n"
                                     "                AND g.classid = 'pg_catalog.pg_class'::pg_catalog.regclass\n"
                                     "                AND g.deptype = 'i')")),
             rights(QStringLiteral("a.attacl")));
}

/// Indexes come before constraints in nothing, but those that stand behind a constraint are made by it.
QString indexesAndConstraints()
{
    return QStringLiteral(R"(
    'constraints', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
        'kind', c.contype, 'name', pg_catalog.quote_ident(c.conname), 'definition', pg_catalog.pg_get_constraintdef(c.oid, true),
        'isValid', c.convalidated, 'isLocal', c.conislocal, 'isCopy', c.conparentid <> 0 AND c.contype = 'f',
        'comment', pg_catalog.obj_description(c.oid, 'pg_constraint'))
        ORDER BY pg_catalog.strpos('puxcf', c.contype::pg_catalog.text), c.conname)
      FROM pg_catalog.pg_constraint c
     WHERE c.conrelid = r.oid AND c.contype IN ('c', 'f', 'p', 'u', 'x')),
    'indexes', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
        'name', pg_catalog.quote_ident(c.relname), 'definition', pg_catalog.pg_get_indexdef(i.indexrelid, 0, true),
        'isOfConstraint', k.oid IS NOT NULL, 'isValid', i.indisvalid, 'options', c.reloptions,
        'isClustered', i.indisclustered, 'isReplicaIdentity', i.indisreplident,
        'tablespace', (SELECT pg_catalog.quote_ident(s.spcname) FROM pg_catalog.pg_tablespace s WHERE s.oid = c.reltablespace),
        'comment', pg_catalog.obj_description(c.oid, 'pg_class'),
        'statistics', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('column', a.attnum,
                                                                              'target', a.attstattarget))
                         FROM pg_catalog.pg_attribute a
                        WHERE a.attrelid = c.oid AND a.attstattarget >= 0))
        ORDER BY c.relname)
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
      LEFT JOIN pg_catalog.pg_constraint k ON k.conindid = i.indexrelid AND k.conrelid = i.indrelid
                                          AND k.contype IN ('p', 'u', 'x')
     WHERE i.indrelid = r.oid),)");
}

/// Of a trigger that a partition has from what it is a part of, only its state is its own.
QString triggersRulesAndPolicies()
{
    return QStringLiteral(R"(
    'triggers', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
        'name', pg_catalog.quote_ident(t.tgname), 'definition', pg_catalog.pg_get_triggerdef(t.oid, true), 'state', t.tgenabled,
        'parentState', p.tgenabled, 'comment', pg_catalog.obj_description(t.oid, 'pg_trigger')) ORDER BY t.tgname)
      FROM pg_catalog.pg_trigger t
      LEFT JOIN pg_catalog.pg_trigger p ON p.oid = (pg_catalog.to_jsonb(t) ->> 'tgparentid')::pg_catalog.oid
     WHERE t.tgrelid = r.oid AND (NOT t.tgisinternal OR p.oid IS NOT NULL AND NOT p.tgisinternal)),
    'rules', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
        'name', pg_catalog.quote_ident(u.rulename), 'definition', pg_catalog.pg_get_ruledef(u.oid, true), 'state', u.ev_enabled,
        'comment', pg_catalog.obj_description(u.oid, 'pg_rewrite')) ORDER BY u.rulename)
      FROM pg_catalog.pg_rewrite u
     WHERE u.ev_class = r.oid AND u.rulename <> '_RETURN'),
    'policies', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
        'name', pg_catalog.quote_ident(p.polname), 'isPermissive', p.polpermissive, 'command', p.polcmd,
        'roles', (SELECT pg_catalog.json_agg(pg_catalog.quote_ident(m.rolname) ORDER BY m.rolname) FROM pg_catalog.pg_roles m
                   WHERE m.oid = ANY (p.polroles)),
        'using', pg_catalog.pg_get_expr(p.polqual, p.polrelid, true),
        'check', pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid, true),
        'comment', pg_catalog.obj_description(p.oid, 'pg_policy')) ORDER BY p.polname)
      FROM pg_catalog.pg_policy p
     WHERE p.polrelid = r.oid),
    'statistics', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
        'name', pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(s.stxname),
        'definition', pg_catalog.pg_get_statisticsobjdef(s.oid), 'owner', pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(s.stxowner)),
        'target', NULLIF((pg_catalog.to_jsonb(s) ->> 'stxstattarget')::pg_catalog.int4, -1),
        'comment', pg_catalog.obj_description(s.oid, 'pg_statistic_ext')) ORDER BY n.nspname, s.stxname)
      FROM pg_catalog.pg_statistic_ext s
      JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace
     WHERE s.stxrelid = r.oid),)");
}

QString familyAndSequences()
{
    return QStringLiteral(R"(
    'partitionKey', CASE WHEN r.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(r.oid) END,
    'bound', CASE WHEN c.relispartition THEN pg_catalog.pg_get_expr(c.relpartbound, c.oid) END,
    'parents', (SELECT pg_catalog.json_agg(i.inhparent::pg_catalog.regclass ORDER BY i.inhseqno)
                  FROM pg_catalog.pg_inherits i WHERE i.inhrelid = r.oid),
    'children', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
                          'name', k.oid::pg_catalog.regclass,
                          'bound', CASE WHEN k.oid NOT IN (SELECT relation FROM locked)
                                        THEN pg_catalog.pg_get_expr(k.relpartbound, k.oid) END)
                          ORDER BY k.oid::pg_catalog.regclass::pg_catalog.text)
                   FROM pg_catalog.pg_inherits i
                   JOIN pg_catalog.pg_class k ON k.oid = i.inhrelid
                  WHERE i.inhparent = r.oid),
    'sequences', (SELECT pg_catalog.json_agg(%1 ORDER BY d.refobjsubid, d.objid)
                    FROM pg_catalog.pg_depend d
                    JOIN pg_catalog.pg_class s ON s.oid = d.objid AND s.relkind = 'S'
                   WHERE d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = r.oid
                     AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype = 'a'),
    'sequence', %2,)")
        .arg(sequence(QStringLiteral("d.objid")), sequence(QStringLiteral("r.oid")));
}

QString relation()
{
    return QStringLiteral(R"(
    'name', pg_catalog.quote_ident(r.nspname) || '.' || pg_catalog.quote_ident(r.relname),
    'schema', pg_catalog.quote_ident(r.nspname), 'kind', r.relkind, 'persistence', c.relpersistence, 'owner', pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(r.relowner)),
    'accessMethod', (SELECT pg_catalog.quote_ident(m.amname) FROM pg_catalog.pg_am m
                      WHERE m.oid = c.relam
                        AND m.amname <> pg_catalog.current_setting('default_table_access_method', true)),
    'tablespace', (SELECT pg_catalog.quote_ident(s.spcname) FROM pg_catalog.pg_tablespace s WHERE s.oid = c.reltablespace),
    'options', c.reloptions,
    'toastOptions', (SELECT k.reloptions FROM pg_catalog.pg_class k WHERE k.oid = c.reltoastrelid),
    'ofType', CASE WHEN c.reloftype <> 0 THEN pg_catalog.format_type(c.reloftype, NULL) END,
    'hasRowSecurity', c.relrowsecurity, 'forcesRowSecurity', c.relforcerowsecurity, 'replicaIdentity', c.relreplident,
    'isPopulated', c.relispopulated,
    'definition', CASE WHEN r.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(r.oid, true) END,
    'server', (SELECT pg_catalog.quote_ident(s.srvname) FROM pg_catalog.pg_foreign_table t
                 JOIN pg_catalog.pg_foreign_server s ON s.oid = t.ftserver WHERE t.ftrelid = r.oid),
    'serverOptions', (SELECT t.ftoptions FROM pg_catalog.pg_foreign_table t WHERE t.ftrelid = r.oid),
    'rights', %1,
    'ownRights', (SELECT pg_catalog.json_agg(x.privilege_type)
                    FROM pg_catalog.aclexplode(pg_catalog.acldefault('r', r.relowner)) x),
    'comment', pg_catalog.obj_description(r.oid, 'pg_class'))")
        .arg(rights(QStringLiteral("c.relacl")));
}

} // namespace

QString tableDdl()
{
    return withRelations(QStringLiteral("c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')\n"
                                        "     AND n.nspname = $2::pg_catalog.text AND c.relname = "
                                        "$3::pg_catalog.text")) +
           withState() + QStringLiteral("\nSELECT f.is_free, CASE WHEN f.is_free THEN pg_catalog.json_build_object(") +
           columns() + indexesAndConstraints() + triggersRulesAndPolicies() + familyAndSequences() + relation() +
           QStringLiteral(R"() END AS facts
  FROM (SELECT pg_catalog.set_config('search_path', '', true) AS path) s
 CROSS JOIN state f
 CROSS JOIN roots r
  JOIN pg_catalog.pg_class c ON c.oid = r.oid
 WHERE s.path = '')");
}

} // namespace Roost::CatalogSql
