#include "postgres/querytext.h"

#include <QRegularExpression>
#include <QStringList>

namespace Roost {

namespace {

/// Words, quoted names, literals and signs; blanks only matter inside of quotes.
QStringList tokensOf(const QString &query)
{
    static const QRegularExpression token(QStringLiteral(R"("(?:[^"]|"")*"|[eE]?'(?:[^'\\]|''|\\.)*'|[\w$]+|\S)"),
                                          QRegularExpression::UseUnicodePropertiesOption |
                                              QRegularExpression::DotMatchesEverythingOption);
    QStringList tokens;
    for (auto matches = token.globalMatch(query); matches.hasNext();) {
        tokens += matches.next().captured();
    }
    return tokens;
}

bool isName(const QString &token)
{
    return token.startsWith(u'"') || (!token.isEmpty() && (token.at(0).isLetter() || token.at(0) == u'_'));
}

/// At this place stands a name with a point and another name behind it.
bool isQualified(const QStringList &tokens, qsizetype at)
{
    return isName(tokens.value(at)) && tokens.value(at + 1) == u"." && isName(tokens.value(at + 2));
}

} // namespace

bool isSameQuery(const QString &older, const QString &newer)
{
    const QStringList before = tokensOf(older);
    const QStringList after = tokensOf(newer);
    qsizetype i = 0;
    qsizetype j = 0;
    while (i < before.size() && j < after.size()) {
        if (isQualified(before, i) && !isQualified(after, j)) {
            i += 2;
        }
        if (before.value(i++) != after.at(j++)) {
            return false;
        }
    }
    return i == before.size() && j == after.size();
}

} // namespace Roost
