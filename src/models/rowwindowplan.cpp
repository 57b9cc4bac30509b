// What RowWindow has read next.

#include "models/rowwindow.h"

#include <algorithm>

namespace Roost {

namespace {

using From = TableQuery::From;
constexpr int closeBy = 2 * RowWindow::pageRows; ///< a hole of this many rows is read through, not jumped over
constexpr int longestPage = 5 * RowWindow::pageRows;
constexpr int ahead = RowWindow::pageRows / 4; ///< less than what a jump reads on either side: it is one round trip

} // namespace

bool RowWindow::serves(const PageWish &wish, int first, int last)
{
    switch (wish.from) {
    case From::Before:
        return first < wish.begin + pageRows && last >= wish.begin - wish.limit - closeBy;
    case From::Last:
        return last >= wish.begin;
    default:
        return last >= wish.begin - pageRows && first < wish.begin + wish.limit + closeBy;
    }
}

PageWish RowWindow::after(int limit) const
{
    PageWish wish{From::After, m_cache.end(), limit, {}, false};
    if (m_paging == Paging::ByOffset) {
        wish.from = From::Offset;
        wish.isExact = true;
    } else {
        wish.bound = m_cache.bound(m_cache.end() - 1);
    }
    return wish;
}

PageWish RowWindow::before(int limit) const
{
    PageWish wish{From::Before, m_cache.begin(), limit, {}, false};
    if (m_paging == Paging::ByOffset) {
        wish.limit = std::min(limit, m_cache.begin());
        wish.begin = m_cache.begin() - wish.limit;
        wish.from = From::Offset;
        wish.isExact = true;
    } else {
        wish.bound = m_cache.bound(m_cache.begin());
    }
    return wish;
}

PageWish RowWindow::lastPage(int limit) const
{
    const int begin = std::max(0, m_total - limit);
    if (m_paging == Paging::ByOffset) {
        return {From::Offset, begin, limit, {}, true};
    }
    return {From::Last, begin, limit, {}, false};
}

PageWish RowWindow::jump(int first, int last, const PositionMap &map) const
{
    const int rows = last - first + 1;
    const int limit = std::max(pageRows, rows + pageRows / 2);
    const int begin = std::max(0, first - std::max(0, limit - rows) / 2);
    if (last < limit || begin == 0) {
        return {From::First, 0, std::max(limit, last + 1), {}, true};
    }
    if (m_paging == Paging::ByOffset) {
        return {From::Offset, begin, limit, {}, true};
    }
    const std::optional<RowLandmarks::Landmark> seen = m_landmarks.at(std::max(0, first - ahead));
    if (seen && last - seen->row < longestPage) {
        return {From::At, seen->row, std::max(limit, last - seen->row + 1 + pageRows / 2), seen->bound, true};
    }
    if (first >= m_total - limit) {
        return lastPage(limit);
    }
    if (!map.isEmpty()) {
        return {From::At, begin, limit, map.boundAt(double(begin) / m_total), false};
    }
    return {From::Offset, begin, limit, {}, true};
}

std::optional<PageWish> RowWindow::wanted(int first, int last, int direction, const PositionMap &map) const
{
    last = std::min(last, m_total - 1);
    first = std::max(first, 0);
    if (first > last) {
        return std::nullopt; // new rows are always here
    }
    const int begin = m_cache.begin();
    const int end = m_cache.end();
    if (m_cache.isEmpty()) {
        return jump(first, last, map);
    }
    if (first >= begin && last < end) {
        if (direction >= 0 && !m_isAtEnd && end - 1 - last < ahead) {
            return after(pageRows);
        }
        if (direction <= 0 && !m_isAtTop && begin > 0 && first - begin < ahead) {
            return before(pageRows);
        }
        return std::nullopt;
    }
    const int limit = std::clamp(last - first + 1 + pageRows / 2, int(pageRows), largestTotal);
    if (last >= end && first >= begin && last - end < closeBy + limit && !m_isAtEnd) {
        return after(std::max(int(pageRows), last - end + 1 + pageRows / 2));
    }
    const bool wantsFirstRow = first == 0 && !m_isTopAnchored;
    if (first < begin && last >= begin - closeBy && !wantsFirstRow && begin - first < closeBy + limit) {
        return before(std::max(int(pageRows), begin - first + pageRows / 2));
    }
    return jump(first, last, map);
}

PageWish RowWindow::placeOf(int row, bool backward, const PositionMap &map) const
{
    if (m_cache.contains(row)) {
        const bool isCounted = m_paging == Paging::ByOffset;
        return {isCounted ? From::Offset : From::At, row, pageRows, m_cache.bound(row), true};
    }
    if (!backward && !m_cache.isEmpty() && row == m_cache.end()) {
        return after(pageRows);
    }
    if (backward && !m_cache.isEmpty() && row == m_cache.begin() - 1) {
        PageWish wish = before(pageRows);
        wish.bound = m_cache.bound(m_cache.begin());
        return wish;
    }
    return jump(row, row, map);
}

std::optional<PageWish> RowWindow::rest() const
{
    if (!m_isTotalKnown || m_total > smallTable || m_cache.isEmpty() || isComplete() ||
        m_cache.byteCount() > mostBytes / 2 || m_cache.end() - m_cache.begin() > 2 * smallTable) {
        return std::nullopt;
    }
    return m_isAtEnd ? before(3 * pageRows) : after(3 * pageRows);
}

} // namespace Roost
