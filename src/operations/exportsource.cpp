#include "operations/exportsource.h"

#include "postgres/catalogreader.h"
#include "postgres/databaseconnection.h"
#include "postgres/postgresresult.h"
#include "postgres/typenames.h"
#include "postgres/whereclause.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(TableExport)
};

bool isSqlFormat(ExportFormat format)
{
    return format == ExportFormat::SqlInsert || format == ExportFormat::SqlCopy;
}

QString joinedNames(const QStringList &names)
{
    QStringList quoted;
    std::transform(names.begin(), names.end(), std::back_inserter(quoted), quoteIdentifier);
    return quoted.join(QStringLiteral(", "));
}

/// The filter, and the order if one was asked for: all rows in the key's order would only take longer.
QString tailOf(const TableQuery &query)
{
    StatementValues values(StatementValues::Form::Literals);
    const QString where = whereClause(query, values);
    const QString tail = where.isEmpty() ? QString() : QStringLiteral(" WHERE ") + where;
    QStringList order;
    for (const SortColumn &column : query.sort) {
        order += quoteIdentifier(column.column) + (column.descending ? QStringLiteral(" DESC") : QString());
    }
    return order.isEmpty() ? tail : tail + QStringLiteral(" ORDER BY ") + order.join(QStringLiteral(", "));
}

/// The columns of a table that can be written to: its generated ones are made again by the server.
QStringList writable(const TableDescription &table, const QStringList &wanted)
{
    QStringList names;
    for (const ColumnInfo &column : table.columns) {
        if (!column.generated && (wanted.isEmpty() || wanted.contains(column.name))) {
            names += column.name;
        }
    }
    return names;
}

QString setSequences(const TableDescription &table, const QStringList &columns)
{
    QString sql;
    const QString name = table.relation.id.quoted();
    for (const ColumnInfo &column : table.columns) {
        const bool hasSequence = !column.identity.isEmpty() || column.defaultExpression.startsWith(u"nextval(");
        if (hasSequence && columns.contains(column.name)) {
            const QString quoted = quoteIdentifier(column.name);
            sql += QStringLiteral("SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence(%1, %2),\n"
                                  "    COALESCE(pg_catalog.max(%3), 1), pg_catalog.max(%3) IS NOT NULL) FROM %4;\n")
                       .arg(quoteLiteral(name), quoteLiteral(column.name), quoted, name);
        }
    }
    return sql.isEmpty() ? sql : u'\n' + sql;
}

} // namespace

Result<ExportSource> ExportSource::make(DatabaseConnection &connection, const ExportRequest &request,
                                        const std::stop_token &stop)
{
    ExportSource source;
    source.m_table = request.query.table;
    if (const Result<void> isFine = checkWhere(request.query.filter.where); !isFine) {
        return failure(isFine.error());
    }
    QStringList columns = request.columns;
    if (isSqlFormat(request.format) && request.sql.isEmpty()) {
        const Result<TableDescription> table = CatalogReader::describe(connection, source.m_table, stop);
        if (!table) {
            return failure(table.error());
        }
        columns = writable(*table, request.columns);
        source.m_closing = setSequences(*table, columns);
        source.m_overridesIdentity =
            std::any_of(table->columns.begin(), table->columns.end(), [&columns](const ColumnInfo &column) {
                return column.identity == u"always" && columns.contains(column.name);
            });
    }
    if (request.sql.isEmpty()) {
        source.m_select = QStringLiteral("SELECT %1 FROM %2%3")
                              .arg(columns.isEmpty() ? QStringLiteral("*") : joinedNames(columns),
                                   source.m_table.quoted(), tailOf(request.query));
    } else {
        static const QRegularExpression end(QStringLiteral("[;\\s]+\\z"));
        source.m_select = QString(request.sql).remove(end);
    }
    // The line end keeps a comment at the query's end from swallowing the bracket.
    Result<QSqlQuery> shape =
        connection.query(QStringLiteral("SELECT * FROM (%1\n) q LIMIT 0").arg(source.m_select), {}, stop);
    if (!shape) {
        return failure(shape.error());
    }
    const PostgresResult *result = PostgresResult::of(*shape);
    for (int i = 0; i < result->columnCount(); ++i) {
        const unsigned type = result->typeOid(i);
        source.m_columns += WrittenColumn{result->columnName(i), type, TypeNames::isNumeric(type)};
    }
    source.m_select += u'\n';
    return source;
}

WrittenTable ExportSource::written(bool header) const
{
    WrittenTable table;
    table.id = m_table;
    table.columns = m_columns;
    table.hasHeader = header;
    table.overridesIdentity = m_overridesIdentity;
    table.closing = m_closing;
    return table;
}

QString ExportSource::copyHead() const
{
    QStringList names;
    for (const WrittenColumn &column : m_columns) {
        names += column.name;
    }
    return QStringLiteral("COPY %1 (%2) FROM stdin;\n").arg(m_table.quoted(), joinedNames(names));
}

} // namespace Roost
