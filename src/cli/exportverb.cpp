#include "cli/services.h"
#include "cli/tablefinder.h"
#include "cli/targets.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "operations/tableexport.h"

#include <QDir>

namespace Roost {

namespace {

const QString toOption = QStringLiteral("to");
const QString formatOption = QStringLiteral("format");
const QString whereOption = QStringLiteral("where");
const QString columnsOption = QStringLiteral("columns");
const QString sortOption = QStringLiteral("sort");
const QString delimiterOption = QStringLiteral("delimiter");
const QString noHeaderOption = QStringLiteral("no-header");
const QString overwriteOption = QStringLiteral("overwrite");

const QMap<QString, ExportFormat> &formats()
{
    static const QMap<QString, ExportFormat> all{
        {QStringLiteral("csv"), ExportFormat::Csv},          {QStringLiteral("tsv"), ExportFormat::Tsv},
        {QStringLiteral("json"), ExportFormat::Json},        {QStringLiteral("ndjson"), ExportFormat::NdJson},
        {QStringLiteral("insert"), ExportFormat::SqlInsert}, {QStringLiteral("copy"), ExportFormat::SqlCopy},
        {QStringLiteral("xlsx"), ExportFormat::Xlsx},        {QStringLiteral("markdown"), ExportFormat::Markdown}};
    return all;
}

bool isQuery(const QString &table)
{
    return table.startsWith(u'(') && table.endsWith(u')');
}

QStringList namesIn(const QString &list)
{
    QStringList names;
    const QStringList parts = list.split(u',', Qt::SkipEmptyParts);
    for (const QString &part : parts) {
        names += part.trimmed();
    }
    return names;
}

Result<QString> knownColumn(const RelationInfo &table, const QString &name)
{
    QStringList known;
    for (const RowColumn &column : table.columns) {
        if (column.name == name) {
            return name;
        }
        known += column.name;
    }
    return failure(ErrorCode::NotFound, CliText::tr("\"%1\" has no column \"%2\". Its columns: %3.")
                                            .arg(table.id.name, name, known.join(QStringLiteral(", "))));
}

/// `seen_at:desc,id`
Result<QList<SortColumn>> sortOf(const RelationInfo &table, const QString &list)
{
    QList<SortColumn> sort;
    const QStringList names = namesIn(list);
    for (const QString &name : names) {
        const bool descending = name.endsWith(u":desc");
        const QString plain = descending || name.endsWith(u":asc") ? name.section(u':', 0, -2) : name;
        const Result<QString> column = knownColumn(table, plain);
        if (!column) {
            return failure(column.error());
        }
        sort += SortColumn{*column, descending};
    }
    return sort;
}

/// The table's part of the request.
Result<void> nameTable(ExportRequest &request, const RelationInfo &table, const Invocation &call)
{
    request.query.table = table.id;
    request.query.kind = table.kind;
    request.query.columns = table.columns;
    request.query.keyColumns = table.keyColumns;
    request.query.filter.where = call.value(whereOption);
    request.expectedRows = call.has(whereOption) ? -1 : table.estimatedRows;
    const QStringList names = namesIn(call.value(columnsOption));
    for (const QString &name : names) {
        const Result<QString> column = knownColumn(table, name);
        if (!column) {
            return failure(column.error());
        }
        request.columns += *column;
    }
    Result<QList<SortColumn>> sort = sortOf(table, call.value(sortOption));
    if (!sort) {
        return failure(sort.error());
    }
    request.query.sort = *sort;
    return {};
}

Result<void> runExport(const Invocation &call, const CliServices &services, JobContext &context)
{
    ExportRequest request;
    request.file = QDir::cleanPath(QDir::current().absoluteFilePath(call.value(toOption)));
    request.format = call.has(formatOption) ? formats().value(call.value(formatOption)) : exportFormatOf(request.file);
    request.header = !call.has(noHeaderOption);
    request.overwrite = call.has(overwriteOption);
    request.delimiter = call.has(delimiterOption) ? call.value(delimiterOption).at(0) : QChar();
    const QString target = call.arguments.at(0);
    const QString what = call.arguments.at(1);
    std::unique_ptr<DatabaseConnection> connection;
    if (isQuery(what)) {
        request.sql = what.mid(1, what.size() - 2);
        request.query.table = {QStringLiteral("public"), QStringLiteral("query")};
        auto opened = services.targets.open(target, context);
        if (!opened) {
            return failure(opened.error());
        }
        connection = std::move(*opened);
    } else {
        Result<NamedTable> named = openNamedTable(target, what, services, context);
        if (!named) {
            return failure(named.error());
        }
        if (Result<void> done = nameTable(request, named->relation, call); !done) {
            return done;
        }
        connection = std::move(named->connection);
    }
    const Result<ExportReport> report = exportTable(*connection, request, context);
    if (!report) {
        return failure(report.error());
    }
    services.terminal.note(CliText::tr("%n row(s) written to", nullptr, int(report->rows)));
    services.terminal.writeLine(report->file);
    if (report->hasFormulas) {
        services.terminal.note(CliText::tr("Some values begin with = + - or @, which spreadsheets take for formulas. "
                                           "Open the file only if you trust who entered them, or export to xlsx."));
    }
    return {};
}

QString problemWith(const Invocation &call)
{
    if (!call.has(toOption)) {
        return CliText::tr("Say which file to write: --to FILE.");
    }
    if (call.has(formatOption) && !formats().contains(call.value(formatOption))) {
        return CliText::tr("--format takes %1, not \"%2\".")
            .arg(QStringList(formats().keys()).join(QStringLiteral(", ")), call.value(formatOption));
    }
    const QString delimiter = call.value(delimiterOption);
    if (call.has(delimiterOption) && (delimiter.size() != 1 || delimiter.at(0).unicode() > 0x7e)) {
        return CliText::tr("--delimiter takes one character, as in --delimiter \";\".");
    }
    const bool narrows = call.has(whereOption) || call.has(columnsOption) || call.has(sortOption);
    if (isQuery(call.arguments.at(1)) && narrows) {
        return CliText::tr("--where, --columns and --sort go with a table; a query says that by itself.");
    }
    return {};
}

} // namespace

QList<Verb> exportVerbs()
{
    Verb verb;
    verb.name = QStringLiteral("export");
    verb.summary = CliText::tr("Write the rows of a table, a view or a query to a file.");
    verb.arguments = {{QStringLiteral("TARGET"), CliText::tr("the database")},
                      {QStringLiteral("TABLE"), CliText::tr("a name as it is, SCHEMA.NAME, or \"(SELECT …)\"")}};
    verb.options = {
        {toOption, QStringLiteral("FILE"), CliText::tr("the file to write; its name says the format")},
        {formatOption, QStringLiteral("FORMAT"), CliText::tr("csv, tsv, json, ndjson, insert, copy, xlsx or markdown")},
        {whereOption, QStringLiteral("SQL"), CliText::tr("only these rows: an expression, as after WHERE")},
        {columnsOption, QStringLiteral("NAMES"), CliText::tr("only these columns, in this order: id,name")},
        {sortOption, QStringLiteral("NAMES"), CliText::tr("in this order: seen_at:desc,id")},
        {delimiterOption, QStringLiteral("C"), CliText::tr("csv: instead of the comma")},
        {noHeaderOption, {}, CliText::tr("csv, tsv, xlsx: without the line of names")},
        {overwriteOption, {}, CliText::tr("replace the file if it is there")}};
    verb.description = CliText::tr(
        "The file gets its name when it is whole and its rows have been counted against the server's number;\n"
        "before that nothing of this name is touched. Memory does not grow with the rows.\n\n"
        "csv is what `\\copy (SELECT …) TO STDOUT CSV HEADER` writes, byte for byte; tsv the same with tabs.\n"
        "insert and copy are SQL that psql runs, and set the table's sequences at the end.");
    verb.run = runExport;
    verb.check = problemWith;
    return {verb};
}

} // namespace Roost
