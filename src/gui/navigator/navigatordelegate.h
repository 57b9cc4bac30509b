#pragma once

#include <QStyledItemDelegate>

namespace Roost {

/// A row of the side bar: icon, name, and at the right the secondary fact and the badges.
class NavigatorDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    /// Draws from the right edge; returns where the next thing to its left ends.
    int paintBadges(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index, int right) const;
};

} // namespace Roost
