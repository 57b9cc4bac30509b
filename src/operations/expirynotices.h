#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "operations/instanceclock.h"
#include "process/desktopnotification.h"
#include "storage/expirynoticestore.h"
#include "storage/profilestore.h"

#include <QList>

#include <array>

namespace Roost {

/// How many days before the end a free instance is reminded of; in its days of grace it is every day.
constexpr std::array<int, 4> reminderDays{10, 5, 2, 1};

struct ExpiryNotice
{
    NoticeKey key;
    DesktopNotification message;
};

/// What is to be shown now: of each instance the one reminder that its days have reached, unless it was `shown`. Those
/// that were missed before it (the computer was off) are not made up for. Nothing of one that is erased.
[[nodiscard]] QList<ExpiryNotice> dueNotices(const QList<Profile> &profiles, const QList<NoticeKey> &shown,
                                             const InstanceClock &clock);

/// Shows the due ones on the desktop, each once whoever else looks at the same time, and tells which. What the desktop
/// does not take is due again the next time. Blocking.
[[nodiscard]] Result<QList<ExpiryNotice>> showDueNotices(const QList<Profile> &profiles, const ExpiryNoticeStore &store,
                                                         const InstanceClock &clock, const JobContext &context);

} // namespace Roost
