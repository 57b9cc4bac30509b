#pragma once

#include "core/error.h"
#include "render/postgresinstance.h"
#include "storage/profilestore.h"

#include <QDate>
#include <QDateTime>
#include <QString>

namespace Roost {

/// When a free instance of Render's ends: it stops working, and is erased with everything in it after days of grace.
/// What that means at a moment is asked with `now`, the time of the account (InstanceClock). Days are days of this
/// computer's calendar: the day before the last one has "1 day left" at any hour.
struct Expiry
{
    enum class Source {
        None,        ///< it does not end, or nobody said when
        Api,         ///< Render's `expiresAt`
        CreationDate ///< counted from a date that the user gave, or Render's creation date
    };
    enum class Stage { Fine, Soon, Urgent, Grace, Gone };

    static constexpr int usualLifetimeDays = 30; ///< since May 2024; 90 before, which older lessons still say
    static constexpr int graceDays = 14;

    Source source = Source::None;
    QDateTime stopsAt;  ///< UTC
    QDateTime erasedAt; ///< UTC

    [[nodiscard]] bool isKnown() const { return source != Source::None; }
    /// Only of one that is known, as all that follows.
    [[nodiscard]] Stage stage(const QDateTime &now) const;
    [[nodiscard]] bool isOver(const QDateTime &now) const { return isKnown() && now >= stopsAt; }
    [[nodiscard]] int daysLeft(const QDateTime &now) const; ///< to stopsOn(); negative afterwards
    [[nodiscard]] int daysUntilErased(const QDateTime &now) const;
    /// "12 days left", "expires today", "erased in 3 days", "erased"; translated. Empty when it is not known.
    [[nodiscard]] QString badge(const QDateTime &now) const;
    [[nodiscard]] QDate stopsOn() const; ///< in this computer's time zone
    [[nodiscard]] QDate erasedOn() const;
    /// Names this end of the instance: another one after it was moved or corrected, the same in any time zone.
    [[nodiscard]] QString key() const;
};

[[nodiscard]] Expiry expiryOf(const Profile &profile);
/// None on a paid plan.
[[nodiscard]] Expiry expiryOf(const PostgresInstance &instance);
/// `lifetimeDays` 0: the usual.
[[nodiscard]] Expiry expiryFrom(const QDate &createdOn, int lifetimeDays = 0);

/// Writes into the profile what Render says of its instance's end. A paid plan has none; where Render does not tell the
/// end of a free one, it is counted from the creation, unless the user gave a date.
void takeExpiry(Profile &profile, const PostgresInstance &instance);

/// The error, saying that the free instance has expired or was erased where that is why no connection could be made.
/// Any other comes back as it is: a server that answers has not expired. Code and detail stay.
[[nodiscard]] Error explainedByExpiry(const Error &error, const Expiry &expiry, const QDateTime &now);
/// "expired on 12 October and is erased on 26 October …, what to do": for an instance that is over.
[[nodiscard]] QString expiredText(const Expiry &expiry, const QDateTime &now);

} // namespace Roost
