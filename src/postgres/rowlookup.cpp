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
    double cost = 0;           ///< of all
    bool sortsWhole = false;   ///< nothing comes out of it before all went in
    bool sortsInParts = false; ///< what an index gives in order of the first columns
    double rowsSorted = 0;
    double rowsScanned = 0;
};

void look(const QJsonObject &node, PlanFacts &facts)
{
    const QString type = node.value(u"Node Type").toString();
    const QJsonArray below = node.value(u"Plans").toArray();
    const double rowsBelow = below.at(0).toObject().value(u"Plan Rows").toDouble();
    if (type == u"Sort") {
        facts.sortsWhole = true;
        facts.rowsSorted += rowsBelow;
    } else if (type == u"Incremental Sort") {
        facts.sortsInParts = true;
        // It ends with the part that fills the page: the page's share of its cost.
        const double cost = node.value(u"Total Cost").toDouble();
        facts.rowsSorted += cost > facts.cost ? rowsBelow * facts.cost / cost : rowsBelow;
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
        facts.cost = plan.value(u"Total Cost").toDouble();
        look(plan, facts);
        const bool sorts = facts.sortsWhole || facts.sortsInParts;
        estimate.usesIndex = !facts.sortsWhole;
        estimate.cost = facts.cost;
        estimate.rows = qint64(sorts ? facts.rowsSorted : qMin(facts.rowsScanned, double(query.limit)));
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
