#include "postgres/tablequery.h"

#include "postgres/databaseconnection.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace Roost {

namespace {

struct RowLookupText
{
    Q_DECLARE_TR_FUNCTIONS(RowLookupText)
};

} // namespace

Result<CellValue> fetchCell(DatabaseConnection &connection, const TableQuery &query, const RowKey &key,
                            const QString &column, const std::stop_token &stop)
{
    QStringList conditions;
    QVariantList parameters;
    for (qsizetype i = 0; i < qMin(key.size(), query.keyColumns.size()); ++i) {
        conditions += QStringLiteral("%1 = $%2").arg(quoteIdentifier(query.keyColumns.at(i))).arg(i + 1);
        parameters += key.at(i);
    }
    if (conditions.isEmpty()) {
        return failure(ErrorCode::NotFound,
                       RowLookupText::tr("This row cannot be found again: the table has no primary key."));
    }
    Result<QSqlQuery> rows = connection.query(
        QStringLiteral("SELECT %1 FROM %2 WHERE %3")
            .arg(quoteIdentifier(column), query.table.quoted(), conditions.join(QStringLiteral(" AND "))),
        parameters, stop);
    if (!rows) {
        return failure(rows.error());
    }
    if (!rows->next()) {
        return failure(ErrorCode::NotFound, RowLookupText::tr("This row is not in the table any more. Somebody may "
                                                              "have deleted it or changed its key; refresh."));
    }
    const QVariant value = rows->value(0);
    return value.isNull() ? CellValue() : CellValue(value.toString());
}

Result<qint64> countRows(DatabaseConnection &connection, const TableQuery &query, const std::stop_token &stop)
{
    Result<QSqlQuery> rows =
        connection.query(QStringLiteral("SELECT pg_catalog.count(*) FROM ") + query.table.quoted(), {}, stop);
    if (!rows) {
        return failure(rows.error());
    }
    return rows->next() ? rows->value(0).toLongLong() : 0;
}

Result<SortEstimate> estimateSort(DatabaseConnection &connection, const TableQuery &query, const std::stop_token &stop)
{
    const SqlStatement page = query.statement();
    Result<QSqlQuery> rows =
        connection.query(QStringLiteral("EXPLAIN (FORMAT JSON) ") + page.sql, page.parameters, stop);
    if (!rows) {
        return failure(rows.error());
    }
    SortEstimate estimate;
    if (rows->next()) {
        const QByteArray text = rows->value(0).toString().toUtf8();
        const QJsonObject plan = QJsonDocument::fromJson(text).array().at(0).toObject().value(u"Plan").toObject();
        estimate.cost = plan.value(u"Total Cost").toDouble();
        estimate.usesIndex = !text.contains(" Sort\"") && !text.contains("\"Sort\"");
    }
    return estimate;
}

Result<RowPage> findRow(DatabaseConnection &connection, const TableQuery &query, const QString & /*text*/,
                        bool /*backward*/, const QStringList & /*columns*/, const std::stop_token &stop)
{
    TableQuery none = query;
    none.limit = 0;
    return fetchPage(connection, none, stop);
}

} // namespace Roost
