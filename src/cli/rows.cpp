#include "cli/rows.h"

#include "cli/output.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "postgres/databaseconnection.h"
#include "postgres/postgresresult.h"
#include "postgres/tablecopy.h"
#include "postgres/tablequery.h"
#include "postgres/typenames.h"

#include <limits>

namespace Roost {

namespace {

Result<void> printCsv(DatabaseConnection &connection, const RowsRequest &request, Terminal &terminal,
                      const JobContext &context)
{
    const CsvExport what{request.table.id, request.limit, request.table.keyColumns};
    bool isRead = true;
    Result<void> copied = copyTableCsv(
        connection, what,
        [&terminal, &isRead](QByteArrayView bytes) {
            isRead = terminal.write(bytes);
            return isRead;
        },
        context.stopToken());
    // Why the output ended is for Terminal::flush() to tell.
    return !copied && !isRead && !context.isCancelled() ? Result<void>() : copied;
}

/// The columns of a result for printing, and how their values go into JSON.
struct Shape
{
    QList<OutputColumn> columns;
    QList<JsonForm> forms;
};

Shape shapeOf(const PostgresResult &result, bool asJson)
{
    Shape shape;
    for (int i = 0; i < result.columnCount(); ++i) {
        const unsigned type = result.typeOid(i);
        shape.columns += {result.columnName(i), result.columnName(i), TypeNames::isNumeric(type)};
        shape.forms += asJson ? jsonFormOf(type) : JsonForm::String;
    }
    return shape;
}

QList<OutputCell> rowOf(const PostgresResult &result, const Shape &shape)
{
    QList<OutputCell> row;
    row.reserve(shape.forms.size());
    for (int i = 0; i < shape.forms.size(); ++i) {
        row += result.isNullAt(i) ? OutputCell::null() : rowCell(QString::fromUtf8(result.utf8(i)), shape.forms.at(i));
    }
    return row;
}

} // namespace

OutputCell rowCell(const QString &text, JsonForm form)
{
    switch (form) {
    case JsonForm::SmallInteger:
        return {text, OutputCell::Kind::Number};
    case JsonForm::BigInteger: {
        constexpr qint64 largestCommonInteger = 9007199254740991; // others use double precision
        const qint64 value = text.toLongLong();
        const bool isCommon = value >= -largestCommonInteger && value <= largestCommonInteger;
        return {text, isCommon ? OutputCell::Kind::Number : OutputCell::Kind::Text};
    }
    case JsonForm::Float: {
        const bool isFinite = !text.endsWith(u'y') && text != u"NaN"; // Infinity, -Infinity
        return {text, isFinite ? OutputCell::Kind::Number : OutputCell::Kind::Text};
    }
    case JsonForm::Boolean:
        return OutputCell::boolean(text == u"t");
    case JsonForm::Embedded:
        return {text, OutputCell::Kind::Json};
    case JsonForm::String:
        break;
    }
    return OutputCell::of(text);
}

void noteMoreRows(Terminal &terminal)
{
    terminal.note(CliText::tr("There are more rows; --limit N shows more, --format csv all of them."));
}

Result<void> printRows(DatabaseConnection &connection, const RowsRequest &request, Terminal &terminal,
                       const JobContext &context)
{
    if (request.format == RowsRequest::Format::Csv) {
        return printCsv(connection, request, terminal, context);
    }
    const bool asJson = request.format == RowsRequest::Format::Json;
    constexpr qint64 mostRows = std::numeric_limits<int>::max() - 1;
    const qint64 limit = request.limit < 0 ? mostRows : qMin(request.limit, mostRows);
    TableQuery what;
    what.table = request.table.id;
    // The order of the key costs a sort where all rows are wanted, and helps nobody then.
    what.keyColumns = request.limit < 0 ? QStringList() : request.table.keyColumns;
    what.limit = int(limit);
    Result<QSqlQuery> rows = connection.stream(what.statement().sql, {}, context.stopToken());
    if (!rows) {
        return failure(rows.error());
    }
    const PostgresResult *result = PostgresResult::of(*rows);
    const Shape shape = shapeOf(*result, asJson);
    RowOutput output(terminal, asJson ? OutputFormat::Json : OutputFormat::Table, shape.columns);
    output.setNullText(QStringLiteral("NULL"));
    qint64 printed = 0;
    bool isRead = true;
    while (isRead && printed < limit && rows->next()) {
        isRead = output.add(rowOf(*result, shape));
        ++printed;
    }
    const bool hasMore = isRead && printed == limit && rows->next();
    if (const std::optional<Error> error = DatabaseConnection::streamError(*rows)) {
        return failure(*error);
    }
    if (isRead) {
        output.end();
    }
    if (hasMore && !asJson) {
        noteMoreRows(terminal);
    }
    return {};
}

} // namespace Roost
