#pragma once

#include <QMap>
#include <QString>
#include <QStringList>

#include <optional>

namespace Roost {

/// A value as the server's own text; nothing is NULL, which is not the empty text.
using CellValue = std::optional<QString>;
/// Values by the names of their columns.
using CellValues = QMap<QString, CellValue>;
/// The values of a table's key columns, in the key's order; never NULL. It names a row for as long as nobody changes
/// its key.
using RowKey = QStringList;

} // namespace Roost
