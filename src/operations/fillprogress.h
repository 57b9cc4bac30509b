#pragma once

#include "operations/archivefile.h"
#include "operations/archivetoc.h"
#include "operations/copymonitor.h"
#include "operations/phasedprogress.h"
#include "operations/restoreshares.h"

#include <QElapsedTimer>
#include <QHash>
#include <QList>
#include <QString>

#include <functional>

namespace Roost {

/// How far a pg_restore is, from what it says and what the server says of its COPY, as a part of a whole restore. On
/// the operation's thread.
class FillProgress
{
public:
    FillProgress(const ArchiveToc &toc, PhasedProgress &progress)
        : m_toc(toc)
        , m_progress(progress)
    {
    }

    /// The copying begins, at `from` of the whole. `tables`: those whose rows are restored; `finishingSteps`: of a
    /// RestorePlan.
    void begin(double from, const QList<ArchivedTable> &tables, const QList<qint64> &finishingSteps, int jobs);
    /// With one job: is told when all rows of a table are in, and the server was told so. The big ones are then taken
    /// to be compared while others are loaded.
    void setOnLoaded(std::function<void(const TableId &table)> onLoaded) { m_onLoaded = std::move(onLoaded); }
    void takeLine(const QString &line); ///< of pg_restore --verbose
    void take(const CopyMonitor::State &state);
    void setNote(const QString &note) { m_note = note; } ///< shown instead of what it does, while there is one
    /// All is copied and made: what follows is the comparison's part.
    void end();

private:
    void endTable();
    void takeFinished(const QString &item);
    void takeParallel(const CopyMonitor::State &state);
    double finishedFraction() const;
    QString noteOr(const QString &step) const { return m_note.isEmpty() ? step : m_note; }

    const ArchiveToc &m_toc;
    PhasedProgress &m_progress;
    RestoreShares m_shares;
    double m_from = 0;
    QHash<QString, qint64> m_bytesByTable;
    QHash<QString, TableId> m_idsByTable;
    std::function<void(const TableId &)> m_onLoaded;
    qint64 m_allBytes = 0;
    QList<double> m_finishingSteps; ///< milliseconds that each takes, about
    int m_jobs = 1;
    QString m_table;
    bool m_isTableOpen = false; ///< rows of m_table may still come
    qint64 m_bytesOfEarlierTables = 0;
    qint64 m_bytesDone = 0;
    quint32 m_relation = 0;        ///< that the last figures were of
    quint32 m_earlierRelation = 0; ///< of the table before: figures of it are late
    int m_finished = 0;            ///< steps, with the one that is under way
    QElapsedTimer m_step;
    bool m_isFinishing = false;
    QString m_note;
    // With two jobs.
    qint64 m_bytesUnderWay = 0;
    quint64 m_polls = 0;
    quint64 m_lateUntil = 0; ///< polls up to this one may be from before the last table was finished
};

} // namespace Roost
