#include "postgres/tablequery.h"

#include "postgres/databaseconnection.h"
#include "postgres/postgresresult.h"
#include "postgres/typenames.h"

#include <QCoreApplication>

#include <algorithm>
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

Paging TableQuery::paging() const
{
    return keyColumns.isEmpty() ? Paging::ByOffset : Paging::ByKey;
}

QList<SortColumn> TableQuery::order() const
{
    QList<SortColumn> places = sort;
    for (const QString &key : keyColumns) {
        const bool isThere =
            std::any_of(sort.cbegin(), sort.cend(), [&key](const SortColumn &column) { return column.column == key; });
        if (!isThere) {
            places += SortColumn{key, false};
        }
    }
    return places;
}

SqlStatement TableQuery::statement() const
{
    SqlStatement statement{QStringLiteral("SELECT * FROM ") + table.quoted(), {}};
    QStringList names;
    QStringList places;
    QStringList orders;
    for (const SortColumn &column : order()) {
        names += quoteIdentifier(column.column);
        places += u'$' + QString::number(names.size());
        orders += names.constLast() + (column.descending ? QStringLiteral(" DESC") : QString());
    }
    if (from == From::After && bound.size() == names.size()) {
        statement.sql += QStringLiteral(" WHERE (%1) > (%2)").arg(joined(names), joined(places));
        for (const CellValue &value : bound) {
            statement.parameters += value ? QVariant(*value) : QVariant();
        }
    }
    if (!orders.isEmpty()) {
        statement.sql += QStringLiteral(" ORDER BY ") + joined(orders);
    }
    statement.sql += QStringLiteral(" LIMIT ") + QString::number(limit + 1);
    if (from == From::Offset && offset > 0) {
        statement.sql += QStringLiteral(" OFFSET ") + QString::number(offset);
    }
    return statement;
}

Result<RowPage> fetchPage(DatabaseConnection &connection, const TableQuery &query, const std::stop_token &stop)
{
    const SqlStatement statement = query.statement();
    Result<QSqlQuery> rows = connection.query(statement.sql, statement.parameters, stop);
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
    const auto placesOf = [&page](const QStringList &names) {
        QList<qsizetype> places;
        for (const QString &name : names) {
            for (qsizetype i = 0; i < page.columns.size(); ++i) {
                if (page.columns.at(i).name == name) {
                    places += i;
                }
            }
        }
        return places;
    };
    QStringList orderNames;
    for (const SortColumn &column : query.order()) {
        orderNames += column.column;
    }
    page.setBoundColumns(placesOf(orderNames), placesOf(query.keyColumns));
    if (query.paging() == Paging::ByOffset) {
        page.setFirstNumber(query.from == TableQuery::From::Offset ? query.offset : 0);
    }
    if (!appendRows(page, *result, count)) {
        return failure(ErrorCode::InvalidInput,
                       TableQueryText::tr("These rows are larger than 2 GB together. Show fewer "
                                          "rows at a time."));
    }
    return page;
}

} // namespace Roost
