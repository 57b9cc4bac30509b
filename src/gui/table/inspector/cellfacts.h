#pragma once

#include "gui/table/inspector/factlist.h"
#include "postgres/cellvalue.h"

#include <QModelIndex>

namespace Roost {

class RowsModel;

/// What there is to know of a cell besides its value: type, size, default, rules, what the database holds.
[[nodiscard]] FactList::Facts cellFacts(const RowsModel &model, const QModelIndex &cell, const CellValue &value);
/// The type in one line: "posint (integer)".
[[nodiscard]] QString cellType(const RowsModel &model, int column);

} // namespace Roost
