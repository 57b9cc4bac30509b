#pragma once

#include <QString>

namespace Roost {

/// Comparing: to be chosen, under way, different in rows and in structure, equal.
bool takeCompareShots(const QString &folder, const QString &prefix);

} // namespace Roost
