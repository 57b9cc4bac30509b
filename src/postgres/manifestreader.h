#pragma once

#include "core/result.h"
#include "postgres/manifest.h"

#include <functional>
#include <optional>
#include <stop_token>

namespace Roost {

class DatabaseConnection;

/// Begins a transaction that sees the database as it is now, whatever is written meanwhile, and returns its name for
/// `pg_dump --snapshot`. It lasts until the connection ends or the transaction does.
[[nodiscard]] Result<QString> beginSnapshot(DatabaseConnection &connection, const std::stop_token &stop = {});

/// What the database holds, in the transaction that is open (or, of a database that nobody writes to, without one).
/// `hash`: how rows are hashed, to be held against another manifest; else as the server's encoding asks for.
/// `onProgress` gets bytes of tables. NotAllowed where the user cannot read all of it. `only`: the rows of these tables
/// and no others, and no large objects. Blocking.
[[nodiscard]] Result<Manifest> readManifest(DatabaseConnection &connection, std::optional<Manifest::RowHash> hash = {},
                                            const std::function<void(qint64 done, qint64 all)> &onProgress = {},
                                            const std::stop_token &stop = {},
                                            const std::optional<QList<TableId>> &only = {});

} // namespace Roost
