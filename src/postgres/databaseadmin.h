#pragma once

#include "core/result.h"

#include <stop_token>

namespace Roost {

class DatabaseConnection;

/// Databases made, renamed and dropped. The connection must be to another database than the one named. Blocking.
namespace DatabaseAdmin {

/// What is unwise about a name for a database, as typed: hyphens, upper case, blanks need quotes everywhere else (a
/// hint); empty, too long, taken in `existing` (an error). Translated; empty if fine.
struct NameAdvice
{
    QString text;
    bool isError = false;
};
[[nodiscard]] NameAdvice adviseName(const QString &name, const QStringList &existing);

/// From template0, UTF8, with the instance's locale where that fits.
[[nodiscard]] Result<void> create(DatabaseConnection &connection, const QString &name,
                                  const std::stop_token &stop = {});
[[nodiscard]] Result<void> rename(DatabaseConnection &connection, const QString &from, const QString &to,
                                  const std::stop_token &stop = {});
/// `WITH (FORCE)` where the server has it (13+); ends the sessions of our own role before, where not. NotFound when
/// there is none.
[[nodiscard]] Result<void> drop(DatabaseConnection &connection, const QString &name, bool endSessions,
                                const std::stop_token &stop = {});
/// In one transaction: `current` becomes `retired`, `replacement` becomes `current`. Needs both without sessions: ends
/// those of our own role first when `endSessions`.
[[nodiscard]] Result<void> swap(DatabaseConnection &connection, const QString &current, const QString &replacement,
                                const QString &retired, bool endSessions, const std::stop_token &stop = {});

} // namespace DatabaseAdmin

} // namespace Roost
