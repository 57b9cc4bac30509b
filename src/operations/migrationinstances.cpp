#include "operations/migrationwork.h"

namespace Roost {

Result<StepOutcome> retireOld(MigrationWork &)
{
    return failure(ErrorCode::Internal, QStringLiteral("not built yet"));
}

Result<StepOutcome> createNew(MigrationWork &)
{
    return failure(ErrorCode::Internal, QStringLiteral("not built yet"));
}

Result<StepOutcome> awaitNew(MigrationWork &)
{
    return failure(ErrorCode::Internal, QStringLiteral("not built yet"));
}

} // namespace Roost
