#pragma once

#include "core/result.h"

#include <QString>

namespace Roost {

/// The file that a BACKUP on the command line means: a path, or the id of a listed backup ("b12") where no such file is
/// there. Absolute; whether there is a file is not looked at. NotFound for an id that is not listed; InvalidInput for
/// one of an attempt that failed.
[[nodiscard]] Result<QString> backupFileNamed(const QString &text);

} // namespace Roost
