#pragma once

#include "support/temporarycluster.h"

namespace Roost::Testing {

/// Fills an empty database with about so many MB of the kinds that a backup meets: a big table with indexes, one of
/// JSON, long rows that the server keeps elsewhere, many columns, many small tables. The same content each time.
void fillMixedDatabase(TemporaryCluster &cluster, const QString &database, int megabytes);

} // namespace Roost::Testing
