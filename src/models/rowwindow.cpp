#include "models/rowwindow.h"

#include <algorithm>

namespace Roost {

namespace {

using From = TableQuery::From;

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

bool RowWindow::takeAfter(const PageWish &wish, RowPage page)
{
    if (m_cache.isEmpty() || (!wish.bound.isEmpty() && m_cache.bound(m_cache.end() - 1) != wish.bound)) {
        return false;
    }
    const int begin = m_cache.end();
    m_isAtEnd = !page.hasMore;
    m_cache.append(std::move(page));
    const int end = m_cache.end();
    coverRows(end); // the rows come first, what is known of the rest in settle()
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
        by = pageRows - place; // there are more rows above than was thought
        m_isTotalExact = m_isTotalExact && !m_isTopAnchored;
        m_isTopAnchored = false;
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
        m_cache.clear();
        m_isAtTop = m_isAtEnd = m_isTopAnchored = m_isEndAnchored = m_isTotalExact = false;
        setTotal(std::min(m_total, wish.begin)); // whatever was said, the table ends above
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
    coverRows(end);
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
    const int total = m_total;
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
        setTotal(std::max<qint64>(total, qint64(m_cache.end()) + (m_isAtEnd ? 0 : 1)));
    }
    m_isTotalExact = m_isTotalExact && m_total == total;
}

/// Rows that were read are there, whatever was said of the total.
void RowWindow::coverRows(int end)
{
    if (end > m_total) {
        m_isTotalExact = false;
        setTotal(end);
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
    m_isEndAnchored = m_isTotalExact && m_isTopAnchored;
}

void RowWindow::removeRows(int first, int last)
{
    m_listener->beginRemove(first, last);
    for (int row = last; row >= first; --row) {
        m_cache.removeRow(row);
    }
    m_total -= last - first + 1;
    m_landmarks.shiftFrom(first, first - last - 1);
    m_listener->endRemove();
}

void RowWindow::addToTotal(int rows)
{
    if (rows > 0 && isComplete() && m_total + rows <= 2 * smallTable) {
        return; // where they are shows when the rows are read again
    }
    setTotal(qint64(m_total) + rows);
    m_isTopAnchored = m_isTopAnchored && m_isAtTop;
    m_isEndAnchored = m_isAtEnd = false;
    m_landmarks.clear();
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
