#pragma once

#include "core/jobcontext.h"

#include <QList>
#include <QString>

#include <optional>

namespace Roost {

/// How fast a job goes and how long it will still take, from its reports. Says nothing in the first seconds, while
/// nothing moves, and while the speed changes so much that a forecast would be a guess; what it says moves gently. The
/// caller gives the time, in milliseconds from any start. On one thread.
class Pace
{
public:
    void add(const Progress &progress, qint64 nowMs);

    /// Of the data that the job moves now; nothing when it moves none.
    std::optional<double> bytesPerSecond() const { return m_rate; }
    std::optional<qint64> leftMs() const;
    /// "12.3 MB/s, about 40 s left", translated; or one half of it, or nothing.
    QString text() const;
    /// "40 s", "3 min 5 s", "1 h 10 min".
    static QString durationText(qint64 ms);

private:
    struct Sample
    {
        qint64 at = 0;
        double fraction = 0;
        qint64 bytes = -1;
    };
    void forget(qint64 nowMs);
    void measureRate();
    void measureLeft(qint64 nowMs);

    QList<Sample> m_samples; ///< of the last seconds
    std::optional<Sample> m_first;
    std::optional<double> m_rate;
    std::optional<double> m_left; ///< milliseconds
    qint64 m_leftAt = 0;
};

} // namespace Roost
