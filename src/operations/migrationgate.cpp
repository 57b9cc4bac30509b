#include "operations/migrationwork.h"

namespace Roost {

Result<StepOutcome> passGate(MigrationWork &)
{
    return failure(ErrorCode::Internal, QStringLiteral("not built yet"));
}

Result<QStringList> gateProblems(MigrationWork &, bool)
{
    return failure(ErrorCode::Internal, QStringLiteral("not built yet"));
}

} // namespace Roost
