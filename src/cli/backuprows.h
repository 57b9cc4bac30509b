#pragma once

#include "cli/rows.h"
#include "core/jobcontext.h"
#include "core/result.h"

#include <QString>

namespace Roost {

struct CliServices;

/// True when the word can only mean a file: it is the path of one, or ends in .dump.
[[nodiscard]] bool canNameBackup(const QString &word);
/// As above, and no target: what names a saved connection, practice or a variable means that, whatever lies in the
/// folder that roost-cli was started in. Reads the saved connections; blocking.
[[nodiscard]] bool namesBackup(const QString &word, const CliServices &services);

/// Which rows of which table of a backup, and how they are printed.
struct BackupRowsRequest
{
    QString file;
    QString table; ///< as it was typed
    RowsRequest::Format format = RowsRequest::Format::Table;
    qint64 limit = -1; ///< negative: all
};

/// Prints what printRows() prints for the table that was backed up, in the order of the backup. No connection.
[[nodiscard]] Result<void> printBackupRows(const BackupRowsRequest &request, const CliServices &services,
                                           JobContext &context);

} // namespace Roost
