#include "gui/table/celldelegate.h"
#include "gui/table/gridview.h"
#include "gui/table/rownumbers.h"
#include "gui/table/rowsheader.h"
#include "gui/theme/theme.h"
#include "models/plaintext.h"
#include "models/rowsmodel.h"

#include <QLabel>
#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>

namespace Roost {

void GridView::paintEvent(QPaintEvent *event)
{
    QPainter painter(viewport());
    const Colors &colors = Theme::instance().colors();
    const QRect area = event->rect();
    const int first = firstVisibleRow();
    const int total = rowTotal();
    const int shownRows = first < 0 ? 0 : total - first;
    // What no cell covers.
    const int bottom = int(qMin<qint64>(qint64(shownRows) * m_rowHeight, viewport()->height()));
    const int right = qMax(0, m_header->length() - m_header->offset());
    if (bottom <= area.bottom()) {
        painter.fillRect(area.left(), bottom, area.width(), area.bottom() - bottom + 1, colors.base);
    }
    if (right <= area.right()) {
        painter.fillRect(right, area.top(), area.right() - right + 1, area.height(), colors.base);
    }
    if (first < 0) {
        return;
    }
    QList<int> columns;
    for (int column = 0; column < m_header->count(); ++column) {
        const int left = m_header->sectionViewportPosition(column);
        if (!m_header->isSectionHidden(column) && left <= area.right() &&
            left + m_header->sectionSize(column) > area.left()) {
            columns += column;
        }
    }
    const int to = int(qMin<qint64>(qint64(first) + area.bottom() / m_rowHeight, total - 1));
    for (int row = first + area.top() / m_rowHeight; row <= to; ++row) {
        paintRow(painter, row, columns, event->region());
    }
    const QRect current = visualRect(currentIndex());
    if (current.isValid() && current.intersects(area)) {
        constexpr int width = 2;
        painter.setPen(QPen(hasFocus() ? colors.accent : colors.border, width));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(current.adjusted(1, 1, -width, -width));
    }
}

void GridView::paintRow(QPainter &painter, int row, const QList<int> &columns, const QRegion &wanted)
{
    // A row at the bottom and a cell at the top have everything between them in their common rectangle.
    const int top = (row - verticalScrollBar()->value()) * m_rowHeight;
    if (!wanted.intersects(QRect(0, top, viewport()->width(), m_rowHeight))) {
        return;
    }
    const QItemSelectionModel *selection = selectionModel();
    const QVariant loaded = columns.isEmpty() ? QVariant() : model()->index(row, 0).data(RowsModel::LoadedRole);
    CellDelegate::Frame frame;
    frame.isLoaded = !loaded.isValid() || loaded.toBool();
    const bool mayBeSelected = isRowTouched(row);
    const bool isHovered = m_hover.isValid() && m_hover.row() == row;
    for (const int column : columns) {
        const QModelIndex index = model()->index(row, column);
        const ColumnLook look = m_looks.value(column);
        frame.rect = QRect(m_header->sectionViewportPosition(column), top, m_header->sectionSize(column), m_rowHeight);
        if (!wanted.intersects(frame.rect)) {
            continue;
        }
        frame.isSelected = mayBeSelected && selection->isSelected(index);
        frame.isNumeric = look.isNumeric;
        frame.isBoolean = look.isBoolean;
        frame.isUnderPointer = isHovered && m_hover.column() == column;
        frame.hasLink = frame.isUnderPointer && hasLink(index);
        frame.isFollowing = m_isFollowing;
        m_delegate->paintCell(&painter, frame, index);
    }
}

void GridView::updateLooks()
{
    m_looks.clear();
    for (int column = 0; column < columnTotal(); ++column) {
        const QVariant facts = model()->headerData(column, Qt::Horizontal, RowsModel::ColumnRole);
        const bool isNumeric = model()->headerData(column, Qt::Horizontal, RowsModel::NumericRole).toBool();
        m_looks += ColumnLook{isNumeric, facts.value<RowColumn>().category == 'B'};
    }
}

int GridView::neededWidth(int column) const
{
    constexpr int looked = 60;
    int width = m_header->widthFor(column);
    const int first = qMax(0, firstVisibleRow());
    const int last = qMin(first + looked, rowTotal());
    for (int row = first; row < last; ++row) {
        width = qMax(width, m_delegate->textWidth(model()->index(row, column)));
    }
    return width;
}

void GridView::fitColumn(int column)
{
    constexpr int widest = 1200; // asked for by hand: nearly all
    m_header->resizeSection(column, qMin(neededWidth(column), widest));
}

void GridView::fitColumns()
{
    constexpr int widest = 380;
    constexpr int narrowest = 72; // a filter has to be typed there
    for (int column = 0; column < columnTotal(); ++column) {
        const int width = qMax(narrowest, neededWidth(column));
        m_header->resizeSection(column, qMin(width, qMax(widest, m_header->widthFor(column))));
    }
}

void GridView::setFindText(const QString &text)
{
    m_delegate->setFindText(text);
    viewport()->update();
}

void GridView::setRowNumbers(std::function<RowNumber(int)> numbers)
{
    m_rowNumbers = std::move(numbers);
    updateGeometries();
    m_numbers->update();
}

GridView::RowNumber GridView::rowNumber(int row) const
{
    if (m_rowNumbers) {
        return m_rowNumbers(row);
    }
    if (const auto *rows = qobject_cast<const RowsModel *>(model())) {
        return {rows->rowNumber(row), rows->isNumberExact(row)};
    }
    return {qint64(row) + 1, true};
}

void GridView::dataChanged(const QModelIndex &topLeft, const QModelIndex &bottomRight, const QList<int> &)
{
    // Not the base class's: it fills open editors again and paints rows that nobody sees.
    const int from = qMax(topLeft.row(), firstVisibleRow());
    const int to = qMin(bottomRight.row(), lastVisibleRow());
    if (!topLeft.isValid() || from > to || from < 0) {
        return;
    }
    const int top = (from - verticalScrollBar()->value()) * m_rowHeight;
    const int height = (to - from + 1) * m_rowHeight;
    viewport()->update(0, top, viewport()->width(), height);
    m_numbers->update(0, top, m_numbers->width(), height);
}

void GridView::rowsInserted(const QModelIndex &parent, int start, int end)
{
    QAbstractItemView::rowsInserted(parent, start, end);
    updateGeometries();
    viewport()->update();
    m_numbers->update();
    m_tell.start();
}

QRegion GridView::visualRegionForSelection(const QItemSelection &selection) const
{
    QRegion region;
    const int first = firstVisibleRow();
    const int last = lastVisibleRow();
    for (const QItemSelectionRange &part : selection) {
        const int top = qMax(part.top(), first);
        const int bottom = qMin(part.bottom(), last);
        if (part.isValid() && top <= bottom && first >= 0) {
            region += QRect(0, (top - first) * m_rowHeight, viewport()->width(), (bottom - top + 1) * m_rowHeight);
        }
    }
    return region;
}

} // namespace Roost
