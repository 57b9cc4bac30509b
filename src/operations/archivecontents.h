#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "operations/archivefile.h"
#include "postgres/tabledefinitions.h"
#include "process/pgtoolchain.h"

#include <QDateTime>
#include <QList>
#include <QString>

namespace Roost {

/// One entry of an archive's table of contents.
struct ArchivedObject
{
    int entry = 0; ///< its number in this archive
    QString what;  ///< type, schema, name and owner, as pg_restore lists them, without quotes
};

/// A table whose rows the archive has.
struct ArchivedTableData
{
    int entry = 0; ///< of the rows in the table of contents
    TableId id;    ///< exact where the archive has the table's definition as well, as all but dumps of data alone have
};

/// What an archive says of itself, without a server.
struct ArchiveContents
{
    QString database;
    QString serverVersion; ///< that it was dumped from
    QString toolVersion;
    QDateTime takenAt; ///< UTC
    qint64 sizeBytes = 0;
    QList<ArchivedTableData> tables; ///< in the archive's order
    QList<ArchivedObject> objects;   ///< all entries, in the archive's order
    TableDefinitions definitions;
};

/// Reads an archive's table of contents and the definitions of its tables, none of its rows. Connects to nothing.
/// Blocking, on a worker thread. NotFound, NotAllowed, FileFailed; InvalidInput saying what the file is instead, or
/// that it is damaged; ToolMissing, ToolTooOld, Cancelled.
[[nodiscard]] Result<ArchiveContents> readArchiveContents(const QString &file, const JobContext &context);
/// The same of a file that is open already.
[[nodiscard]] Result<ArchiveContents> readArchiveContents(const ArchiveFile &archive, const PgToolchain &toolchain,
                                                          const JobContext &context);

/// The one table with rows that the words mean: a name exactly as it is, then SCHEMA.NAME, then either with SQL's
/// quotes or folded to lower case as psql does. NotFound naming those there are, InvalidInput naming all that are
/// meant.
[[nodiscard]] Result<ArchivedTableData> findArchivedTable(const ArchiveContents &contents, const QString &words);

} // namespace Roost
