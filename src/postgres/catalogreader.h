#pragma once

#include "core/result.h"
#include "postgres/catalog.h"

#include <stop_token>

namespace Roost {

class DatabaseConnection;

/// Reads the server's catalogue. Each call is one statement and one round trip; names are qualified, so that no object
/// of the user's is ever called. Blocking: on the connection's thread.
namespace CatalogReader {

/// `\l`, system databases included, by name.
[[nodiscard]] Result<QList<DatabaseInfo>> databases(DatabaseConnection &connection, const std::stop_token &stop = {});
/// `\dt`, `\dv`, `\dm`, `\ds` of all schemas but the system's, by schema and name. Waits for nobody's lock.
[[nodiscard]] Result<QList<RelationInfo>> relations(DatabaseConnection &connection, const std::stop_token &stop = {});
/// The same, and how many functions there are: what the tree needs.
[[nodiscard]] Result<DatabaseContents> contents(DatabaseConnection &connection, const std::stop_token &stop = {});
/// `\d TABLE`. NotFound when there is none.
[[nodiscard]] Result<TableDescription> describe(DatabaseConnection &connection, const TableId &table,
                                                const std::stop_token &stop = {});
/// `\df` of all schemas but the system's and those of extensions, by schema, name and arguments.
[[nodiscard]] Result<QList<FunctionInfo>> functions(DatabaseConnection &connection, const std::stop_token &stop = {});
/// The `CREATE OR REPLACE FUNCTION …` that the server keeps. NotFound when it is gone.
[[nodiscard]] Result<QString> functionSource(DatabaseConnection &connection, unsigned oid,
                                             const std::stop_token &stop = {});
/// A sequence and where it stands. NotFound when there is none.
[[nodiscard]] Result<SequenceInfo> sequence(DatabaseConnection &connection, const TableId &id,
                                            const std::stop_token &stop = {});
/// The statements that would make the table, view or sequence again: columns, defaults, constraints, indexes, triggers,
/// rules, policies, comments, owner and rights. Run on an empty database that has what it refers to, `pg_dump -s` of
/// the result equals that of the original. One round trip.
[[nodiscard]] Result<QString> ddl(DatabaseConnection &connection, const TableId &table,
                                  const std::stop_token &stop = {});
/// The sessions of others on a database (ours left out), the oldest first.
[[nodiscard]] Result<QList<SessionInfo>> sessions(DatabaseConnection &connection, const QString &database,
                                                  const std::stop_token &stop = {});
/// The exact number of rows; may take long.
[[nodiscard]] Result<qint64> countRows(DatabaseConnection &connection, const TableId &table,
                                       const std::stop_token &stop = {});
/// The statement that a call above sends: for the terminal lens.
enum class Statement { Databases, Relations, Contents, Describe, Functions, FunctionSource, Sequence, Ddl, Sessions };
[[nodiscard]] QString sql(Statement statement);

} // namespace CatalogReader

} // namespace Roost
