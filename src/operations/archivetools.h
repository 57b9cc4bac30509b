#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "operations/archivefile.h"
#include "process/pgtoolchain.h"

namespace Roost {

/// The installation to read this archive with: the newest whose pg_restore is fit for it. ToolMissing, ToolTooOld.
[[nodiscard]] Result<PgToolchain> toolchainToRead(const ArchiveFile &archive, const JobContext &context);

/// The one to restore this archive with: at least as new as the pg_dump that made it, and, where there is one, as the
/// server; of these the closest to the server. ToolMissing, ToolTooOld.
[[nodiscard]] Result<PgToolchain> toolchainToRestore(const ArchiveFile &archive, int archiveToolMajor,
                                                     int serverVersion, const JobContext &context);

} // namespace Roost
