#pragma once

#include "gui/table/editors/valuekind.h"
#include "postgres/cellvalue.h"

#include <QString>

namespace Roost {

/// A value read in another way that helps a person: digits grouped, a moment in local time, a date with its weekday;
/// empty where there is nothing to add. `zone`: the session's offset is in the value's text.
[[nodiscard]] QString valueReading(const RowColumn &column, const QString &value);

/// The digits of a number in groups, not one of them changed: "1,234,567.891"; empty for what is no plain number or
/// too short to gain by it.
[[nodiscard]] QString groupedNumber(const QString &number);

/// "12 characters · 14 bytes", "3 lines" added where there are more.
[[nodiscard]] QString textSize(const QString &text);

} // namespace Roost
