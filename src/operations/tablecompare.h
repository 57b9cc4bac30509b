#pragma once

#include "operations/rowcompare.h"
#include "operations/rowsource.h"

#include <functional>

namespace Roost {

class RowKeys;

/// Compares one table row by row. Used once, on the operation's thread.
class TableCompare
{
public:
    /// `onRows` is told now and then how many rows were read since the last time.
    TableCompare(RowSource &first, RowSource &second, const RowLimits &limits, std::function<void(qint64 rows)> onRows);

    /// Fills `table`, whose name and presence are known. Of a table that only one side has, the counts are known, too,
    /// and some rows are read.
    [[nodiscard]] Result<void> run(ComparedTable &table, const RowKeys &firstKeys, const RowKeys &secondKeys);

private:
    struct Side
    {
        RowSource &rows;
        QList<unsigned> types; ///< of the compared columns
    };
    [[nodiscard]] Result<void> settleColumns(ComparedTable &table, const RowKeys &firstKeys, const RowKeys &secondKeys);
    [[nodiscard]] Result<void> compare(ComparedTable &table);
    [[nodiscard]] Result<void> readAlone(ComparedTable &table);

    Side m_first;
    Side m_second;
    const RowLimits &m_limits;
    std::function<void(qint64)> m_onRows;
};

} // namespace Roost
