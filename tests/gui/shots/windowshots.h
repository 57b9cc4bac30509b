#pragma once

#include <QString>

namespace Roost {

/// Drives the real main window against a real server with made-up birds, and saves a picture of each state worth
/// looking at into `folder`, under names that begin with `prefix`. False when a state did not come.
[[nodiscard]] bool takeWindowShots(const QString &folder, const QString &prefix);

} // namespace Roost
