#include "operations/importtarget.h"

#include "operations/importtext.h"
#include "postgres/databaseconnection.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace Roost {

namespace {

/// A row for the table and one for each of its columns; names are qualified, so that nothing of the user's is called.
QString factsSql()
{
    return QStringLiteral(R"(
WITH t AS (SELECT c.oid, c.relkind, c.relname, n.nspname,
                  pg_catalog.format('%I.%I', n.nspname, c.relname) AS quoted
             FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = $1 AND c.relname = $2),
     family AS (SELECT oid FROM t UNION ALL
                SELECT p.relid FROM t, pg_catalog.pg_partition_tree(t.oid::pg_catalog.regclass) p
                 WHERE t.relkind = 'p' AND p.relid <> t.oid)
SELECT pg_catalog.json_build_object(
    'kind', t.relkind::pg_catalog.text,
    'security', pg_catalog.row_security_active(t.oid),
    'instead', EXISTS (SELECT FROM pg_catalog.pg_trigger g WHERE g.tgrelid = t.oid AND NOT g.tgisinternal
                        AND g.tgtype::pg_catalog.int4 & 69 = 69),
    'before', EXISTS (SELECT FROM pg_catalog.pg_trigger g JOIN family f ON f.oid = g.tgrelid
                       WHERE NOT g.tgisinternal AND g.tgenabled <> 'D'
                         AND (g.tgtype::pg_catalog.int4 & 7 = 7 OR g.tgtype::pg_catalog.int4 & 69 = 69)),
    'keys', (SELECT pg_catalog.json_agg(k.names ORDER BY k.indisprimary DESC, k.indexrelid)
               FROM (SELECT i.indisprimary, i.indexrelid,
                            (SELECT pg_catalog.json_agg(a.attname ORDER BY u.place)
                               FROM pg_catalog.unnest(i.indkey) WITH ORDINALITY u (number, place)
                               JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = u.number
                              WHERE u.place <= i.indnkeyatts) AS names
                       FROM pg_catalog.pg_index i
                      WHERE i.indrelid = t.oid AND i.indisunique AND i.indisvalid AND i.indimmediate
                        AND i.indpred IS NULL AND i.indexprs IS NULL) k),
    'columns', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
                    'name', a.attname,
                    'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
                    'base', pg_catalog.format_type(COALESCE(NULLIF(y.typbasetype, 0), y.oid), NULL),
                    'category', y.typcategory::pg_catalog.text,
                    'identity', a.attidentity::pg_catalog.text,
                    'generated', a.attgenerated::pg_catalog.text,
                    'default', CASE WHEN a.attgenerated = '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END,
                    'sequence', CASE WHEN t.relkind IN ('r', 'p')
                                     THEN pg_catalog.pg_get_serial_sequence(t.quoted, a.attname) END)
                ORDER BY a.attnum)
                  FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type y ON y.oid = a.atttypid
                  LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                 WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped))
  FROM t)");
}

ImportTarget::Column columnOf(const QJsonObject &facts)
{
    ImportTarget::Column column;
    column.name = facts.value(QLatin1String("name")).toString();
    column.type = facts.value(QLatin1String("type")).toString();
    const QString base = facts.value(QLatin1String("base")).toString();
    column.isJson = base == u"json" || base == u"jsonb";
    column.isArray = facts.value(QLatin1String("category")).toString() == u"A";
    column.isGenerated = !facts.value(QLatin1String("generated")).toString().isEmpty();
    const QString identity = facts.value(QLatin1String("identity")).toString();
    column.isIdentityAlways = identity == u"a";
    column.sequence = facts.value(QLatin1String("sequence")).toString();
    column.defaultSql = facts.value(QLatin1String("default")).toString();
    if (!identity.isEmpty() && !column.sequence.isEmpty()) {
        column.defaultSql =
            QStringLiteral("pg_catalog.nextval(%1::pg_catalog.regclass)").arg(quoteLiteral(column.sequence));
    }
    return column;
}

} // namespace

const ImportTarget::Column *ImportTarget::find(const QString &name) const
{
    const auto found =
        std::find_if(columns.begin(), columns.end(), [&name](const Column &each) { return each.name == name; });
    return found == columns.end() ? nullptr : &*found;
}

Result<ImportTarget> ImportTarget::read(DatabaseConnection &connection, const TableId &table,
                                        const std::stop_token &stop)
{
    Result<QSqlQuery> rows = connection.query(factsSql(), {table.schema, table.name}, stop);
    if (!rows) {
        return failure(rows.error());
    }
    if (!rows->next()) {
        return failure(ErrorCode::NotFound, ImportText::tr("There is no table %1.").arg(table.name));
    }
    const QJsonObject facts = QJsonDocument::fromJson(rows->value(0).toString().toUtf8()).object();
    const QString kind = facts.value(QLatin1String("kind")).toString();
    ImportTarget target;
    target.id = table;
    target.isPartitioned = kind == u"p";
    target.isTable = kind == u"r" || target.isPartitioned;
    const bool isView = kind == u"v";
    if (!target.isTable && !isView && kind != u"f") {
        return failure(
            ErrorCode::InvalidInput,
            ImportText::tr("%1 is neither a table nor a view, so no rows can be put into it.").arg(table.name));
    }
    const bool hasSecurity = facts.value(QLatin1String("security")).toBool();
    target.takesCopy = !hasSecurity && (!isView || facts.value(QLatin1String("instead")).toBool());
    target.hasBeforeTriggers = facts.value(QLatin1String("before")).toBool();
    const QJsonArray keys = facts.value(QLatin1String("keys")).toArray();
    for (const QJsonValue &key : keys) {
        target.keys += key.toVariant().toStringList();
    }
    const QJsonArray columns = facts.value(QLatin1String("columns")).toArray();
    for (const QJsonValue &column : columns) {
        target.columns += columnOf(column.toObject());
    }
    return target;
}

} // namespace Roost
