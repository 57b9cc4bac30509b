#pragma once

#include "core/result.h"
#include "postgres/catalog.h"

#include <QList>

namespace Roost {

/// The table that `words` means among these: a name exactly as it is, then schema.name, then either with SQL's quotes,
/// then folded to lower case as psql does. `public` wins where several schemas have the name; otherwise the answer is
/// NotFound, naming what there is.
[[nodiscard]] Result<RelationInfo> findTable(const QList<RelationInfo> &relations, const QString &words);

} // namespace Roost
