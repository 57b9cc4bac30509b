#include "postgres/catalog.h"

namespace Roost {

QString relationKindName(RelationKind kind)
{
    switch (kind) {
    case RelationKind::Table:
        return QStringLiteral("table");
    case RelationKind::PartitionedTable:
        return QStringLiteral("partitioned table");
    case RelationKind::View:
        return QStringLiteral("view");
    case RelationKind::MaterializedView:
        return QStringLiteral("materialized view");
    case RelationKind::ForeignTable:
        return QStringLiteral("foreign table");
    case RelationKind::Sequence:
        return QStringLiteral("sequence");
    }
    return {};
}

} // namespace Roost
