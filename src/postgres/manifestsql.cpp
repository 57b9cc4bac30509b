#include "postgres/manifestsql.h"

#include <QStringList>

// Every statement here runs with search_path = pg_catalog, so that names come out the same on every server, and gives
// the same text on servers 11 to 18 for the same objects, as far as the server's own functions do.
namespace Roost::ManifestSql {

namespace {

const QString ownSchema = QStringLiteral("n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'");

/// Not a part of an extension: those come with it.
QString isOwn(const char *catalog, const char *alias)
{
    return QStringLiteral("NOT EXISTS (SELECT FROM pg_depend e WHERE e.deptype = 'e' AND e.classid = '%1'::regclass"
                          " AND e.objid = %2.oid)")
        .arg(QLatin1String(catalog), QLatin1String(alias));
}

/// Nor made by the server along with a range type: since 14 there are more of those.
QString isNotOfType(const char *catalog, const char *alias)
{
    return QStringLiteral("NOT EXISTS (SELECT FROM pg_depend i WHERE i.deptype = 'i' AND i.refclassid = "
                          "'pg_type'::regclass AND i.classid = '%1'::regclass AND i.objid = %2.oid)")
        .arg(QLatin1String(catalog), QLatin1String(alias));
}

QString schemasAndExtensions()
{
    return QStringLiteral("SELECT 'schema ' || quote_ident(n.nspname) AS key, '' AS definition FROM pg_namespace n "
                          "WHERE %1 AND %2 UNION ALL "
                          "SELECT 'extension ' || quote_ident(x.extname), x.extversion FROM pg_extension x")
        .arg(ownSchema, isOwn("pg_namespace", "n"));
}

QString types()
{
    return QStringLiteral(
               "SELECT 'type ' || quote_ident(n.nspname) || '.' || quote_ident(t.typname), CASE t.typtype "
               "WHEN 'e' THEN 'ENUM (' || coalesce((SELECT string_agg(quote_literal(l.enumlabel), ', ' ORDER BY "
               "l.enumsortorder) FROM pg_enum l WHERE l.enumtypid = t.oid), '') || ')' "
               "WHEN 'd' THEN 'DOMAIN ' || format_type(t.typbasetype, t.typtypmod) || CASE WHEN t.typnotnull THEN "
               "' NOT NULL' ELSE '' END || coalesce(' DEFAULT ' || t.typdefault, '') || coalesce((SELECT "
               "string_agg(' ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid), '' ORDER BY k.conname) "
               "FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'), '') "
               "WHEN 'r' THEN 'RANGE OF ' || (SELECT format_type(r.rngsubtype, NULL) FROM pg_range r WHERE r.rngtypid "
               "= "
               "t.oid) "
               "WHEN 'c' THEN '(' || coalesce((SELECT string_agg(quote_ident(a.attname) || ' ' || "
               "format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = "
               "t.typrelid AND a.attnum > 0 AND NOT a.attisdropped), '') || ')' ELSE '' END "
               "FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = "
               "t.typrelid "
               "WHERE %1 AND %2 AND (t.typtype IN ('e', 'd', 'r') OR t.typtype = 'c' AND c.relkind = 'c')")
        .arg(ownSchema, isOwn("pg_type", "t"));
}

const QString relationName = QStringLiteral("quote_ident(n.nspname) || '.' || quote_ident(c.relname)");

QString relations()
{
    return QStringLiteral(
               "SELECT CASE c.relkind WHEN 'r' THEN 'table ' WHEN 'p' THEN 'table ' WHEN 'v' THEN 'view ' WHEN 'm' "
               "THEN "
               "'materialized view ' ELSE 'foreign table ' END || %1, concat_ws(' ', CASE c.relpersistence WHEN 'u' "
               "THEN "
               "'UNLOGGED' END, CASE WHEN c.relkind = 'p' THEN 'PARTITION BY ' || pg_get_partkeydef(c.oid) END, "
               "pg_get_expr(c.relpartbound, c.oid), (SELECT 'INHERITS ' || string_agg(quote_ident(pn.nspname) || '.' "
               "|| "
               "quote_ident(p.relname), ', ' ORDER BY i.inhseqno) FROM pg_inherits i JOIN pg_class p ON p.oid = "
               "i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE i.inhrelid = c.oid), (SELECT 'WITH ' "
               "|| "
               "string_agg(o, ', ' ORDER BY o) FROM unnest(c.reloptions) o), CASE WHEN c.relrowsecurity THEN 'ROW "
               "LEVEL "
               "SECURITY' END, CASE WHEN c.relforcerowsecurity THEN 'FORCED' END, CASE WHEN c.relreplident <> 'd' AND "
               "c.relkind IN ('r', 'p') THEN 'REPLICA IDENTITY ' || c.relreplident::text END, CASE WHEN c.relkind IN "
               "('v', "
               "'m') "
               "THEN pg_get_viewdef(c.oid) END) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
               "WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relpersistence <> 't' AND %2 AND %3")
        .arg(relationName, ownSchema, isOwn("pg_class", "c"));
}

/// A partition has its parent's identity; since 17 that stands in its own columns too.
QString columns()
{
    return QStringLiteral(
               "SELECT 'column ' || %1 || '.' || quote_ident(a.attname), concat_ws(' ', format_type(a.atttypid, "
               "a.atttypmod), CASE WHEN a.attcollation <> t.typcollation THEN 'COLLATE ' || (SELECT "
               "quote_ident(l.collname) "
               "FROM pg_collation l WHERE l.oid = a.attcollation) END, CASE WHEN a.attnotnull THEN 'NOT NULL' END, "
               "CASE "
               "WHEN to_jsonb(a) ->> 'attgenerated' = 'v' THEN 'GENERATED VIRTUAL ' "
               "WHEN to_jsonb(a) ->> 'attgenerated' <> '' THEN 'GENERATED ' WHEN d.adbin IS NOT NULL THEN "
               "'DEFAULT ' ELSE '' END || pg_get_expr(d.adbin, d.adrelid), CASE WHEN c.relispartition THEN NULL WHEN "
               "a.attidentity = 'a' THEN 'IDENTITY ALWAYS' WHEN a.attidentity = 'd' THEN 'IDENTITY' END) FROM "
               "pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN "
               "pg_namespace n ON n.oid = c.relnamespace JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_attrdef d "
               "ON "
               "d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence "
               "<> "
               "'t' AND a.attnum > 0 AND NOT a.attisdropped AND %2 AND %3")
        .arg(relationName, ownSchema, isOwn("pg_class", "c"));
}

/// Those of NOT NULL have names from server 18 on only; a partition's follow from its parent's.
QString constraintsAndIndexes()
{
    return QStringLiteral(
               "SELECT 'constraint ' || quote_ident(k.conname) || ' on ' || %1, pg_get_constraintdef(k.oid) FROM "
               "pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
               "WHERE "
               "k.contype IN ('c', 'p', 'u', 'f', 'x') AND k.conparentid = 0 AND %2 AND %3 UNION ALL "
               "SELECT 'index ' || %1, concat_ws(' ', pg_get_indexdef(c.oid), CASE WHEN NOT i.indisvalid THEN "
               "'INVALID' "
               "END, CASE WHEN i.indisclustered THEN 'CLUSTERED' END, CASE WHEN i.indisreplident THEN 'REPLICA "
               "IDENTITY' "
               "END) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = "
               "c.relnamespace WHERE c.relpersistence <> 't' AND %2 AND %3")
        .arg(relationName, ownSchema, isOwn("pg_class", "c"));
}

QString triggersRulesPolicies(int serverVersion)
{
    // Until 11 a trigger's function was written down as a procedure.
    const QString definition = serverVersion >= 120000
                                   ? QStringLiteral("pg_get_triggerdef(g.oid)")
                                   : QStringLiteral("replace(pg_get_triggerdef(g.oid), ' EXECUTE PROCEDURE ', ' "
                                                    "EXECUTE FUNCTION ')");
    const QString notCloned = serverVersion >= 130000 ? QStringLiteral(" AND g.tgparentid = 0") : QString();
    return QStringLiteral(
               "SELECT 'trigger ' || quote_ident(g.tgname) || ' on ' || %1, %5 || CASE "
               "g.tgenabled "
               "WHEN 'O' THEN '' ELSE ' ENABLED ' || g.tgenabled::text END FROM pg_trigger g JOIN pg_class c ON c.oid "
               "= "
               "g.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT g.tgisinternal%4 AND %2 AND %3 UNION "
               "ALL "
               "SELECT 'rule ' || quote_ident(w.rulename) || ' on ' || %1, pg_get_ruledef(w.oid) || CASE w.ev_enabled "
               "WHEN 'O' THEN '' ELSE ' ENABLED ' || w.ev_enabled::text END FROM pg_rewrite w JOIN pg_class c ON c.oid "
               "= "
               "w.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace WHERE w.rulename <> '_RETURN' AND %2 AND %3 "
               "UNION ALL SELECT 'policy ' || quote_ident(y.polname) || ' on ' || %1, concat_ws(' ', y.polcmd::text, "
               "CASE "
               "WHEN NOT y.polpermissive THEN 'RESTRICTIVE' END, 'USING ' || pg_get_expr(y.polqual, y.polrelid), 'WITH "
               "CHECK ' || pg_get_expr(y.polwithcheck, y.polrelid)) FROM pg_policy y JOIN pg_class c ON c.oid = "
               "y.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE %2 AND %3")
        .arg(relationName, ownSchema, isOwn("pg_class", "c"), notCloned, definition);
}

QString functions()
{
    return QStringLiteral(
               "SELECT CASE p.prokind WHEN 'p' THEN 'procedure ' WHEN 'a' THEN 'aggregate ' ELSE 'function ' END || "
               "quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '(' || "
               "pg_get_function_identity_arguments(p.oid) "
               "|| ')', CASE WHEN p.prokind = 'a' THEN (SELECT concat_ws(' ', pg_get_function_result(p.oid), "
               "g.aggtransfn, "
               "g.aggfinalfn, format_type(g.aggtranstype, NULL), g.agginitval) FROM pg_aggregate g WHERE g.aggfnoid = "
               "p.oid) ELSE pg_get_functiondef(p.oid) END FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
               "WHERE %1 AND %2 AND %3")
        .arg(ownSchema, isOwn("pg_proc", "p"), isNotOfType("pg_proc", "p"));
}

QString sequenceRules()
{
    return QStringLiteral(
               "SELECT 'sequence ' || %1, concat_ws(' ', format_type(s.seqtypid, NULL), 'START', s.seqstart, "
               "'INCREMENT', "
               "s.seqincrement, 'MIN', s.seqmin, 'MAX', s.seqmax, 'CACHE', s.seqcache, CASE WHEN s.seqcycle THEN "
               "'CYCLE' "
               "END, (SELECT 'OWNED BY ' || d.refobjid::regclass::text || '.' || quote_ident(a.attname) FROM pg_depend "
               "d JOIN "
               "pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid WHERE d.classid = "
               "'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN "
               "('a', "
               "'i') LIMIT 1)) FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = "
               "c.relnamespace WHERE c.relpersistence <> 't' AND %2 AND %3")
        .arg(relationName, ownSchema, isOwn("pg_class", "c"));
}

/// What is rare: that it is there.
QString rareObjects()
{
    QStringList parts;
    for (const char *catalog :
         {"pg_operator", "pg_opclass", "pg_opfamily", "pg_cast", "pg_conversion", "pg_collation", "pg_ts_config",
          "pg_ts_dict", "pg_ts_parser", "pg_ts_template", "pg_foreign_data_wrapper", "pg_foreign_server", "pg_am"}) {
        parts += QStringLiteral("SELECT '%1'::regclass AS classid, o.oid FROM %1 o WHERE o.oid >= 16384 AND %2 AND %3")
                     .arg(QLatin1String(catalog), isOwn(catalog, "o"), isNotOfType(catalog, "o"));
    }
    return QStringLiteral("SELECT i.type || ' ' || i.identity, '' FROM (%1) o CROSS JOIN LATERAL "
                          "pg_identify_object(o.classid, o.oid, 0) i UNION ALL "
                          "SELECT 'statistics ' || quote_ident(n.nspname) || '.' || quote_ident(x.stxname), "
                          "pg_get_statisticsobjdef(x.oid) FROM pg_statistic_ext x JOIN pg_namespace n ON n.oid = "
                          "x.stxnamespace WHERE %2")
        .arg(parts.join(QStringLiteral(" UNION ALL ")), ownSchema);
}

/// Those of extensions and of their parts come with them.
QString comments()
{
    return QStringLiteral(
        "SELECT 'comment on ' || i.type || ' ' || i.identity, d.description FROM pg_description d CROSS JOIN LATERAL "
        "pg_identify_object(d.classoid, d.objoid, d.objsubid) i WHERE d.objoid >= 16384 AND d.classoid <> "
        "'pg_extension'::regclass AND i.identity IS NOT NULL AND coalesce(i.schema, '') !~ '^pg_' AND NOT EXISTS "
        "(SELECT "
        "FROM pg_depend e WHERE e.deptype = 'e' AND e.classid = d.classoid AND e.objid = d.objoid)");
}

/// Floats, and what is made of them, as the server sends them: how they print has changed with server 12.
const QString valuesByTheirBits = QStringLiteral(
    "(700, 'float4send'), (701, 'float8send'), (1021, 'array_send'), (1022, 'array_send'), (600, "
    "'point_send'), (601, 'lseg_send'), (602, 'path_send'), (603, 'box_send'), (604, 'poly_send'), (628, "
    "'line_send'), (718, 'circle_send')");

} // namespace

QString settings()
{
    return QStringLiteral(
        "SELECT set_config(s.name, s.value, true) FROM (VALUES ('search_path', 'pg_catalog'), ('DateStyle', 'ISO, "
        "YMD'), "
        "('IntervalStyle', 'postgres'), ('TimeZone', 'UTC'), ('extra_float_digits', '3'), ('bytea_output', 'hex'), "
        "('lc_monetary', 'C'), ('xmlbinary', 'base64'), ('row_security', 'off'), ('statement_timeout', '0'), "
        "('lock_timeout', '60s'), "
        "('idle_in_transaction_session_timeout', '0'), ('quote_all_identifiers', 'off')) s (name, value)");
}

QString facts()
{
    return QStringLiteral("SELECT d.datname, pg_encoding_to_char(d.encoding), d.datcollate, d.datctype, EXISTS (SELECT "
                          "FROM pg_db_role_setting s WHERE s.setdatabase = d.oid) FROM pg_database d WHERE d.datname = "
                          "current_database()");
}

QString tables(Manifest::RowHash hash)
{
    const QString text = hash == Manifest::RowHash::Text
                             ? QStringLiteral("(ROW(' || s.list || ')::text)")
                             : QStringLiteral("encode(convert_to(ROW(' || s.list || ')::text, ''UTF8''), ''hex'')");
    return QStringLiteral(
               "SELECT %1, CASE WHEN NOT (%3) THEN 'e' ELSE c.relkind END, pg_table_size(c.oid), 'SELECT count(*), "
               "coalesce(sum(hashtextextended(%4 COLLATE \"C\", 0)), 0) FROM ONLY ' || %1 || ' t' FROM pg_class c JOIN "
               "pg_namespace n ON n.oid = c.relnamespace CROSS JOIN LATERAL (SELECT coalesce(string_agg(CASE WHEN "
               "f.send IS NULL THEN 't.' || quote_ident(a.attname) ELSE f.send || '(t.' || quote_ident(a.attname) || "
               "')' END, ', ' ORDER BY a.attname::text COLLATE \"C\"), '') AS list FROM pg_attribute a JOIN pg_type b "
               "ON "
               "b.oid = a.atttypid LEFT JOIN (VALUES %5) f (type, send) ON f.type IN (a.atttypid, b.typbasetype) WHERE "
               "a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) s WHERE c.relkind IN ('r', 'm', 'f') AND "
               "c.relpersistence <> 't' AND %2 ORDER BY 3 DESC, 1")
        .arg(relationName, ownSchema, isOwn("pg_class", "c"), text, valuesByTheirBits);
}

QString sequences()
{
    return QStringLiteral(
               "SELECT %1, 'SELECT last_value, is_called FROM ' || %1 FROM pg_class c JOIN pg_namespace n ON "
               "n.oid = c.relnamespace WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND %2 AND %3")
        .arg(relationName, ownSchema, isOwn("pg_class", "c"));
}

QString largeObjects()
{
    return QStringLiteral("SELECT count(*), coalesce(sum(hashtextextended((m.oid::text || ':' || md5(lo_get(m.oid))) "
                          "COLLATE \"C\", 0)), 0) FROM pg_largeobject_metadata m");
}

QString objects(int serverVersion)
{
    return QStringList{schemasAndExtensions(),
                       types(),
                       relations(),
                       columns(),
                       constraintsAndIndexes(),
                       triggersRulesPolicies(serverVersion),
                       functions(),
                       sequenceRules(),
                       rareObjects(),
                       comments()}
        .join(QStringLiteral(" UNION ALL "));
}

} // namespace Roost::ManifestSql
