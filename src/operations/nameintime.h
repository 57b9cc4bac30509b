#pragma once

#include <QString>

namespace Roost {

/// `birds` and `_old_`: "birds_old_20261128012345", UTC, cut to what PostgreSQL takes as a name.
[[nodiscard]] QString nameInTime(const QString &database, const QString &infix);
/// Whether a name was made so with this infix.
[[nodiscard]] bool isNameInTime(const QString &name, const QString &infix);

} // namespace Roost
