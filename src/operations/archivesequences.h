#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "operations/archivefile.h"
#include "operations/archivetoc.h"
#include "postgres/manifest.h"

namespace Roost {

/// Where an archive sets its sequences, by the names of a Manifest. They stand outside of all snapshots: what a dump
/// holds of them is what pg_dump saw, a moment earlier or later than anybody else. Blocking.
[[nodiscard]] Result<QMap<QString, SequenceState>> archivedSequences(const ArchiveFile &archive, const ArchiveToc &toc,
                                                                     const PgToolchain &toolchain,
                                                                     const JobContext &context);

} // namespace Roost
