// How RowWindow takes in rows that were read a second time.

#include "models/rowwindow.h"

#include <QHash>

#include <algorithm>
#include <vector>

namespace Roost {

namespace {

using From = TableQuery::From;

/// A run of rows between two that are the same before and after: `gone` rows become `come` others.
struct Gap
{
    int at = 0; ///< in the old rows
    int gone = 0;
    int come = 0;
};

/// What became of rows with these keys, the last gap first; nothing when their order is another one. Beyond the last row that is in both,
/// nothing is known, unless both lists are whole.
std::optional<std::vector<Gap>> gapsBetween(const QList<RowKey> &before, const QList<RowKey> &now, bool areWhole)
{
    QHash<RowKey, int> places;
    for (int row = 0; row < before.size(); ++row) {
        places.insert(before.at(row), row);
    }
    std::vector<Gap> gaps;
    int lastBefore = -1;
    int lastNow = -1;
    const auto note = [&](int rowBefore, int rowNow) {
        const Gap gap{lastBefore + 1, rowBefore - lastBefore - 1, rowNow - lastNow - 1};
        if (gap.gone > 0 || gap.come > 0) {
            gaps.push_back(gap);
        }
        lastBefore = rowBefore;
        lastNow = rowNow;
    };
    for (int row = 0; row < now.size(); ++row) {
        const int place = places.value(now.at(row), -1);
        if (place >= 0 && place <= lastBefore) {
            return std::nullopt;
        }
        if (place >= 0) {
            note(place, row);
        }
    }
    if (areWhole) {
        note(int(before.size()), int(now.size()));
    }
    std::reverse(gaps.begin(), gaps.end());
    return gaps;
}

} // namespace

bool RowWindow::takeAgain(const PageWish &wish, RowPage page, int anchor)
{
    const int rows = int(page.rowCount());
    if (rows == 0 && wish.from != From::First) {
        return false;
    }
    const bool areWhole = wish.from == From::First && !page.hasMore && isComplete();
    QList<RowKey> before;
    QList<RowKey> now;
    const int end = areWhole ? m_cache.end() : std::min(m_cache.end(), wish.begin + 2 * rows);
    for (int row = wish.begin; !m_keyColumns.isEmpty() && m_cache.contains(row) && row < end; ++row) {
        before += m_cache.key(row);
    }
    for (int row = 0; !before.isEmpty() && row < rows; ++row) {
        now += page.key(row);
    }
    m_landmarks.clear(); // their numbers may be others now
    const std::optional<std::vector<Gap>> gaps = gapsBetween(before, now, areWhole && !m_keyColumns.isEmpty());
    if (!gaps) {
        return takeElsewhere(wish, std::move(page));
    }
    m_cache.clear(); // while rows come and go, none has a content that could be wrong
    int by = 0;
    for (const Gap &gap : *gaps) {
        const int at = wish.begin + gap.at;
        if (gap.gone > 0) {
            m_listener->beginRemove(at, at + gap.gone - 1);
            m_total -= gap.gone;
            m_listener->endRemove();
        }
        if (gap.come > 0) {
            m_listener->beginInsert(at, at + gap.come - 1);
            m_total += gap.come;
            m_listener->endInsert();
        }
        if (at < anchor) {
            by += at + gap.gone <= anchor ? gap.come - gap.gone : std::min(0, at - anchor + gap.come);
        }
    }
    const bool isTaken = takeElsewhere(wish, std::move(page));
    if (by != 0) {
        m_listener->moved(by);
    }
    return isTaken;
}

} // namespace Roost
