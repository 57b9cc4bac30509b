#pragma once

#include "core/connectionparameters.h"

#include <QHash>
#include <QString>

namespace Roost {

/// The short names of types ("int4", "varchar", "mood", "int4[]") by their numbers, as a result names only numbers.
/// Built-in ones are the same everywhere; those of a database are remembered for the life of the process. Thread-safe.
namespace TypeNames {

/// Empty when it is neither built in nor remembered.
[[nodiscard]] QString of(const ConnectionParameters &database, unsigned oid);
/// Of a built-in type, by the name that of() has for it; 0 when there is none.
[[nodiscard]] unsigned builtInOid(const QString &name);
void remember(const ConnectionParameters &database, const QHash<unsigned, QString> &names);
[[nodiscard]] bool isNumeric(unsigned oid);

} // namespace TypeNames

} // namespace Roost
