#pragma once

#include "core/result.h"
#include "postgres/identifier.h"

#include <QByteArrayView>
#include <QStringList>

#include <functional>
#include <stop_token>

namespace Roost {

class DatabaseConnection;

/// What to write of a table or view as CSV.
struct CsvExport
{
    TableId table;
    qint64 limit = -1;      ///< rows; negative: all of them
    QStringList keyColumns; ///< the order where there is a limit; empty: the server's own

    [[nodiscard]] QString sql() const;
};

/// Hands `sink` the bytes that `\copy (SELECT * FROM table) TO STDOUT CSV HEADER` writes, piece by piece; a false
/// return stops it. Generated columns and the rows of partitions are in it. Blocking.
[[nodiscard]] Result<void> copyTableCsv(DatabaseConnection &connection, const CsvExport &request,
                                        const std::function<bool(QByteArrayView)> &sink,
                                        const std::stop_token &stop = {});

} // namespace Roost
