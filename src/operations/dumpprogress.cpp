#include "operations/dumpprogress.h"

#include <QCoreApplication>

#include <algorithm>

namespace Roost {

namespace {

constexpr double readBackBytesPerMs = 300'000; ///< of text; as measured on a plain computer of two processors
constexpr double usualEnd = 0.85;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(DumpProgress)
};

} // namespace

void DumpProgress::begin()
{
    m_progress.enter(from, usualEnd);
    m_copying.start();
}

void DumpProgress::takeLine(const QString &line)
{
    static const QString copying = QStringLiteral("pg_dump: dumping contents of table \"");
    if (line.startsWith(copying)) {
        m_bytesOfEarlierTables += m_facts.tables.value(m_table).textBytes;
        m_table = line.sliced(copying.size()).chopped(1); // the closing quote
        take({});
    }
}

void DumpProgress::take(const CopyMonitor::State &state)
{
    if (m_table.isEmpty()) {
        m_progress.report(m_note.isEmpty() ? Text::tr("Reading the structure") : m_note);
        return;
    }
    const TableWeight weight = m_facts.tables.value(m_table);
    double part = 0;
    if (weight.oid != 0 && state.relation == weight.oid) { // else the figures are still those of the table before
        part = weight.rows > 0 ? double(state.rows) / double(weight.rows)
                               : double(state.bytes) / double(std::max<qint64>(weight.textBytes, 1));
    }
    m_done = std::max(m_done, m_bytesOfEarlierTables + qint64(std::min(part, 1.0) * double(weight.textBytes)));
    const double fraction = double(m_done) / double(std::max<qint64>(m_facts.textBytes, 1));
    m_progress.enter(from, endAt(fraction));
    m_progress.report(m_note.isEmpty() ? Text::tr("Copying %1").arg(m_table) : m_note, fraction,
                      Text::tr("%1 of %2").arg(amountText(m_done), amountText(m_facts.textBytes)), m_done);
}

/// Over a slow link nearly all time goes into the copying; beside a fast one reading back is a good part of the whole.
/// By the speed so far, once there is one.
double DumpProgress::endAt(double fraction) const
{
    constexpr double enough = 0.02;
    if (fraction < enough || !m_copying.isValid()) {
        return usualEnd;
    }
    const double copying = double(m_copying.elapsed()) / fraction;
    const double reading = double(m_facts.textBytes) / readBackBytesPerMs;
    return from + (readBackTo - from) * copying / (copying + reading);
}

} // namespace Roost
