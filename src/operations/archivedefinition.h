#pragma once

#include "core/jobcontext.h"
#include "core/result.h"

#include <QList>
#include <QString>

namespace Roost {

/// The SQL that makes these entries of an archive's table of contents, as pg_restore writes it, without the settings
/// around it and without a table's rows. Connects to nothing. Blocking, on a worker thread; as readArchiveContents().
[[nodiscard]] Result<QString> readArchivedDefinition(const QString &file, const QList<int> &entries,
                                                     const JobContext &context);

} // namespace Roost
