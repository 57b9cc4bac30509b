#pragma once

#include "operations/migration.h"
#include "operations/migrationplan.h"

#include <QList>
#include <QString>

namespace Roost {

/// Whose instance, and what the user chose so far; what is empty is Roost's proposal.
struct MigrationPlanRequest
{
    QString profileId; ///< the saved connection of the old instance
    QString accountId; ///< empty: by hand, without an API key
    std::optional<MigrationPath> path;
    std::optional<PostgresDraft> draft; ///< the new instance
    QString backupFolder;
    QString secondFolder;
    bool freezes = true;
    bool provesOnInstance = false;
};

/// What can be done, and why the others cannot.
struct MigrationPathOffer
{
    MigrationPath path = MigrationPath::OneSlot;
    bool isPossible = true;
    bool isProposed = false;
    QString why; ///< translated: what speaks for it, or why it cannot be
};

struct PlannedMigration
{
    MigrationPlan plan;
    QList<MigrationPathOffer> paths;
    /// Seconds that each step takes, about; of the data's size and the link.
    QMap<MigrationStep, int> seconds;
    int downtimeSeconds = 0; ///< that users of the app see, about
};

/// Finds out everything and changes nothing: which databases there are, sizes, who is connected, which services and
/// groups point here, versions of server and tools, room on this disk, the ways that exist. What is in the way is in
/// the plan's blockers, all of it at once. Errors only when nothing can be found out. Blocking.
[[nodiscard]] Result<PlannedMigration> planMigration(const MigrationPlanRequest &request,
                                                     const MigrationEnvironment &environment, JobContext &context);

} // namespace Roost
