#pragma once

#include "render/httpclient.h"

#include <QDateTime>
#include <QHash>

#include <chrono>
#include <optional>

namespace Roost {

/// What Render's `Ratelimit-…` headers said, by bucket: each kind of request has a count of its own.
class RateLimits
{
public:
    using Clock = std::chrono::steady_clock;

    void note(const QByteArray &bucket, const HttpAnswer &answer, Clock::time_point now = Clock::now());
    /// How long until this bucket has room, as far as is known; zero when it has.
    std::chrono::milliseconds waitFor(const QByteArray &bucket, Clock::time_point now = Clock::now()) const;

    /// How long this answer asks to wait: `Retry-After`, else `Ratelimit-Reset`; nothing when it does not say.
    static std::optional<std::chrono::seconds> wait(const HttpAnswer &answer);
    static std::optional<std::chrono::seconds> retryAfter(const HttpAnswer &answer); ///< the first of these alone

private:
    QHash<QByteArray, Clock::time_point> m_emptyUntil;
};

/// The server's time in an answer's `Date` header, UTC; null when it has none.
[[nodiscard]] QDateTime httpDate(const QByteArray &header);

} // namespace Roost
