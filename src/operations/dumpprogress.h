#pragma once

#include "operations/copymonitor.h"
#include "operations/phasedprogress.h"
#include "operations/sourcefacts.h"

#include <QElapsedTimer>
#include <QString>

namespace Roost {

/// How far a pg_dump is, from what it says and what the server says of its COPY, as a part of a whole backup. On the
/// operation's thread.
class DumpProgress
{
public:
    DumpProgress(const SourceFacts &facts, PhasedProgress &progress)
        : m_facts(facts)
        , m_progress(progress)
    {
    }

    void begin();
    void takeLine(const QString &line); ///< of pg_dump --verbose
    void take(const CopyMonitor::State &state);
    void setNote(const QString &note) { m_note = note; } ///< shown instead of what it does, while there is one
    /// Where in the whole the dump ends, and what is read back begins.
    double end() const { return endAt(1); }

    static constexpr double from = 0.02; ///< of the whole: before, the database is looked at
    static constexpr double readBackTo = 0.97;

private:
    double endAt(double fraction) const;

    const SourceFacts &m_facts;
    PhasedProgress &m_progress;
    QElapsedTimer m_copying;
    QString m_table;
    qint64 m_bytesOfEarlierTables = 0;
    qint64 m_done = 0;
    QString m_note;
};

} // namespace Roost
