#include "postgres/tablequery.h"

#include "postgres/pagestatement.h"

#include <algorithm>

namespace Roost {

Paging TableQuery::paging() const
{
    if (!keyColumns.isEmpty()) {
        return Paging::ByKey;
    }
    constexpr int firstWithPlaceScans = 140000;
    const bool hasPlaces = (kind == RelationKind::Table || kind == RelationKind::MaterializedView) && !hasInheritors;
    return hasPlaces && serverVersion >= firstWithPlaceScans ? Paging::ByPlace : Paging::ByOffset;
}

QList<SortColumn> TableQuery::order() const
{
    QList<SortColumn> all = sort;
    const auto add = [this, &all](const QString &name) {
        const bool isThere =
            std::any_of(sort.cbegin(), sort.cend(), [&name](const SortColumn &one) { return one.column == name; });
        if (!isThere) {
            // As the column before it, so that an index on both gives the order, in one direction or the other.
            all += SortColumn{name, !sort.isEmpty() && sort.constLast().descending};
        }
    };
    for (const QString &column : keyColumns) {
        add(column);
    }
    if (paging() == Paging::ByPlace) {
        add(QStringLiteral("ctid"));
    }
    return all;
}

SqlStatement TableQuery::statement() const
{
    return pageStatement(*this).statement;
}

} // namespace Roost
