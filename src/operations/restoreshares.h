#pragma once

#include <QElapsedTimer>

#include <algorithm>

namespace Roost {

/// The parts of a restore in its whole, by time: copying goes as fast as link and server let it, which is seen after a
/// moment; indexes and the comparison are the server's own work, and guessed from the amount of data.
class RestoreShares
{
public:
    static constexpr double readTo = 0.05; ///< before, the backup is read and the target made

    /// When the copying begins, at `from`. `bytes`: of all rows as text; `indexMs`: what indexes and constraints take,
    /// about; `comparedAtEnd`: bytes of those rows that are not compared while others are copied.
    void begin(double from, qint64 bytes, double indexMs, qint64 comparedAtEnd)
    {
        m_from = from;
        m_bytes = double(bytes);
        m_comparedAtEnd = double(comparedAtEnd);
        m_indexMs = indexMs;
        m_copying.start();
    }
    /// Where the copying ends; `fraction` of it is done now.
    double copyTo(double fraction)
    {
        constexpr double enough = 0.02;
        constexpr double usualBytesPerMs = 70'000;
        if (!m_isCopied) {
            m_copyMs = fraction < enough ? m_bytes / usualBytesPerMs : double(m_copying.elapsed()) / fraction;
        }
        return m_from + (1 - m_from) * m_copyMs / allMs();
    }
    /// The copying has ended: from here on it took what it took.
    void endCopying()
    {
        if (!m_isCopied) {
            copyTo(1);
            m_isCopied = true;
        }
    }
    /// Where indexes and constraints are all made, and the comparison begins.
    double indexTo() const { return m_from + (1 - m_from) * (m_copyMs + m_indexMs) / allMs(); }
    /// Where the comparison ends, and the statistics are renewed.
    double compareTo() const { return 1 - (1 - m_from) * statisticsMs() / allMs(); }

private:
    double compareMs() const { return 100 + m_comparedAtEnd / 200'000; }
    double statisticsMs() const { return std::min(100 + m_comparedAtEnd / 250'000, 1500.0); }
    double allMs() const { return std::max(m_copyMs, 1.0) + m_indexMs + compareMs() + statisticsMs(); }

    double m_from = 0;
    double m_bytes = 0;
    double m_comparedAtEnd = 0;
    double m_indexMs = 0;
    bool m_isCopied = false;
    double m_copyMs = 0;
    QElapsedTimer m_copying;
};

} // namespace Roost
