#pragma once

#include "postgres/pagestatement.h"
#include "postgres/tablequery.h"

#include <stop_token>

namespace Roost {

/// Runs the statement and turns its result into a page; `limit` rows at most.
[[nodiscard]] Result<RowPage> readPage(DatabaseConnection &connection, const TableQuery &query,
                                       const PageStatement &statement, int limit, const std::stop_token &stop);

} // namespace Roost
