#pragma once

#include <QString>

namespace Roost {

/// Where clusters are kept whose own folder the server's user cannot reach. Only as root.
[[nodiscard]] QString sharedClusterRoot();

/// Stops and removes clusters under sharedClusterRoot() that belonged to a temporary folder which is gone: nobody could
/// find them again. Folders elsewhere may only be unmounted, so theirs stay.
void removeAbandonedClusters();

} // namespace Roost
