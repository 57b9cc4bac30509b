#include "models/rowwindow.h"

#include <algorithm>

namespace Roost {

namespace {

using From = TableQuery::From;
constexpr int closeBy = 2 * RowWindow::pageRows; ///< a hole of this many rows is read through, not jumped over
constexpr int longestPage = 5 * RowWindow::pageRows;

} // namespace

void RowWindow::reset(qint64 estimate, const QStringList &keyColumns, Paging paging)
{
    m_cache.clear();
    m_landmarks.clear();
    m_keyColumns = keyColumns;
    m_paging = paging;
    m_isTotalKnown = estimate >= 0;
    m_total = int(std::clamp<qint64>(estimate, 0, largestTotal));
    m_isTotalExact = m_isTopAnchored = m_isEndAnchored = m_isAtTop = m_isAtEnd = false;
}

void RowWindow::begin(const PageWish &wish, RowPage page)
{
    m_isSilent = true;
    takeElsewhere(wish, std::move(page));
    m_isSilent = false;
}

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
    const std::optional<RowLandmarks::Landmark> seen = m_landmarks.at(first);
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
        if (direction >= 0 && !m_isAtEnd && end - 1 - last < pageRows / 2) {
            return after(pageRows);
        }
        if (direction <= 0 && !m_isAtTop && begin > 0 && first - begin < pageRows / 2) {
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

bool RowWindow::take(const PageWish &wish, RowPage page)
{
    switch (wish.from) {
    case From::After:
        return takeAfter(wish, std::move(page));
    case From::Before:
        return takeBefore(wish, std::move(page));
    case From::Offset:
        if (!m_cache.isEmpty() && wish.begin == m_cache.end() && m_isTopAnchored) {
            return takeAfter(wish, std::move(page));
        }
        if (!m_cache.isEmpty() && m_isTopAnchored && page.rowCount() == wish.limit &&
            wish.begin + wish.limit == m_cache.begin()) {
            return takeBefore(wish, std::move(page));
        }
        return takeElsewhere(wish, std::move(page));
    default:
        return takeElsewhere(wish, std::move(page));
    }
}

bool RowWindow::takeAgain(const PageWish &wish, RowPage page, int /*anchor*/)
{
    return takeElsewhere(wish, std::move(page));
}

bool RowWindow::takeAfter(const PageWish &wish, RowPage page)
{
    if (m_cache.isEmpty() || (!wish.bound.isEmpty() && m_cache.bound(m_cache.end() - 1) != wish.bound)) {
        return false;
    }
    const int begin = m_cache.end();
    m_isAtEnd = !page.hasMore;
    m_cache.append(std::move(page));
    const int end = m_cache.end();
    if (end > m_total) {
        setTotal(end); // the rows come first, what is known of the rest in settle()
    }
    rememberPlaces(begin, end);
    if (end > begin) {
        m_listener->changed(begin, end - 1);
    }
    settle();
    return true;
}

bool RowWindow::takeBefore(const PageWish &wish, RowPage page)
{
    if (m_cache.isEmpty() || (!wish.bound.isEmpty() && m_cache.bound(m_cache.begin()) != wish.bound)) {
        return false;
    }
    const int rows = int(page.rowCount());
    const bool isTop = wish.from == From::Offset ? wish.begin == 0 : !page.hasMore;
    // Room first: where the rows will stand must be rows of the model before they are there.
    const int place = m_cache.begin() - rows;
    int by = 0;
    if (isTop) {
        by = -place;
    } else if (place <= 0) {
        by = RowWindow::pageRows - place;
        m_isTopAnchored = false; // there are more rows above than was thought
    }
    if (by != 0) {
        shift(by);
    }
    m_isAtTop = isTop;
    m_isTopAnchored = m_isTopAnchored || isTop;
    m_cache.prepend(std::move(page));
    const int begin = m_cache.begin();
    rememberPlaces(begin, begin + rows);
    if (rows > 0) {
        m_listener->changed(begin, begin + rows - 1);
    }
    settle();
    return true;
}

/// A page that has nothing to do with what is in memory.
bool RowWindow::takeElsewhere(const PageWish &wish, RowPage page)
{
    const int rows = int(page.rowCount());
    const bool isWhole = wish.from == From::First ? !page.hasMore : wish.from == From::Last && !page.hasMore;
    if (rows == 0 && !isWhole && wish.from != From::First && wish.begin > 0) {
        return false;
    }
    int begin = wish.begin;
    if (wish.from == From::Last) {
        m_isAtEnd = true;
        m_isAtTop = !page.hasMore;
        begin = m_isAtTop ? 0 : std::max(m_total - rows, 1);
        m_isTopAnchored = m_isAtTop || (m_isTotalExact && begin == m_total - rows);
        m_isEndAnchored = true;
    } else {
        m_isAtEnd = !page.hasMore;
        m_isAtTop = wish.from == From::First || (wish.from == From::Offset && begin == 0);
        m_isTopAnchored = m_isAtTop || wish.isExact;
        m_isEndAnchored = m_isAtEnd || (m_isTotalExact && m_isTopAnchored);
    }
    m_cache.start(begin, std::move(page), m_keyColumns);
    const int end = m_cache.isEmpty() ? begin : m_cache.end();
    if (end > m_total) {
        setTotal(end);
    }
    rememberPlaces(begin, end);
    if (end > begin && !m_isSilent) {
        m_listener->changed(begin, end - 1);
    }
    settle();
    return true;
}

/// Makes the numbers and the total agree with what is known of the two ends.
void RowWindow::settle()
{
    if (m_cache.isEmpty()) {
        setTotal(m_isAtTop && m_isAtEnd ? 0 : m_total);
        m_isTotalExact = m_isTotalKnown = m_isAtTop && m_isAtEnd;
        return;
    }
    if (!m_isAtTop && m_cache.begin() == 0) {
        m_isTopAnchored = false;
        shift(pageRows);
    }
    settleEnd();
    if (m_isTopAnchored && m_isEndAnchored) {
        m_isTotalExact = m_isTotalKnown = true;
    } else if (m_isTotalExact && m_isTopAnchored) {
        m_isEndAnchored = true;
    }
}

void RowWindow::settleEnd()
{
    const int end = m_cache.end();
    if (m_isAtEnd) {
        if (end != m_total && m_isTotalExact && !m_isTopAnchored && m_total - end + m_cache.begin() > 0) {
            const int exact = m_total;
            shift(m_total - end);
            setTotal(exact);
            m_isTopAnchored = true;
            rememberPlaces(m_cache.begin(), m_cache.end());
        } else {
            m_isTotalExact = m_isTotalExact && end == m_total;
            setTotal(end);
        }
        m_isTotalKnown = m_isEndAnchored = true;
        return;
    }
    if (end < m_total) {
        return;
    }
    if (m_isTotalExact && !m_isTopAnchored && m_cache.begin() > 2 * pageRows) {
        const int exact = m_total; // the guess was too low down
        shift(-pageRows);
        setTotal(exact);
        return;
    }
    m_isTotalExact = m_isEndAnchored = false;
    setTotal(qint64(end) + pageRows);
}

/// Moves the rows in memory by putting unknown rows before them, or taking some away: to a view and its selection this
/// is nothing new.
void RowWindow::shift(int by)
{
    const int begin = m_cache.begin();
    by = by > 0 ? std::min(by, largestTotal - m_total) : std::max(by, -begin);
    if (by == 0) {
        return;
    }
    if (by > 0) {
        if (!m_isSilent) {
            m_listener->beginInsert(begin, begin + by - 1);
        }
        m_cache.shift(by);
        m_total += by;
        if (!m_isSilent) {
            m_listener->endInsert();
        }
    } else {
        if (!m_isSilent) {
            m_listener->beginRemove(begin + by, begin - 1);
        }
        m_cache.shift(by);
        m_total += by;
        if (!m_isSilent) {
            m_listener->endRemove();
        }
    }
    if (!m_isSilent) {
        m_listener->moved(by);
    }
    if (!m_isEndAnchored) {
        setTotal(std::max<qint64>(qint64(m_total) - by, qint64(m_cache.end()) + (m_isAtEnd ? 0 : 1)));
    }
}

void RowWindow::setTotal(qint64 wanted)
{
    const int total = int(std::clamp<qint64>(wanted, 0, largestTotal));
    if (total == m_total) {
        return;
    }
    const bool grows = total > m_total;
    if (!m_isSilent) {
        grows ? m_listener->beginInsert(m_total, total - 1) : m_listener->beginRemove(total, m_total - 1);
    }
    m_total = total;
    if (!m_isSilent) {
        grows ? m_listener->endInsert() : m_listener->endRemove();
    }
}

void RowWindow::rememberPlaces(int begin, int end)
{
    if (!m_isTopAnchored || m_paging == Paging::ByOffset) {
        return;
    }
    for (int row = begin; row < end; row += pageRows) {
        m_landmarks.add(row, m_cache.bound(row));
    }
}

void RowWindow::setCounted(qint64 rows)
{
    const qint64 least = m_cache.isEmpty() || !m_isTopAnchored ? 0 : qint64(m_cache.end()) + (m_isAtEnd ? 0 : 1);
    if (m_isEndAnchored && !m_isTopAnchored && !m_cache.isEmpty() && rows - m_total + m_cache.begin() > 0) {
        shift(int(std::min<qint64>(rows, largestTotal) - m_total));
        m_isTopAnchored = true;
        rememberPlaces(m_cache.begin(), m_cache.end());
    } else {
        if (m_isAtEnd && rows > m_cache.end()) {
            m_isAtEnd = false; // some have come since
        }
        if (!m_cache.isEmpty() && !m_isTopAnchored && m_cache.end() >= rows) {
            shift(int(rows - pageRows - m_cache.end()));
        }
        setTotal(std::max(rows, least));
    }
    m_isTotalKnown = true;
    m_isTotalExact = m_total == rows;
    m_isEndAnchored = m_isEndAnchored || m_isTopAnchored;
}

void RowWindow::removeRow(int row)
{
    if (!m_isSilent) {
        m_listener->beginRemove(row, row);
    }
    m_cache.removeRow(row);
    --m_total;
    m_landmarks.shiftFrom(row, -1);
    if (!m_isSilent) {
        m_listener->endRemove();
    }
}

void RowWindow::addToTotal(int rows)
{
    if (m_isAtEnd) {
        m_isAtEnd = false;
    }
    setTotal(qint64(m_total) + rows);
}

void RowWindow::trim(int first, int last)
{
    const int begin = m_cache.begin();
    const int end = m_cache.end();
    m_cache.trim(first, last, mostRows, mostBytes);
    m_isAtTop = m_isAtTop && m_cache.begin() == begin;
    m_isAtEnd = m_isAtEnd && m_cache.end() == end;
}

} // namespace Roost
