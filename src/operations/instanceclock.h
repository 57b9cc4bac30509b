#pragma once

#include "storage/profilestore.h"

#include <QDateTime>
#include <QHash>
#include <QString>

#include <chrono>
#include <optional>

namespace Roost {

/// What time it is for an instance: its account's (Render's `Date`, and practice's moved clock), else this computer's.
/// The one place where days are counted from. A value: copies go to worker threads.
class InstanceClock
{
public:
    /// Render's time minus this computer's. An empty account: for whatever belongs to none.
    void setOffset(const QString &accountId, std::chrono::seconds offset) { m_offsets.insert(accountId, offset); }
    /// Nothing for an account that was not heard of.
    [[nodiscard]] std::optional<std::chrono::seconds> offset(const QString &accountId) const
    {
        const auto known = m_offsets.constFind(accountId);
        return known == m_offsets.cend() ? std::nullopt : std::optional(*known);
    }
    /// UTC.
    [[nodiscard]] QDateTime now(const QString &accountId) const
    {
        const auto elsewhere = m_offsets.value({}, std::chrono::seconds(0));
        return QDateTime::currentDateTimeUtc().addSecs(m_offsets.value(accountId, elsewhere).count());
    }
    [[nodiscard]] QDateTime now(const Profile &profile) const { return now(profile.accountId); }

    bool operator==(const InstanceClock &) const = default;

private:
    QHash<QString, std::chrono::seconds> m_offsets;
};

} // namespace Roost
