#pragma once

#include "core/connectionparameters.h"

#include <QStringList>

namespace Roost {

/// The line for a terminal that does what Roost does, to look at and to learn from. The password stands as the variable
/// $PGPASSWORD, so the line holds no secret.
namespace TerminalLine {

/// Quoted for a POSIX shell where that is needed.
[[nodiscard]] QString quoted(const QString &word);
/// `PGPASSWORD="$PGPASSWORD" PROGRAM -h HOST -p PORT -U USER ARGUMENTS`.
[[nodiscard]] QString tool(const QString &program, const ConnectionParameters &server, const QStringList &arguments);

[[nodiscard]] QString psql(const ConnectionParameters &database);
[[nodiscard]] QString backUp(const ConnectionParameters &database, const QString &file);
/// Into an existing empty database.
[[nodiscard]] QString restore(const ConnectionParameters &database, const QString &file);

} // namespace TerminalLine

} // namespace Roost
