#pragma once

#include <QString>

namespace Roost {

/// Pictures of what has to do with backups, in a real window with real dumps.
bool takeBackupShots(const QString &folder, const QString &prefix);

} // namespace Roost
