#include "cli/services.h"
#include "cli/tablefinder.h"
#include "cli/targets.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "operations/importencoding.h"
#include "operations/tableimport.h"
#include "postgres/catalogreader.h"

#include <QDir>

#include <algorithm>

namespace Roost {

namespace {

const QString formatOption = QStringLiteral("format");
const QString delimiterOption = QStringLiteral("delimiter");
const QString encodingOption = QStringLiteral("encoding");
const QString noHeaderOption = QStringLiteral("no-header");
const QString nullOption = QStringLiteral("null");
const QString mapOption = QStringLiteral("map");
const QString conflictOption = QStringLiteral("on-conflict");
const QString checkOption = QStringLiteral("check");

const QMap<QString, ImportFormat> &formats()
{
    static const QMap<QString, ImportFormat> all{{QStringLiteral("csv"), ImportFormat::Csv},
                                                 {QStringLiteral("tsv"), ImportFormat::Tsv},
                                                 {QStringLiteral("ndjson"), ImportFormat::NdJson}};
    return all;
}

const QMap<QString, OnConflict> &conflicts()
{
    static const QMap<QString, OnConflict> all{{QStringLiteral("fail"), OnConflict::Fail},
                                               {QStringLiteral("skip"), OnConflict::Skip},
                                               {QStringLiteral("update"), OnConflict::Update}};
    return all;
}

/// The character that a word of the command line means.
QChar delimiterOf(const QString &word)
{
    return word == u"tab" || word == u"\\t" ? QChar(u'\t') : word.at(0);
}

/// How the file is written: recognised, and then as the options say.
Result<ImportPreview> look(const Invocation &call, const QString &file, const QStringList &columns)
{
    Result<ImportPreview> preview = inspectImport(file, {}, columns);
    const bool isTold = call.has(formatOption) || call.has(delimiterOption) || call.has(encodingOption) ||
                        call.has(noHeaderOption) || call.has(nullOption);
    if (!isTold || (!preview && preview.error().code != ErrorCode::InvalidInput)) {
        return preview;
    }
    ImportDialect dialect = preview ? preview->dialect : ImportDialect();
    if (call.has(formatOption)) {
        dialect.format = formats().value(call.value(formatOption));
    }
    if (call.has(delimiterOption)) {
        dialect.delimiter = delimiterOf(call.value(delimiterOption));
    } else if (call.has(formatOption) && dialect.format == ImportFormat::Tsv) {
        dialect.delimiter = u'\t';
    }
    if (call.has(encodingOption)) {
        dialect.encoding = call.value(encodingOption);
    }
    dialect.hasHeader = dialect.hasHeader && !call.has(noHeaderOption);
    if (call.has(nullOption)) {
        dialect.nullText = call.value(nullOption);
    }
    return inspectImport(file, dialect, columns);
}

/// The known name that is nearest to what was typed, for "did you mean".
QString nearest(const QString &typed, const QStringList &known)
{
    const auto plain = [](const QString &name) { return QString(name).remove(u'_').remove(u' ').toLower(); };
    const auto sameLetters = [&](const QString &a, const QString &b) {
        QString left = plain(a);
        QString right = plain(b);
        std::sort(left.begin(), left.end());
        std::sort(right.begin(), right.end());
        return left == right || (left.size() > 2 && (plain(b).startsWith(plain(a)) || plain(a).startsWith(plain(b))));
    };
    const auto found =
        std::find_if(known.begin(), known.end(), [&](const QString &name) { return sameLetters(typed, name); });
    return found == known.end() ? QString() : *found;
}

Error unknownName(const QString &what, const QString &name, const QStringList &known)
{
    const QString near = nearest(name, known);
    const QString hint = near.isEmpty() ? QString() : u' ' + CliText::tr("Did you mean \"%1\"?").arg(near);
    return {ErrorCode::InvalidInput,
            CliText::tr("%1 \"%2\". There are: %3.").arg(what, name, known.join(QStringLiteral(", "))) + hint,
            {},
            {}};
}

/// `field=column,field=column`; `field=` leaves it out.
Result<void> applyMap(const QString &text, const ImportPreview &preview, const QStringList &columns,
                      QStringList &mapping)
{
    const QStringList pairs = text.split(u',', Qt::SkipEmptyParts);
    for (const QString &pair : pairs) {
        const QString field = pair.section(u'=', 0, 0).trimmed();
        const QString column = pair.section(u'=', 1).trimmed();
        const qsizetype at = preview.header.indexOf(field);
        if (at < 0) {
            return failure(unknownName(CliText::tr("The file has no field"), field, preview.header));
        }
        if (!column.isEmpty() && !columns.contains(column)) {
            return failure(unknownName(CliText::tr("The table has no column"), column, columns));
        }
        mapping[at] = column;
    }
    return {};
}

/// Where each field goes; a field that nobody can place is refused instead of being dropped.
Result<QStringList> mappingOf(const Invocation &call, const ImportPreview &preview, const TableDescription &table)
{
    QStringList columns;
    for (const ColumnInfo &column : table.columns) {
        columns += column.name;
    }
    QStringList mapping = suggestMapping(preview.header, table);
    if (const Result<void> done = applyMap(call.value(mapOption), preview, columns, mapping); !done) {
        return failure(done.error());
    }
    for (qsizetype i = 0; i < mapping.size(); ++i) {
        const QString &field = preview.header.at(i);
        const bool isLeftOut = (u',' + call.value(mapOption)).contains(u',' + field + u'=');
        if (mapping.at(i).isEmpty() && !isLeftOut) {
            Error error = unknownName(CliText::tr("The table has no column for the field"), field, columns);
            error.message += u' ' + CliText::tr("Say where it goes with --map \"%1=COLUMN\", or leave it out with "
                                                "--map \"%1=\".")
                                        .arg(field);
            return failure(error);
        }
    }
    return mapping;
}

void tell(const ImportReport &report, bool isCheck, Terminal &terminal)
{
    if (isCheck) {
        terminal.note(CliText::tr("Rows read: %1; every value fits its column. Keys and other constraints were not "
                                  "checked, and nothing was changed.")
                          .arg(report.rowsRead));
        return;
    }
    terminal.note(CliText::tr("Rows read: %1; new: %2, updated: %3, skipped: %4.")
                      .arg(report.rowsRead)
                      .arg(report.inserted)
                      .arg(report.updated)
                      .arg(report.skipped));
    for (const QString &sequence : report.sequencesSet) {
        terminal.note(CliText::tr("Sequence set: %1").arg(sequence));
    }
}

Result<void> runImport(const Invocation &call, const CliServices &services, JobContext &context)
{
    ImportRequest request;
    request.file = QDir::cleanPath(QDir::current().absoluteFilePath(call.arguments.at(0)));
    const Result<NamedTable> named = openNamedTable(call.arguments.at(1), call.arguments.at(2), services, context);
    if (!named) {
        return failure(named.error());
    }
    const Result<TableDescription> table =
        CatalogReader::describe(*named->connection, named->relation.id, context.stopToken());
    if (!table) {
        return failure(table.error());
    }
    QStringList columns;
    for (const ColumnInfo &column : table->columns) {
        columns += column.name;
    }
    const Result<ImportPreview> preview = look(call, request.file, columns);
    if (!preview) {
        return failure(preview.error());
    }
    if (!preview->likelyNull.isEmpty() && !call.has(nullOption)) {
        services.terminal.note(CliText::tr("Some fields are %1. If that stands for NULL, say so: --null \"%1\".")
                                   .arg(preview->likelyNull));
    }
    const Result<QStringList> mapping = mappingOf(call, *preview, *table);
    if (!mapping) {
        return failure(mapping.error());
    }
    request.dialect = preview->dialect;
    request.table = named->relation.id;
    request.mapping = *mapping;
    request.fields = preview->header;
    request.onConflict = conflicts().value(call.value(conflictOption), OnConflict::Fail);
    const bool isCheck = call.has(checkOption);
    const Result<ImportReport> report =
        isCheck ? checkImport(*named->connection, request, context) : importTable(*named->connection, request, context);
    if (!report) {
        return failure(report.error());
    }
    tell(*report, isCheck, services.terminal);
    return {};
}

QString problemWith(const Invocation &call)
{
    if (call.has(formatOption) && !formats().contains(call.value(formatOption))) {
        return CliText::tr("--format takes csv, tsv or ndjson, not \"%1\".").arg(call.value(formatOption));
    }
    if (call.has(conflictOption) && !conflicts().contains(call.value(conflictOption))) {
        return CliText::tr("--on-conflict takes fail, skip or update, not \"%1\".").arg(call.value(conflictOption));
    }
    if (call.has(encodingOption) && !textEncodingOf(call.value(encodingOption))) {
        return CliText::tr("--encoding takes %1, not \"%2\".")
            .arg(textEncodingNames().join(QStringLiteral(", ")), call.value(encodingOption));
    }
    const QString delimiter = call.value(delimiterOption);
    if (call.has(delimiterOption) && delimiter.size() != 1 && delimiter != u"tab" && delimiter != u"\\t") {
        return CliText::tr("--delimiter takes one character, or tab.");
    }
    return {};
}

} // namespace

QList<Verb> importVerbs()
{
    Verb verb;
    verb.name = QStringLiteral("import");
    verb.summary = CliText::tr("Read a file of rows into a table: all of it, or nothing.");
    verb.arguments = {{QStringLiteral("FILE"), CliText::tr("CSV, TSV or NDJSON")},
                      {QStringLiteral("TARGET"), CliText::tr("the database")},
                      {QStringLiteral("TABLE"), CliText::tr("a name as it is, or SCHEMA.NAME")}};
    verb.options = {
        {conflictOption, QStringLiteral("WHAT"),
         CliText::tr("fail (the default), skip or update, for rows whose key is there already")},
        {mapOption, QStringLiteral("PAIRS"), CliText::tr("field=column,…; \"field=\" leaves a field out")},
        {formatOption, QStringLiteral("FORMAT"), CliText::tr("csv, tsv or ndjson, instead of what is recognised")},
        {delimiterOption, QStringLiteral("C"), CliText::tr("between the fields of csv: a character, or tab")},
        {encodingOption, QStringLiteral("NAME"), CliText::tr("UTF-8, UTF-16LE, UTF-16BE, windows-1252 or ISO-8859-1")},
        {noHeaderOption, {}, CliText::tr("the first line is a row")},
        {nullOption, QStringLiteral("TEXT"), CliText::tr("this text is NULL")},
        {checkOption, {}, CliText::tr("only check every line and value; change nothing")}};
    verb.description = CliText::tr(
        "Encoding, delimiter, quotes and header are recognised. Every line is checked; what is wrong is told with\n"
        "its line, and the table is then as it was. Sequences are set behind the highest value that came in.\n"
        "An empty field of csv is NULL, \"\" is the empty text. Memory does not grow with the file.");
    verb.run = runImport;
    verb.check = problemWith;
    return {verb};
}

} // namespace Roost
