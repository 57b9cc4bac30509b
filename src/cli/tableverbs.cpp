#include "cli/backuprows.h"
#include "cli/output.h"
#include "cli/rows.h"
#include "cli/services.h"
#include "cli/tablefinder.h"
#include "cli/targetname.h"
#include "cli/targets.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "postgres/catalogreader.h"

namespace Roost {

namespace {

const QString jsonOption = QStringLiteral("json");
const QString allOption = QStringLiteral("all");
const QString limitOption = QStringLiteral("limit");
const QString formatOption = QStringLiteral("format");

OutputFormat listFormat(const Invocation &call)
{
    return call.has(jsonOption) ? OutputFormat::Json : OutputFormat::Table;
}

Result<void> listTables(const Invocation &call, const CliServices &services, JobContext &context)
{
    const auto connection = services.targets.open(call.arguments.first(), context);
    if (!connection) {
        return failure(connection.error());
    }
    const Result<QList<RelationInfo>> relations = CatalogReader::relations(**connection, context.stopToken());
    if (!relations) {
        return failure(relations.error());
    }
    RowOutput output(services.terminal, listFormat(call),
                     {{CliText::tr("Schema"), QStringLiteral("schema")},
                      {CliText::tr("Name"), QStringLiteral("name")},
                      {CliText::tr("Type"), QStringLiteral("type")},
                      {CliText::tr("Owner"), QStringLiteral("owner")},
                      {CliText::tr("Rows (estimated)"), QStringLiteral("estimated_rows"), true},
                      {CliText::tr("Size"), QStringLiteral("size_bytes"), true, true}});
    bool isEmpty = true;
    for (const RelationInfo &each : *relations) {
        if (each.kind == RelationKind::Sequence && !call.has(allOption)) {
            continue;
        }
        isEmpty = false;
        output.add({OutputCell::of(each.id.schema), OutputCell::of(each.id.name),
                    OutputCell::of(relationKindName(each.kind)), OutputCell::of(each.owner),
                    OutputCell::count(each.estimatedRows), OutputCell::count(each.sizeBytes)});
    }
    if (isEmpty && !call.has(jsonOption)) {
        services.terminal.note(CliText::tr("No tables yet. Restore a backup into it, or let the app's migrations make "
                                           "them."));
        return {};
    }
    output.end();
    return {};
}

/// What psql shows under Default.
QString defaultInWords(const ColumnInfo &column)
{
    if (!column.identity.isEmpty()) {
        return QStringLiteral("generated %1 as identity").arg(column.identity);
    }
    return column.generated ? QStringLiteral("generated always as (%1) stored").arg(column.defaultExpression)
                            : column.defaultExpression;
}

void printColumns(const TableDescription &table, const Invocation &call, Terminal &terminal)
{
    const bool asJson = call.has(jsonOption);
    RowOutput output(terminal, listFormat(call),
                     {{CliText::tr("Column"), QStringLiteral("column")},
                      {CliText::tr("Type"), QStringLiteral("type")},
                      {CliText::tr("Collation"), QStringLiteral("collation")},
                      {CliText::tr("Nullable"), QStringLiteral("nullable")},
                      {CliText::tr("Default"), QStringLiteral("default")},
                      {CliText::tr("Description"), QStringLiteral("description")}});
    for (const ColumnInfo &column : table.columns) {
        output.add({OutputCell::of(column.name), OutputCell::of(column.type), OutputCell::orNull(column.collation),
                    asJson ? OutputCell::boolean(!column.notNull)
                           : OutputCell::of(column.notNull ? QStringLiteral("not null") : QString()),
                    OutputCell::orNull(defaultInWords(column)), OutputCell::orNull(column.comment)});
    }
    output.end();
}

void printDetails(const QString &title, const QList<TableDetail> &details, Terminal &terminal)
{
    if (details.isEmpty()) {
        return;
    }
    terminal.writeLine(title);
    for (const TableDetail &detail : details) {
        // CREATE INDEX … names it already.
        const bool isNamed = detail.name.isEmpty() || detail.definition.startsWith(u"CREATE ");
        const QString name = isNamed ? QString() : u'"' + detail.name + QStringLiteral("\" ");
        terminal.writeLine(QStringLiteral("    ") + shownInTerminal(name + detail.definition));
    }
}

Result<void> describeTable(const Invocation &call, const CliServices &services, JobContext &context)
{
    const Result<NamedTable> named = openNamedTable(call.arguments.at(0), call.arguments.at(1), services, context);
    if (!named) {
        return failure(named.error());
    }
    const Result<TableDescription> table =
        CatalogReader::describe(*named->connection, named->relation.id, context.stopToken());
    if (!table) {
        return failure(table.error());
    }
    Terminal &terminal = services.terminal;
    if (!call.has(jsonOption)) {
        const QString kind = relationKindName(named->relation.kind);
        terminal.writeLine(shownInTerminal(
            QStringLiteral("%1 \"%2.%3\"").arg(kind, named->relation.id.schema, named->relation.id.name)));
    }
    printColumns(*table, call, terminal);
    if (call.has(jsonOption)) {
        return {};
    }
    printDetails(CliText::tr("Indexes:"), table->indexes, terminal);
    printDetails(CliText::tr("Check constraints:"), table->checks, terminal);
    printDetails(CliText::tr("Foreign-key constraints:"), table->foreignKeys, terminal);
    printDetails(CliText::tr("Referenced by:"), table->referencedBy, terminal);
    printDetails(CliText::tr("Policies:"), table->policies, terminal);
    printDetails(CliText::tr("Rules:"), table->rules, terminal);
    printDetails(CliText::tr("Triggers:"), table->triggers, terminal);
    printDetails(CliText::tr("Partitions:"), table->partitioning, terminal);
    if (!table->viewDefinition.isEmpty()) {
        terminal.writeLine(CliText::tr("View definition:"));
        const QStringList lines = table->viewDefinition.split(u'\n');
        for (const QString &line : lines) {
            terminal.writeLine(shownInTerminal(line));
        }
    }
    return {};
}

RowsRequest::Format rowsFormat(const Invocation &call)
{
    const QString format = call.has(jsonOption) ? jsonOption : call.value(formatOption);
    return format == u"csv"    ? RowsRequest::Format::Csv
           : format == u"json" ? RowsRequest::Format::Json
                               : RowsRequest::Format::Table;
}

Result<void> printTableRows(const Invocation &call, const CliServices &services, JobContext &context)
{
    const RowsRequest::Format format = rowsFormat(call);
    const qint64 usualLimit = format == RowsRequest::Format::Table ? RowsRequest::usualTableLimit : -1;
    const qint64 limit = call.has(limitOption) ? call.value(limitOption).toLongLong() : usualLimit;
    if (namesBackup(call.arguments.at(0), services)) {
        return printBackupRows({call.arguments.at(0), call.arguments.at(1), format, limit}, services, context);
    }
    const Result<NamedTable> named = openNamedTable(call.arguments.at(0), call.arguments.at(1), services, context);
    if (!named) {
        return failure(named.error());
    }
    return printRows(*named->connection, {named->relation, format, limit}, services.terminal, context);
}

QString rowsProblem(const Invocation &call)
{
    const QString &source = call.arguments.at(0);
    if (!TargetName::parse(source) && !canNameBackup(source)) {
        return CliText::tr("\"%1\" is no target, and no file either. A target is NAME[/DATABASE], "
                           "practice[/DATABASE] or env:VARIABLE[/DATABASE].")
            .arg(source);
    }
    bool isNumber = true;
    if (call.has(limitOption) && (call.value(limitOption).toLongLong(&isNumber) < 0 || !isNumber)) {
        return CliText::tr("--limit takes a number, not \"%1\".").arg(call.value(limitOption));
    }
    static const QStringList formats{QStringLiteral("table"), QStringLiteral("csv"), QStringLiteral("json")};
    if (call.has(formatOption) && !formats.contains(call.value(formatOption))) {
        return CliText::tr("--format takes table, csv or json, not \"%1\".").arg(call.value(formatOption));
    }
    if (call.has(jsonOption) && call.has(formatOption) && call.value(formatOption) != u"json") {
        return CliText::tr("--json and --format %1 do not go together.").arg(call.value(formatOption));
    }
    return {};
}

Verb rowsVerb()
{
    Verb verb;
    verb.name = QStringLiteral("rows");
    verb.summary = CliText::tr("Print the rows of a table or view, or of a table in a backup.");
    verb.arguments = {{QStringLiteral("TARGET|BACKUP"),
                       CliText::tr("the database; or a dump in pg_dump's custom format, read without a server")},
                      {QStringLiteral("TABLE"),
                       CliText::tr("a name as it is, or SCHEMA.NAME; \"public\" first where several have it")}};
    verb.options = {{limitOption, QStringLiteral("N"), CliText::tr("at most N rows, in the order of the primary key")},
                    {formatOption, QStringLiteral("FORMAT"),
                     CliText::tr("table (the default: 100 rows unless --limit), csv or json")},
                    {jsonOption, {}, CliText::tr("the same as --format json")}};
    verb.description = CliText::tr(
        "csv is what `\\copy (SELECT * FROM table) TO STDOUT CSV HEADER` writes, byte for byte.\n\n"
        "json is an array of objects. Values are the server's own text, so that none changes on the way:\n"
        "numeric, dates, arrays and all other types as strings; NULL as null; boolean as true and false;\n"
        "smallint, integer, real and double precision as numbers (NaN and Infinity as strings); bigint as a\n"
        "number up to 9007199254740991, which every reader of JSON keeps, and as a string beyond; json and\n"
        "jsonb as they are.\n\n"
        "table shows NULL as NULL, and control characters as escapes. All formats need little memory.\n\n"
        "BACKUP is the path of a file, or ends in .dump; what a saved connection is called is that connection,\n"
        "and ./NAME the file. Of a backup the rows come in its own order, and are the text that the server\n"
        "dumped: times with a zone are in that server's. Where several schemas have the name, say which.");
    verb.run = printTableRows;
    verb.check = rowsProblem;
    return verb;
}

} // namespace

QList<Verb> tableVerbs()
{
    Verb tables;
    tables.name = QStringLiteral("tables");
    tables.summary = CliText::tr("List the tables and views of a database, as psql's \\dt+ and \\dv+ do.");
    tables.arguments = {{QStringLiteral("TARGET"), CliText::tr("the database")}};
    tables.options = {{allOption, {}, CliText::tr("with the sequences")},
                      {jsonOption, {}, CliText::tr("an array of objects; sizes in bytes")}};
    tables.description = CliText::tr("Row counts are the server's estimates, exact for small tables.");
    tables.run = listTables;

    Verb describe;
    describe.name = QStringLiteral("describe");
    describe.summary = CliText::tr("Show the columns, indexes and constraints of a table, as psql's \\d does.");
    describe.arguments = {{QStringLiteral("TARGET"), CliText::tr("the database")},
                          {QStringLiteral("TABLE"), CliText::tr("a name as it is, or SCHEMA.NAME")}};
    describe.options = {{jsonOption, {}, CliText::tr("the columns, as an array of objects")}};
    describe.run = describeTable;
    return {tables, describe, rowsVerb()};
}

} // namespace Roost
