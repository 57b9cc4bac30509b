#include "operations/migrationwork.h"

namespace Roost {

Result<StepOutcome> updateConnections(MigrationWork &)
{
    return failure(ErrorCode::Internal, QStringLiteral("not built yet"));
}

Result<StepOutcome> finishReport(MigrationWork &)
{
    return failure(ErrorCode::Internal, QStringLiteral("not built yet"));
}

} // namespace Roost
