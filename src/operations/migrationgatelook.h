#pragma once

#include "operations/migrationgate.h"
#include "operations/migrationwork.h"

namespace Roost {

/// Looks at everything that decides about the gate. Internal to the gate. Only what keeps it from looking is an error:
/// a cancel, or a journal that cannot be written.
[[nodiscard]] Result<GateFacts> lookAtGate(MigrationWork &work, bool sourceIsGone);

} // namespace Roost
