#include "gui/table/rownumbers.h"

#include "gui/table/gridview.h"
#include "gui/theme/theme.h"
#include "models/plaintext.h"
#include "models/rowsmodel.h"

#include <QContextMenuEvent>
#include <QCoreApplication>
#include <QPainter>
#include <QScrollBar>

namespace Roost {

namespace {

constexpr int padding = 9;

RowsModel::CellState stateOf(const GridView *view, int row)
{
    const QVariant state = view->model()->index(row, 0).data(RowsModel::CellStateRole);
    return RowsModel::CellState(state.toInt());
}

} // namespace

RowNumbers::RowNumbers(GridView *view)
    : QWidget(view)
    , m_view(view)
{
    setObjectName(QStringLiteral("rowNumbers"));
    setAccessibleName(tr("Row numbers"));
    setCursor(Qt::ArrowCursor);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

int RowNumbers::neededWidth() const
{
    const int rows = m_view->rowTotal();
    const qint64 last = rows > 0 ? qMax<qint64>(m_view->rowNumber(rows - 1).number, rows) : 1;
    // Digits are equally wide; room for "~ " only where there are guesses to be expected.
    QString widest = countText(qMax<qint64>(last, 100));
    for (QChar &sign : widest) {
        sign = sign.isDigit() ? QChar(u'8') : sign;
    }
    QFont italic = font();
    italic.setItalic(true);
    return QFontMetrics(italic).horizontalAdvance(rows >= 1000 ? QStringLiteral("~ ") + widest : widest) + 2 * padding;
}

QString RowNumbers::text(int row) const
{
    const auto state = stateOf(m_view, row);
    if (state == RowsModel::CellState::NewRow) {
        return QStringLiteral("+");
    }
    const GridView::RowNumber number = m_view->rowNumber(row);
    const QString figure = number.number < 0 ? QString() : countText(number.number);
    if (state == RowsModel::CellState::DeletedRow) {
        return QStringLiteral("−");
    }
    return number.isExact ? figure : QStringLiteral("~ ") + figure;
}

void RowNumbers::paintRow(QPainter &painter, int row, const QRect &rect) const
{
    const Colors &colors = Theme::instance().colors();
    const auto state = stateOf(m_view, row);
    const bool isCurrent = m_view->currentIndex().row() == row;
    const bool isChosen = m_view->isRowTouched(row);
    const bool isExact = m_view->rowNumber(row).isExact;
    painter.fillRect(rect, isChosen ? colors.selection : colors.panel);
    painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, colors.line);
    painter.fillRect(rect.right(), rect.top(), 1, rect.height(), colors.line);
    QFont font = this->font();
    QColor color = isChosen ? (isCurrent ? colors.text : colors.selectionSubtle) : colors.subtle;
    switch (state) {
    case RowsModel::CellState::NewRow:
        color = colors.good.text;
        font.setBold(true);
        break;
    case RowsModel::CellState::DeletedRow:
        color = colors.danger.text;
        font.setBold(true);
        break;
    default:
        font.setItalic(!isExact);
        break;
    }
    painter.setFont(font);
    painter.setPen(color);
    painter.drawText(rect.adjusted(padding, 0, -padding, 0), Qt::AlignRight | Qt::AlignVCenter, text(row));
}

void RowNumbers::paintEvent(QPaintEvent *event)
{
    QPainter painter(this);
    const Colors &colors = Theme::instance().colors();
    painter.fillRect(event->rect(), colors.panel);
    painter.fillRect(width() - 1, 0, 1, height(), colors.line);
    const int first = m_view->firstVisibleRow();
    if (first < 0) {
        return;
    }
    const int height = m_view->rowHeight();
    const int from = first + event->rect().top() / height;
    const int to = qMin(first + event->rect().bottom() / height, m_view->rowTotal() - 1);
    for (int row = from; row <= to; ++row) {
        paintRow(painter, row, {0, (row - first) * height, width(), height});
    }
}

void RowNumbers::mousePressEvent(QMouseEvent *event)
{
    const int row = m_view->rowAt(event->position().toPoint().y());
    m_view->setFocus(Qt::MouseFocusReason);
    if (row < 0 || m_view->columnTotal() == 0) {
        return;
    }
    if (event->button() == Qt::LeftButton) {
        m_view->choose(row, -1, GridView::Part::Rows, event->modifiers());
    } else if (event->button() == Qt::RightButton && !m_view->isRowTouched(row)) {
        m_view->choose(row, -1, GridView::Part::Rows, Qt::NoModifier);
        m_view->stopDragging();
    }
}

void RowNumbers::mouseMoveEvent(QMouseEvent *event)
{
    if (m_view->m_isDragging) {
        m_view->dragTo(event->position().toPoint());
    }
}

void RowNumbers::mouseReleaseEvent(QMouseEvent *)
{
    m_view->stopDragging();
}

void RowNumbers::wheelEvent(QWheelEvent *event)
{
    QCoreApplication::sendEvent(m_view->verticalScrollBar(), event);
}

void RowNumbers::contextMenuEvent(QContextMenuEvent *event)
{
    const int row = m_view->rowAt(event->pos().y());
    if (row >= 0) {
        emit m_view->menuRequested(m_view->model()->index(row, qMax(0, m_view->currentIndex().column())),
                                   event->globalPos());
    }
}

} // namespace Roost
