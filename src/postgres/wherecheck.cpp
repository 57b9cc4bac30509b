#include "postgres/rowfilter.h"
#include "postgres/sqlparser.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace Roost {

namespace {

struct WhereCheckText
{
    Q_DECLARE_TR_FUNCTIONS(WhereCheckText)
};

tl::unexpected<Error> refused(const QString &why)
{
    return failure(ErrorCode::InvalidInput,
                   WhereCheckText::tr("The WHERE box takes one condition: %1. For example: amount > 10 AND name LIKE "
                                      "'A%'")
                       .arg(why));
}

/// The parser's message, with the place in what was typed, which begins behind `before` characters.
tl::unexpected<Error> refused(const ParsedSql &parsed, const QString &where, qsizetype before)
{
    const qsizetype place = parsed.place - before;
    // Characters of the parser are whole ones; QString counts in halves beyond the Basic Multilingual Plane.
    const qsizetype length = where.toUcs4().size();
    if (place < 0 || place >= length) {
        return refused(WhereCheckText::tr("%1, at its end").arg(parsed.problem));
    }
    //: %1 is the parser's message, %2 the number of a character
    return refused(WhereCheckText::tr("%1, at character %2").arg(parsed.problem).arg(place + 1));
}

/// Nothing but `SELECT 1 FROM t WHERE …`.
bool isPlainSelect(const QJsonDocument &tree)
{
    const QJsonArray statements = tree.object().value(u"stmts").toArray();
    if (statements.size() != 1) {
        return false;
    }
    const QJsonObject statement = statements.at(0).toObject().value(u"stmt").toObject();
    const QJsonObject select = statement.value(u"SelectStmt").toObject();
    static const QStringList allowed{QStringLiteral("targetList"), QStringLiteral("fromClause"),
                                     QStringLiteral("whereClause"), QStringLiteral("limitOption"),
                                     QStringLiteral("op")};
    for (const QString &key : select.keys()) {
        if (!allowed.contains(key)) {
            return false;
        }
    }
    return select.value(u"op").toString() == u"SETOP_NONE" &&
           select.value(u"limitOption").toString() == u"LIMIT_OPTION_DEFAULT" && select.contains(u"whereClause") &&
           select.value(u"targetList").toArray().size() == 1 && select.value(u"fromClause").toArray().size() == 1;
}

} // namespace

Result<void> checkWhere(const QString &where)
{
    if (where.trimmed().isEmpty()) {
        return {};
    }
    if (where.contains(QChar::Null)) {
        return refused(WhereCheckText::tr("it holds a zero character"));
    }
    const QByteArray text = where.toUtf8();
    if (text.size() > longestParsedSql) {
        return refused(WhereCheckText::tr("it is longer than %1 kB").arg(longestParsedSql / 1000));
    }
    const QByteArray before = "SELECT 1 FROM t WHERE ";
    // By itself, so that its parentheses are in balance, and in ours, where no clause can follow it: only an expression
    // is both.
    const ParsedSql alone = parseSql(before + '\n' + text + '\n');
    if (!alone.problem.isEmpty()) {
        return refused(alone, where, before.size() + 1);
    }
    const ParsedSql enclosed = parseSql(before + "(\n" + text + "\n)");
    if (!enclosed.problem.isEmpty()) {
        return refused(enclosed, where, before.size() + 2);
    }
    for (const QByteArray &tree : {alone.tree, enclosed.tree}) {
        const QJsonDocument document = QJsonDocument::fromJson(tree);
        if (document.isNull()) {
            return refused(WhereCheckText::tr("it is nested too deeply"));
        }
        if (!isPlainSelect(document)) {
            return refused(WhereCheckText::tr("nothing can follow it"));
        }
    }
    if (enclosed.tree.contains("\"ParamRef\":")) {
        return refused(WhereCheckText::tr("there are no values for $1, $2 …"));
    }
    return {};
}

} // namespace Roost
