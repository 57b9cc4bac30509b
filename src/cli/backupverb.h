#pragma once

#include "cli/verb.h"
#include "core/result.h"
#include "operations/restore.h"

#include <QString>

namespace Roost {

[[nodiscard]] Verb backupVerb();

/// As the list of backups names the instance of a TARGET, for backups that come before a reset or a restore.
[[nodiscard]] Result<SafetyListing> safetyListing(const QString &target, const CliServices &services);

/// A new file in Roost's own folder for this target; the folder is made.
[[nodiscard]] Result<QString> ownBackupFile(const QString &target, const QString &database);

} // namespace Roost
