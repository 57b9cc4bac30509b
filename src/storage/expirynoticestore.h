#pragma once

#include "core/result.h"

#include <QList>
#include <QString>

namespace Roost {

/// A reminder of the end of an instance: of which end, and which of its reminders.
struct NoticeKey
{
    QString profileId;
    QString endsAt; ///< as Expiry::key() names the end
    QString notice; ///< "10" days before the end, "grace-3": days before it is erased
    bool operator==(const NoticeKey &) const = default;
};

/// Which reminders were shown, in Roost's SQLite file: window, tray and timer share it, so that none is shown twice.
/// Each call opens the file in the calling thread: not on the GUI thread.
class ExpiryNoticeStore
{
public:
    explicit ExpiryNoticeStore(QString file);

    [[nodiscard]] Result<QList<NoticeKey>> shown() const;
    /// True for the one who may show it now; false when it was shown, or another is about to.
    [[nodiscard]] Result<bool> claim(const NoticeKey &key) const;
    /// It could not be shown after all.
    [[nodiscard]] Result<void> release(const NoticeKey &key) const;

private:
    QString m_file;
};

} // namespace Roost
