#include "gui/table/links/tablelinks.h"

#include "models/rowsmodel.h"

#include <QCoreApplication>

#include <algorithm>

namespace Roost {

namespace {

/// Only for tr().
struct Links
{
    Q_DECLARE_TR_FUNCTIONS(Roost::TableLink)
};

constexpr qsizetype longestInTitle = 40;

QString shortened(const QString &value)
{
    const QString line = value.simplified();
    return line.size() > longestInTitle ? line.left(longestInTitle) + QChar(0x2026) : line;
}

/// `columns` of `table`, as many as `from` has, equal to the row's values.
std::optional<TableLink> link(const TableId &table, const QStringList &columns, const QStringList &from,
                              const CellValues &row)
{
    if (columns.isEmpty() || columns.size() != from.size()) {
        return {};
    }
    TableLink link{table, {}, {}};
    QStringList parts;
    for (qsizetype i = 0; i < columns.size(); ++i) {
        const auto value = row.find(from[i]);
        if (value == row.end() || !value.value()) {
            return {};
        }
        link.filter.conditions += FilterCondition{columns[i], FilterCondition::Operator::Equal, {*value.value()}};
        parts += QStringLiteral("%1 %2").arg(columns[i], shortened(*value.value()));
    }
    link.title = Links::tr("%1, %2", "a table and the values that its rows have there")
                     .arg(table.name, parts.join(QStringLiteral(", ")));
    return link;
}

/// These columns of a row, as shown or as the database holds them. Not those of which only the beginning is here.
CellValues valuesOf(const RowsModel &model, int row, const QStringList &columns, bool asInDatabase)
{
    CellValues values;
    for (const QString &name : columns) {
        const QModelIndex cell = model.index(row, model.columnOf(name));
        if (!cell.isValid() || cell.data(RowsModel::ShortenedRole).toBool()) {
            continue;
        }
        const auto state = RowsModel::CellState(cell.data(RowsModel::CellStateRole).toInt());
        if (asInDatabase && state == RowsModel::CellState::Changed) {
            const QVariant before = cell.data(RowsModel::BeforeRole);
            values[name] = before.isNull() ? CellValue() : CellValue(before.toString());
        } else {
            values[name] = model.value(row, cell.column());
        }
    }
    return values;
}

} // namespace

QList<CellLink> cellLinks(const TableDescription &table, const QString &column)
{
    QList<CellLink> found;
    for (const ForeignKey &key : table.links) {
        if (key.columns.contains(column)) {
            found += {key, key.columns.size() == 1};
        }
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const CellLink &a, const CellLink &b) { return a.isWhole && !b.isWhole; });
    return found;
}

QList<CellLink> links(const RowsModel &model, int column)
{
    const TableDescription *description = model.description();
    if (!description || column < 0 || column >= model.columns().size()) {
        return {};
    }
    return cellLinks(*description, model.columns().at(column).name);
}

std::optional<TableLink> forwardLink(const ForeignKey &key, const CellValues &row)
{
    return link(key.to, key.toColumns, key.columns, row);
}

std::optional<TableLink> backwardLink(const ForeignKey &incoming, const CellValues &row)
{
    return link(incoming.from, incoming.columns, incoming.toColumns, row);
}

QList<TableLink> forwardLinks(const RowsModel &model, const QModelIndex &cell)
{
    QList<TableLink> found;
    const QList<CellLink> cellLinks = links(model, cell.column());
    for (const CellLink &cellLink : cellLinks) {
        if (const auto target = forwardLink(cellLink.key, valuesOf(model, cell.row(), cellLink.key.columns, false))) {
            found += *target;
        }
    }
    return found;
}

QList<TableLink> backwardLinks(const RowsModel &model, int row)
{
    QList<TableLink> found;
    const TableDescription *description = model.description();
    if (!description || model.key(row).isEmpty()) {
        return found;
    }
    for (const ForeignKey &incoming : description->incomingLinks) {
        if (const auto rows = backwardLink(incoming, valuesOf(model, row, incoming.toColumns, true))) {
            found += *rows;
        }
    }
    return found;
}

} // namespace Roost
