#pragma once

#include "core/result.h"
#include "postgres/catalog.h"
#include "postgres/cellvalue.h"
#include "postgres/rowfilter.h"
#include "postgres/statement.h"

#include <QByteArray>
#include <QList>

#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace Roost {

class DatabaseConnection;

/// A column of a result, as the result itself names it.
struct ResultColumn
{
    QString name;
    QString type; ///< the short name: "int4", "varchar", "timestamptz"
    unsigned typeOid = 0;
    bool isNumeric = false; ///< shown at the right
};

/// Rows held compactly: one buffer of UTF-8 and one offset a cell. Cheap to move; safe to hand between threads.
class RowPage
{
public:
    QList<ResultColumn> columns;

    qsizetype rowCount() const { return columns.isEmpty() ? 0 : qsizetype(m_ends.size()) / columns.size(); }
    bool isNull(qsizetype row, qsizetype column) const;
    QByteArrayView utf8(qsizetype row, qsizetype column) const;
    QString text(qsizetype row, qsizetype column) const; ///< empty for NULL: ask isNull() first
    void append(std::optional<QByteArrayView> cell);     ///< cell after cell, row after row; 2 GB in all at most
    void reserve(qsizetype cells);                       ///< how many will be appended
    void squeeze();                                      ///< all are: gives back what was reserved too much
    qsizetype byteCount() const { return qsizetype(m_bytes.size()); }
    /// True when the cell holds only the value's beginning.
    bool isShortened(qsizetype row, qsizetype column) const;
    /// The size of a shortened value in bytes; of other types than text and bytea as the server stores it (compressed
    /// perhaps). Else -1.
    qint64 storedBytes(qsizetype row, qsizetype column) const;
    /// What TableQuery::bound takes to go on from this row.
    QList<CellValue> bound(qsizetype row) const;
    RowKey key(qsizetype row) const; ///< empty when the table has none

    bool hasMore = false; ///< there are rows beyond this page, in the direction it was asked for

    // For who fills the page.
    void setShortened(qsizetype row, qsizetype column, qint64 storedBytes); ///< row after row, left to right
    /// Which columns give the bound and the key; a bound's last value may be the row's place instead (setPlaces()).
    void setBoundColumns(const QList<qsizetype> &boundColumns, const QList<qsizetype> &keyColumns);
    /// A ctid a row; or the number of the first row, when rows are found by counting them.
    void setPlaces(const QList<QByteArray> &places) { m_places = places; }
    void setFirstNumber(qint64 number) { m_firstNumber = number; }

private:
    struct Shortened
    {
        qsizetype cell;
        qint64 storedBytes;
    };
    std::string m_bytes;
    std::vector<quint32> m_ends;        ///< end offset; the top bit marks NULL
    std::vector<Shortened> m_shortened; ///< by cell
    QList<qsizetype> m_boundColumns;
    QList<qsizetype> m_keyColumns;
    QList<QByteArray> m_places;
    qint64 m_firstNumber = -1;
};

struct SortColumn
{
    QString column;
    bool descending = false;
    bool operator==(const SortColumn &) const = default;
};

/// How a page finds its rows. Said to the user where it is not ByKey.
enum class Paging {
    ByKey,   ///< the sort columns, and the key behind them: any page in the same time
    ByPlace, ///< no key: the sort columns, and the place in the table's file (ctid); server 14 or later, plain tables
             ///< and materialised views only
    ByOffset ///< nothing else is there: the further, the slower
};

/// One page of a table: which rows, in which order, from where. Every page is one statement and one round trip.
struct TableQuery
{
    enum class From {
        First,
        Last,   ///< the last rows; the page comes in the view's order, as always
        After,  ///< the rows behind `bound`
        Before, ///< the rows before `bound`
        At,     ///< `bound` itself and what follows
        Offset  ///< `offset` rows from the first: reads them all; only where the above cannot be used
    };
    TableId table;
    RelationKind kind = RelationKind::Table;
    bool hasInheritors = false; ///< as RelationInfo
    QList<RowColumn> columns;   ///< as RelationInfo has them; empty: `SELECT *`, nothing shortened
    QStringList keyColumns;     ///< from RelationInfo
    QList<SortColumn> sort;     ///< empty: by key
    RowFilter filter;
    int serverVersion = 0; ///< as ServerInfo; decides on ByPlace. 0: unknown, ByOffset
    int limit = 200;       ///< rows a page
    From from = From::First;
    /// RowPage::bound() of the row it starts from; or values made for a jump: those of the order's first columns do.
    QList<CellValue> bound;
    qint64 offset = 0;

    [[nodiscard]] Paging paging() const;
    /// The columns that give the order: the sort, then what of the key is not in it (ByPlace: "ctid").
    [[nodiscard]] QList<SortColumn> order() const;
    [[nodiscard]] SqlStatement statement() const;
};

/// Reads one page. Values of columns that may be long come shortened (RowPage::isShortened) when they are larger than
/// 2 kB, but for those of the order; the beginning may be empty where only the whole value has one. One round trip
/// (more only without `columns`, for the names of the database's own types; and ByPlace backwards, where deleted rows
/// or a filter leave few rows in many blocks). Blocking.
[[nodiscard]] Result<RowPage> fetchPage(DatabaseConnection &connection, const TableQuery &query,
                                        const std::stop_token &stop = {});

/// One whole value of a row that is shown; nothing is NULL. NotFound when the row is gone. Takes any size up to 1 GB.
[[nodiscard]] Result<CellValue> fetchCell(DatabaseConnection &connection, const TableQuery &query, const RowKey &key,
                                          const QString &column, const std::stop_token &stop = {});

/// How many rows the query's filter leaves; may take long.
[[nodiscard]] Result<qint64> countRows(DatabaseConnection &connection, const TableQuery &query,
                                       const std::stop_token &stop = {});

/// Where a value of the order's first column stands among the rows, by the server's statistics or by the lowest and the
/// highest value; where many rows have the same one, by the order's second column. It turns "40 % down" into a bound to
/// start a page from, and back. Nothing in it is exact, and it says so by never being used for numbers that are shown
/// as exact.
class PositionMap
{
public:
    /// The statement is one round trip; cheap (statistics, and the two ends by index). An empty map when nothing is
    /// known, with a filter, and where rows are only counted.
    [[nodiscard]] static Result<PositionMap> read(DatabaseConnection &connection, const TableQuery &query,
                                                  const std::stop_token &stop = {});
    bool isEmpty() const { return m_scales.empty() || m_scales.front().points.empty(); }
    /// The `bound` for From::At that is about `fraction` (0 … 1) of the rows down, in the query's order. Shorter than
    /// the order.
    [[nodiscard]] QList<CellValue> boundAt(double fraction) const;
    /// About where a row with this bound stands, 0 … 1; negative when it cannot be told on this side.
    [[nodiscard]] double fractionOf(const QList<CellValue> &bound) const;

private:
    class Builder;
    struct Point
    {
        double fraction = 0; ///< of the rows with a lower value
        CellValue text;
    };
    /// The values of one column, rising; two points with the same value are where its rows begin and end.
    struct Scale
    {
        RowColumn column;
        bool isDescending = false;
        std::vector<Point> points;

        double flipped(double fraction) const;
        CellValue between(const Point &low, const Point &high, double share) const;
        std::pair<double, double> around(const CellValue &value) const;
    };
    std::vector<Scale> m_scales;
};

/// What the planner says of an order: shown before a long sort starts.
struct SortEstimate
{
    bool usesIndex = false; ///< the rows come in order, or in parts that are sorted as they are needed
    double cost = 0;        ///< the planner's units
    qint64 rows = 0;        ///< that have to be read
};
[[nodiscard]] Result<SortEstimate> estimateSort(DatabaseConnection &connection, const TableQuery &query,
                                                const std::stop_token &stop = {});

/// The next row, from `query.from` on in its order (forward or, `backward`, upward), in which any column's text
/// contains `text`, case alike; an empty page when there is none. `columns`: where to look; empty: everywhere.
[[nodiscard]] Result<RowPage> findRow(DatabaseConnection &connection, const TableQuery &query, const QString &text,
                                      bool backward, const QStringList &columns = {}, const std::stop_token &stop = {});

} // namespace Roost
