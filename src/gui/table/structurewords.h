#pragma once

#include "postgres/catalog.h"

#include <QStringList>

// How the structure of a table is said.
namespace Roost::StructureWords {

/// "table", "owner ada", "unlogged": what is true of the whole.
[[nodiscard]] QStringList facts(const TableDescription &description);
/// "rows 8 kB", "indexes 16 kB"; only for tables whose size is known.
[[nodiscard]] QStringList sizes(const TableDescription &description);
[[nodiscard]] QString defaultText(const ColumnInfo &column);
/// What stands behind the type's name: an enum's values, what a domain is made from.
[[nodiscard]] QString typeFacts(const ColumnInfo &column);
/// Without "public.".
[[nodiscard]] QString nameOf(const TableId &table);
/// "ON DELETE CASCADE …": what a foreign key's definition says after the columns it refers to.
[[nodiscard]] QString linkRules(const QString &definition);
/// What a statement says beside the name, which stands in a column of its own; as psql shortens it.
[[nodiscard]] QString shortDefinition(const QString &definition);

} // namespace Roost::StructureWords
