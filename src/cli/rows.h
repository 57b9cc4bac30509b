#pragma once

#include "cli/output.h"
#include "core/jobcontext.h"
#include "core/result.h"
#include "operations/jsontext.h"
#include "postgres/catalog.h"

namespace Roost {

class DatabaseConnection;
class Terminal;

/// Which rows of which table, and how they are printed.
struct RowsRequest
{
    enum class Format { Table, Csv, Json };
    static constexpr qint64 usualTableLimit = 100;

    RelationInfo table;
    Format format = Format::Table;
    qint64 limit = -1; ///< negative: all
};

/// A value that is not NULL, in the form that its type has in JSON.
[[nodiscard]] OutputCell rowCell(const QString &text, JsonForm form);
/// Under a table that the limit cut off.
void noteMoreRows(Terminal &terminal);

/// Prints while it reads, in constant memory; one statement, so that all rows are of one moment. A reader that goes
/// away ends it, which is no failure. Blocking.
[[nodiscard]] Result<void> printRows(DatabaseConnection &connection, const RowsRequest &request, Terminal &terminal,
                                     const JobContext &context);

} // namespace Roost
