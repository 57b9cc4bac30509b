#pragma once

#include "models/foldedtext.h"
#include "postgres/tablequery.h"

#include <QHash>

#include <memory>
#include <optional>
#include <vector>

namespace Roost {

/// The rows of one table that are in memory: one stretch without holes, kept as the pages that came, found by their row
/// number. Bounded by trim(). A plain value of the GUI thread.
class RowCache
{
public:
    bool isEmpty() const { return m_slices.empty(); }
    int begin() const { return m_begin; } ///< number of the first row
    int end() const { return m_end; }     ///< one past the last
    bool contains(int row) const { return row >= m_begin && row < m_end; }
    qsizetype byteCount() const { return m_bytes; }

    void clear();
    /// Forgets what was there; `page` begins at row `begin`.
    void start(int begin, RowPage page, const QStringList &keyColumns);
    void append(RowPage page);
    void prepend(RowPage page);
    /// The same rows, `by` further down.
    void shift(int by);
    /// Takes one row out; those behind it move up.
    void removeRow(int row);
    /// Drops the pages farthest from these rows until no more than that is left; what they are in stays.
    void trim(int first, int last, int mostRows, qsizetype mostBytes);

    bool isNull(int row, int column) const;
    /// The whole value, or its beginning if isShortened().
    CellValue value(int row, int column) const;
    /// At most this many bytes of its UTF-8, never cut inside a character.
    QString head(int row, int column, qsizetype bytes, bool *isCut) const;
    bool isShortened(int row, int column) const;
    qint64 storedBytes(int row, int column) const;
    /// Puts another value over what was read: a whole one, or one that was just stored.
    void put(int row, int column, const CellValue &value);
    RowKey key(int row) const;
    QList<CellValue> bound(int row) const;
    /// Whether a text is in what is here of a cell.
    bool holds(int row, int column, const FoldedText &text) const;

private:
    struct Held
    {
        RowPage rows;
        QHash<qint64, CellValue> put; ///< by row × columns + column
        qsizetype bytes = 0;          ///< with what is put
        int uses = 0;                 ///< slices that show it
    };
    struct Slice
    {
        std::shared_ptr<Held> held;
        int first = 0; ///< in `held`
        int begin = 0; ///< number of its first row, relative to m_origin
        int count = 0;
    };
    struct Place
    {
        const Slice *slice;
        qsizetype row; ///< in the page
    };
    Place place(int row) const;
    const CellValue *put(const Place &at, int column) const;
    Slice made(RowPage page, int begin);
    void drop(const Slice &slice);

    std::vector<Slice> m_slices; ///< in order
    int m_origin = 0;            ///< added to Slice::begin: a shift moves no slice
    int m_begin = 0;
    int m_end = 0;
    qsizetype m_bytes = 0;
    QList<int> m_keyColumns;
};

} // namespace Roost
