#include "gui/compare/differencelist.h"

#include "gui/theme/theme.h"
#include "models/differencesmodel.h"

#include <QPainter>
#include <QStyledItemDelegate>

namespace Roost {

namespace {

class DifferenceDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const Colors &colors = Theme::instance().colors();
        const QString title = index.data(Qt::DisplayRole).toString();
        const QRect rect = option.rect.adjusted(Spacing::card, 0, -Spacing::card, 0);
        painter->save();
        if (index.data(DifferencesModel::IsHeadingRole).toBool()) {
            constexpr double factor = 0.82;
            QFont font = option.font;
            font.setPointSizeF(font.pointSizeF() * factor);
            font.setBold(true);
            font.setLetterSpacing(QFont::AbsoluteSpacing, 1);
            painter->setFont(font);
            painter->setPen(colors.subtle);
            painter->drawText(rect.adjusted(0, Spacing::unit, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, title.toUpper());
            painter->restore();
            return;
        }
        const bool isLit = option.state & (QStyle::State_Selected | QStyle::State_MouseOver);
        if (option.state & QStyle::State_Selected) {
            painter->fillRect(option.rect, colors.selection);
        } else if (option.state & QStyle::State_MouseOver) {
            painter->fillRect(option.rect, colors.hover);
        }
        if (option.state & QStyle::State_HasFocus) {
            painter->fillRect(option.rect.left(), option.rect.top(), 3, option.rect.height(), colors.accent);
        }
        const bool isNote = index.data(DifferencesModel::IsNoteRole).toBool();
        const QString secondary = index.data(DifferencesModel::SecondaryRole).toString();
        const QFontMetrics &metrics = option.fontMetrics;
        // The name comes first: what stands at the right gets the room that is left, but a third at least.
        const int left = rect.width() - Spacing::card - metrics.horizontalAdvance(title);
        const QString shown = metrics.elidedText(secondary, Qt::ElideRight, qMax(left, rect.width() / 3));
        const int width = metrics.horizontalAdvance(shown);
        painter->setPen(isLit ? colors.selectionSubtle : colors.subtle);
        painter->drawText(rect, Qt::AlignRight | Qt::AlignVCenter, shown);
        painter->setPen(isNote ? colors.subtle : colors.text);
        const int room = rect.width() - width - Spacing::card;
        painter->drawText(rect, Qt::AlignLeft | Qt::AlignVCenter, metrics.elidedText(title, Qt::ElideMiddle, room));
        painter->restore();
    }

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const bool isHeading = index.data(DifferencesModel::IsHeadingRole).toBool();
        return {0, qMax(option.fontMetrics.height() + Spacing::unit, isHeading ? 36 : Spacing::row)};
    }
};

} // namespace

DifferenceList::DifferenceList(QWidget *parent)
    : QListView(parent)
{
    setObjectName(QStringLiteral("differenceList"));
    setAccessibleName(tr("What differs"));
    setItemDelegate(new DifferenceDelegate(this));
    setEditTriggers(NoEditTriggers);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(ScrollPerPixel);
    setMouseTracking(true);
    setUniformItemSizes(false);
}

} // namespace Roost
