#include "models/rowlandmarks.h"

#include <algorithm>

namespace Roost {

void RowLandmarks::add(int row, const QList<CellValue> &bound)
{
    if (bound.isEmpty()) {
        return;
    }
    m_bounds.insert_or_assign(row, bound);
    if (m_bounds.size() <= most) {
        return;
    }
    bool goes = false;
    for (auto it = m_bounds.begin(); it != m_bounds.end(); goes = !goes) {
        it = goes ? m_bounds.erase(it) : std::next(it);
    }
}

std::optional<RowLandmarks::Landmark> RowLandmarks::at(int row) const
{
    const auto after = m_bounds.upper_bound(row);
    if (after == m_bounds.begin()) {
        return std::nullopt;
    }
    const auto found = std::prev(after);
    return Landmark{found->first, found->second};
}

void RowLandmarks::shiftFrom(int row, int by)
{
    std::map<int, QList<CellValue>> moved;
    for (auto &[number, bound] : m_bounds) {
        moved.insert_or_assign(number >= row ? std::max(row, number + by) : number, std::move(bound));
    }
    m_bounds = std::move(moved);
}

} // namespace Roost
