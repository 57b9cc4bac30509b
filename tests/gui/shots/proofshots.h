#pragma once

#include <QString>

namespace Roost {

/// Inside a backup, the verdicts of a verification, and the schedule: PNG files named PREFIX-proof-….
bool takeProofShots(const QString &folder, const QString &prefix);

} // namespace Roost
