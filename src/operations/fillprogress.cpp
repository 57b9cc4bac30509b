#include "operations/fillprogress.h"

#include <QCoreApplication>

#include <algorithm>
#include <numeric>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(FillProgress)
};

} // namespace

void FillProgress::begin(double from, const QList<ArchivedTable> &tables, const QList<qint64> &finishingSteps, int jobs)
{
    constexpr double bytesPerMs = 600'000;
    m_from = from;
    for (const qint64 bytes : finishingSteps) {
        m_finishingSteps += 3 + double(bytes) / bytesPerMs;
    }
    m_jobs = jobs;
    for (const ArchivedTable &table : tables) {
        m_bytesByTable[table.schema + u'.' + table.name] += table.bytes;
        m_idsByTable.insert(table.schema + u'.' + table.name, {table.schema, table.name});
        m_allBytes += table.bytes;
    }
    // Compared ahead, what came last is left, while its indexes are made.
    const qint64 comparedAtEnd = m_onLoaded ? m_allBytes / 20 : m_allBytes;
    const double finishingMs = std::accumulate(m_finishingSteps.begin(), m_finishingSteps.end(), 0.0);
    m_shares.begin(from, m_allBytes, finishingMs, comparedAtEnd);
    m_progress.enter(from, m_shares.copyTo(0));
}

void FillProgress::end()
{
    m_shares.endCopying();
    m_progress.enter(m_shares.indexTo(), m_shares.compareTo());
}

void FillProgress::endTable()
{
    const auto id = m_idsByTable.constFind(m_table);
    if (m_isTableOpen && m_jobs == 1 && m_onLoaded && id != m_idsByTable.cend()) {
        m_onLoaded(*id);
    }
    m_isTableOpen = false;
}

void FillProgress::takeLine(const QString &line)
{
    static const QString finished = QStringLiteral("pg_restore: finished item ");
    if (m_jobs > 1 && line.startsWith(finished)) {
        takeFinished(line.sliced(finished.size()));
    }
    static const QString data = QStringLiteral("pg_restore: processing data for table \"");
    static const QStringList finishing = {QStringLiteral("pg_restore: creating INDEX "),
                                          QStringLiteral("pg_restore: creating CONSTRAINT "),
                                          QStringLiteral("pg_restore: creating FK CONSTRAINT "),
                                          QStringLiteral("pg_restore: creating TRIGGER "),
                                          QStringLiteral("pg_restore: creating RULE "),
                                          QStringLiteral("pg_restore: creating MATERIALIZED VIEW DATA ")};
    static const QStringList others = {QStringLiteral("pg_restore: creating "),
                                       QStringLiteral("pg_restore: executing ")};
    if (line.startsWith(others.at(0)) || line.startsWith(others.at(1))) {
        endTable();
    }
    if (line.startsWith(data)) {
        endTable();
        if (m_jobs == 1) {
            m_bytesOfEarlierTables += m_bytesByTable.value(m_table);
        }
        m_table = line.sliced(data.size()).chopped(1); // the closing quote
        m_isTableOpen = true;
        m_earlierRelation = m_relation;
        take({});
    } else if (std::any_of(finishing.begin(), finishing.end(),
                           [&](const QString &prefix) { return line.startsWith(prefix); })) {
        m_isFinishing = true;
        ++m_finished;
        m_step.start();
    }
}

void FillProgress::take(const CopyMonitor::State &state)
{
    m_relation = state.relation;
    if (m_jobs > 1 && !m_table.isEmpty()) {
        takeParallel(state);
        return;
    }
    if (m_isFinishing) {
        m_shares.endCopying();
        m_progress.enter(m_shares.copyTo(1), m_shares.indexTo());
        m_progress.report(noteOr(Text::tr("Making indexes and constraints")), finishedFraction());
        return;
    }
    if (m_table.isEmpty()) {
        m_progress.report(noteOr(Text::tr("Making tables")));
        return;
    }
    const qint64 weight = m_bytesByTable.value(m_table);
    const bool isCurrent = state.relation != 0 && state.relation != m_earlierRelation;
    m_bytesDone = std::max(m_bytesDone, m_bytesOfEarlierTables + (isCurrent ? std::min(state.bytes, weight) : 0));
    const double fraction = double(m_bytesDone) / double(std::max<qint64>(m_allBytes, 1));
    m_progress.enter(m_from, m_shares.copyTo(fraction));
    m_progress.report(noteOr(Text::tr("Copying %1").arg(m_table)), fraction,
                      Text::tr("%1 of %2").arg(amountText(m_bytesDone), amountText(m_allBytes)), m_bytesDone);
}

/// One job makes them in the order of the plan. Of the one that is under way, as much as its time tells.
double FillProgress::finishedFraction() const
{
    constexpr double mostOfOne = 0.9;
    double all = 0;
    double done = 0;
    for (int i = 0; i < m_finishingSteps.size(); ++i) {
        const double wholeMs = m_finishingSteps.at(i);
        all += wholeMs;
        if (i < m_finished - 1) {
            done += wholeMs;
        } else if (i == m_finished - 1) {
            done += std::min(double(m_step.elapsed()), mostOfOne * wholeMs);
        }
    }
    return all > 0 ? done / all : 1;
}

/// With two at work the lines come in no order: what counts is which items are finished, and what the server says of
/// those under way.
void FillProgress::takeFinished(const QString &item)
{
    static const QString data = QStringLiteral("TABLE DATA");
    const QString number = item.section(u' ', 0, 0);
    for (const ArchiveToc::Entry &entry : m_toc.entries) {
        if (entry.number() == number.toInt() && entry.what.startsWith(data)) {
            const QString names = entry.what.section(u' ', 2);
            const qint64 bytes = m_bytesByTable.value(names.section(u' ', 0, 0) + u'.' + names.section(u' ', 1, -2));
            m_bytesOfEarlierTables += bytes;
            m_bytesUnderWay = std::max<qint64>(0, m_bytesUnderWay - bytes);
            m_lateUntil = m_polls + 1; // a poll that is on its way may still count them
        }
    }
}

void FillProgress::takeParallel(const CopyMonitor::State &state)
{
    m_polls = std::max(m_polls, state.polls);
    if (state.polls > m_lateUntil) {
        m_bytesUnderWay = state.bytes;
    }
    m_bytesDone = std::max(m_bytesDone, std::min(m_bytesOfEarlierTables + m_bytesUnderWay, m_allBytes));
    const double loaded = double(m_bytesDone) / double(std::max<qint64>(m_allBytes, 1));
    const double finished = double(m_finished) / double(std::max<qsizetype>(m_finishingSteps.size(), 1));
    m_shares.copyTo(loaded);
    m_progress.enter(m_from, m_shares.indexTo());
    // Indexes of one table are made while another is loaded.
    m_progress.report(noteOr(Text::tr("Copying tables, making indexes")), 0.8 * loaded + 0.2 * finished,
                      Text::tr("%1 of %2").arg(amountText(m_bytesDone), amountText(m_allBytes)), m_bytesDone);
}

} // namespace Roost
