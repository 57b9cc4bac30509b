#include "operations/migrationwork.h"

namespace Roost {

Result<StepOutcome> freezeWriters(MigrationWork &)
{
    return failure(ErrorCode::Internal, QStringLiteral("not built yet"));
}

Result<void> undoFreeze(MigrationWork &)
{
    return {};
}

} // namespace Roost
