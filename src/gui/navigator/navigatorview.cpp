#include "gui/navigator/navigatorview.h"

#include "gui/navigator/navigatordelegate.h"
#include "gui/theme/theme.h"
#include "models/navigatormodel.h"

#include <QPainter>

namespace Roost {

namespace {

bool isGroup(const QModelIndex &index)
{
    return NodeKind(index.data(NavigatorModel::KindRole).toInt()) == NodeKind::Group;
}

} // namespace

NavigatorView::NavigatorView(QWidget *parent)
    : QTreeView(parent)
{
    setObjectName(QStringLiteral("navigatorTree"));
    setAccessibleName(tr("Connections, databases and tables"));
    setItemDelegate(new NavigatorDelegate(this));
    setHeaderHidden(true);
    setRootIsDecorated(false);
    setUniformRowHeights(false);
    setIndentation(16);
    setMouseTracking(true);
    setEditTriggers(NoEditTriggers);
    setContextMenuPolicy(Qt::CustomContextMenu);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(ScrollPerPixel);
    setExpandsOnDoubleClick(false);
    setFrameShape(QFrame::NoFrame);
    // A heading has no arrow to open it again with, so neither "-" nor the left arrow folds it up.
    connect(this, &QTreeView::collapsed, this, [this](const QModelIndex &index) {
        if (isGroup(index)) {
            expand(index);
        }
    });
}

void NavigatorView::drawRow(QPainter *painter, const QStyleOptionViewItem &options, const QModelIndex &index) const
{
    const Colors &colors = Theme::instance().colors();
    const QRect row(0, options.rect.top(), viewport()->width(), options.rect.height());
    QStyleOptionViewItem option = options;
    option.rect = visualRect(index);
    option.rect.setRight(row.right());
    const bool isSelected = selectionModel() && selectionModel()->isSelected(index);
    const bool isUnderMouse =
        viewport()->underMouse() && row.contains(viewport()->mapFromGlobal(QCursor::pos())) && !isGroup(index);
    option.state.setFlag(QStyle::State_Selected, isSelected);
    option.state.setFlag(QStyle::State_MouseOver, isUnderMouse);
    if (isSelected || isUnderMouse) {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(isSelected && hasFocus() ? QPen(colors.accent) : QPen(Qt::NoPen));
        painter->setBrush(isSelected ? colors.selection : colors.hover);
        painter->drawRoundedRect(QRectF(row).adjusted(0.5, 0.5, -0.5, -0.5), Spacing::buttonRadius,
                                 Spacing::buttonRadius);
        painter->restore();
    }
    drawBranches(painter, QRect(row.left(), row.top(), option.rect.left(), row.height()), index);
    itemDelegateForIndex(index)->paint(painter, option, index);
}

void NavigatorView::drawBranches(QPainter *painter, const QRect &rect, const QModelIndex &index) const
{
    if (isGroup(index) || !model()->hasChildren(index)) {
        return;
    }
    constexpr double size = 3.5;
    const QPointF center(rect.right() - indentation() / 2.0 + 1, rect.center().y() + 0.5);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    QPen pen(Theme::instance().colors().subtle, 1.5);
    pen.setCapStyle(Qt::RoundCap);
    pen.setJoinStyle(Qt::RoundJoin);
    painter->setPen(pen);
    QPolygonF arrow;
    if (isExpanded(index)) {
        arrow << center + QPointF(-size, -size / 2) << center + QPointF(0, size / 2)
              << center + QPointF(size, -size / 2);
    } else {
        arrow << center + QPointF(-size / 2, -size) << center + QPointF(size / 2, 0)
              << center + QPointF(-size / 2, size);
    }
    painter->drawPolyline(arrow);
    painter->restore();
}

} // namespace Roost
