#include "gui/table/filterrow.h"
#include "gui/table/gridview.h"
#include "gui/table/rownumbers.h"
#include "gui/table/rowsheader.h"
#include "gui/theme/theme.h"
#include "models/plaintext.h"

#include <QCursor>
#include <QLabel>
#include <QScrollBar>

namespace Roost {

void GridView::scrollTo(const QModelIndex &index, ScrollHint hint)
{
    if (!index.isValid()) {
        return;
    }
    const int row = index.row();
    const int first = verticalScrollBar()->value();
    if (hint == PositionAtCenter) {
        verticalScrollBar()->setValue(row - fullRows() / 2);
    } else if (hint == PositionAtTop || row < first) {
        verticalScrollBar()->setValue(row);
    } else if (hint == PositionAtBottom || row > first + fullRows() - 1) {
        verticalScrollBar()->setValue(row - fullRows() + 1);
    }
    scrollToColumn(index.column());
}

void GridView::scrollToColumn(int column)
{
    const int left = m_header->sectionPosition(column);
    const int width = m_header->sectionSize(column);
    QScrollBar *bar = horizontalScrollBar();
    if (left < bar->value() || width > viewport()->width()) {
        bar->setValue(left);
    } else if (left + width > bar->value() + viewport()->width()) {
        bar->setValue(left + width - viewport()->width());
    }
}

void GridView::goTo(int row, int column)
{
    if (row < 0 || row >= rowTotal() || columnTotal() == 0) {
        return;
    }
    const int wanted = column < 0 ? qBound(0, m_lastColumn, columnTotal() - 1) : column;
    const QModelIndex index = model()->index(row, wanted);
    const bool isInSight = row >= firstVisibleRow() && row < firstVisibleRow() + fullRows();
    m_anchorRow = row;
    m_anchorColumn = wanted;
    selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect);
    scrollTo(index, isInSight ? EnsureVisible : PositionAtCenter);
}

void GridView::scrollContentsBy(int dx, int dy)
{
    if (dx != 0) {
        m_header->setOffset(horizontalScrollBar()->value());
        m_filterRow->align();
    }
    if (qAbs(qint64(dy)) < fullRows() && qAbs(dx) < viewport()->width()) {
        // By rectangle: what lies over the rows (a note, an editor) is not to be carried off.
        viewport()->scroll(dx, dy * m_rowHeight, viewport()->rect());
        const auto over = viewport()->findChildren<QWidget *>(Qt::FindDirectChildrenOnly);
        for (const QWidget *widget : over) {
            if (widget->isVisible()) {
                viewport()->update(widget->geometry());
                viewport()->update(widget->geometry().translated(dx, dy * m_rowHeight));
            }
        }
        m_numbers->scroll(0, dy * m_rowHeight);
    } else {
        viewport()->update();
        m_numbers->update();
    }
    if (viewport()->underMouse()) {
        setHover(indexAt(viewport()->mapFromGlobal(QCursor::pos())), false); // another cell has come below it
    }
    scrolledAway();
    updateEditorGeometries();
    tellVisibleRows(false);
}

void GridView::tellVisibleRows(bool always)
{
    const int first = firstVisibleRow();
    const int last = lastVisibleRow();
    if (first < 0 || m_isPlacing || (!always && first == m_toldFirst && last == m_toldLast)) {
        return;
    }
    m_toldFirst = first;
    m_toldLast = last;
    emit visibleRowsChanged(first, last);
}

void GridView::showScrollHint(int row)
{
    if (row < 0 || row >= rowTotal()) {
        return;
    }
    const RowNumber number = rowNumber(row);
    const QString figure = countText(number.number);
    m_scrollHint->setText(number.number < 0 ? tr("New rows")
                          : number.isExact  ? tr("Row %1").arg(figure)
                                            : tr("Row ≈ %1").arg(figure));
    m_scrollHint->adjustSize();
    const QScrollBar *bar = verticalScrollBar();
    const double part = bar->maximum() > 0 ? double(bar->sliderPosition()) / bar->maximum() : 0;
    const QRect shown = viewport()->geometry();
    const int y = shown.top() + int(part * (shown.height() - m_scrollHint->height()));
    m_scrollHint->move(shown.right() - m_scrollHint->width() - Spacing::unit, y);
    m_scrollHint->raise();
    m_scrollHint->show();
}

} // namespace Roost
