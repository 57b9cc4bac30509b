#include "operations/expirynotices.h"

#include "operations/expiry.h"

#include <QCoreApplication>
#include <QLocale>

#include <optional>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(ExpiryNotices)
};

/// The name of the reminder that is reached; empty when none is.
QString reachedNotice(const Expiry &expiry, const QDateTime &now)
{
    switch (expiry.stage(now)) {
    case Expiry::Stage::Gone:
        return {};
    case Expiry::Stage::Grace:
        return QStringLiteral("grace-%1").arg(expiry.daysUntilErased(now));
    default:
        break;
    }
    QString reached;
    for (const int days : reminderDays) { // from far to near: the nearest counts
        if (expiry.daysLeft(now) <= days) {
            reached = QString::number(days);
        }
    }
    return reached;
}

QString longDay(const QDate &day)
{
    return QLocale().toString(day, Text::tr("d MMMM yyyy"));
}

DesktopNotification messageOf(const Profile &profile, const Expiry &expiry, const QDateTime &now)
{
    DesktopNotification message;
    if (expiry.stage(now) == Expiry::Stage::Grace) {
        message.title = Text::tr("%1: %2", "an instance and its badge").arg(profile.name, expiry.badge(now));
        message.body = Text::tr("It stopped working on %1. On %2 Render erases it with everything in it. Upgrade it in "
                                "Render's dashboard to rescue it.")
                           .arg(longDay(expiry.stopsOn()), longDay(expiry.erasedOn()));
        return message;
    }
    message.title = Text::tr("%1: %2", "an instance and its badge").arg(profile.name, expiry.badge(now));
    message.body = Text::tr("This free database stops working on %1 and is erased on %2 with everything in it. Open "
                            "Roost to back it up and move it.")
                       .arg(longDay(expiry.stopsOn()), longDay(expiry.erasedOn()));
    constexpr int quietDays = 5;
    if (expiry.daysLeft(now) > quietDays) {
        message.urgency = DesktopNotification::Urgency::Normal;
    }
    return message;
}

} // namespace

QList<ExpiryNotice> dueNotices(const QList<Profile> &profiles, const QList<NoticeKey> &shown,
                               const InstanceClock &clock)
{
    QList<ExpiryNotice> due;
    for (const Profile &profile : profiles) {
        const Expiry expiry = expiryOf(profile);
        const QDateTime now = clock.now(profile);
        const QString notice = expiry.isKnown() ? reachedNotice(expiry, now) : QString();
        const NoticeKey key{profile.id, expiry.key(), notice};
        if (!notice.isEmpty() && !shown.contains(key)) {
            due += {key, messageOf(profile, expiry, now)};
        }
    }
    return due;
}

Result<QList<ExpiryNotice>> showDueNotices(const QList<Profile> &profiles, const ExpiryNoticeStore &store,
                                           const InstanceClock &clock, const JobContext &context)
{
    const Result<QList<NoticeKey>> shown = store.shown();
    if (!shown) {
        return failure(shown.error());
    }
    QList<ExpiryNotice> told;
    const QList<ExpiryNotice> due = dueNotices(profiles, *shown, clock);
    for (const ExpiryNotice &notice : due) {
        if (context.isCancelled()) {
            return failure(Error::cancelled());
        }
        const Result<bool> isMine = store.claim(notice.key);
        if (!isMine) {
            return failure(isMine.error());
        }
        if (!*isMine) {
            continue;
        }
        if (const Result<void> done = notifyDesktop(notice.message); !done) {
            [[maybe_unused]] const Result<void> released = store.release(notice.key); // the first failure is told
            return failure(done.error());
        }
        told += notice;
    }
    return told;
}

} // namespace Roost
