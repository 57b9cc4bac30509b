#pragma once

#include <QString>

namespace Roost::CatalogSql {

/// $1: 'false', $2: schema, $3: name. One row: whether nobody has locked what the facts are written from, and the facts
/// as a JSON object (null when somebody has). All names in them are qualified: for the statement, and for it alone, the
/// search path is empty.
[[nodiscard]] QString tableDdl();

} // namespace Roost::CatalogSql
