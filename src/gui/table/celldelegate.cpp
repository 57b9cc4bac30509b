#include "gui/table/celldelegate.h"

#include "gui/theme/theme.h"

#include <QAbstractItemView>
#include <QHelpEvent>
#include <QLineEdit>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include <array>

namespace Roost {

namespace {

constexpr int signSize = 14;

QColor mixed(const QColor &a, const QColor &b)
{
    return {(a.red() + b.red()) / 2, (a.green() + b.green()) / 2, (a.blue() + b.blue()) / 2};
}

QColor surface(RowsModel::CellState state, bool isSelected)
{
    const Colors &colors = Theme::instance().colors();
    if (isSelected) {
        return colors.selection;
    }
    switch (state) {
    case RowsModel::CellState::Changed:
        return colors.staged;
    case RowsModel::CellState::NewRow:
        return colors.newRow;
    case RowsModel::CellState::DeletedRow:
        return mixed(colors.base, colors.danger.surface); // a whole row: it must not shout
    case RowsModel::CellState::Plain:
        break;
    }
    return colors.base;
}

/// A bar at the left: what is staged stays to be seen under a selection, and is not told by its colour alone.
void paintStateBar(QPainter *painter, const QRect &rect, RowsModel::CellState state, bool isSelected)
{
    constexpr int width = 3;
    const Colors &colors = Theme::instance().colors();
    const QRect bar(rect.left(), rect.top(), width, rect.height() - 1);
    if (state == RowsModel::CellState::Changed) {
        painter->fillRect(bar, colors.warning.text);
    } else if (state == RowsModel::CellState::NewRow && isSelected) {
        painter->fillRect(bar, colors.good.text);
    } else if (state == RowsModel::CellState::DeletedRow && isSelected) {
        painter->fillRect(bar, colors.danger.text);
    }
}

/// An arrow out of the cell; drawn, as it has to follow the text's colour.
void paintLinkSign(QPainter *painter, const QRect &rect, const QColor &color)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(color, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const QRectF box = QRectF(rect).adjusted(3, 3, -3, -3);
    QPainterPath arrow;
    arrow.moveTo(box.bottomLeft());
    arrow.lineTo(box.topRight());
    arrow.moveTo(box.left() + box.width() * 0.3, box.top());
    arrow.lineTo(box.topRight());
    arrow.lineTo(box.right(), box.bottom() - box.height() * 0.3);
    painter->drawPath(arrow);
    painter->restore();
}

/// What can be seen of a text in so many pixels, and then some: shaping a long one whole is what takes time.
QString cut(const QString &text, int width)
{
    constexpr int narrowest = 2; // pixels of a character
    const qsizetype enough = width / narrowest + 8;
    return text.size() > enough ? text.left(enough) + QChar(0x2026) : text;
}

} // namespace

CellDelegate::CellDelegate(QObject *parent)
    : QStyledItemDelegate(parent)
    , m_metrics(m_font)
    , m_italicMetrics(m_font)
{
    setFont({});
}

void CellDelegate::setFont(const QFont &font)
{
    m_font = font;
    m_italic = font;
    m_italic.setItalic(true);
    m_metrics = QFontMetrics(m_font);
    m_italicMetrics = QFontMetrics(m_italic);
}

QRect CellDelegate::linkRect(const QRect &cell, bool isNumeric)
{
    const int left = isNumeric ? cell.left() + 3 : cell.right() - signSize - 3;
    return {left, cell.center().y() - signSize / 2, signSize, signSize};
}

CellDelegate::Cell CellDelegate::read(const QModelIndex &index) const
{
    std::array<QModelRoleData, 4> roles{QModelRoleData(Qt::DisplayRole), QModelRoleData(RowsModel::NullRole),
                                        QModelRoleData(RowsModel::ShortenedRole),
                                        QModelRoleData(RowsModel::CellStateRole)};
    index.multiData(roles);
    Cell cell{roles[0].data().toString(), roles[1].data().toBool(), roles[2].data().toBool()};
    cell.state = RowsModel::CellState(roles[3].data().toInt());
    if (cell.state != RowsModel::CellState::Plain) {
        // Only what is staged can be refused or left to the server.
        std::array<QModelRoleData, 2> staged{QModelRoleData(RowsModel::RefusalRole),
                                             QModelRoleData(RowsModel::DefaultRole)};
        index.multiData(staged);
        cell.isRefused = !staged[0].data().toString().isEmpty();
        cell.isDefault = staged[1].data().toBool();
    }
    return cell;
}

void CellDelegate::paintMatches(QPainter *painter, const QRectF &text, const QString &shown) const
{
    const Colors &colors = Theme::instance().colors();
    for (qsizetype at = shown.indexOf(m_findText, 0, Qt::CaseInsensitive); at >= 0;
         at = shown.indexOf(m_findText, at + m_findText.size(), Qt::CaseInsensitive)) {
        const double from = m_metrics.horizontalAdvance(shown.left(at));
        const double width = m_metrics.horizontalAdvance(shown.mid(at, m_findText.size()));
        const double height = m_metrics.height();
        const QRectF mark(text.left() + from - 1, text.center().y() - height / 2, width + 2, height);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(colors.warning.text, 1));
        painter->setBrush(colors.warning.surface);
        painter->drawRoundedRect(mark, 2, 2);
        painter->restore();
    }
}

void CellDelegate::paintText(QPainter *painter, const Frame &frame, const Cell &cell) const
{
    const Colors &colors = Theme::instance().colors();
    const bool isQuiet = cell.isNull || cell.isDefault;
    const bool isDeleted = cell.state == RowsModel::CellState::DeletedRow;
    const QColor subtle =
        frame.isSelected || cell.state != RowsModel::CellState::Plain ? colors.selectionSubtle : colors.subtle;
    QRectF room = QRectF(frame.rect).adjusted(padding, 0, -padding, 0);
    if (frame.hasLink && frame.isUnderPointer) {
        room.adjust(frame.isNumeric ? signSize - 4 : 0, 0, frame.isNumeric ? 0 : -(signSize - 4), 0);
    }
    QString text = cell.text;
    if (frame.isBoolean && !isQuiet) {
        text = text == u't' ? tr("true") : text == u'f' ? tr("false") : text;
    }
    const QFontMetrics &metrics = isQuiet ? m_italicMetrics : m_metrics;
    text = cut(text, int(room.width()));
    if (cell.isShortened && !text.endsWith(QChar(0x2026))) {
        text += QChar(0x2026);
    }
    double width = metrics.horizontalAdvance(text);
    if (width > room.width()) {
        text = metrics.elidedText(text, Qt::ElideRight, int(room.width()));
        width = metrics.horizontalAdvance(text);
    }
    const bool isRight = frame.isNumeric && !frame.isBoolean;
    const QRectF place(isRight ? room.right() - width : room.left(), room.top(), width, room.height());
    if (!m_findText.isEmpty() && !isQuiet) {
        paintMatches(painter, place, text);
    }
    QFont font = isQuiet ? m_italic : m_font;
    font.setStrikeOut(isDeleted);
    font.setUnderline(frame.isFollowing && frame.hasLink && frame.isUnderPointer);
    painter->setFont(font);
    const bool isFaint = isQuiet || (frame.isBoolean && cell.text == u'f');
    painter->setPen(isDeleted ? colors.danger.text : font.underline() ? colors.accent : isFaint ? subtle : colors.text);
    painter->drawText(QRectF(place.left(), place.top(), place.width() + 2, place.height()),
                      Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, text);
}

void CellDelegate::paintCell(QPainter *painter, const Frame &frame, const QModelIndex &index) const
{
    const Colors &colors = Theme::instance().colors();
    const QRect &rect = frame.rect;
    if (!frame.isLoaded) {
        // On its way: a faint bar, of a length that does not dance while scrolling.
        painter->fillRect(rect, surface(RowsModel::CellState::Plain, frame.isSelected));
        constexpr int barHeight = 8;
        const int room = rect.width() - 2 * padding;
        const int length = qMin(room, 30 + int((uint(index.row()) * 37U + uint(index.column()) * 53U) % 60U));
        const int left = frame.isNumeric ? rect.right() - padding - length : rect.left() + padding;
        painter->fillRect(left, rect.center().y() - barHeight / 2, qMax(0, length), barHeight,
                          frame.isSelected ? colors.border : colors.track);
    } else {
        const Cell cell = read(index);
        painter->fillRect(rect, surface(cell.state, frame.isSelected));
        paintStateBar(painter, rect, cell.state, frame.isSelected);
        paintText(painter, frame, cell);
        if (frame.hasLink && frame.isUnderPointer && !cell.isNull) {
            paintLinkSign(painter, linkRect(rect, frame.isNumeric),
                          frame.isFollowing ? colors.accent : colors.selectionSubtle);
        }
        if (cell.isRefused) {
            constexpr int corner = 8;
            painter->fillRect(rect.left(), rect.bottom() - 2, rect.width() - 1, 2, colors.dangerButton);
            QPainterPath sign;
            sign.moveTo(rect.right() - corner, rect.top());
            sign.lineTo(rect.right(), rect.top());
            sign.lineTo(rect.right(), rect.top() + corner);
            painter->fillPath(sign, colors.dangerButton);
        }
    }
    painter->fillRect(rect.left(), rect.bottom(), rect.width(), 1, colors.line);
    painter->fillRect(rect.right(), rect.top(), 1, rect.height(), colors.line);
}

void CellDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    Frame frame;
    frame.rect = option.rect;
    const QVariant loaded = index.data(RowsModel::LoadedRole);
    frame.isLoaded = !loaded.isValid() || loaded.toBool();
    frame.isSelected = option.state.testFlag(QStyle::State_Selected);
    frame.isNumeric = index.data(RowsModel::NumericRole).toBool();
    paintCell(painter, frame, index);
}

int CellDelegate::textWidth(const QModelIndex &index) const
{
    constexpr qsizetype enough = 200;
    const QString text = index.data(Qt::DisplayRole).toString().left(enough);
    return m_italicMetrics.horizontalAdvance(text) + 2 * padding + 2; // italic: the wider of the two
}

bool CellDelegate::helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
                             const QModelIndex &index)
{
    if (event->type() != QEvent::ToolTip) {
        return QStyledItemDelegate::helpEvent(event, view, option, index);
    }
    constexpr qsizetype longest = 2000;
    const auto plain = [](const QString &text) {
        return text.left(longest).toHtmlEscaped().replace(u'\n', QStringLiteral("<br>"));
    };
    QStringList parts;
    if (const QString refusal = index.data(RowsModel::RefusalRole).toString(); !refusal.isEmpty()) {
        parts += QStringLiteral("<b>%1</b>").arg(plain(refusal));
    }
    if (RowsModel::CellState(index.data(RowsModel::CellStateRole).toInt()) == RowsModel::CellState::Changed) {
        const QVariant before = index.data(RowsModel::BeforeRole);
        parts += before.isNull() ? plain(tr("In the database: NULL"))
                                 : plain(tr("In the database: %1").arg(before.toString()));
    }
    if (const QString hint = index.data(Qt::ToolTipRole).toString(); !hint.isEmpty()) {
        parts += plain(hint);
    } else if (textWidth(index) > option.rect.width()) {
        parts += plain(index.data(Qt::DisplayRole).toString());
    }
    if (parts.isEmpty()) {
        QToolTip::hideText();
        return true;
    }
    // Values are the database's: escaped inside of rich text, never taken for it.
    QToolTip::showText(event->globalPos(), QStringLiteral("<p>%1</p>").arg(parts.join(QStringLiteral("</p><p>"))),
                       view->viewport(), option.rect);
    return true;
}

} // namespace Roost
