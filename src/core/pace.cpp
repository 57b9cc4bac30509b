#include "core/pace.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace Roost {

namespace {

constexpr qint64 silentMs = 3000;     ///< at the start
constexpr qint64 windowMs = 10'000;   ///< that the speed is measured over
constexpr qint64 shortestMs = 1500;   ///< that a rate is measured over
constexpr qint64 stillMs = 5000;      ///< without a step: it stands
constexpr qint64 sampleMs = 200;      ///< between two that are kept
constexpr double leastDone = 0.02;    ///< of the whole, before a forecast
constexpr double leastMoved = 0.001;  ///< of the whole in the window: less is standing still
constexpr double unsteady = 2;        ///< times faster or slower than on average: no forecast
constexpr double gentleness = 3000.0; ///< milliseconds in which a shown forecast moves most of the way to a new one
constexpr double soonMs = 1000;       ///< less is not worth saying

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Pace)
};

/// Long times are not known to the second.
qint64 rounded(double ms)
{
    const double seconds = ms / 1000;
    const double step = seconds < 20 ? 1 : seconds < 120 ? 5 : seconds < 600 ? 10 : 60;
    return qint64(std::max(std::round(seconds / step), 1.0) * step) * 1000;
}

} // namespace

void Pace::add(const Progress &progress, qint64 nowMs)
{
    const double fraction = progress.fraction();
    if (fraction < 0 && progress.bytes < 0) {
        *this = Pace();
        return;
    }
    const bool startsAnew = !m_samples.isEmpty() && (progress.bytes < 0) != (m_samples.last().bytes < 0);
    if (startsAnew || (!m_samples.isEmpty() && progress.bytes < m_samples.last().bytes)) {
        for (Sample &sample : m_samples) {
            sample.bytes = -1; // of another step
        }
        m_rate.reset();
    }
    const Sample sample{nowMs, std::max(fraction, 0.0), progress.bytes};
    if (!m_first) {
        m_first = sample;
    }
    if (m_samples.isEmpty() || startsAnew || nowMs - m_samples.last().at >= sampleMs) {
        m_samples += sample;
    }
    forget(nowMs);
    if (nowMs - m_first->at >= silentMs) {
        measureRate();
        measureLeft(nowMs);
    }
}

void Pace::forget(qint64 nowMs)
{
    while (m_samples.size() > 2 && m_samples.at(1).at <= nowMs - windowMs) {
        m_samples.removeFirst();
    }
}

void Pace::measureRate()
{
    const auto known =
        std::find_if(m_samples.cbegin(), m_samples.cend(), [](const Sample &sample) { return sample.bytes >= 0; });
    const Sample &last = m_samples.last();
    if (known == m_samples.cend() || last.bytes < 0 || last.at - known->at < shortestMs) {
        m_rate.reset();
        return;
    }
    m_rate = double(last.bytes - known->bytes) * 1000 / double(last.at - known->at);
}

void Pace::measureLeft(qint64 nowMs)
{
    const Sample &last = m_samples.last();
    const Sample &oldest = m_samples.first();
    const double moved = last.fraction - oldest.fraction;
    const auto lastStep = std::find_if(m_samples.crbegin(), m_samples.crend(), [&last](const Sample &sample) {
        return sample.fraction < last.fraction || sample.bytes < last.bytes;
    });
    const bool stands = lastStep == m_samples.crend() ? nowMs - oldest.at > stillMs : nowMs - lastStep->at > stillMs;
    if (last.fraction - m_first->fraction < leastDone || last.fraction >= 1 || moved < leastMoved || stands) {
        m_left.reset();
        return;
    }
    const double recent = moved / double(std::max<qint64>(last.at - oldest.at, 1));
    const double average = (last.fraction - m_first->fraction) / double(std::max<qint64>(last.at - m_first->at, 1));
    if (recent > average * unsteady || recent * unsteady < average) {
        m_left.reset();
        return;
    }
    const double forecast = (1 - last.fraction) / std::sqrt(recent * average);
    if (!m_left) {
        m_left = forecast;
    } else {
        const double elapsed = double(nowMs - m_leftAt);
        const double expected = std::max(*m_left - elapsed, 0.0);
        m_left = expected + (forecast - expected) * (1 - std::exp(-elapsed / gentleness));
    }
    m_leftAt = nowMs;
}

std::optional<qint64> Pace::leftMs() const
{
    return m_left && *m_left >= soonMs ? std::optional(rounded(*m_left)) : std::nullopt;
}

QString Pace::durationText(qint64 ms)
{
    const qint64 seconds = (ms + 500) / 1000;
    if (seconds < 60) {
        return Text::tr("%1 s").arg(seconds);
    }
    if (seconds < 3600) {
        return seconds % 60 == 0 ? Text::tr("%1 min").arg(seconds / 60)
                                 : Text::tr("%1 min %2 s").arg(seconds / 60).arg(seconds % 60);
    }
    return Text::tr("%1 h %2 min").arg(seconds / 3600).arg(seconds / 60 % 60);
}

QString Pace::text() const
{
    const QString rate =
        m_rate && *m_rate >= 1
            ? Text::tr("%1/s").arg(QLocale().formattedDataSize(qint64(*m_rate), 1, QLocale::DataSizeTraditionalFormat))
            : QString();
    const auto left = leftMs();
    const QString time = left ? Text::tr("about %1 left").arg(durationText(*left)) : QString();
    return rate.isEmpty() || time.isEmpty() ? rate + time : Text::tr("%1, %2").arg(rate, time);
}

} // namespace Roost
