#include "gui/navigator/navigatordelegate.h"

#include "gui/theme/theme.h"
#include "models/navigatormodel.h"

#include <QPainter>

namespace Roost {

namespace {

constexpr int iconSize = 16;
constexpr int gap = 6;
constexpr int rightMargin = 6;

Tone toneOf(BadgeTone tone)
{
    switch (tone) {
    case BadgeTone::Neutral:
        return Tone::Neutral;
    case BadgeTone::Good:
        return Tone::Good;
    case BadgeTone::Warning:
        return Tone::Warning;
    case BadgeTone::Danger:
        return Tone::Danger;
    }
    return Tone::Neutral;
}

QFont scaled(const QFont &font, double factor)
{
    QFont result = font;
    result.setPointSizeF(font.pointSizeF() * factor);
    return result;
}

QFont captionFont(const QFont &font)
{
    constexpr double factor = 0.82;
    QFont result = scaled(font, factor);
    result.setBold(true);
    result.setLetterSpacing(QFont::AbsoluteSpacing, 1);
    return result;
}

} // namespace

int NavigatorDelegate::paintBadges(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index,
                                   int right) const
{
    constexpr double factor = 0.82;
    constexpr int padding = 8;
    const QStringList texts = index.data(NavigatorModel::BadgeTextsRole).toStringList();
    const auto tones = index.data(NavigatorModel::BadgeTonesRole).value<QList<int>>();
    const QFont font = scaled(option.font, factor);
    const QFontMetrics metrics(font);
    painter->setFont(font);
    for (qsizetype i = texts.size() - 1; i >= 0; --i) {
        const TonePair colors = Theme::instance().colors().pair(toneOf(BadgeTone(tones.value(i))));
        const int width = metrics.horizontalAdvance(texts[i]) + 2 * padding;
        const int height = metrics.height() + 3;
        const QRectF pill(right - width, option.rect.center().y() - height / 2.0 + 0.5, width, height);
        painter->setPen(Qt::NoPen);
        painter->setBrush(colors.surface);
        painter->drawRoundedRect(pill, height / 2.0, height / 2.0);
        painter->setPen(colors.text);
        painter->drawText(pill, Qt::AlignCenter, texts[i]);
        right -= width + gap;
    }
    return right;
}

void NavigatorDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Colors &colors = Theme::instance().colors();
    const auto kind = NodeKind(index.data(NavigatorModel::KindRole).toInt());
    const QString name = index.data(Qt::DisplayRole).toString();
    const bool isLit = option.state & (QStyle::State_Selected | QStyle::State_MouseOver);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    QRect rect = option.rect;
    if (kind == NodeKind::Group) {
        painter->setFont(captionFont(option.font));
        painter->setPen(colors.subtle);
        const QRect place = rect.adjusted(Spacing::unit * 2, gap, -rightMargin, 0);
        painter->drawText(place, Qt::AlignLeft | Qt::AlignVCenter,
                          painter->fontMetrics().elidedText(name, Qt::ElideRight, place.width()));
        painter->restore();
        return;
    }
    const QString iconName = index.data(NavigatorModel::IconNameRole).toString();
    if (!iconName.isEmpty()) {
        const QRect place(rect.left() + 2, rect.center().y() - iconSize / 2 + 1, iconSize, iconSize);
        Theme::icon(iconName).paint(painter, place);
        rect.setLeft(place.right() + gap);
    } else {
        rect.setLeft(rect.left() + 2);
    }
    int right = paintBadges(painter, option, index, rect.right() - rightMargin);
    painter->setFont(option.font);
    const QString secondary = index.data(NavigatorModel::SecondaryRole).toString();
    const QColor subtle = isLit ? colors.selectionSubtle : colors.subtle;
    // The name comes first: where there is no room for both, the secondary fact gives way.
    const int nameWidth = option.fontMetrics.horizontalAdvance(name);
    const int secondaryWidth = option.fontMetrics.horizontalAdvance(secondary);
    if (!secondary.isEmpty() && right - rect.left() >= qMin(nameWidth, rect.width() / 2) + 2 * gap + secondaryWidth) {
        painter->setPen(subtle);
        painter->drawText(QRect(rect.left(), rect.top(), right - rect.left(), rect.height()),
                          Qt::AlignRight | Qt::AlignVCenter, secondary);
        right -= secondaryWidth + 2 * gap;
    }
    painter->setPen(kind == NodeKind::Message ? subtle : colors.text);
    QFont font = option.font;
    font.setItalic(kind == NodeKind::Message);
    painter->setFont(font);
    const QString shown = QFontMetrics(font).elidedText(name, Qt::ElideRight, right - rect.left());
    painter->drawText(QRect(rect.left(), rect.top(), right - rect.left() + gap, rect.height()),
                      Qt::AlignLeft | Qt::AlignVCenter, shown);
    painter->restore();
}

QSize NavigatorDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    constexpr int rowHeight = 26;
    constexpr int groupHeight = 32;
    const bool isGroup = NodeKind(index.data(NavigatorModel::KindRole).toInt()) == NodeKind::Group;
    const int needed = option.fontMetrics.height() + gap;
    return {0, qMax(needed, isGroup ? groupHeight : rowHeight)};
}

} // namespace Roost
