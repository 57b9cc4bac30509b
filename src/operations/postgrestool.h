#pragma once

#include "core/connectionparameters.h"
#include "core/result.h"
#include "process/pgtoolchain.h"
#include "process/processrunner.h"

namespace Roost {

/// The spec with everything a child process needs: the system's authorities as a file where the link is verified,
/// which libpq 15 does not find by itself.
[[nodiscard]] Result<ConnectionSpec> specForTools(const ConnectionSpec &spec);

/// What follows `--dbname=`: the database's name, escaped so that no name is taken for options or another server, and
/// the keepalives, which libpq reads from no variable. Without them a tool on a dead link hangs for ever.
[[nodiscard]] QString toolConnectionString(const QString &database);

/// pg_dump or pg_restore of this installation, ready to connect. `serverVersion` as PQserverVersion.
[[nodiscard]] ProcessCommand postgresTool(const PgToolchain &toolchain, const QString &name, const ConnectionSpec &spec,
                                          int serverVersion);

} // namespace Roost
