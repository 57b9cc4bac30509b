#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "operations/restoresource.h"
#include "postgres/databaseconnection.h"
#include "postgres/manifestpart.h"

#include <QList>
#include <QSet>
#include <QStringList>

#include <optional>

namespace Roost {

/// How much of a backup is restored: all of it, or the objects chosen.
struct RestoreScope
{
    std::optional<QSet<int>> entries; ///< of the table of contents; nothing: all
    ManifestPart part;                ///< the same, by names; when `entries` is set
    QStringList notes;                ///< translated; what is left out, or used as it is in the target

    bool isPart() const { return entries.has_value(); }
    bool has(const ArchivedTable &table) const;
};

/// `connection` is to the database that is restored into, `target` what it has. AlreadyExists, InvalidInput, NotFound
/// as selectFrom(); NotAllowed naming what cannot be made without an extension that the server lacks. Blocking.
[[nodiscard]] Result<RestoreScope> scopeOf(const RestoreRequest &request, const RestoreSource &source,
                                           const TargetObjects &target, DatabaseConnection &connection,
                                           const JobContext &context);

} // namespace Roost
