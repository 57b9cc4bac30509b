#include "operations/migrationwork.h"

namespace Roost {

Result<StepOutcome> backUpAll(MigrationWork &)
{
    return failure(ErrorCode::Internal, QStringLiteral("not built yet"));
}

Result<StepOutcome> proveBackups(MigrationWork &)
{
    return failure(ErrorCode::Internal, QStringLiteral("not built yet"));
}

Result<StepOutcome> compareWithLive(MigrationWork &)
{
    return failure(ErrorCode::Internal, QStringLiteral("not built yet"));
}

Result<StepOutcome> makeSecondCopies(MigrationWork &)
{
    return failure(ErrorCode::Internal, QStringLiteral("not built yet"));
}

} // namespace Roost
