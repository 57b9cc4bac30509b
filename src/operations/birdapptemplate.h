#pragma once

#include "core/result.h"

#include <QStringList>

namespace Roost {

/// The statements that give an empty database what the template app's `flask db upgrade` and `seed.py` would give it:
/// the same tables, revision and birds, without needing Python. A test compares both.
[[nodiscard]] QStringList birdDatabaseStatements();

/// Writes the settings with which Roost runs gunicorn into a folder, and returns the file.
[[nodiscard]] Result<QString> writeLaunchSettings(const QString &folder);

} // namespace Roost
