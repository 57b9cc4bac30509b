#pragma once

#include <QDateTime>
#include <QString>

namespace Roost {

// Numbers in words, in the user's locale.

/// "7.9 MB", "48 MB", "1 GB": steps of 1024, as PostgreSQL counts; empty below zero.
[[nodiscard]] QString sizeText(qint64 bytes);
/// "1,204,118"; empty below zero.
[[nodiscard]] QString countText(qint64 count);
/// "~ 1.2 M", "~ 820"; empty below zero.
[[nodiscard]] QString estimateText(qint64 count);
/// "just now", "5 minutes ago", "3 days ago", as of `now`; a time that is still to come, by a wrong clock, is "just
/// now".
[[nodiscard]] QString ageText(const QDateTime &time, const QDateTime &now);

} // namespace Roost
