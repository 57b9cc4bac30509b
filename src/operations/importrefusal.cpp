#include "operations/importrefusal.h"

#include "operations/importtext.h"

#include <QRegularExpression>

#include <algorithm>

namespace Roost {

namespace {

QString sentence(QString text)
{
    if (!text.isEmpty() && !text.endsWith(u'.') && !text.endsWith(u'!') && !text.endsWith(u'?')) {
        text += u'.';
    }
    return text;
}

/// True when none of the columns that must differ comes from the file: the table's own numbers are taken already.
bool isOfOwnNumbers(const ImportRefusal &refusal)
{
    // "Key (id)=(1) already exists.", in the server's language.
    static const QRegularExpression key(QStringLiteral("\\((.+?)\\)=\\("));
    const QRegularExpressionMatch match = key.match(refusal.message.detail);
    if (refusal.message.sqlState != "23505" || !match.hasMatch()) {
        return false;
    }
    const QStringList columns = match.captured(1).split(QStringLiteral(", "));
    return std::none_of(columns.begin(), columns.end(),
                        [&refusal](const QString &column) { return refusal.filled.contains(column); });
}

/// What the server means, in the words of somebody who imports a file.
QString reasonOf(const ImportRefusal &refusal)
{
    const ServerMessage &message = refusal.message;
    const QString detail = sentence(message.detail.isEmpty() ? message.text : message.detail);
    if (isOfOwnNumbers(refusal)) {
        return ImportText::tr("the number that %1 gives to this new row is taken already. %2")
            .arg(refusal.table, detail);
    }
    if (message.sqlState == "23505" || message.sqlState == "23P01") {
        return ImportText::tr("such a row is there already, in %1 or further up in the file. %2")
            .arg(refusal.table, detail);
    }
    if (message.sqlState == "23503") {
        return ImportText::tr("it refers to a row that is not there. %1").arg(detail);
    }
    if (message.sqlState == "23502") {
        return ImportText::tr("a value is missing: this column takes no NULL.");
    }
    if (message.sqlState == "23514" && !message.constraint.isEmpty()) {
        return ImportText::tr("the table's rule \"%1\" does not allow it. %2")
            .arg(message.constraint, sentence(message.text));
    }
    return sentence(message.text);
}

QString adviceFor(const ImportRefusal &refusal)
{
    const ServerMessage &message = refusal.message;
    if (isOfOwnNumbers(refusal)) {
        return ImportText::tr(
            "Its sequence stands behind its rows, as after rows were added with numbers of their own. "
            "Set it behind the highest number (setval), then import again.");
    }
    if (message.sqlState == "23505") {
        return ImportText::tr("Such rows can be skipped, or updated from the file.");
    }
    if (message.sqlState == "23502") {
        return ImportText::tr("An empty field without quotes is NULL. Fill it in, or leave the whole column out of the "
                              "import if it has a default.");
    }
    if (!message.hint.isEmpty()) {
        return sentence(message.hint);
    }
    return {};
}

} // namespace

bool isOfARow(const ServerMessage &message)
{
    const QByteArray kind = message.sqlState.left(2);
    // Values, constraints, what a trigger raises, the checks of views and policies.
    return kind == "22" || kind == "23" || kind == "P0" || kind == "44" ||
           (message.sqlState == "42501" && message.text.contains(u"row-level security"));
}

CopyContext copyContextOf(const ServerMessage &message, const QString &relation, const QStringList &columns)
{
    // "COPY birds, line 16, column weight: "abc"", in the server's language.
    const QString start = QStringLiteral("COPY %1, ").arg(relation);
    const QStringList lines = message.context.split(u'\n');
    for (const QString &line : lines) {
        if (!line.startsWith(start)) {
            continue;
        }
        static const QRegularExpression number(QStringLiteral("\\d+"));
        const QRegularExpressionMatch match = number.match(line, start.size());
        if (!match.hasMatch()) {
            return {};
        }
        CopyContext context;
        context.line = match.captured().toLongLong();
        const QString rest = line.sliced(match.capturedEnd());
        // Behind a number and a colon stands the line itself, which may hold anything.
        if (rest.startsWith(u',')) {
            for (const QString &column : columns) {
                const qsizetype at = rest.indexOf(u' ' + column + u':');
                const bool isFirst = at >= 0 && at < rest.indexOf(u':') + 1;
                if (isFirst && column.size() > context.column.size()) {
                    context.column = column;
                }
            }
        }
        return context;
    }
    return {};
}

Error errorOf(const ImportRefusal &refusal)
{
    Error error = errorOf(refusal.message);
    QString where;
    if (refusal.place && !refusal.column.isEmpty()) {
        where = ImportText::tr("Line %1, column %2: ").arg(refusal.place->line).arg(refusal.column);
    } else if (refusal.place) {
        where = ImportText::tr("Line %1: ").arg(refusal.place->line);
    } else if (!refusal.column.isEmpty()) {
        where = ImportText::tr("Column %1: ").arg(refusal.column);
    } else {
        where = ImportText::tr("The server did not take the rows: ");
    }
    const QString advice = adviceFor(refusal);
    error.message = where + reasonOf(refusal) + (advice.isEmpty() ? QString() : u' ' + advice);
    return error;
}

} // namespace Roost
