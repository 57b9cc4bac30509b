#include "gui/table/gridview.h"
#include "gui/table/rownumbers.h"
#include "gui/table/rowsheader.h"

#include <QScrollBar>

#include <algorithm>

namespace Roost {

QItemSelection GridView::range(int fromRow, int fromColumn, int toRow, int toColumn) const
{
    if (rowTotal() == 0 || columnTotal() == 0) {
        return {};
    }
    const auto row = [this](int at) { return qBound(0, at, rowTotal() - 1); };
    const auto column = [this](int at) { return qBound(0, at, columnTotal() - 1); };
    return {model()->index(row(qMin(fromRow, toRow)), column(qMin(fromColumn, toColumn))),
            model()->index(row(qMax(fromRow, toRow)), column(qMax(fromColumn, toColumn)))};
}

void GridView::extendTo(int row, int column, QItemSelectionModel::SelectionFlags command)
{
    const bool wholeRows = m_part == Part::Rows;
    const bool wholeColumns = m_part == Part::Columns;
    selectionModel()->select(range(wholeColumns ? 0 : m_anchorRow, wholeRows ? 0 : m_anchorColumn,
                                   wholeColumns ? rowTotal() - 1 : row, wholeRows ? columnTotal() - 1 : column),
                             command);
}

void GridView::choose(int row, int column, Part part, Qt::KeyboardModifiers modifiers)
{
    const int cell = column < 0 ? qBound(0, m_lastColumn, columnTotal() - 1) : column;
    const QModelIndex index = model()->index(row, cell);
    m_part = part;
    if (modifiers.testFlag(Qt::ShiftModifier) && currentIndex().isValid()) {
        m_dragCommand = QItemSelectionModel::ClearAndSelect;
        extendTo(row, cell, m_dragCommand);
    } else {
        m_anchorRow = row;
        m_anchorColumn = cell;
        const bool isToggled = modifiers.testFlag(Qt::ControlModifier);
        const bool wasChosen = selectionModel()->isSelected(index);
        const auto verb = isToggled && wasChosen ? QItemSelectionModel::Deselect : QItemSelectionModel::Select;
        extendTo(row, cell, isToggled ? verb : QItemSelectionModel::ClearAndSelect);
        m_dragCommand = verb | QItemSelectionModel::Current;
    }
    m_isDragging = true;
    selectionModel()->setCurrentIndex(index, QItemSelectionModel::NoUpdate);
}

void GridView::moveTo(int row, int column, bool isExtending)
{
    if (rowTotal() == 0 || columnTotal() == 0) {
        return;
    }
    const int toRow = qBound(0, row, rowTotal() - 1);
    const QModelIndex index = model()->index(toRow, qBound(0, column, columnTotal() - 1));
    if (isExtending) {
        extendTo(index.row(), index.column(), QItemSelectionModel::ClearAndSelect);
        selectionModel()->setCurrentIndex(index, QItemSelectionModel::NoUpdate);
    } else {
        m_part = Part::Cells;
        m_anchorRow = index.row();
        m_anchorColumn = index.column();
        selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect);
    }
    scrollTo(index);
}

void GridView::selectRow(int row)
{
    if (row >= 0 && row < rowTotal() && columnTotal() > 0) {
        choose(row, -1, Part::Rows, Qt::NoModifier);
        stopDragging();
    }
}

void GridView::selectColumn(int column)
{
    if (column >= 0 && column < columnTotal() && rowTotal() > 0) {
        choose(qBound(0, currentIndex().row(), rowTotal() - 1), column, Part::Columns, Qt::NoModifier);
        stopDragging();
    }
}

void GridView::selectAll()
{
    selectionModel()->select(range(0, 0, rowTotal() - 1, columnTotal() - 1), QItemSelectionModel::ClearAndSelect);
}

bool GridView::isRowTouched(int row) const
{
    const QItemSelection chosen = selectionModel() ? selectionModel()->selection() : QItemSelection();
    return std::any_of(chosen.begin(), chosen.end(), [row](const QItemSelectionRange &part) {
        return part.isValid() && part.top() <= row && row <= part.bottom();
    });
}

/// The chosen rows as ranges that do not touch, ascending.
QList<QPair<int, int>> GridView::selectedIntervals() const
{
    QList<QPair<int, int>> parts;
    const QItemSelection chosen = selectionModel() ? selectionModel()->selection() : QItemSelection();
    for (const QItemSelectionRange &part : chosen) {
        if (part.isValid()) {
            parts += {part.top(), part.bottom()};
        }
    }
    if (parts.isEmpty() && currentIndex().isValid()) {
        parts += {currentIndex().row(), currentIndex().row()};
    }
    std::sort(parts.begin(), parts.end());
    QList<QPair<int, int>> joined;
    for (const auto &part : std::as_const(parts)) {
        if (!joined.isEmpty() && part.first <= joined.last().second + 1) {
            joined.last().second = qMax(joined.last().second, part.second);
        } else {
            joined += part;
        }
    }
    return joined;
}

QList<int> GridView::selectedRows(int atMost) const
{
    QList<int> rows;
    const auto parts = selectedIntervals();
    for (const auto &[from, to] : parts) {
        for (int row = from; row <= to && rows.size() < atMost; ++row) {
            rows += row;
        }
    }
    return rows;
}

qint64 GridView::selectedRowCount() const
{
    qint64 count = 0;
    const auto parts = selectedIntervals();
    for (const auto &[from, to] : parts) {
        count += qint64(to) - from + 1;
    }
    return count;
}

GridView::Block GridView::selectedBlock(int atMost) const
{
    Block block{selectedRows(atMost), {}};
    QList<bool> isIn(columnTotal(), false);
    const QItemSelection chosen = selectionModel() ? selectionModel()->selection() : QItemSelection();
    for (const QItemSelectionRange &part : chosen) {
        for (int column = part.left(); part.isValid() && column <= part.right(); ++column) {
            isIn[column] = true;
        }
    }
    if (chosen.isEmpty() && currentIndex().isValid()) {
        isIn[currentIndex().column()] = true;
    }
    for (int column = 0; column < isIn.size(); ++column) {
        if (isIn[column] && !m_header->isSectionHidden(column)) {
            block.columns += column;
        }
    }
    return block;
}

void GridView::setSelection(const QRect &rect, QItemSelectionModel::SelectionFlags command)
{
    const QModelIndex from = indexAt(rect.topLeft());
    const QModelIndex to = indexAt(rect.bottomRight());
    if (from.isValid() && to.isValid()) {
        selectionModel()->select(range(from.row(), from.column(), to.row(), to.column()), command);
    }
}

void GridView::moveRows(int by)
{
    // Rows were put in or taken away above: the model took current cell, selection and editors along. When they were
    // taken away, the bar may have had to give way already.
    const int from = m_placeBefore >= 0 ? m_placeBefore : verticalScrollBar()->value();
    m_placeBefore = -1;
    m_anchorRow += by;
    verticalScrollBar()->setValue(from + by);
    viewport()->update();
    m_numbers->update();
    updateEditorGeometries();
}

void GridView::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    m_isLeavingCell = true;
    QAbstractItemView::currentChanged(current, previous);
    m_isLeavingCell = false;
    if (current.isValid()) {
        m_lastColumn = current.column();
    }
    for (const QModelIndex &index : {current, previous}) {
        const QRect rect = visualRect(index);
        viewport()->update(rect);
        m_numbers->update(0, rect.top(), m_numbers->width(), rect.height());
    }
    tellAccessible(current);
}

void GridView::selectionChanged(const QItemSelection &selected, const QItemSelection &deselected)
{
    viewport()->update(visualRegionForSelection(selected) + visualRegionForSelection(deselected));
    m_numbers->update();
    emit selectionChosen();
}

} // namespace Roost
