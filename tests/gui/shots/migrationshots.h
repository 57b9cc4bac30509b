#pragma once

#include <QString>

namespace Roost {

/// Moving an instance: plan, what runs, the gate open and shut, work by hand, a failure, the report, and the offer to
/// go on.
bool takeMigrationShots(const QString &folder, const QString &prefix);

} // namespace Roost
