#pragma once

#include "postgres/applychanges.h"
#include "postgres/postgreslink.h"

namespace Roost {

class ChangeStatements;

/// The row of a result by the names of the target's columns.
[[nodiscard]] CellValues rowOf(const ChangeTarget &target, const PGresult *result, int row);

/// Rolls back, and says of each change that met no row what became of its row: one round trip.
[[nodiscard]] Result<QList<ChangeConflict>> findConflicts(PostgresLink &link, const ChangeTarget &target,
                                                          const QList<RowChange> &missed, const std::stop_token &stop);

/// Rolls back, and finds out what the server refused: which columns, and, where `candidates` are several (a constraint
/// checked at COMMIT), which change, if only one of them touches those columns. One round trip. Without an answer the
/// refusal is as the server's message alone says.
[[nodiscard]] ChangeRefusal explainRefusal(PostgresLink &link, const ChangeTarget &target,
                                           const QList<RowChange> &candidates, const PostgresLink::Answer &answer,
                                           const std::stop_token &stop);

} // namespace Roost
