#include "gui/table/celldelegate.h"
#include "gui/table/gridview.h"
#include "gui/table/rowsheader.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QScrollBar>

namespace Roost {

int GridView::columnBeside(int column, int step) const
{
    int at = column + step;
    while (at >= 0 && at < columnTotal() && m_header->isSectionHidden(at)) {
        at += step;
    }
    return at >= 0 && at < columnTotal() ? at : -1;
}

bool GridView::moveByKey(QKeyEvent *event)
{
    const bool isCtrl = event->modifiers().testFlag(Qt::ControlModifier);
    const bool isShift = event->modifiers().testFlag(Qt::ShiftModifier);
    const QModelIndex current = currentIndex();
    const int row = qMax(0, current.row());
    const int column = qMax(0, current.column());
    const int firstColumn = columnBeside(-1, 1);
    const int lastColumn = columnBeside(columnTotal(), -1);
    const int lastRow = rowTotal() - 1;
    const auto beside = [&](int step) {
        const int next = columnBeside(column, step);
        return next < 0 ? column : next;
    };
    switch (event->key()) {
    case Qt::Key_Up:
        moveTo(isCtrl ? 0 : row - 1, column, isShift);
        return true;
    case Qt::Key_Down:
        moveTo(isCtrl ? lastRow : row + 1, column, isShift);
        return true;
    case Qt::Key_Left:
        moveTo(row, isCtrl ? firstColumn : beside(-1), isShift);
        return true;
    case Qt::Key_Right:
        moveTo(row, isCtrl ? lastColumn : beside(1), isShift);
        return true;
    case Qt::Key_PageUp:
    case Qt::Key_PageDown: {
        if (isCtrl) {
            return false; // previous and next tab
        }
        const int by = event->key() == Qt::Key_PageUp ? -fullRows() : fullRows();
        verticalScrollBar()->setValue(verticalScrollBar()->value() + by);
        moveTo(int(qBound(qint64(0), qint64(row) + by, qint64(lastRow))), column, isShift);
        return true;
    }
    case Qt::Key_Home:
        moveTo(isCtrl ? 0 : row, firstColumn, isShift);
        return true;
    case Qt::Key_End:
        moveTo(isCtrl ? lastRow : row, lastColumn, isShift);
        return true;
    case Qt::Key_Tab:
        return !isCtrl && moveByTab(1);
    case Qt::Key_Backtab:
        return !isCtrl && moveByTab(-1);
    default:
        return false;
    }
}

/// Cell after cell, row after row; not beyond the first and last one, where the focus goes on.
bool GridView::moveByTab(int step)
{
    const QModelIndex current = currentIndex();
    if (!current.isValid()) {
        return false;
    }
    const int beside = columnBeside(current.column(), step);
    if (beside >= 0) {
        moveTo(current.row(), beside, false);
        return true;
    }
    const int row = current.row() + step;
    if (row < 0 || row >= rowTotal()) {
        return false;
    }
    moveTo(row, step > 0 ? columnBeside(-1, 1) : columnBeside(columnTotal(), -1), false);
    return true;
}

bool GridView::chooseByKey(QKeyEvent *event)
{
    if (event->matches(QKeySequence::SelectAll)) {
        selectAll();
        return true;
    }
    if (event->matches(QKeySequence::Copy)) {
        copySelection(false);
        return true;
    }
    if (event->keyCombination() == QKeyCombination(Qt::ControlModifier | Qt::ShiftModifier, Qt::Key_C)) {
        copySelection(true);
        return true;
    }
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::ShiftModifier) {
        selectRow(currentIndex().row());
        return true;
    }
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::ControlModifier) {
        selectColumn(currentIndex().column());
        return true;
    }
    if (event->key() == Qt::Key_Down && event->modifiers() == Qt::AltModifier && currentIndex().isValid()) {
        const int column = currentIndex().column();
        const QPoint at(m_header->sectionViewportPosition(column), m_header->height());
        emit headerMenuRequested(column, m_header->mapToGlobal(at));
        return true;
    }
    if (event->key() == Qt::Key_F6) {
        // Out of the grid: Tab goes from cell to cell.
        return leaveCells(!event->modifiers().testFlag(Qt::ShiftModifier));
    }
    return false;
}

bool GridView::editByKey(QKeyEvent *event)
{
    const QModelIndex current = currentIndex();
    if (!current.isValid()) {
        return false;
    }
    const QList<QWidget *> open = m_delegate->editors();
    if (!open.isEmpty() && (event->key() == Qt::Key_F2 || event->key() == Qt::Key_Escape)) {
        // One that was refused waits somewhere: back to it.
        const QModelIndex cell = m_delegate->cellOf(open.first());
        selectionModel()->setCurrentIndex(cell, QItemSelectionModel::ClearAndSelect);
        open.first()->setFocus(Qt::OtherFocusReason);
        return true;
    }
    const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (isEnter && event->modifiers().testFlag(Qt::ControlModifier)) {
        return false;
    }
    if (isEnter && event->modifiers().testFlag(Qt::ShiftModifier)) {
        emit largeEditRequested(current);
        return true;
    }
    if (isEnter || event->key() == Qt::Key_F2) {
        if (!edit(current, EditKeyPressed, event)) {
            emit largeEditRequested(current); // where nothing can be edited it is to be read
        }
        return true;
    }
    const bool isText = !event->text().isEmpty() && event->text().at(0).isPrint() &&
                        !event->modifiers().testFlag(Qt::AltModifier) &&
                        (!event->modifiers().testFlag(Qt::ControlModifier) ||
                         event->modifiers().testFlag(Qt::AltModifier)); // AltGr is both
    return isText && edit(current, AnyKeyPressed, event);
}

void GridView::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Control) {
        setHover(m_hover, true);
    }
    if (rowTotal() > 0 && columnTotal() > 0 && (chooseByKey(event) || moveByKey(event) || editByKey(event))) {
        event->accept();
        return;
    }
    event->ignore();
}

void GridView::keyReleaseEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Control) {
        setHover(m_hover, false);
    }
    event->ignore();
}

QModelIndex GridView::moveCursor(CursorAction, Qt::KeyboardModifiers)
{
    // Asked only by the base class when the focus comes and there is no current cell yet.
    if (currentIndex().isValid() || rowTotal() == 0 || columnTotal() == 0) {
        return currentIndex();
    }
    return model()->index(qMax(0, firstVisibleRow()), qBound(0, m_lastColumn, columnTotal() - 1));
}

void GridView::mousePressEvent(QMouseEvent *event)
{
    const QPoint at = event->position().toPoint();
    const QModelIndex index = indexAt(at);
    if (!index.isValid()) {
        commitEditor();
        return;
    }
    if (event->button() == Qt::RightButton) {
        if (!selectionModel()->isSelected(index)) {
            moveTo(index.row(), index.column(), false);
        } else {
            selectionModel()->setCurrentIndex(index, QItemSelectionModel::NoUpdate);
        }
        return;
    }
    if (event->button() != Qt::LeftButton) {
        return;
    }
    const bool isNumeric = m_looks.value(index.column()).isNumeric;
    const bool isOnSign = CellDelegate::linkRect(visualRect(index), isNumeric).contains(at);
    if (hasLink(index) && (event->modifiers() == Qt::ControlModifier || isOnSign)) {
        moveTo(index.row(), index.column(), false);
        emit linkActivated(index);
        return;
    }
    choose(index.row(), index.column(), Part::Cells, event->modifiers());
    emit pressed(index);
}

void GridView::mouseMoveEvent(QMouseEvent *event)
{
    const QPoint at = event->position().toPoint();
    if (m_isDragging && event->buttons().testFlag(Qt::LeftButton)) {
        dragTo(at);
        return;
    }
    setHover(indexAt(at), event->modifiers().testFlag(Qt::ControlModifier));
}

void GridView::mouseReleaseEvent(QMouseEvent *event)
{
    stopDragging();
    const QModelIndex index = indexAt(event->position().toPoint());
    if (index.isValid() && event->button() == Qt::LeftButton) {
        emit clicked(index);
    }
}

void GridView::mouseDoubleClickEvent(QMouseEvent *event)
{
    const QModelIndex index = indexAt(event->position().toPoint());
    if (!index.isValid() || event->button() != Qt::LeftButton || event->modifiers() != Qt::NoModifier) {
        mousePressEvent(event);
        return;
    }
    stopDragging();
    emit doubleClicked(index);
    if (!edit(index, DoubleClicked, event)) {
        emit largeEditRequested(index);
    }
}

void GridView::dragTo(const QPoint &position)
{
    constexpr int interval = 40;
    m_dragPosition = position;
    const bool isOutside = position.y() < 0 || position.y() >= viewport()->height() ||
                           (m_part == Part::Cells && (position.x() < 0 || position.x() >= viewport()->width()));
    if (isOutside && !m_dragScroll.isActive()) {
        m_dragScroll.start(interval, this);
    } else if (!isOutside) {
        m_dragScroll.stop();
    }
    const int lastRow = qMin(firstVisibleRow() + fullRows() - 1, rowTotal() - 1);
    const int inside = rowAt(qMax(0, position.y()));
    const int row = inside < 0 ? lastRow : qMin(inside, lastVisibleRow());
    const int x = qBound(0, position.x(), viewport()->width() - 1);
    int column = m_header->logicalIndexAt(x);
    column = column < 0 ? columnBeside(columnTotal(), -1) : column;
    if (m_part == Part::Rows) {
        column = qMax(0, currentIndex().column());
    }
    if (row < 0 || column < 0 || (row == currentIndex().row() && column == currentIndex().column())) {
        return;
    }
    extendTo(row, column, m_dragCommand);
    selectionModel()->setCurrentIndex(model()->index(row, column), QItemSelectionModel::NoUpdate);
}

void GridView::stopDragging()
{
    m_isDragging = false;
    m_dragScroll.stop();
}

void GridView::timerEvent(QTimerEvent *event)
{
    if (event->timerId() != m_dragScroll.timerId()) {
        QAbstractItemView::timerEvent(event);
        return;
    }
    // The further outside, the faster.
    const auto distance = [](int at, int end) { return at < 0 ? at : at >= end ? at - end + 1 : 0; };
    const int down = distance(m_dragPosition.y(), viewport()->height());
    const int right = distance(m_dragPosition.x(), viewport()->width());
    verticalScrollBar()->setValue(verticalScrollBar()->value() + down / m_rowHeight + (down > 0) - (down < 0));
    if (m_part == Part::Cells) {
        horizontalScrollBar()->setValue(horizontalScrollBar()->value() + right);
    }
    dragTo(m_dragPosition);
}

void GridView::wheelEvent(QWheelEvent *event)
{
    if (event->modifiers().testFlag(Qt::ControlModifier)) {
        event->ignore(); // zoom
        return;
    }
    if (event->modifiers().testFlag(Qt::ShiftModifier)) {
        const QPoint angle = event->angleDelta();
        horizontalScrollBar()->setValue(horizontalScrollBar()->value() - (angle.y() != 0 ? angle.y() : angle.x()));
        event->accept();
        return;
    }
    QAbstractItemView::wheelEvent(event);
}

void GridView::contextMenuEvent(QContextMenuEvent *event)
{
    const QModelIndex index = event->reason() == QContextMenuEvent::Keyboard ? currentIndex() : indexAt(event->pos());
    if (!index.isValid()) {
        return;
    }
    const bool isByKey = event->reason() == QContextMenuEvent::Keyboard;
    if (isByKey) {
        scrollTo(index);
    }
    emit menuRequested(index, isByKey ? viewport()->mapToGlobal(visualRect(index).bottomLeft()) : event->globalPos());
}

bool GridView::hasLink(const QModelIndex &index) const
{
    return index.isValid() && m_hasLink && m_hasLink(index);
}

void GridView::setLinkPredicate(std::function<bool(const QModelIndex &)> hasLink)
{
    m_hasLink = std::move(hasLink);
    viewport()->update();
}

void GridView::setHover(const QModelIndex &index, bool isCtrl)
{
    const bool isFollowing = isCtrl && hasLink(index);
    if (index == m_hover && isFollowing == m_isFollowing) {
        return;
    }
    viewport()->update(visualRect(m_hover));
    m_hover = index;
    m_isFollowing = isFollowing;
    viewport()->update(visualRect(m_hover));
    viewport()->setCursor(isFollowing ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

bool GridView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::Leave) {
        setHover({}, false);
    }
    return QAbstractItemView::viewportEvent(event);
}

bool GridView::focusNextPrevChild(bool next)
{
    // Tab goes from cell to cell only where the cells have the focus, not the fields above them.
    return hasFocus() ? QAbstractItemView::focusNextPrevChild(next) : leaveCells(next);
}

bool GridView::leaveCells(bool next)
{
    setTabKeyNavigation(false);
    const bool isMoved = QAbstractItemView::focusNextPrevChild(next);
    setTabKeyNavigation(true);
    return isMoved;
}

void GridView::focusInEvent(QFocusEvent *event)
{
    QAbstractItemView::focusInEvent(event);
    viewport()->update();
}

void GridView::focusOutEvent(QFocusEvent *event)
{
    QAbstractItemView::focusOutEvent(event);
    viewport()->update();
}

void GridView::requestSort(int column, bool isAdded)
{
    if (column >= 0 && column < columnTotal()) {
        emit sortRequested(m_header->sortAfterClick(column, isAdded));
    }
}

} // namespace Roost
