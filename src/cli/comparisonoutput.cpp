#include "cli/comparisonoutput.h"

#include "cli/output.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "operations/rowsummary.h"

#include <QLocale>

namespace Roost {

namespace {

using Kind = RowDifference::Kind;
using Weight = ManifestDifference::Weight;

const QString indent = QStringLiteral("    ");

QString weightWord(Weight weight)
{
    switch (weight) {
    case Weight::Data:
        return QStringLiteral("data");
    case Weight::Structure:
        return QStringLiteral("structure");
    case Weight::Note:
        break;
    }
    return QStringLiteral("note");
}

QString signOf(Kind kind)
{
    return kind == Kind::Added     ? QStringLiteral("+")
           : kind == Kind::Removed ? QStringLiteral("-")
                                   : QStringLiteral("~");
}

QString kindWord(Kind kind)
{
    return kind == Kind::Added     ? QStringLiteral("added")
           : kind == Kind::Removed ? QStringLiteral("removed")
                                   : QStringLiteral("changed");
}

OutputCell cellOf(const QList<CellValue> &values, qsizetype at)
{
    if (values.isEmpty()) {
        return OutputCell::of({}); // the row is not on this side
    }
    return values.at(at) ? OutputCell::of(*values.at(at)) : OutputCell::null();
}

const ComparedTable *tableOf(const ManifestDifference &difference, const ContentComparison &comparison)
{
    static const QString mark = QStringLiteral("table ");
    const bool isTable = difference.weight == Weight::Data && difference.what.startsWith(mark);
    return isTable ? comparison.find(difference.what.mid(mark.size())) : nullptr;
}

/// A line for each value that differs, before and after side by side; the key at the first of each row.
void printRows(const ComparedTable &table, Terminal &terminal)
{
    QList<OutputColumn> columns{{{}, {}}};
    for (qsizetype i = 0; i < table.keyColumns; ++i) {
        columns += {table.columns.at(i), {}};
    }
    columns += {{CliText::tr("Column"), {}}, {CliText::tr("Before"), {}}, {CliText::tr("After"), {}}};
    RowOutput output(terminal, OutputFormat::Table, columns);
    output.setNullText(QStringLiteral("NULL"));
    for (const RowDifference &row : table.rows) {
        bool isFirst = true;
        const auto add = [&](const QString &column, const OutputCell &before, const OutputCell &after) {
            QList<OutputCell> line{OutputCell::of(isFirst ? signOf(row.kind) : QString())};
            const QList<CellValue> &any = row.after.isEmpty() ? row.before : row.after;
            for (qsizetype i = 0; i < table.keyColumns; ++i) {
                line += isFirst ? cellOf(any, i) : OutputCell::of({});
            }
            line += {OutputCell::of(column), before, after};
            output.add(line);
            isFirst = false;
        };
        for (qsizetype i = table.keyColumns; i < table.columns.size(); ++i) {
            if (row.kind != Kind::Changed || row.differs.value(i)) {
                add(table.columns.at(i), cellOf(row.before, i), cellOf(row.after, i));
            }
        }
        if (isFirst) {
            add({}, OutputCell::of({}), OutputCell::of({})); // nothing but its key
        }
    }
    output.end();
}

void printTable(const ComparedTable &table, const ComparisonForm &form, Terminal &terminal)
{
    if (!form.isSince && table.presence == ComparedTable::Presence::Both) {
        terminal.writeLine(indent + shownInTerminal(rowsInWords(table)));
    }
    for (const QString &note : compareNotes(table)) {
        terminal.writeLine(indent + shownInTerminal(note));
    }
    if (!form.withRows || table.rows.isEmpty()) {
        return;
    }
    printRows(table, terminal);
    if (table.notShown() > 0) {
        terminal.writeLine(CliText::tr("(%1 more rows differ)").arg(QLocale().toString(table.notShown())));
    }
    terminal.writeLine({});
}

QByteArray jsonList(const QStringList &words)
{
    QByteArrayList all;
    for (const QString &word : words) {
        all += jsonString(word);
    }
    return '[' + all.join(", ") + ']';
}

QByteArray jsonRow(const QStringList &columns, const QList<CellValue> &values)
{
    if (values.isEmpty()) {
        return "null";
    }
    QByteArrayList all;
    for (qsizetype i = 0; i < columns.size(); ++i) {
        all += jsonString(columns.at(i)) + ": " + (values.at(i) ? jsonString(*values.at(i)) : QByteArray("null"));
    }
    return '{' + all.join(", ") + '}';
}

QByteArray jsonTable(const ComparedTable &table)
{
    QByteArrayList rows;
    for (const RowDifference &row : table.rows) {
        rows += "{\"change\": " + jsonString(kindWord(row.kind)) +
                ", \"before\": " + jsonRow(table.columns, row.before) +
                ", \"after\": " + jsonRow(table.columns, row.after) + '}';
    }
    const auto number = [](qint64 value) { return QByteArray::number(value); };
    return "{\"added\": " + number(table.added) + ", \"removed\": " + number(table.removed) +
           ", \"changed\": " + number(table.changed) +
           ", \"key\": " + jsonList(table.columns.mid(0, table.keyColumns)) +
           ", \"only_in_first\": " + jsonList(table.onlyInFirst) +
           ", \"only_in_second\": " + jsonList(table.onlyInSecond) + ", \"not_compared\": " + jsonList(table.computed) +
           ", \"problem\": " + (table.problem.isEmpty() ? QByteArray("null") : jsonString(table.problem)) +
           ", \"not_shown\": " + number(table.notShown()) + ", \"differences\": [" + rows.join(", ") + "]}";
}

void printJson(const ContentComparison &comparison, Terminal &terminal)
{
    RowOutput output(terminal, OutputFormat::Json,
                     {{{}, QStringLiteral("weight")},
                      {{}, QStringLiteral("what")},
                      {{}, QStringLiteral("difference")},
                      {{}, QStringLiteral("before")},
                      {{}, QStringLiteral("after")},
                      {{}, QStringLiteral("rows")}});
    for (const ManifestDifference &one : comparison.databases.differences) {
        const ComparedTable *table = tableOf(one, comparison);
        output.add(
            {OutputCell::of(weightWord(one.weight)), OutputCell::of(one.what), OutputCell::of(one.text),
             OutputCell::orNull(one.before), OutputCell::orNull(one.after),
             table ? OutputCell{QString::fromUtf8(jsonTable(*table)), OutputCell::Kind::Json} : OutputCell::null()});
    }
    output.end();
}

} // namespace

void printComparison(const ContentComparison &comparison, const ComparisonForm &form, Terminal &terminal)
{
    if (form.asJson) {
        printJson(comparison, terminal);
        return;
    }
    for (const ManifestDifference &one : comparison.databases.differences) {
        const ComparedTable *table = tableOf(one, comparison);
        const QString words = table && form.isSince ? summarySince({*table}) : one.what + u' ' + one.text;
        terminal.writeLine(one.weight == Weight::Note ? CliText::tr("(%1)").arg(shownInTerminal(words))
                                                      : shownInTerminal(words));
        if (table) {
            printTable(*table, form, terminal);
        }
    }
}

} // namespace Roost
