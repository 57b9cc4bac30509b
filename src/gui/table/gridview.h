#pragma once

#include "postgres/tablequery.h"

#include <QAbstractItemView>
#include <QBasicTimer>
#include <QTimer>

#include <functional>

class QAbstractButton;
class QLabel;

namespace Roost {

class CellDelegate;
class FilterRow;
class RowNumbers;
class RowsHeader;

/// The grid of a table's rows. Holds nothing per row, so that ten million rows cost what a screenful costs: rows have
/// one height, the vertical bar counts rows, and a selection is a few ranges. Works with any table model; of a
/// RowsModel it tells which rows are in sight, follows rowsMoved() and shows sort and row numbers.
class GridView : public QAbstractItemView
{
    Q_OBJECT

public:
    explicit GridView(QWidget *parent = nullptr);
    ~GridView() override;

    void setModel(QAbstractItemModel *model) override;
    RowsHeader *header() const { return m_header; }
    FilterRow *filterRow() const { return m_filterRow; }
    void setFilterRowVisible(bool isVisible);
    bool isFilterRowVisible() const;
    /// Makes columns as wide as what the first screen holds, within reason.
    void fitColumns();
    void fitColumn(int column);
    int rowHeight() const { return m_rowHeight; }

    int firstVisibleRow() const; ///< -1 when there are no rows
    int lastVisibleRow() const;  ///< the last one of which anything is seen
    /// Makes it the current cell, the only one chosen, and scrolls to it. Without a column: the current one.
    void goTo(int row, int column = -1);

    /// The rows of which any cell is chosen, ascending; the current row when none is.
    QList<int> selectedRows(int atMost = 100000) const;
    struct Block
    {
        QList<int> rows;
        QList<int> columns;
    };
    /// Rows and columns that hold chosen cells, ascending; the current cell when none is.
    Block selectedBlock(int atMost = 100000) const;
    /// How many rows selectedRows() would give without a limit.
    qint64 selectedRowCount() const;
    /// Whether any cell of the row is chosen.
    bool isRowTouched(int row) const;
    void selectRow(int row);
    void selectColumn(int column);
    void selectAll() override;
    /// The chosen cells as lines of tab-separated values; NULL becomes nothing. Whole values as far as they are in
    /// memory; rows that are not are left out. Many rows are copied in pieces: copied() tells the end.
    void copySelection(bool withHeaders);

    /// Which cells lead to another row: they show a sign under the pointer, and Ctrl+click follows it.
    void setLinkPredicate(std::function<bool(const QModelIndex &cell)> hasLink);
    /// Occurrences of this text in the cells are marked, whatever the case. Empty: none.
    void setFindText(const QString &text);

    struct RowNumber
    {
        qint64 number = -1; ///< counted from 1
        bool isExact = true;
    };
    /// Where row numbers come from; otherwise the RowsModel, or row + 1.
    void setRowNumbers(std::function<RowNumber(int row)> numbers);
    RowNumber rowNumber(int row) const;
    /// The list that a click on a column's header asks for: descending, ascending or none, alone or behind the others.
    void requestSort(int column, bool isAdded);

    bool isEditing() const;
    /// Stages what stands in an open editor and closes it. False when it was refused: the editor stays open.
    bool commitEditor();
    /// RowsModel::rowsMoved(): scrolls along, so that what is seen stays.
    void moveRows(int by);

    QRect visualRect(const QModelIndex &index) const override;
    void scrollTo(const QModelIndex &index, ScrollHint hint = EnsureVisible) override;
    QModelIndex indexAt(const QPoint &point) const override;
    void keyboardSearch(const QString &) override {}
    QSize sizeHint() const override;

public slots:
    void reset() override;

signals:
    void visibleRowsChanged(int first, int last);
    void sortRequested(const QList<Roost::SortColumn> &sort);
    void linkActivated(const QModelIndex &cell);
    void largeEditRequested(const QModelIndex &cell);
    void menuRequested(const QModelIndex &cell, const QPoint &globalPos);
    void headerMenuRequested(int column, const QPoint &globalPos);
    /// After copySelection(): rows in the clipboard, rows that were not in memory, and values that only begin in it.
    void copied(qint64 rows, qint64 missingRows, qint64 shortenedValues);
    void selectionChosen(); ///< what selectedRows() and selectedBlock() give has changed

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void timerEvent(QTimerEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void keyReleaseEvent(QKeyEvent *event) override;
    bool focusNextPrevChild(bool next) override;

    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
    int horizontalOffset() const override;
    int verticalOffset() const override;
    bool isIndexHidden(const QModelIndex &index) const override;
    void setSelection(const QRect &rect, QItemSelectionModel::SelectionFlags command) override;
    QRegion visualRegionForSelection(const QItemSelection &selection) const override;
    void scrollContentsBy(int dx, int dy) override;
    void updateGeometries() override;
    void dataChanged(const QModelIndex &topLeft, const QModelIndex &bottomRight, const QList<int> &roles) override;
    void rowsInserted(const QModelIndex &parent, int start, int end) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;
    void selectionChanged(const QItemSelection &selected, const QItemSelection &deselected) override;
    void closeEditor(QWidget *editor, QAbstractItemDelegate::EndEditHint hint) override;

private:
    friend class RowNumbers;
    enum class Part { Cells, Rows, Columns };
    class Copier;
    struct ColumnLook
    {
        bool isNumeric = false;
        bool isBoolean = false;
    };

    void buildHeader();
    void buildScrollHint();
    void connectModel();
    void updateRowHeight();
    void placeChildren();
    void updateBars();
    void tellVisibleRows(bool always);
    int rowTotal() const;
    int columnTotal() const;
    int fullRows() const; ///< that fit wholly
    int rowAt(int y) const;
    int neededWidth(int column) const;
    int columnBeside(int column, int step) const; ///< the next one that is not hidden; -1 at the end
    void paintRow(QPainter &painter, int row, const QList<int> &columns, const QRegion &wanted);
    void showScrollHint(int row);
    void scrollToColumn(int column);
    void updateLooks();

    QItemSelection range(int fromRow, int fromColumn, int toRow, int toColumn) const;
    void choose(int row, int column, Part part, Qt::KeyboardModifiers modifiers); ///< a press
    void extendTo(int row, int column, QItemSelectionModel::SelectionFlags command);
    void moveTo(int row, int column, bool isExtending);
    void dragTo(const QPoint &position);
    void stopDragging();
    bool moveByKey(QKeyEvent *event);
    bool moveByTab(int step);
    bool leaveCells(bool next); ///< to the next or previous control
    bool chooseByKey(QKeyEvent *event);
    bool editByKey(QKeyEvent *event);
    void setHover(const QModelIndex &index, bool isCtrl);
    bool hasLink(const QModelIndex &index) const;
    QList<QPair<int, int>> selectedIntervals() const;
    void scrolledAway();
    void tellAccessible(const QModelIndex &current);

    RowsHeader *m_header;
    FilterRow *m_filterRow;
    RowNumbers *m_numbers;
    QAbstractButton *m_corner;
    QLabel *m_scrollHint;
    CellDelegate *m_delegate;
    std::function<bool(const QModelIndex &)> m_hasLink;
    std::function<RowNumber(int)> m_rowNumbers;
    QPersistentModelIndex m_hover;
    QList<QMetaObject::Connection> m_modelConnections;
    QList<ColumnLook> m_looks; ///< by column
    Copier *m_copier = nullptr;
    bool m_isFollowing = false; ///< Ctrl is down over a cell

    int m_rowHeight = 28;
    int m_toldFirst = -1;
    int m_toldLast = -1;
    int m_placeBefore = -1; ///< of the bar, before rows went; -1: none did in this turn of the event loop
    QTimer m_tell;
    int m_lastColumn = 0;
    bool m_isPlacing = false;
    bool m_isLeavingCell = false;

    // The corner that a range is drawn from, and the range's other corner.
    int m_anchorRow = 0;
    int m_anchorColumn = 0;
    Part m_part = Part::Cells;
    bool m_isDragging = false;
    QItemSelectionModel::SelectionFlags m_dragCommand;
    QPoint m_dragPosition;
    QBasicTimer m_dragScroll;
};

} // namespace Roost
