#pragma once

#include <QString>

namespace Roost {

/// True when two texts of a query are the same but for blanks and the table names before columns: since 16 servers
/// leave those out where there is one table only. `older` may have such names where `newer` has none; any that both
/// have must be equal. For texts as servers write them (pg_get_viewdef, pg_get_ruledef).
[[nodiscard]] bool isSameQuery(const QString &older, const QString &newer);

} // namespace Roost
