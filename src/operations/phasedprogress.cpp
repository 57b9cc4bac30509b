#include "operations/phasedprogress.h"

#include <QLocale>

#include <algorithm>

namespace Roost {

void PhasedProgress::enter(double from, double to)
{
    m_from = from;
    m_to = to;
}

void PhasedProgress::report(const QString &step, double fraction, const QString &amount, qint64 bytes)
{
    const double whole = m_from + std::clamp(fraction, 0.0, 1.0) * (m_to - m_from);
    m_best = std::max(m_best, qint64(whole * double(total)));
    m_context.report({step, m_best, total, amount, bytes});
}

QString amountText(qint64 bytes)
{
    return QLocale().formattedDataSize(bytes, 1, QLocale::DataSizeTraditionalFormat);
}

} // namespace Roost
