#include "postgres/tablecopy.h"

#include "postgres/databaseconnection.h"

namespace Roost {

QString CsvExport::sql() const
{
    QString rows = QStringLiteral("SELECT * FROM ") + table.quoted();
    if (limit >= 0 && !keyColumns.isEmpty()) {
        QStringList order;
        for (const QString &column : keyColumns) {
            order += quoteIdentifier(column);
        }
        rows += QStringLiteral(" ORDER BY ") + order.join(QStringLiteral(", "));
    }
    if (limit >= 0) {
        rows += QStringLiteral(" LIMIT ") + QString::number(limit);
    }
    return QStringLiteral("COPY (") + rows + QStringLiteral(") TO STDOUT WITH (FORMAT csv, HEADER)");
}

Result<void> copyTableCsv(DatabaseConnection &connection, const CsvExport &request,
                          const std::function<bool(QByteArrayView)> &sink, const std::stop_token &stop)
{
    const Result<qint64> rows = connection.copyOut(request.sql(), sink, stop);
    return rows ? Result<void>() : failure(rows.error());
}

} // namespace Roost
