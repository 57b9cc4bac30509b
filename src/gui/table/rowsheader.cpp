#include "gui/table/rowsheader.h"

#include "gui/theme/theme.h"
#include "models/rowsmodel.h"

#include <QPainter>

namespace Roost {

namespace {

constexpr int padding = 11; // as in the cells
constexpr int gap = 6;

} // namespace

RowsHeader::RowsHeader(QWidget *parent)
    : QHeaderView(Qt::Horizontal, parent)
{
    setObjectName(QStringLiteral("rowsHeader"));
    setSectionsClickable(true);
    setHighlightSections(false);
    setSectionResizeMode(Interactive);
    setStretchLastSection(false);
    setMinimumSectionSize(48);
    setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
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

int RowsHeader::widthFor(int section) const
{
    const QString name = model()->headerData(section, orientation(), Qt::DisplayRole).toString();
    const QString type = model()->headerData(section, orientation(), RowsModel::TypeRole).toString();
    const QString sign = keySign(section);
    const QFontMetrics small(typeFont());
    int first = fontMetrics().horizontalAdvance(name);
    if (!sign.isEmpty()) {
        first += gap + small.horizontalAdvance(sign) + 2 * gap;
    }
    return qMax(first, small.horizontalAdvance(type)) + 2 * padding + 2;
}

QSize RowsHeader::sizeHint() const
{
    const QSize base = QHeaderView::sizeHint();
    return {base.width(), fontMetrics().height() + QFontMetrics(typeFont()).height() + 2 * gap};
}

void RowsHeader::paintSection(QPainter *painter, const QRect &rect, int section) const
{
    const Colors &colors = Theme::instance().colors();
    const QFontMetrics nameMetrics = fontMetrics();
    const QString name = model()->headerData(section, orientation(), Qt::DisplayRole).toString();
    const QString type = model()->headerData(section, orientation(), RowsModel::TypeRole).toString();
    const QString sign = keySign(section);
    const bool isNumeric = model()->headerData(section, orientation(), RowsModel::NumericRole).toBool();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->fillRect(rect, colors.panel);
    painter->fillRect(rect.left(), rect.bottom(), rect.width(), 1, colors.line);
    painter->fillRect(rect.right(), rect.top(), 1, rect.height(), colors.line);

    QRect text = rect.adjusted(padding, gap, -padding, -gap);
    QRect first(text.left(), text.top(), text.width(), nameMetrics.height());
    const QRect second(text.left(), first.bottom() + 1, text.width(), text.bottom() - first.bottom());
    const Qt::Alignment side = (isNumeric ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter;
    if (!sign.isEmpty()) {
        // A word on a small surface, beside the name: not a colour or a sign that has to be known.
        painter->setFont(typeFont());
        const int width = painter->fontMetrics().horizontalAdvance(sign) + 2 * gap;
        const int nameWidth = nameMetrics.horizontalAdvance(name);
        const int left =
            isNumeric ? first.right() - width + 1 : qMin(first.left() + nameWidth + gap, first.right() - width);
        const QRectF pill(left, first.center().y() - first.height() / 2.0 + 1, width, first.height() - 1);
        painter->setPen(Qt::NoPen);
        painter->setBrush(colors.neutral.surface);
        painter->drawRoundedRect(pill, pill.height() / 2, pill.height() / 2);
        painter->setPen(colors.neutral.text);
        painter->drawText(pill, Qt::AlignCenter, sign);
        first.setRight(isNumeric ? left - gap : first.right());
        if (!isNumeric) {
            first.setRight(qMax(first.left(), qMin(first.right(), left - 2)));
        }
    }
    painter->setFont(font());
    painter->setPen(colors.text);
    painter->drawText(first, side, nameMetrics.elidedText(name, Qt::ElideRight, first.width() + 1));
    painter->setFont(typeFont());
    painter->setPen(colors.subtle);
    painter->drawText(second, side, painter->fontMetrics().elidedText(type, Qt::ElideRight, second.width() + 1));
    painter->restore();
}

} // namespace Roost
