#pragma once

#include "postgres/catalog.h"

#include <QString>

#include <optional>

namespace Roost {

/// Values of an order as numbers, to say about where one stands between two others. Not exact, and never used to show
/// or to compare what must be.
namespace PlaceValue {

/// Numbers, dates, timestamps, UUIDs and ctids; nothing for other types, and for infinity and NaN.
[[nodiscard]] std::optional<double> numberOf(const RowColumn &column, const QString &text);
/// A text that the server takes for about this number.
[[nodiscard]] QString textOf(const RowColumn &column, double number);

} // namespace PlaceValue

} // namespace Roost
