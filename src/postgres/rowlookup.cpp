#include "postgres/tablequery.h"

#include "postgres/databaseconnection.h"
#include "postgres/pagereader.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace Roost {

namespace {

/// The rows that go into the sorts of a plan, or into its scans where nothing is sorted.
struct PlanFacts
{
    bool sorts = false;
    double rowsSorted = 0;
    double rowsScanned = 0;
};

void look(const QJsonObject &node, PlanFacts &facts)
{
    const QString type = node.value(u"Node Type").toString();
    const QJsonArray below = node.value(u"Plans").toArray();
    if (type == u"Sort" || type == u"Incremental Sort") {
        facts.sorts = true;
        facts.rowsSorted += below.at(0).toObject().value(u"Plan Rows").toDouble();
    }
    if (below.isEmpty()) {
        facts.rowsScanned += node.value(u"Plan Rows").toDouble();
    }
    for (const QJsonValue child : below) {
        look(child.toObject(), facts);
    }
}

} // namespace

Result<SortEstimate> estimateSort(DatabaseConnection &connection, const TableQuery &query, const std::stop_token &stop)
{
    if (const Result<void> isFine = checkWhere(query.filter.where); !isFine) {
        return failure(isFine.error());
    }
    TableQuery first = query;
    first.from = TableQuery::From::First;
    const SqlStatement page = first.statement();
    Result<QSqlQuery> rows =
        connection.query(QStringLiteral("EXPLAIN (FORMAT JSON) ") + page.sql, page.parameters, stop);
    if (!rows) {
        return failure(rows.error());
    }
    SortEstimate estimate;
    if (rows->next()) {
        const QJsonDocument plans = QJsonDocument::fromJson(rows->value(0).toString().toUtf8());
        const QJsonObject plan = plans.array().at(0).toObject().value(u"Plan").toObject();
        PlanFacts facts;
        look(plan, facts);
        estimate.usesIndex = !facts.sorts;
        estimate.cost = plan.value(u"Total Cost").toDouble();
        estimate.rows = qint64(facts.sorts ? facts.rowsSorted : qMin(facts.rowsScanned, double(query.limit)));
    }
    return estimate;
}

Result<RowPage> findRow(DatabaseConnection &connection, const TableQuery &query, const QString &text, bool backward,
                        const QStringList &columns, const std::stop_token &stop)
{
    if (const Result<void> isFine = checkWhere(query.filter.where); !isFine) {
        return failure(isFine.error());
    }
    return readPage(connection, query, searchStatement(query, {text, columns, backward}), 1, stop);
}

} // namespace Roost
