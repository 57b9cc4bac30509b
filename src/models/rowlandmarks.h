#pragma once

#include "postgres/cellvalue.h"

#include <QList>

#include <map>
#include <optional>

namespace Roost {

/// Rows that were seen on the way, with their exact numbers: from one of them a page can start that is long gone from
/// memory. Bounded: where there are too many, every second one goes.
class RowLandmarks
{
public:
    struct Landmark
    {
        int row = 0;
        QList<CellValue> bound;
    };

    void clear() { m_bounds.clear(); }
    void add(int row, const QList<CellValue> &bound);
    /// The last one at or above a row.
    std::optional<Landmark> at(int row) const;
    /// What stood at `row` or below stands `by` further down now; of rows that went, the next one takes the place.
    void shiftFrom(int row, int by);

private:
    static constexpr size_t most = 16'000;
    std::map<int, QList<CellValue>> m_bounds;
};

} // namespace Roost
