#pragma once

#include "cli/verb.h"
#include "core/result.h"

#include <QString>

namespace Roost {

[[nodiscard]] Verb backupVerb();

/// A new file in Roost's own folder for this target; the folder is made.
[[nodiscard]] Result<QString> ownBackupFile(const QString &target, const QString &database);

} // namespace Roost
