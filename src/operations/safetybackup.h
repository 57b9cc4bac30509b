#pragma once

#include "core/connectionparameters.h"
#include "core/jobcontext.h"
#include "core/result.h"
#include "operations/backup.h"
#include "operations/phasedprogress.h"
#include "operations/restore.h"

namespace Roost {

/// Backs a database up, with its proof, before something is done to it: a step of a greater operation, whose progress
/// it fills where that was told to. Errors as backUp(). Blocking.
[[nodiscard]] Result<Backup> takeSafetyBackup(const ConnectionSpec &source, const QString &file,
                                              const std::optional<SafetyListing> &listing, PhasedProgress &progress,
                                              const JobContext &context);

} // namespace Roost
