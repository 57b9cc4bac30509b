#pragma once

#include "postgres/tablequery.h"

#include <QByteArrayView>
#include <QString>

#include <optional>

namespace Roost {

/// How long values are kept out of a page: in its own column a value comes whole, as the server prints it, or not at
/// all; a second column has "size:beginning" for those that are too long, else NULL.
namespace LongValues {

/// Whether the column's values are looked at. Those that give the order come whole: a page begins where they end.
[[nodiscard]] bool isShortened(const TableQuery &query, const RowColumn &column);
/// The value, NULL where it is too long.
[[nodiscard]] QString shortValue(const RowColumn &column, const QString &reference);
/// "size:beginning" where it is too long, else NULL.
[[nodiscard]] QString beginning(const RowColumn &column, const QString &reference);

struct Beginning
{
    qint64 bytes = 0;
    QByteArrayView text;
};
/// What beginning() gave; a character cut in two does not occur.
[[nodiscard]] std::optional<Beginning> parse(QByteArrayView cell);

} // namespace LongValues

} // namespace Roost
