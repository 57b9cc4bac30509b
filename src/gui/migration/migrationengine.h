#pragma once

#include "operations/migration.h"
#include "operations/migrationplanning.h"

#include <functional>

namespace Roost {

/// What the page runs on worker threads: the operations themselves, unless a test puts something in their place.
struct MigrationEngine
{
    std::function<Result<PlannedMigration>(const MigrationPlanRequest &, const MigrationEnvironment &, JobContext &)>
        plan = planMigration;
    std::function<Result<std::optional<MigrationPause>>(MigrationJournal &, const MigrationEnvironment &,
                                                        const std::optional<MigrationAnswer> &, JobContext &)>
        goOn = continueMigration;
    std::function<Result<void>(MigrationJournal &, const MigrationEnvironment &, JobContext &)> giveUp =
        giveUpMigration;
};

} // namespace Roost
