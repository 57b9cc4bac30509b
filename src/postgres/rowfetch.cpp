#include "postgres/tablequery.h"

#include "postgres/databaseconnection.h"
#include "postgres/pagereader.h"
#include "postgres/whereclause.h"

#include <QCoreApplication>

namespace Roost {

namespace {

struct RowFetchText
{
    Q_DECLARE_TR_FUNCTIONS(RowFetchText)
};

using From = TableQuery::From;

/// Where a page of rows that are only counted begins, as far as it is known before it is read; Last says it itself.
qint64 firstNumber(const TableQuery &query)
{
    const qint64 number = query.bound.value(0).value_or(QString()).toLongLong();
    switch (query.from) {
    case From::After:
        return number + 1;
    case From::At:
        return number;
    case From::Before:
        return qMax<qint64>(0, number - query.limit);
    case From::Offset:
        return query.offset;
    default:
        return 0;
    }
}

Result<RowPage> fetchCounted(DatabaseConnection &connection, const TableQuery &query, const std::stop_token &stop)
{
    Result<RowPage> page = readPage(connection, query, pageStatement(query), query.limit, stop);
    if (!page) {
        return page;
    }
    if (query.from == From::Last) {
        page->hasMore = page->rowCount() > 0 && page->bound(0).constFirst() != QStringLiteral("0");
        return page;
    }
    page->setFirstNumber(firstNumber(query));
    if (query.from == From::Before) {
        page->hasMore = firstNumber(query) > 0;
    }
    return page;
}

/// Backwards by place, one reads so many blocks as usually hold a page; where they do not (deleted rows, a filter),
/// more and more of them.
Result<RowPage> fetchBackwardsByPlace(DatabaseConnection &connection, const TableQuery &query,
                                      const std::stop_token &stop)
{
    constexpr qint64 growth = 8;
    qint64 blocks = query.from == From::Before ? blockOf(query.bound.value(0).value_or(QString())) + 1 : -1;
    for (qint64 reach = 1;; reach *= growth) {
        Result<RowPage> page = readPage(connection, query, pageStatement(query, reach), query.limit, stop);
        if (!page || page->hasMore) {
            return page;
        }
        if (blocks < 0) {
            Result<QSqlQuery> count = connection.query(QStringLiteral("SELECT ") + blockCount(query.table), {}, stop);
            if (!count) {
                return failure(count.error());
            }
            blocks = count->next() ? count->value(0).toLongLong() : 0;
        }
        if (reach >= blocks) { // it went back by this many blocks at least
            return page;
        }
    }
}

} // namespace

Result<RowPage> fetchPage(DatabaseConnection &connection, const TableQuery &query, const std::stop_token &stop)
{
    if (const Result<void> isFine = checkWhere(query.filter.where); !isFine) {
        return failure(isFine.error());
    }
    const bool isBackwards = query.from == From::Before || query.from == From::Last;
    switch (query.paging()) {
    case Paging::ByOffset:
        return fetchCounted(connection, query, stop);
    case Paging::ByPlace:
        if (isBackwards && query.sort.isEmpty()) {
            return fetchBackwardsByPlace(connection, query, stop);
        }
        break;
    case Paging::ByKey:
        break;
    }
    return readPage(connection, query, pageStatement(query), query.limit, stop);
}

Result<CellValue> fetchCell(DatabaseConnection &connection, const TableQuery &query, const RowKey &key,
                            const QString &column, const std::stop_token &stop)
{
    if (query.keyColumns.isEmpty() || key.size() != query.keyColumns.size()) {
        return failure(ErrorCode::NotFound,
                       RowFetchText::tr("This value is too long to be shown whole here, and the table has no key to "
                                        "fetch it by. Give the table a primary key, or export it."));
    }
    StatementValues values;
    QStringList conditions;
    for (qsizetype i = 0; i < key.size(); ++i) {
        const QString &name = query.keyColumns.at(i);
        conditions += QStringLiteral("%1 = %2").arg(referenceTo(query, name),
                                                    values.add(key.at(i), columnNamed(query, name).castType));
    }
    Result<QSqlQuery> rows = connection.query(
        QStringLiteral("SELECT %1 FROM %2 WHERE %3")
            .arg(referenceTo(query, column), query.table.quoted(), conditions.join(QStringLiteral(" AND "))),
        values.values(), stop);
    if (!rows) {
        return failure(rows.error());
    }
    if (!rows->next()) {
        return failure(ErrorCode::NotFound,
                       RowFetchText::tr("This row is not in the table any more. Somebody may have deleted it or "
                                        "changed its key; refresh the table."));
    }
    const QVariant value = rows->value(0);
    return value.isNull() ? CellValue() : CellValue(value.toString());
}

Result<qint64> countRows(DatabaseConnection &connection, const TableQuery &query, const std::stop_token &stop)
{
    if (const Result<void> isFine = checkWhere(query.filter.where); !isFine) {
        return failure(isFine.error());
    }
    StatementValues values;
    const QString where = whereClause(query, values);
    Result<QSqlQuery> rows = connection.query(
        QStringLiteral("SELECT pg_catalog.count(*) FROM %1%2")
            .arg(query.table.quoted(), where.isEmpty() ? QString() : QStringLiteral(" WHERE ") + where),
        values.values(), stop);
    if (!rows) {
        return failure(rows.error());
    }
    return rows->next() ? rows->value(0).toLongLong() : 0;
}

} // namespace Roost
