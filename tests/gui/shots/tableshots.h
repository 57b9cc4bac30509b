#pragma once

#include <QString>

namespace Roost {

/// A table's page in its states: rows, filters, staged edits, preview, conflict, inspector.
[[nodiscard]] bool takeTableShots(const QString &folder, const QString &prefix);

} // namespace Roost
