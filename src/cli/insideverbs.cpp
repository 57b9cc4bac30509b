#include "cli/backupname.h"
#include "cli/output.h"
#include "cli/services.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "operations/archivecontents.h"

namespace Roost {

namespace {

const QString jsonOption = QStringLiteral("json");
const QString objectsOption = QStringLiteral("objects");

QByteArray tablesAsJson(const ArchiveContents &contents)
{
    QByteArray json;
    for (const ArchivedTableData &table : contents.tables) {
        json += json.isEmpty() ? "{" : ", {";
        json += "\"schema\": " + jsonString(table.id.schema) + ", \"name\": " + jsonString(table.id.name) + '}';
    }
    return '[' + json + ']';
}

QByteArray objectsAsJson(const ArchiveContents &contents)
{
    QByteArray json;
    for (const ArchivedObject &object : contents.objects) {
        json += json.isEmpty() ? "{" : ", {";
        json += "\"entry\": " + QByteArray::number(object.entry) + ", \"object\": " + jsonString(object.what) + '}';
    }
    return '[' + json + ']';
}

void printAsJson(const ArchiveContents &contents, const QString &file, bool withObjects, Terminal &terminal)
{
    QList<OutputColumn> columns{{{}, QStringLiteral("file")},           {{}, QStringLiteral("size_bytes")},
                                {{}, QStringLiteral("database")},       {{}, QStringLiteral("taken_at")},
                                {{}, QStringLiteral("server_version")}, {{}, QStringLiteral("tool_version")},
                                {{}, QStringLiteral("tables")}};
    QList<OutputCell> row{OutputCell::of(file),
                          OutputCell::number(contents.sizeBytes),
                          OutputCell::of(contents.database),
                          OutputCell::orNull(contents.takenAt.toString(Qt::ISODate)),
                          OutputCell::orNull(contents.serverVersion),
                          OutputCell::orNull(contents.toolVersion),
                          {QString::fromUtf8(tablesAsJson(contents)), OutputCell::Kind::Json}};
    if (withObjects) {
        columns += {{}, QStringLiteral("objects")};
        row += {QString::fromUtf8(objectsAsJson(contents)), OutputCell::Kind::Json};
    }
    RowOutput output(terminal, OutputFormat::Json, columns);
    output.add(row);
    output.end();
}

void printAsText(const ArchiveContents &contents, bool withObjects, Terminal &terminal)
{
    const auto line = [&terminal](const QString &title, const QString &text) {
        terminal.writeLine(title + u' ' + shownInTerminal(text));
    };
    line(CliText::tr("Database:"), contents.database);
    line(CliText::tr("Taken at:"), contents.takenAt.toString(Qt::ISODate));
    line(CliText::tr("PostgreSQL:"), contents.serverVersion);
    line(CliText::tr("pg_dump:"), contents.toolVersion);
    line(CliText::tr("Size:"), sizeInWords(contents.sizeBytes));
    line(CliText::tr("Tables with rows:"), QString::number(contents.tables.size()));
    for (const ArchivedTableData &table : contents.tables) {
        terminal.writeLine(QStringLiteral("    ") + shownInTerminal(table.id.shown()));
    }
    if (withObjects) {
        line(CliText::tr("Objects:"), QString::number(contents.objects.size()));
        for (const ArchivedObject &object : contents.objects) {
            terminal.writeLine(QStringLiteral("    ") + shownInTerminal(object.what));
        }
    }
}

Result<void> showBackup(const Invocation &call, const CliServices &services, JobContext &context)
{
    const Result<QString> named = backupFileNamed(call.arguments.first());
    if (!named) {
        return failure(named.error());
    }
    const QString &file = *named;
    const Result<ArchiveContents> contents = readArchiveContents(file, context);
    if (!contents) {
        return failure(contents.error());
    }
    if (call.has(jsonOption)) {
        printAsJson(*contents, file, call.has(objectsOption), services.terminal);
    } else {
        printAsText(*contents, call.has(objectsOption), services.terminal);
    }
    return {};
}

} // namespace

QList<Verb> insideVerbs()
{
    Verb show;
    show.name = QStringLiteral("show");
    show.summary = CliText::tr("Show what is in a backup, without a server.");
    show.arguments = {{QStringLiteral("BACKUP"), CliText::tr("a dump in pg_dump's custom format, whatever its name")}};
    show.options = {{objectsOption, {}, CliText::tr("with every object: type, schema, name and owner")},
                    {jsonOption, {}, CliText::tr("as an array of one object; times in UTC, the size in bytes")}};
    show.description = CliText::tr("`roost-cli rows BACKUP TABLE` prints the rows of a table in it.");
    show.run = showBackup;
    return {show};
}

} // namespace Roost
