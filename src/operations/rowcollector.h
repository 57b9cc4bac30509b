#pragma once

#include "operations/rowcompare.h"
#include "operations/rowdigests.h"
#include "operations/rowsource.h"

#include <QHash>
#include <QList>

#include <array>
#include <queue>
#include <vector>

namespace Roost {

class RowDigester;

/// Chooses which of the rows that differ are shown, the first of each kind in the order of their table, and then
/// fetches their values. On the operation's thread.
class RowCollector
{
public:
    explicit RowCollector(const RowLimits &limits)
        : m_limits(limits)
    {
    }

    void add(const DigestDifference &difference);
    /// Once, after all were added.
    void choose();
    /// Reads the chosen rows of one side; `columns` of `table`.
    [[nodiscard]] Result<void> fetch(RowDigests::Side side, RowSource &source, const TableId &table,
                                     const QStringList &columns, RowDigester &digester);
    /// What was chosen and fetched, changed rows first, each kind by its key.
    [[nodiscard]] QList<RowDifference> take(qsizetype keyColumns);

private:
    using Kind = RowDifference::Kind;
    struct Chosen
    {
        DigestDifference place;
        RowDifference row;
        std::array<QList<quint64>, 2> digests; ///< of the values of a changed row
    };
    struct ComesFirst
    {
        bool operator()(const DigestDifference &a, const DigestDifference &b) const { return place(a) < place(b); }
        static qint64 place(const DigestDifference &one) { return one.before >= 0 ? one.before : one.after; }
    };
    using Queue = std::priority_queue<DigestDifference, std::vector<DigestDifference>, ComesFirst>;

    [[nodiscard]] QList<CellValue> valuesOf(const std::vector<CopyTextLine::Cell> &cells);

    const RowLimits &m_limits;
    std::array<Queue, 3> m_queues;
    std::vector<Chosen> m_chosen;
    qint64 m_bytes = 0;
};

} // namespace Roost
