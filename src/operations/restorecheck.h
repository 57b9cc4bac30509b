#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "operations/earlyfingerprints.h"
#include "operations/phasedprogress.h"
#include "operations/restore.h"
#include "operations/restorescope.h"
#include "operations/restoresource.h"
#include "postgres/databaseconnection.h"

#include <stop_token>

namespace Roost {

/// What was restored, and what is known of the result already.
struct RestoredContent
{
    const RestoreRequest &request;
    const RestoreSource &source;
    const RestoreScope &scope;
    EarlyFingerprints::Outcome early;
};

/// The verdict on a restore, which is the comparison, never an exit code: each table of the scope has as many rows as
/// the archive, and, where there is a manifest, the content that the source had. Sets `rows`, `isProven` and `warnings`
/// of the report. Conflict when other data is there than the source had. Renews the statistics. Blocking.
[[nodiscard]] Result<void> checkRestored(const ConnectionSpec &target, const RestoredContent &content,
                                         PhasedProgress &progress, RestoreReport &report, const std::stop_token &stop);

} // namespace Roost
