#pragma once

#include "models/rowcache.h"
#include "models/rowlandmarks.h"

#include <QList>

#include <optional>

namespace Roost {

/// A page to read, and where its rows will stand.
struct PageWish
{
    TableQuery::From from = TableQuery::From::First;
    int begin = 0; ///< number of the first row (After, At, Offset), or one past the last (Before); of Last: not used
    int limit = 200;
    QList<CellValue> bound;
    bool isExact = false; ///< At: `begin` is known, not a guess
};

/// Which part of a table is in memory, what its rows' numbers are worth, and what is to be read next. Knows neither a
/// server nor an item model: tells its Listener of rows that come, go and change. Numbers are anchored at the top when
/// the stretch in memory was reached from the first row without a gap, and at the end likewise.
class RowWindow
{
public:
    static constexpr int pageRows = 200;
    static constexpr int smallTable = 2000; ///< rows; held whole
    static constexpr int mostRows = 20'000;
    static constexpr qsizetype mostBytes = qsizetype(32) << 20;
    static constexpr int largestTotal = 2'000'000'000; ///< leaves room for new rows within an int

    class Listener
    {
    public:
        virtual ~Listener() = default;
        virtual void beginInsert(int first, int last) = 0;
        virtual void endInsert() = 0;
        virtual void beginRemove(int first, int last) = 0;
        virtual void endRemove() = 0;
        virtual void changed(int first, int last) = 0;
        virtual void moved(int by) = 0;
    };

    explicit RowWindow(Listener *listener)
        : m_listener(listener)
    {
    }

    /// Forgets everything, silently. `estimate`: -1 when nothing is known of the number of rows.
    void reset(qint64 estimate, const QStringList &keyColumns, Paging paging);
    /// The first page after reset(), silently: the caller announces a new model.
    void begin(const PageWish &wish, RowPage page);

    const RowCache &cache() const { return m_cache; }
    int total() const { return m_total; }
    bool isTotalExact() const { return m_isTotalExact; }
    bool isTotalKnown() const { return m_isTotalKnown; } ///< exact, or somebody's estimate, not just "there is more"
    bool isNumberExact() const { return m_isTopAnchored; }
    bool isAtTop() const { return m_isAtTop; } ///< the table's first row is in memory
    bool isAtEnd() const { return m_isAtEnd; }
    bool isComplete() const { return m_isAtTop && m_isAtEnd; }

    /// What has to be read so that these rows are there, and some more in the direction of movement; nothing when all
    /// is there. `direction`: below zero up, above zero down.
    std::optional<PageWish> wanted(int first, int last, int direction, const PositionMap &map) const;
    /// Goes on reading a table that is small enough to be held whole.
    std::optional<PageWish> rest() const;
    /// The last page, whatever is known.
    PageWish lastPage(int limit) const;
    /// Where to begin to look from a row on (or, `backward`, upward).
    PageWish placeOf(int row, bool backward, const PositionMap &map) const;
    /// Whether a page that is under way is of use for these rows.
    static bool serves(const PageWish &wish, int first, int last);

    /// Takes a page that was wished for in. False when it fits no more (what it was to be put behind is gone), or is
    /// empty where there should be rows: then the last page is the way out.
    bool take(const PageWish &wish, RowPage page);
    /// As take(), for rows that were read again: rows with known keys keep their neighbours, those that went or came
    /// are told as such. `anchor`: the row that shall stay in sight.
    bool takeAgain(const PageWish &wish, RowPage page, int anchor);
    /// The server was asked how many there are.
    void setCounted(qint64 rows);
    /// The rows were changed by others, perhaps: what was counted is an estimate from now on.
    void doubtTotal() { m_isTotalExact = m_isTotalExact && isComplete(); }
    /// Rows in memory, the last included, that are not in the table any more.
    void removeRows(int first, int last);
    /// Rows were added, nobody knows where: the rows are to be read again.
    void addToTotal(int rows);
    void put(int row, int column, const CellValue &value) { m_cache.put(row, column, value); }
    /// Forgets pages far from these rows.
    void trim(int first, int last);

private:
    PageWish after(int limit) const;
    PageWish before(int limit) const;
    PageWish jump(int first, int last, const PositionMap &map) const;
    bool takeAfter(const PageWish &wish, RowPage page);
    bool takeBefore(const PageWish &wish, RowPage page);
    bool takeElsewhere(const PageWish &wish, RowPage page);
    void settle();
    void settleEnd();
    void shift(int by);
    void setTotal(qint64 wanted);
    void coverRows(int end);
    void rememberPlaces(int begin, int end);

    Listener *m_listener;
    RowCache m_cache;
    RowLandmarks m_landmarks;
    QStringList m_keyColumns;
    Paging m_paging = Paging::ByKey;
    int m_total = 0;
    bool m_isTotalKnown = false;
    bool m_isTotalExact = false;
    bool m_isTopAnchored = false; ///< numbers of rows in memory are exact
    bool m_isEndAnchored = false; ///< so is their distance to the end
    bool m_isAtTop = false;
    bool m_isAtEnd = false;
    bool m_isSilent = false;
};

} // namespace Roost
