#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "operations/archivefile.h"
#include "operations/archivetoc.h"
#include "operations/phasedprogress.h"
#include "operations/restore.h"
#include "postgres/manifest.h"
#include "process/pgtoolchain.h"

#include <QList>
#include <QStringList>

#include <optional>

namespace Roost {

/// What a restore takes from, read before anything is touched: a damaged file must not be found out about in the
/// middle.
struct RestoreSource
{
    ArchiveFile archive;
    PgToolchain reader; ///< fit to read it with
    ArchiveToc toc;
    EntryNeeds needs;
    QList<ArchivedTable> tables;      ///< with rows, as a full read found them
    std::optional<Manifest> manifest; ///< the proof beside it, if there is one and it is of this very file
    QStringList warnings;             ///< translated
};

/// Reads the archive whole and its manifest. Errors say that nothing was changed. Blocking, on the operation's thread.
[[nodiscard]] Result<RestoreSource> readSource(const RestoreRequest &request, PhasedProgress &progress,
                                               const JobContext &context);

} // namespace Roost
