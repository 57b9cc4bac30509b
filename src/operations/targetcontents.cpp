#include "operations/targetcontents.h"

#include "postgres/identifier.h"

#include <QCoreApplication>
#include <QMap>

namespace Roost {

namespace {

constexpr int tablesInOneStatement = 100;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(TargetContents)
};

const QString userSchemas = QStringLiteral("n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'");

QString notOfAnExtension(const QString &catalog, const QString &alias)
{
    return QStringLiteral("NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.%1'::regclass "
                          "AND d.objid = %2.oid AND d.deptype = 'e')")
        .arg(catalog, alias);
}

QString userObjectsStatement()
{
    const QString relations =
        QStringLiteral("SELECT n.nspname || '.' || c.relname FROM pg_catalog.pg_class c "
                       "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind <> 'i' AND %1 AND %2")
            .arg(userSchemas, notOfAnExtension(QStringLiteral("pg_class"), QStringLiteral("c")));
    const QString functions = QStringLiteral("SELECT n.nspname || '.' || p.proname || '()' FROM pg_catalog.pg_proc p "
                                             "JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE %1 AND %2")
                                  .arg(userSchemas, notOfAnExtension(QStringLiteral("pg_proc"), QStringLiteral("p")));
    const QString types = QStringLiteral("SELECT n.nspname || '.' || t.typname FROM pg_catalog.pg_type t "
                                         "JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace "
                                         "WHERE t.typtype IN ('d', 'e', 'r') AND %1 AND %2")
                              .arg(userSchemas, notOfAnExtension(QStringLiteral("pg_type"), QStringLiteral("t")));
    const QString schemas =
        QStringLiteral("SELECT n.nspname FROM pg_catalog.pg_namespace n "
                       "WHERE n.nspname <> 'public' AND %1 AND %2")
            .arg(userSchemas, notOfAnExtension(QStringLiteral("pg_namespace"), QStringLiteral("n")));
    const QString largeObjects =
        QStringLiteral("SELECT 'large object ' || m.oid FROM pg_catalog.pg_largeobject_metadata m");
    const QStringList all = {relations, functions, types, schemas, largeObjects};
    return QStringLiteral("SELECT * FROM (%1) o LIMIT 4").arg(all.join(QStringLiteral(" UNION ALL ")));
}

struct TargetTable
{
    QChar kind;
    bool hidesRows = false;
};

Result<QMap<QString, TargetTable>> tablesOf(DatabaseConnection &connection, const std::stop_token &stop)
{
    auto rows = connection.query(
        QStringLiteral("SELECT n.nspname, c.relname, c.relkind, pg_catalog.row_security_active(c.oid) "
                       "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
                       "WHERE c.relkind IN ('r', 'p', 'f') AND %1")
            .arg(userSchemas),
        {}, stop);
    if (!rows) {
        return tl::unexpected(rows.error());
    }
    QMap<QString, TargetTable> tables;
    while (rows->next()) {
        const QString kind = rows->value(2).toString();
        tables.insert(TableId{rows->value(0).toString(), rows->value(1).toString()}.quoted(),
                      {kind.isEmpty() ? QChar() : kind.front(), rows->value(3).toString() == u"t"});
    }
    return tables;
}

Result<void> compareCount(const QString &table, qint64 rows, qint64 expected)
{
    if (rows == expected) {
        return {};
    }
    return failure(ErrorCode::Conflict,
                   Text::tr("The restore ended, but the table %1 has %2 rows, and the backup has %3.")
                       .arg(table, QString::number(rows), QString::number(expected)));
}

} // namespace

Result<QStringList> userObjects(DatabaseConnection &connection, const std::stop_token &stop)
{
    auto rows = connection.query(userObjectsStatement(), {}, stop);
    if (!rows) {
        return tl::unexpected(rows.error());
    }
    QStringList names;
    while (rows->next()) {
        names += rows->value(0).toString();
    }
    return names;
}

Result<TargetObjects> targetObjects(DatabaseConnection &connection, const std::stop_token &stop)
{
    auto rows = connection.query(QStringLiteral("SELECT 'available', name FROM pg_catalog.pg_available_extensions "
                                                "UNION ALL SELECT 'installed', extname FROM pg_catalog.pg_extension "
                                                "UNION ALL SELECT 'schema', nspname FROM pg_catalog.pg_namespace "
                                                "UNION ALL SELECT 'refused', 'public' FROM pg_catalog.pg_namespace "
                                                "WHERE nspname = 'public' AND NOT "
                                                "pg_catalog.has_schema_privilege(oid, 'CREATE') "
                                                "UNION ALL SELECT 'refused', 'schemas' WHERE NOT "
                                                "pg_catalog.has_database_privilege(current_database(), 'CREATE')"),
                                 {}, stop);
    if (!rows) {
        return tl::unexpected(rows.error());
    }
    TargetObjects objects;
    objects.hasPublicSchema = false;
    while (rows->next()) {
        const QString kind = rows->value(0).toString();
        const QString name = rows->value(1).toString();
        if (kind == u"available") {
            objects.availableExtensions += name;
        } else if (kind == u"installed") {
            objects.installedExtensions += name;
        } else if (kind == u"refused") {
            (name == u"public" ? objects.mayCreateInPublic : objects.mayCreateSchemas) = false;
        } else if (name == u"public") {
            objects.hasPublicSchema = true;
        }
    }
    return objects;
}

Result<QSet<QString>> existingNames(DatabaseConnection &connection, const std::stop_token &stop)
{
    // Types of arguments are then written as pg_dump writes them.
    const auto set =
        connection.query(QStringLiteral("SELECT pg_catalog.set_config('search_path', '', false)"), {}, stop);
    if (!set) {
        return tl::unexpected(set.error());
    }
    auto rows = connection.query(
        QStringLiteral("SELECT 'relation ' || n.nspname || ' ' || c.relname FROM pg_catalog.pg_class c "
                       "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE %1 UNION ALL "
                       "SELECT 'type ' || n.nspname || ' ' || t.typname FROM pg_catalog.pg_type t "
                       "JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE %1 UNION ALL "
                       "SELECT 'function ' || n.nspname || ' ' || p.proname || '(' || coalesce((SELECT "
                       "pg_catalog.string_agg(pg_catalog.format_type(a.type, NULL), ', ' ORDER BY a.at) FROM "
                       "pg_catalog.unnest(p.proargtypes) WITH ORDINALITY a (type, at)), '') || ')' "
                       "FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace "
                       "WHERE %1 UNION ALL SELECT 'schema - ' || n.nspname FROM pg_catalog.pg_namespace n")
            .arg(userSchemas),
        {}, stop);
    if (!rows) {
        return tl::unexpected(rows.error());
    }
    QSet<QString> names;
    while (rows->next()) {
        names += rows->value(0).toString();
    }
    return names;
}

bool hasObject(const QSet<QString> &existing, const ArchiveEntry &entry)
{
    QString kind;
    if (entry.isRelation() || entry.isSequence() || entry.type == u"INDEX") {
        kind = QStringLiteral("relation ");
    } else if (entry.type == u"TYPE" || entry.type == u"DOMAIN") {
        kind = QStringLiteral("type ");
    } else if (entry.type == u"FUNCTION" || entry.type == u"PROCEDURE" || entry.type == u"AGGREGATE") {
        kind = QStringLiteral("function ");
    } else if (entry.type == u"SCHEMA") {
        kind = QStringLiteral("schema ");
    } else {
        return false;
    }
    // The owner comes last, and may have blanks in it.
    for (QString names = entry.withoutOwner(); names.contains(u' '); names = names.section(u' ', 0, -2)) {
        if (existing.contains(kind + names)) {
            return true;
        }
    }
    return false;
}

Result<qint64> compareRows(DatabaseConnection &connection, const QList<ArchivedTable> &tables,
                           const QHash<QString, qint64> &counted, QStringList &warnings, const std::stop_token &stop)
{
    const auto present = tablesOf(connection, stop);
    if (!present) {
        return tl::unexpected(present.error());
    }
    // By name: an archive may bring a table's rows in several pieces.
    QMap<QString, qint64> expected;
    for (const ArchivedTable &table : tables) {
        expected[TableId{table.schema, table.name}.quoted()] += table.rows;
    }
    QStringList names;
    qint64 total = 0;
    for (auto table = expected.cbegin(); table != expected.cend(); ++table) {
        const auto found = present->constFind(table.key());
        if (found == present->constEnd()) {
            return failure(ErrorCode::Conflict,
                           Text::tr("The restore ended, but the table %1 is not there.").arg(table.key()));
        }
        if (const auto known = counted.constFind(table.key()); known != counted.cend()) {
            if (const auto same = compareCount(table.key(), *known, table.value()); !same) {
                return failure(same.error());
            }
            total += *known;
        } else if (found->hidesRows || found->kind == u'f') {
            warnings += Text::tr("The rows of %1 could not be counted after the restore: its rules hide some of them "
                                 "from this user.")
                            .arg(table.key());
        } else {
            names += table.key();
        }
    }
    for (qsizetype start = 0; start < names.size(); start += tablesInOneStatement) {
        QStringList counts;
        for (const QString &name : names.mid(start, tablesInOneStatement)) {
            // A parent's own rows only; a partitioned table has none of its own.
            const QString only = present->value(name).kind == u'p' ? QString() : QStringLiteral("ONLY ");
            counts += QStringLiteral("SELECT %1, pg_catalog.count(*) FROM %2%3").arg(quoteLiteral(name), only, name);
        }
        auto rows = connection.query(counts.join(QStringLiteral(" UNION ALL ")), {}, stop);
        if (!rows) {
            return tl::unexpected(rows.error());
        }
        while (rows->next()) {
            const QString name = rows->value(0).toString();
            const qint64 count = rows->value(1).toLongLong();
            if (const auto same = compareCount(name, count, expected.value(name)); !same) {
                return failure(same.error());
            }
            total += count;
        }
    }
    return total;
}

} // namespace Roost
