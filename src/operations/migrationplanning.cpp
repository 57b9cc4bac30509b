#include "operations/migrationplanning.h"

namespace Roost {

Result<PlannedMigration> planMigration(const MigrationPlanRequest &, const MigrationEnvironment &, JobContext &)
{
    return failure(ErrorCode::Internal, QStringLiteral("not built yet"));
}

} // namespace Roost
