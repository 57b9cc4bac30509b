#pragma once

#include "cli/verb.h"

namespace Roost {

/// Lists the databases of saved connections that have no proven backup of the last `days` days; a failure if there are
/// any.
[[nodiscard]] Result<void> tellStaleBackups(int days, const Invocation &call, const CliServices &services,
                                            JobContext &context);

} // namespace Roost
