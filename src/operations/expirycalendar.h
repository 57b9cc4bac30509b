#pragma once

#include "core/result.h"
#include "operations/expirylist.h"

#include <QByteArray>
#include <QList>
#include <QString>

namespace Roost {

/// A calendar (RFC 5545) with two events an instance, "expires" and "is erased", and alarms on the days of Roost's
/// reminders. What Render said to the second is a moment in UTC; what was counted from a date is a whole day. The same
/// instance has the same events in every file, so a calendar that takes in a later one replaces them. Erased and
/// unknown ones are left out.
[[nodiscard]] QByteArray expiryCalendar(const QList<ExpiringInstance> &instances, const QDateTime &writtenAt);

/// Writes it whole or not at all. InvalidInput when none of the instances has an end to come, FileFailed. Blocking.
[[nodiscard]] Result<void> writeExpiryCalendar(const QList<ExpiringInstance> &instances, const QString &file);

} // namespace Roost
