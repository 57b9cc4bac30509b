#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "postgres/catalog.h"
#include "postgres/databaseconnection.h"

#include <QList>

#include <memory>

namespace Roost {

struct CliServices;

/// The table that `words` means among these: a name exactly as it is, then schema.name, then either with SQL's quotes,
/// then folded to lower case as psql does. `public` wins where several schemas have the name; otherwise the answer is
/// NotFound, naming what there is.
[[nodiscard]] Result<RelationInfo> findTable(const QList<RelationInfo> &relations, const QString &words);

/// What `TARGET TABLE` names: the open database, and the table in it.
struct NamedTable
{
    std::unique_ptr<DatabaseConnection> connection;
    RelationInfo relation;
};
[[nodiscard]] Result<NamedTable> openNamedTable(const QString &target, const QString &table,
                                                const CliServices &services, const JobContext &context);

} // namespace Roost
