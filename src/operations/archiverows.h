#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "operations/archivecontents.h"
#include "operations/archivefile.h"
#include "operations/copytext.h"
#include "postgres/tabledefinitions.h"

#include <QString>
#include <QStringList>

#include <functional>
#include <vector>

namespace Roost {

struct ArchiveRowsRequest
{
    QString file;
    TableId table;     ///< without a schema the name stands for what somebody typed; see findArchivedTable()
    qint64 limit = -1; ///< rows; negative: all. What comes after them is not read, and may be damaged
};

/// Where the rows go, as they come, on the operation's thread. Both say whether to go on; to have had enough is no
/// failure.
struct ArchiveRowsSink
{
    /// Once, before the rows, with the columns whose values the archive has.
    std::function<bool(const TableId &table, const QList<DefinedColumn> &columns)> begin;
    /// The values' own bytes in UTF-8, NULL told apart; valid for the call only. As many as there are columns.
    std::function<bool(const std::vector<CopyTextLine::Cell> &cells)> row;
};

struct ArchiveRows
{
    TableId table;
    qint64 rows = 0;      ///< that the sink was given
    bool hasMore = false; ///< than the limit let through
    QStringList computed; ///< columns that the server computes: an archive has their definition, and no values
};

/// Reads the rows of one table out of an archive of pg_dump in the custom format, in the order in which they were
/// dumped. Connects to nothing; holds one row at a time. Cancel, the limit and the sink end the child at once.
/// Blocking, on a worker thread. NotFound naming the tables there are; InvalidInput for a name that may be several
/// tables, a file that is no archive or is damaged (rows that came before the damage were passed on), and data in
/// another form than COPY or in another encoding than UTF-8; else as readArchiveContents().
[[nodiscard]] Result<ArchiveRows> readArchiveRows(const ArchiveRowsRequest &request, const ArchiveRowsSink &sink,
                                                  JobContext &context);
/// The same of a file that is open already, and was looked into.
[[nodiscard]] Result<ArchiveRows> readArchiveRows(const ArchiveRowsRequest &request, const ArchiveFile &archive,
                                                  const PgToolchain &toolchain, const ArchiveContents &contents,
                                                  const ArchiveRowsSink &sink, JobContext &context);

} // namespace Roost
