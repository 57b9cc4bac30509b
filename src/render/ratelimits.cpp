#include "render/ratelimits.h"

#include <QLocale>

#include <algorithm>

namespace Roost {

namespace {

using std::chrono::seconds;

constexpr qint64 longestBelievable = 24 * 3600; ///< seconds; more than that is a point in time

std::optional<qint64> numberIn(const QByteArray &header)
{
    bool isNumber = false;
    const qint64 number = header.trimmed().toLongLong(&isNumber);
    return isNumber && number >= 0 ? std::optional(number) : std::nullopt;
}

qint64 nowOf(const HttpAnswer &answer)
{
    const QDateTime date = httpDate(answer.header("date"));
    return (date.isValid() ? date : QDateTime::currentDateTimeUtc()).toSecsSinceEpoch();
}

/// Seconds that are left, as recorded; Render's documentation speaks of a time since 1970.
std::optional<seconds> resetOf(const HttpAnswer &answer)
{
    const auto reset = numberIn(answer.header("ratelimit-reset"));
    if (!reset) {
        return {};
    }
    return seconds(*reset > longestBelievable ? std::max<qint64>(0, *reset - nowOf(answer)) : *reset);
}

} // namespace

QDateTime httpDate(const QByteArray &header)
{
    QDateTime date = QLocale::c().toDateTime(QString::fromLatin1(header.trimmed()),
                                             QStringLiteral("ddd, dd MMM yyyy hh:mm:ss 'GMT'"));
    date.setTimeSpec(Qt::UTC);
    return date;
}

void RateLimits::note(const QByteArray &bucket, const HttpAnswer &answer, Clock::time_point now)
{
    const auto left = numberIn(answer.header("ratelimit-remaining"));
    if (answer.status == 429) {
        m_emptyUntil[bucket] = now + wait(answer).value_or(seconds(0));
    } else if (left == 0) {
        m_emptyUntil[bucket] = now + resetOf(answer).value_or(seconds(0));
    } else if (left) {
        m_emptyUntil.remove(bucket);
    }
}

std::chrono::milliseconds RateLimits::waitFor(const QByteArray &bucket, Clock::time_point now) const
{
    const auto until = m_emptyUntil.constFind(bucket);
    if (until == m_emptyUntil.constEnd()) {
        return std::chrono::milliseconds(0);
    }
    return std::max(std::chrono::milliseconds(0), std::chrono::ceil<std::chrono::milliseconds>(*until - now));
}

std::optional<seconds> RateLimits::retryAfter(const HttpAnswer &answer)
{
    const QByteArray after = answer.header("retry-after");
    if (const auto told = numberIn(after)) {
        return seconds(*told);
    }
    const QDateTime at = httpDate(after);
    if (at.isValid()) {
        return seconds(std::max<qint64>(0, at.toSecsSinceEpoch() - nowOf(answer)));
    }
    return {};
}

std::optional<seconds> RateLimits::wait(const HttpAnswer &answer)
{
    const auto told = retryAfter(answer);
    return told ? told : resetOf(answer);
}

} // namespace Roost
