#pragma once

#include "core/result.h"
#include "operations/archiveentry.h"
#include "operations/archivefile.h"
#include "operations/archivetoc.h"
#include "postgres/databaseconnection.h"

#include <QHash>
#include <QSet>

#include <stop_token>

namespace Roost {

/// A few of the things in a database that are its users' (what an extension brought is not), to be named in an error;
/// empty when there are none.
[[nodiscard]] Result<QStringList> userObjects(DatabaseConnection &connection, const std::stop_token &stop = {});

/// What planRestore() has to know of a database.
[[nodiscard]] Result<TargetObjects> targetObjects(DatabaseConnection &connection, const std::stop_token &stop = {});

/// The names of all relations, types, functions and schemas of the database, as hasObject() looks for them. Leaves the
/// connection with an empty search_path.
[[nodiscard]] Result<QSet<QString>> existingNames(DatabaseConnection &connection, const std::stop_token &stop = {});
/// Whether an object of an archive is among them. Kinds that existingNames() does not know never are.
[[nodiscard]] bool hasObject(const QSet<QString> &existing, const ArchiveEntry &entry);

/// Reads the result back: each of the archive's tables is there and has as many rows. Returns the rows counted;
/// `counted`: those that were counted before, by their quoted names. `warnings` gets the tables that could not be
/// counted. Conflict naming the first difference.
[[nodiscard]] Result<qint64> compareRows(DatabaseConnection &connection, const QList<ArchivedTable> &tables,
                                         const QHash<QString, qint64> &counted, QStringList &warnings,
                                         const std::stop_token &stop = {});

} // namespace Roost
