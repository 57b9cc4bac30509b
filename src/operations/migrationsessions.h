#pragma once

#include "core/connectionparameters.h"
#include "core/result.h"
#include "operations/migrationplan.h"

#include <stop_token>

namespace Roost {

class DatabaseConnection;

/// Who is connected to an instance now, to any database of it, and is neither us nor the provider's own watch.
[[nodiscard]] Result<QList<MigrationSession>> readMigrationSessions(DatabaseConnection &connection,
                                                                    const std::stop_token &stop);
[[nodiscard]] Result<QList<MigrationSession>> readMigrationSessions(const ConnectionSpec &spec,
                                                                    const std::stop_token &stop);
/// One in words, translated: "my_user on shop from 203.0.113.7 (psql)".
[[nodiscard]] QString textOf(const MigrationSession &session);

} // namespace Roost
