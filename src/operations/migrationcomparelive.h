#pragma once

#include "operations/migrationwork.h"

namespace Roost {

/// In what a live database differs from its noted backup, in words; empty: in nothing. Internal to the steps before the
/// gate.
[[nodiscard]] Result<QStringList> liveChanges(const MigrationWork &work, const ConnectionSpec &source,
                                              const QString &database, JobContext &context);

} // namespace Roost
