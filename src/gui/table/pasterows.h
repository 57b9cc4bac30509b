#pragma once

#include "postgres/catalog.h"
#include "postgres/cellvalue.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace Roost {

/// What a spreadsheet puts into the clipboard: lines of cells with tabs between them; a cell in double quotes may hold
/// tabs, line ends and (doubled) quotes. Quotes that do not enclose a whole cell are part of it. `\N` alone is NULL.
/// Read in pieces: a clipboard may hold many lines.
class PastedCells
{
public:
    struct Cell
    {
        QString text;
        bool isNull = false;
        bool isQuoted = false;
    };
    using Row = QList<Cell>;

    explicit PastedCells(QString text);

    /// Reads on for at most this long; true at the end.
    bool read(qint64 milliseconds);
    const QList<Row> &rows() const { return m_rows; }
    qsizetype widest() const { return m_widest; } ///< cells in the longest line
    /// True when the first line names columns of the table, each at most once; takeHeader() then takes it away.
    bool hasHeader(const QList<RowColumn> &columns) const;
    QStringList takeHeader();

private:
    Cell readCell();
    bool readQuoted(Cell *cell);

    QString m_text;
    qsizetype m_at = 0;
    QList<Row> m_rows;
    Row m_row;
    qsizetype m_widest = 0;
};

/// The value that a pasted cell stands for in a column: an empty cell is the empty text in columns of text, and NULL in
/// all others.
[[nodiscard]] CellValue pastedValue(const PastedCells::Cell &cell, const RowColumn &column);

/// A value as a cell of a spreadsheet's clipboard, so that PastedCells reads it back. `marksNull`: NULL becomes `\N`,
/// else nothing.
[[nodiscard]] QString copiedCell(const CellValue &value, bool marksNull);

} // namespace Roost
