#pragma once

#include "operations/migrationplan.h"

#include <QMap>

namespace Roost {

/// Seconds that each step of a plan takes, about: of the data's size, the number of services, and whether the instance
/// is on this computer. On the careful side; without the time that the user takes. Pure.
[[nodiscard]] QMap<MigrationStep, int> estimatedSeconds(const MigrationPlan &plan);
/// That users of the app get no answer, about.
[[nodiscard]] int estimatedDowntime(const MigrationPlan &plan, const QMap<MigrationStep, int> &seconds);
/// "about 40 seconds", "about 12 minutes", "about 2 hours"; translated.
[[nodiscard]] QString durationInWords(int seconds);

} // namespace Roost
