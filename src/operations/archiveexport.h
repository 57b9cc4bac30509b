#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "operations/tableexport.h"
#include "postgres/identifier.h"

#include <QString>

namespace Roost {

struct ArchiveExportRequest
{
    QString archive;
    TableId table;
    QString file; ///< absolute; its name says the format, CSV when it says nothing. Not Excel
    bool overwrite = false;
    qint64 expectedRows = -1; ///< for the progress; negative: not known
};

/// Writes the rows of one table of an archive into a file, without a server, as exportTable() does with one. Under its
/// final name the file is whole. Blocking, on a worker thread; errors as readArchiveRows() and ExportFile.
[[nodiscard]] Result<ExportReport> exportArchivedRows(const ArchiveExportRequest &request, JobContext &context);

} // namespace Roost
