#pragma once

#include "core/jobcontext.h"
#include "core/result.h"

namespace Roost {

class DatabaseConnection;

/// The error of a connection that was lost before COMMIT was sent.
[[nodiscard]] Error lostBeforeCommit(const DatabaseConnection &connection, const QString &table, const Error &error);

/// COMMIT of an import into `table`. When the connection is lost on the way, a new one asks what became of it: an error
/// then means that nothing was changed, unless its message says that it is unknown. A stop request still counts until
/// COMMIT is sent.
[[nodiscard]] Result<void> commitImport(DatabaseConnection &connection, const QString &table,
                                        const JobContext &context);

} // namespace Roost
