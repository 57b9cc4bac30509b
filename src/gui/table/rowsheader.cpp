#include "gui/table/rowsheader.h"

#include "gui/theme/theme.h"
#include "models/rowsmodel.h"

#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

namespace Roost {

namespace {

constexpr int padding = 9; // as in the cells
constexpr int gap = 6;
constexpr int arrowSize = 8;

} // namespace

RowsHeader::RowsHeader(QWidget *parent)
    : QHeaderView(Qt::Horizontal, parent)
{
    setObjectName(QStringLiteral("rowsHeader"));
    setAccessibleName(tr("Columns"));
    setSectionsClickable(true);
    setHighlightSections(false);
    setSectionResizeMode(Interactive);
    setStretchLastSection(false);
    setMinimumSectionSize(48);
    setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    setFocusPolicy(Qt::NoFocus);
    setMouseTracking(true);
    connect(this, &QHeaderView::sectionClicked, this, [this](int section) {
        emit sortRequested(sortAfterClick(section, m_modifiers.testFlag(Qt::ShiftModifier)));
    });
}

QString RowsHeader::columnName(int section) const
{
    return model() ? model()->headerData(section, orientation(), Qt::DisplayRole).toString() : QString();
}

QFont RowsHeader::typeFont() const
{
    constexpr double factor = 0.9;
    QFont smaller = font();
    smaller.setPointSizeF(smaller.pointSizeF() * factor);
    return smaller;
}

QString RowsHeader::keySign(int section) const
{
    return model()->headerData(section, orientation(), RowsModel::KeyRole).toBool() ? tr("key") : QString();
}

void RowsHeader::setSort(const QList<SortColumn> &sort)
{
    if (m_sort != sort) {
        m_sort = sort;
        viewport()->update();
    }
}

qsizetype RowsHeader::sortPlace(int section) const
{
    if (m_sort.isEmpty()) {
        return -1;
    }
    const QString name = columnName(section);
    for (qsizetype at = 0; at < m_sort.size(); ++at) {
        if (m_sort[at].column == name) {
            return at;
        }
    }
    return -1;
}

QList<SortColumn> RowsHeader::sortAfterClick(int section, bool isAdded) const
{
    const QString name = columnName(section);
    const qsizetype at = sortPlace(section);
    QList<SortColumn> sort = m_sort;
    if (!isAdded) {
        // Alone; where it stood among others, the click starts anew.
        sort = at >= 0 && m_sort.size() == 1 ? m_sort : QList<SortColumn>();
    }
    const bool stays = at >= 0 && !sort.isEmpty();
    if (!stays) {
        sort += SortColumn{name, false};
    } else if (!sort[at].descending) {
        sort[at].descending = true;
    } else {
        sort.removeAt(at);
    }
    return sort;
}

int RowsHeader::sortWidth(int section) const
{
    if (sortPlace(section) < 0) {
        return 0;
    }
    const int number =
        m_sort.size() > 1 ? QFontMetrics(typeFont()).horizontalAdvance(QString::number(m_sort.size())) + 2 : 0;
    return arrowSize + number + gap;
}

int RowsHeader::widthFor(int section) const
{
    const QString type = model()->headerData(section, orientation(), RowsModel::TypeRole).toString();
    const QString sign = keySign(section);
    const QFontMetrics small(typeFont());
    int first = fontMetrics().horizontalAdvance(columnName(section));
    if (!sign.isEmpty()) {
        first += gap + small.horizontalAdvance(sign) + 2 * gap;
    }
    constexpr int sortRoom = arrowSize + 2 * gap; // a sort must not cut the name
    return qMax(first + sortRoom, small.horizontalAdvance(type)) + 2 * padding + 2;
}

QSize RowsHeader::sizeHint() const
{
    const QSize base = QHeaderView::sizeHint();
    return {base.width(), fontMetrics().height() + QFontMetrics(typeFont()).height() + 2 * gap};
}

void RowsHeader::paintSort(QPainter *painter, const QRect &rect, int section) const
{
    const qsizetype at = sortPlace(section);
    const bool isDown = m_sort[at].descending;
    const QColor color = Theme::instance().colors().accent;
    const double middle = rect.center().y() + 0.5;
    const double half = arrowSize / 4.0;
    QPainterPath arrow;
    arrow.moveTo(rect.left(), middle + (isDown ? -half : half));
    arrow.lineTo(rect.left() + arrowSize / 2.0, middle + (isDown ? half : -half));
    arrow.lineTo(rect.left() + arrowSize, middle + (isDown ? -half : half));
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(color, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter->drawPath(arrow);
    if (m_sort.size() > 1) {
        painter->setFont(typeFont());
        painter->drawText(rect.adjusted(arrowSize + 2, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
                          QString::number(at + 1));
    }
}

void RowsHeader::paintKey(QPainter *painter, const QRect &rect, const QString &sign) const
{
    // A word on a small surface, beside the name: not a colour or a sign that has to be known.
    const Colors &colors = Theme::instance().colors();
    painter->setFont(typeFont());
    painter->setPen(Qt::NoPen);
    painter->setBrush(colors.neutral.surface);
    painter->drawRoundedRect(rect, rect.height() / 2.0, rect.height() / 2.0);
    painter->setPen(colors.neutral.text);
    painter->drawText(rect, Qt::AlignCenter, sign);
}

void RowsHeader::paintSection(QPainter *painter, const QRect &rect, int section) const
{
    const Colors &colors = Theme::instance().colors();
    const QString name = columnName(section);
    const QString type = model()->headerData(section, orientation(), RowsModel::TypeRole).toString();
    const QString sign = keySign(section);
    const bool isNumeric = model()->headerData(section, orientation(), RowsModel::NumericRole).toBool();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->fillRect(rect, m_pressed == section ? colors.selection : colors.panel);
    painter->fillRect(rect.left(), rect.bottom(), rect.width(), 1, colors.line);
    painter->fillRect(rect.right(), rect.top(), 1, rect.height(), colors.line);

    const QRect inner = rect.adjusted(padding, gap, -padding, -gap);
    QRect first(inner.left(), inner.top(), inner.width(), fontMetrics().height());
    const QRect second(inner.left(), first.bottom() + 1, inner.width(), inner.bottom() - first.bottom());
    const Qt::Alignment side = (isNumeric ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter;
    if (const int width = sortWidth(section); width > 0) {
        paintSort(painter, {first.right() - width + gap + 1, first.top(), width - gap, first.height()}, section);
        first.setRight(first.right() - width);
    }
    if (!sign.isEmpty()) {
        const int width = QFontMetrics(typeFont()).horizontalAdvance(sign) + 2 * gap;
        const int wanted =
            isNumeric ? first.right() - width + 1
                      : qMin(first.left() + fontMetrics().horizontalAdvance(name) + gap, first.right() - width + 1);
        paintKey(painter, {wanted, first.top() + 1, width, first.height() - 2}, sign);
        first.setRight(wanted - gap);
    }
    painter->setFont(font());
    painter->setPen(colors.text);
    painter->drawText(first, side, fontMetrics().elidedText(name, Qt::ElideRight, first.width() + 1));
    painter->setFont(typeFont());
    painter->setPen(colors.subtle);
    painter->drawText(second, side, painter->fontMetrics().elidedText(type, Qt::ElideRight, second.width() + 1));
    painter->restore();
}

void RowsHeader::mousePressEvent(QMouseEvent *event)
{
    m_modifiers = event->modifiers();
    QHeaderView::mousePressEvent(event);
    if (event->button() == Qt::LeftButton && cursor().shape() != Qt::SplitHCursor) {
        m_pressed = logicalIndexAt(event->position().toPoint());
        viewport()->update();
    }
}

void RowsHeader::mouseReleaseEvent(QMouseEvent *event)
{
    m_modifiers = event->modifiers();
    m_pressed = -1;
    viewport()->update();
    QHeaderView::mouseReleaseEvent(event);
}

void RowsHeader::mouseDoubleClickEvent(QMouseEvent *event)
{
    // Two quick clicks on a name are two clicks: ascending, then descending. On an edge the base class answers.
    m_modifiers = event->modifiers();
    QHeaderView::mouseDoubleClickEvent(event);
    const bool isOnEdge = cursor().shape() == Qt::SplitHCursor;
    const int section = logicalIndexAt(event->position().toPoint());
    if (!isOnEdge && section >= 0 && event->button() == Qt::LeftButton) {
        emit sortRequested(sortAfterClick(section, m_modifiers.testFlag(Qt::ShiftModifier)));
    }
}

void RowsHeader::contextMenuEvent(QContextMenuEvent *event)
{
    const int section = logicalIndexAt(event->pos());
    if (section >= 0) {
        emit menuRequested(section, event->globalPos());
    }
}

bool RowsHeader::viewportEvent(QEvent *event)
{
    return event->type() == QEvent::ToolTip ? showHint(static_cast<QHelpEvent *>(event))
                                            : QHeaderView::viewportEvent(event);
}

bool RowsHeader::showHint(QHelpEvent *event)
{
    const int section = logicalIndexAt(event->pos());
    if (section < 0) {
        QToolTip::hideText();
        return true;
    }
    QStringList lines;
    const QString hint = model()->headerData(section, orientation(), Qt::ToolTipRole).toString();
    lines += (hint.isEmpty() ? columnName(section) : hint).toHtmlEscaped().replace(u'\n', QStringLiteral("<br>"));
    if (const qsizetype at = sortPlace(section); at >= 0) {
        lines += m_sort[at].descending ? tr("Sorted, the greatest first").toHtmlEscaped()
                                       : tr("Sorted, the least first").toHtmlEscaped();
    }
    lines += tr("Click to sort, Shift+click to sort by this one too").toHtmlEscaped();
    // Names are the database's: never taken for rich text, so all of it is made rich text with them escaped.
    QToolTip::showText(event->globalPos(), QStringLiteral("<p>%1</p>").arg(lines.join(QStringLiteral("<br>"))), this);
    return true;
}

} // namespace Roost
