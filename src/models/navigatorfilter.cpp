#include "models/navigatorfilter.h"

#include "models/navigatormodel.h"

namespace Roost {

NavigatorFilter::NavigatorFilter(QObject *parent)
    : QSortFilterProxyModel(parent)
{
    setRecursiveFilteringEnabled(true);
}

void NavigatorFilter::setText(const QString &text)
{
    const QString trimmed = text.trimmed();
    if (m_text != trimmed) {
        m_text = trimmed;
        invalidateFilter();
    }
}

void NavigatorFilter::setShowsSystem(bool shows)
{
    if (m_showsSystem != shows) {
        m_showsSystem = shows;
        invalidateFilter();
    }
}

bool NavigatorFilter::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    const QModelIndex index = sourceModel()->index(row, 0, parent);
    for (QModelIndex at = index; at.isValid(); at = at.parent()) {
        if (!m_showsSystem && at.data(NavigatorModel::SystemRole).toBool()) {
            return false;
        }
    }
    if (m_text.isEmpty()) {
        return true;
    }
    const auto kind = NodeKind(index.data(NavigatorModel::KindRole).toInt());
    const bool isNamed = kind != NodeKind::Group && kind != NodeKind::Functions && kind != NodeKind::Message;
    return isNamed && index.data(Qt::DisplayRole).toString().contains(m_text, Qt::CaseInsensitive);
}

} // namespace Roost
