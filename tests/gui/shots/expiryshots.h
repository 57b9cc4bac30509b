#pragma once

#include <QString>

namespace Roost {

/// The end of free instances: the cockpit with one in each stage, its dialogs, and an instance in its days of grace.
bool takeExpiryShots(const QString &folder, const QString &prefix);

} // namespace Roost
