#pragma once

#include "core/jobcontext.h"
#include "operations/archivefile.h"

#include <QList>

#include <functional>
#include <optional>

namespace Roost {

/// Reads all data of an archive to the last byte, several tables at a time: unpacks them, holds them against zlib's
/// checksums, counts rows. pg_restore would do it on one processor and write it all out again. Nothing for what it does
/// not know, what is damaged and after a cancel: then pg_restore has to say what it is. `onProgress` is called on this
/// thread, a few times a second. Blocking.
[[nodiscard]] std::optional<QList<ArchivedTable>> readArchiveBlocks(int descriptor, qint64 fileSize,
                                                                    const JobContext &context,
                                                                    const ArchiveFile::ReadProgress &onProgress);

} // namespace Roost
