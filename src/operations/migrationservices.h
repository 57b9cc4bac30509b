#pragma once

#include "operations/migrationwork.h"

namespace Roost {

// What the steps that deal with services share.

/// The new instance's name.
[[nodiscard]] QString newInstanceName(const MigrationWork &work);
/// "The data is safe in …", for whoever reads that something failed afterwards; translated.
[[nodiscard]] QString safeInNew(const MigrationWork &work);
/// Suspended by the migration, or that was about to be asked.
[[nodiscard]] bool isFrozenByUs(const MigrationWork &work, const QString &serviceId);
[[nodiscard]] QString databaseOnNew(const MigrationState &state, const QString &name);
[[nodiscard]] Result<void> noteService(MigrationWork &work, MigrationStep step, const QString &id,
                                       const QJsonValue &fact);

// Without an account.
[[nodiscard]] Result<StepOutcome> setVariablesByHand(MigrationWork &work);
[[nodiscard]] Result<StepOutcome> deployByHand(MigrationWork &work);

} // namespace Roost
