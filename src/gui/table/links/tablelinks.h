#pragma once

#include "postgres/catalog.h"
#include "postgres/cellvalue.h"
#include "postgres/rowfilter.h"

#include <QMetaType>
#include <QModelIndex>

#include <optional>

namespace Roost {

class RowsModel;

/// Rows of a table that another row leads to: what a tab opens.
struct TableLink
{
    TableId table;
    RowFilter filter;
    QString title; ///< translated: "birds, id 7"
    bool operator==(const TableLink &) const = default;
};

/// A foreign key that a column is part of.
struct CellLink
{
    ForeignKey key;
    bool isWhole = false; ///< the column is all of it
};

/// The foreign keys that a column is part of, those of this column alone first.
[[nodiscard]] QList<CellLink> cellLinks(const TableDescription &table, const QString &column);
/// As above, of a model's column; empty until its description is here.
[[nodiscard]] QList<CellLink> links(const RowsModel &model, int column);

/// The row that a row refers to; nothing when any of its columns is NULL or not known.
[[nodiscard]] std::optional<TableLink> forwardLink(const ForeignKey &key, const CellValues &row);
/// The rows that refer to this one by a foreign key of theirs.
[[nodiscard]] std::optional<TableLink> backwardLink(const ForeignKey &incoming, const CellValues &row);

/// Where a cell leads to, with the values that are shown (staged ones too). Cells that hold only a value's beginning
/// lead nowhere.
[[nodiscard]] QList<TableLink> forwardLinks(const RowsModel &model, const QModelIndex &cell);
/// The rows that refer to this one, by what the database holds of it; none of a new row.
[[nodiscard]] QList<TableLink> backwardLinks(const RowsModel &model, int row);

} // namespace Roost

Q_DECLARE_METATYPE(Roost::TableLink)
