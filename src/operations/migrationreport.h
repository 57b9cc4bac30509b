#pragma once

#include "core/result.h"
#include "operations/migrationstate.h"

#include <QString>

namespace Roost {

/// The recipe: what will be done, what of it cannot be undone, how long it takes, what users of the app will see.
[[nodiscard]] QString planAsMarkdown(const MigrationPlan &plan);
[[nodiscard]] QString planAsHtml(const MigrationPlan &plan);
/// What was moved, from where to where, with counts and fingerprints of both, times, versions, variables (not their
/// values), where the backups lie. Also of a migration that is not at its end. Reads the manifests beside the backups.
[[nodiscard]] QString reportAsMarkdown(const MigrationState &state);
[[nodiscard]] QString reportAsHtml(const MigrationState &state);

} // namespace Roost
