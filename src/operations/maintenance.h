#pragma once

#include "core/connectionparameters.h"
#include "core/jobcontext.h"
#include "core/result.h"
#include "postgres/databaseconnection.h"

#include <memory>

namespace Roost {

/// Opens a connection to some other database of the same instance, from which `spec`'s can be created, renamed or
/// dropped: the first of `postgres`, the instance's other databases that lets us in. Blocking.
[[nodiscard]] Result<std::unique_ptr<DatabaseConnection>> openBeside(const ConnectionSpec &spec,
                                                                     const JobContext &context);

/// What to check before a connection is saved: opens it, and says the server's version and how it is protected.
[[nodiscard]] Result<ServerInfo> testConnection(const ConnectionSpec &spec, JobContext &context);

} // namespace Roost
