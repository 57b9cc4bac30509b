#pragma once

#include "postgres/cellvalue.h"

#include <QList>
#include <QString>

#include <optional>

namespace Roost {

/// One element of an array.
struct ArrayElement
{
    QString place; ///< as SQL names it: "[1]", "[2][1]"
    CellValue value;
    bool operator==(const ArrayElement &) const = default;
};

/// The first `most` elements of an array as the server writes it, bounds that do not begin at 1 counted; nothing where
/// it is not written so. `delimiter` is ';' for boxes.
[[nodiscard]] std::optional<QList<ArrayElement>> arrayElements(const QString &text, qsizetype most,
                                                               QChar delimiter = u',');

} // namespace Roost
