#pragma once

#include <QString>

namespace Roost {

/// The page of services, pointing one to a database, and the bird app's check list; false when a file could not be
/// written.
bool takeServicesShots(const QString &folder, const QString &prefix);

} // namespace Roost
