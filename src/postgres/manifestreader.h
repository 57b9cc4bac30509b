#pragma once

#include "core/result.h"
#include "postgres/manifest.h"

#include <QList>
#include <QMap>

#include <functional>
#include <optional>
#include <stop_token>

namespace Roost {

class DatabaseConnection;

/// Begins a transaction that sees the database as it is now, whatever is written meanwhile, and returns its name for
/// `pg_dump --snapshot`. It lasts until the connection ends or the transaction does.
[[nodiscard]] Result<QString> beginSnapshot(DatabaseConnection &connection, const std::stop_token &stop = {});

struct ManifestOptions
{
    /// How rows are hashed, to be held against another manifest; else as the server's encoding asks for.
    std::optional<Manifest::RowHash> hash = {};
    std::function<void(qint64 done, qint64 all)> onProgress = {}; ///< bytes of tables
    /// The rows of these tables and no others, and no large objects.
    std::optional<QList<TableId>> only = {};
    /// Fingerprints that were taken before: the rows of these tables are not read again.
    QMap<QString, TableFingerprint> known = {};
};

/// What the database holds, in the transaction that is open (or, of a database that nobody writes to, without one).
/// NotAllowed where the user cannot read all of it. Blocking.
[[nodiscard]] Result<Manifest> readManifest(DatabaseConnection &connection, const ManifestOptions &options = {},
                                            const std::stop_token &stop = {});

/// The rows of these tables alone, by the keys that they have in a manifest.
[[nodiscard]] Result<QMap<QString, TableFingerprint>> readFingerprints(DatabaseConnection &connection,
                                                                       Manifest::RowHash hash,
                                                                       const QList<TableId> &tables,
                                                                       const std::stop_token &stop = {});

} // namespace Roost
