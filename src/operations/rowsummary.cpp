#include "operations/rowsummary.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(RowSummary)
};

int forPlural(qint64 count)
{
    return int(qMin<qint64>(count, 2'000'000'000));
}

QString number(qint64 count)
{
    return QLocale().toString(count);
}

QString signs(const ComparedTable &table)
{
    QStringList parts;
    if (table.added > 0) {
        parts += u'+' + number(table.added);
    }
    if (table.removed > 0) {
        parts += u'−' + number(table.removed);
    }
    return parts.join(u' ');
}

/// Only the values of columns that were not compared can differ then.
QString elsewhere(const ComparedTable &table)
{
    return table.problem.isEmpty() ? Text::tr("the rows are equal in all columns that were compared")
                                   : Text::tr("the rows could not be compared: %1").arg(table.problem);
}

} // namespace

QString rowsInWords(const ComparedTable &table)
{
    if (!table.problem.isEmpty() || table.differences() == 0) {
        return elsewhere(table);
    }
    QStringList parts;
    const auto add = [&parts](qint64 count, const QString &withNoun, const QString &plain) {
        if (count > 0) {
            parts += parts.isEmpty() ? withNoun : plain;
        }
    };
    add(table.added, Text::tr("%Ln row(s) more", nullptr, forPlural(table.added)),
        Text::tr("%1 more").arg(number(table.added)));
    add(table.removed, Text::tr("%Ln row(s) missing", nullptr, forPlural(table.removed)),
        Text::tr("%1 missing").arg(number(table.removed)));
    add(table.changed, Text::tr("%Ln row(s) changed", nullptr, forPlural(table.changed)),
        Text::tr("%1 changed").arg(number(table.changed)));
    return parts.join(QStringLiteral(", "));
}

QString rowsSince(const ComparedTable &table)
{
    if (!table.problem.isEmpty() || table.differences() == 0) {
        return elsewhere(table);
    }
    const QString counted = signs(table);
    if (counted.isEmpty()) {
        return Text::tr("%Ln row(s) changed", nullptr, forPlural(table.changed));
    }
    const QString rows = Text::tr("%1 row(s)", nullptr, forPlural(table.added + table.removed)).arg(counted);
    return table.changed == 0 ? rows : rows + QStringLiteral(", ") + Text::tr("%1 changed").arg(number(table.changed));
}

QString rowsInSigns(const ComparedTable &table)
{
    QStringList parts;
    if (const QString counted = signs(table); !counted.isEmpty()) {
        parts += counted;
    }
    if (table.changed > 0) {
        parts += u'~' + number(table.changed);
    }
    return parts.join(u' ');
}

QStringList compareNotes(const ComparedTable &table)
{
    const auto list = [](const QStringList &columns) { return columns.join(QStringLiteral(", ")); };
    QStringList notes;
    if (table.keyColumns == 0 && table.problem.isEmpty() && table.presence == ComparedTable::Presence::Both) {
        notes += Text::tr("The table has no key, so rows are compared as wholes: a changed row counts as one missing "
                          "and one more.");
    }
    if (!table.onlyInFirst.isEmpty()) {
        notes += Text::tr("Only the first has these columns: %1.").arg(list(table.onlyInFirst));
    }
    if (!table.onlyInSecond.isEmpty()) {
        notes += Text::tr("Only the second has these columns: %1.").arg(list(table.onlyInSecond));
    }
    if (!table.computed.isEmpty()) {
        notes +=
            Text::tr("The server computes these columns, so they were not compared: %1.").arg(list(table.computed));
    }
    return notes;
}

QString shownTable(const ComparedTable &table)
{
    static const QString usual = QStringLiteral("public.");
    return table.name.startsWith(usual) ? table.name.mid(usual.size()) : table.name;
}

QString summarySince(const QList<ComparedTable> &tables)
{
    QStringList parts;
    for (const ComparedTable &table : tables) {
        const QString words = table.presence == ComparedTable::Presence::FirstOnly ? Text::tr("is gone")
                              : table.presence == ComparedTable::Presence::SecondOnly
                                  ? Text::tr("is new, with %1").arg(rowsSince(table))
                                  : rowsSince(table);
        parts += shownTable(table) + u' ' + words;
    }
    return parts.join(QStringLiteral("; "));
}

QString comparisonInWords(const ContentComparison &comparison, bool isSince)
{
    constexpr qsizetype mostNamed = 5;
    const QList<ComparedTable> &tables = comparison.tables;
    QStringList parts;
    if (!tables.isEmpty()) {
        parts += summarySince(tables.mid(0, mostNamed));
    }
    if (tables.size() > mostNamed) {
        parts += Text::tr("%Ln more table(s)", nullptr, int(tables.size() - mostNamed));
    }
    qsizetype others = -tables.size();
    for (const ManifestDifference &one : comparison.databases.differences) {
        others += one.weight != ManifestDifference::Weight::Note ? 1 : 0;
    }
    if (others > 0) {
        parts += Text::tr("%Ln other difference(s)", nullptr, int(others));
    }
    const QString told = parts.isEmpty() ? Text::tr("nothing has changed") : parts.join(QStringLiteral("; "));
    if (!isSince) {
        return Text::tr("Against the first, the second: %1.").arg(told);
    }
    const QDateTime takenAt = comparison.databases.first.takenAt.toLocalTime();
    return Text::tr("Since this backup (%1): %2.").arg(QLocale().toString(takenAt, QLocale::ShortFormat), told);
}

} // namespace Roost
