#pragma once

#include <QDateTime>
#include <QString>

namespace Roost {

/// The local time with its age: "22 Nov 2026, 18:04 (6 days ago)"; empty for an invalid time.
[[nodiscard]] QString timeWithAge(const QDateTime &then, const QDateTime &now = QDateTime::currentDateTimeUtc());

} // namespace Roost
