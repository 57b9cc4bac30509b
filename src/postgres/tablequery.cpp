#include "postgres/tablequery.h"

#include "postgres/databaseconnection.h"
#include "postgres/postgresresult.h"
#include "postgres/typenames.h"

#include <QCoreApplication>

#include <limits>

namespace Roost {

namespace {

struct TableQueryText
{
    Q_DECLARE_TR_FUNCTIONS(TableQueryText)
};

QString joined(const QStringList &parts)
{
    return parts.join(QStringLiteral(", "));
}

/// Asks for the names of types that nobody has named yet: the database's own.
Result<void> nameTypes(DatabaseConnection &connection, const QStringList &oids, const std::stop_token &stop)
{
    Result<QSqlQuery> rows = connection.query(
        QStringLiteral("SELECT t.oid, CASE WHEN e.oid IS NULL THEN t.typname ELSE e.typname || '[]' END"
                       "  FROM pg_catalog.pg_type t"
                       "  LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'"
                       " WHERE t.oid = ANY ($1::pg_catalog.oid[])"),
        {u'{' + oids.join(u',') + u'}'}, stop);
    if (!rows) {
        return failure(rows.error());
    }
    QHash<unsigned, QString> names;
    while (rows->next()) {
        names.insert(rows->value(0).toString().toUInt(), rows->value(1).toString());
    }
    TypeNames::remember(connection.parameters(), names);
    return {};
}

Result<QList<ResultColumn>> columnsOf(DatabaseConnection &connection, const PostgresResult &result,
                                      const std::stop_token &stop)
{
    QList<ResultColumn> columns;
    QStringList unnamed;
    for (int i = 0; i < result.columnCount(); ++i) {
        const unsigned oid = result.typeOid(i);
        columns += ResultColumn{result.columnName(i), TypeNames::of(connection.parameters(), oid), oid,
                                TypeNames::isNumeric(oid)};
        if (columns.constLast().type.isEmpty()) {
            unnamed += QString::number(oid);
        }
    }
    if (unnamed.isEmpty()) {
        return columns;
    }
    if (const Result<void> named = nameTypes(connection, unnamed, stop); !named) {
        return failure(named.error());
    }
    for (ResultColumn &column : columns) {
        column.type = TypeNames::of(connection.parameters(), column.typeOid);
    }
    return columns;
}

/// False when the page would be larger than a RowPage can be.
bool appendRows(RowPage &page, const PostgresResult &result, int rows)
{
    for (int row = 0; row < rows; ++row) {
        for (int column = 0; column < result.columnCount(); ++column) {
            const QByteArrayView cell = result.utf8(row, column);
            if (page.byteCount() + cell.size() > std::numeric_limits<qint32>::max()) {
                return false;
            }
            page.append(result.isNullAt(row, column) ? std::nullopt : std::optional(cell));
        }
    }
    return true;
}

} // namespace

QString TableQuery::sql() const
{
    QString sql = QStringLiteral("SELECT * FROM ") + table.quoted();
    QStringList columns;
    QStringList places;
    for (const QString &column : keyColumns) {
        columns += quoteIdentifier(column);
        places += u'$' + QString::number(columns.size());
    }
    if (!after.isEmpty() && !columns.isEmpty()) {
        sql += columns.size() == 1 ? QStringLiteral(" WHERE %1 > %2").arg(columns.constFirst(), places.constFirst())
                                   : QStringLiteral(" WHERE (%1) > (%2)").arg(joined(columns), joined(places));
    }
    if (!columns.isEmpty()) {
        sql += QStringLiteral(" ORDER BY ") + joined(columns);
    }
    sql += QStringLiteral(" LIMIT ") + QString::number(limit + 1);
    if (columns.isEmpty() && offset > 0) {
        sql += QStringLiteral(" OFFSET ") + QString::number(offset);
    }
    return sql;
}

Result<RowPage> fetchPage(DatabaseConnection &connection, const TableQuery &query, const std::stop_token &stop)
{
    if (!query.keyColumns.isEmpty() && !query.after.isEmpty() && query.after.size() != query.keyColumns.size()) {
        return failure(ErrorCode::Internal, TableQueryText::tr("The key of the last row does not fit the table's key. "
                                                               "Refresh the table."));
    }
    QVariantList parameters;
    if (!query.keyColumns.isEmpty()) {
        parameters = QVariantList(query.after.cbegin(), query.after.cend());
    }
    Result<QSqlQuery> rows = connection.query(query.sql(), parameters, stop);
    if (!rows) {
        return failure(rows.error());
    }
    const PostgresResult *result = PostgresResult::of(*rows);
    RowPage page;
    const int count = qMin(result->rowCount(), query.limit);
    page.hasMore = result->rowCount() > query.limit;
    Result<QList<ResultColumn>> columns = columnsOf(connection, *result, stop);
    if (!columns) {
        return failure(columns.error());
    }
    page.columns = *columns;
    if (!appendRows(page, *result, count)) {
        return failure(ErrorCode::InvalidInput,
                       TableQueryText::tr("These rows are larger than 2 GB together. Show fewer "
                                          "rows at a time."));
    }
    return page;
}

} // namespace Roost
