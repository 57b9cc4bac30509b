#pragma once

#include "postgres/catalog.h"

namespace Roost {

/// How a column's values are shown and edited. Everything that is not told apart here is text that the server reads.
enum class ValueKind {
    Text,    ///< text, varchar, char(n), xml and the like: may have lines
    Number,  ///< shown at the right
    Boolean, ///< `t`, `f`
    Enum,
    Date,
    Timestamp,
    TimestampZone,
    Json, ///< json and jsonb
    Bytes,
    Array,
    Other ///< on one line: uuid, interval, inet, range, geometry, composite …
};

[[nodiscard]] ValueKind valueKindOf(const RowColumn &column);
[[nodiscard]] bool isJsonb(const RowColumn &column);
/// True where the empty text is a value that the server takes.
[[nodiscard]] bool mayBeEmptyText(const RowColumn &column);

} // namespace Roost
