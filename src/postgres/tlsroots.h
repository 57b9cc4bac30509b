#pragma once

#include "core/result.h"

namespace Roost {

/// The system's certificate authorities as one private PEM file, written once a process into `folder` (libpq 15 knows
/// no other way to use them). Thread-safe. FileFailed when there are none or the file cannot be written.
[[nodiscard]] Result<QString> systemRootsFile();
/// Where systemRootsFile() may write; called once at start.
void setSystemRootsFolder(const QString &folder);

} // namespace Roost
