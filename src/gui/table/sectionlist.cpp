#include "gui/table/sectionlist.h"

#include "gui/theme/theme.h"
#include "models/plaintext.h"

#include <QPainter>
#include <QStyledItemDelegate>

namespace Roost {

namespace {

class SectionDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const Colors &colors = Theme::instance().colors();
        const bool isCurrent = option.state.testFlag(QStyle::State_Selected);
        const bool isLit = isCurrent || option.state.testFlag(QStyle::State_MouseOver);
        const QRect inside = option.rect.adjusted(Spacing::unit, 0, -Spacing::unit, 0);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        if (isLit) {
            painter->setPen(isCurrent && option.state.testFlag(QStyle::State_HasFocus) ? QPen(colors.accent)
                                                                                       : QPen(Qt::NoPen));
            painter->setBrush(isCurrent ? colors.selection : colors.hover);
            painter->drawRoundedRect(QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5), Spacing::buttonRadius,
                                     Spacing::buttonRadius);
        }
        painter->setPen(colors.text);
        painter->drawText(inside, Qt::AlignLeft | Qt::AlignVCenter, index.data().toString());
        painter->setPen(isLit ? colors.selectionSubtle : colors.subtle);
        painter->drawText(inside, Qt::AlignRight | Qt::AlignVCenter, index.data(Qt::UserRole).toString());
        painter->restore();
    }

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const QString text = index.data().toString() + index.data(Qt::UserRole).toString();
        return {option.fontMetrics.horizontalAdvance(text) + 5 * Spacing::unit,
                qMax(Spacing::row, option.fontMetrics.height() + Spacing::unit)};
    }
};

} // namespace

SectionList::SectionList(QWidget *parent)
    : QListWidget(parent)
{
    setObjectName(QStringLiteral("structureSections"));
    setAccessibleName(tr("Sections"));
    setProperty("plain", true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setMouseTracking(true);
    setItemDelegate(new SectionDelegate(this));
}

void SectionList::add(const QString &title, qsizetype count)
{
    auto *item = new QListWidgetItem(title, this);
    const QString text = count > 0 ? countText(count) : QString();
    item->setData(Qt::UserRole, text);
    item->setData(Qt::AccessibleTextRole, text.isEmpty() ? title : QStringLiteral("%1, %2").arg(title, text));
}

void SectionList::fit()
{
    constexpr int least = 150;
    setFixedWidth(qMax(least, sizeHintForColumn(0)));
}

} // namespace Roost
