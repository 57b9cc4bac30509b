#pragma once

#include "core/connectionparameters.h"
#include "core/result.h"
#include "postgres/catalog.h"

#include <functional>

class QObject;

namespace Roost {

struct Services;

/// What a dialog says about a database before it does away with it: what would be lost, and who is connected.
struct DatabaseFacts
{
    QList<SessionInfo> sessions; ///< of others
    int tables = 0;
    qint64 rows = 0;
    bool rowsAreExact = true; ///< else the sum of estimates
    qint64 sizeBytes = 0;     ///< of tables with their indexes

    /// "3 tables with 1,204,118 rows, 48 MB"; "no tables".
    [[nodiscard]] QString contentText() const;
};

/// Reads them over a connection of its own that is closed again, so that it is in nobody's way; `done` in the GUI
/// thread unless the receiver is gone.
void readDatabaseFacts(Services &services, const ConnectionSpec &database, QObject *receiver,
                       std::function<void(const Result<DatabaseFacts> &)> done);

} // namespace Roost
