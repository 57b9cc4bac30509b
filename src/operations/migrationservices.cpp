#include "operations/migrationwork.h"

namespace Roost {

Result<StepOutcome> rewriteVariables(MigrationWork &)
{
    return failure(ErrorCode::Internal, QStringLiteral("not built yet"));
}

Result<StepOutcome> deployServices(MigrationWork &)
{
    return failure(ErrorCode::Internal, QStringLiteral("not built yet"));
}

Result<StepOutcome> callServices(MigrationWork &)
{
    return failure(ErrorCode::Internal, QStringLiteral("not built yet"));
}

Result<StepOutcome> resumeServices(MigrationWork &)
{
    return failure(ErrorCode::Internal, QStringLiteral("not built yet"));
}

} // namespace Roost
