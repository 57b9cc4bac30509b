#pragma once

#include <QString>

namespace Roost {

/// The connection doctor: all good, an internal host, a wrong password, an address that is not allowed.
bool takeDoctorShots(const QString &folder, const QString &prefix);

} // namespace Roost
