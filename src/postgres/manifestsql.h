#pragma once

#include "postgres/manifest.h"

#include <QString>

namespace Roost::ManifestSql {

/// Settings that decide how values print, fixed for this transaction; rows that a policy hides are an error.
[[nodiscard]] QString settings();
/// One row: database, encoding, collation, character type, whether settings of the database exist that no dump has.
[[nodiscard]] QString facts();
/// `name`, `kind` ('r' or why it cannot be proven: 'f', 'm', 'e'), `bytes`, `statement` for each relation with rows.
/// The statement gives count and sum.
[[nodiscard]] QString tables(Manifest::RowHash hash);
/// `name`, `statement` for each sequence; the statement gives last_value and is_called.
[[nodiscard]] QString sequences();
/// Count and sum of the large objects.
[[nodiscard]] QString largeObjects();
/// `key`, `definition` for everything else.
[[nodiscard]] QString objects(int serverVersion);

} // namespace Roost::ManifestSql
