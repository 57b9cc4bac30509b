#include "postgres/identifier.h"

#include <QCoreApplication>

#include <algorithm>

namespace Roost {

namespace {

struct IdentifierText
{
    Q_DECLARE_TR_FUNCTIONS(IdentifierText)
};

constexpr int longestNameBytes = 63;

/// A word that means the same with quotes and without. Words of SQL's own are not looked for: it is for people.
bool needsNoQuotes(const QString &name)
{
    const auto isPlain = [](QChar c) { return (c >= u'a' && c <= u'z') || c == u'_'; };
    return !name.isEmpty() && isPlain(name.at(0)) &&
           std::all_of(name.begin(), name.end(), [&](QChar c) { return isPlain(c) || (c >= u'0' && c <= u'9'); });
}

} // namespace

QString quoteIdentifier(const QString &name)
{
    QString quoted = name;
    quoted.replace(u'"', QStringLiteral("\"\""));
    return u'"' + quoted + u'"';
}

QStringList identifierParts(const QString &words)
{
    QStringList parts{QString()};
    for (qsizetype i = 0; i < words.size(); ++i) {
        if (words.at(i) == u'.') {
            parts += QString();
        } else if (words.at(i) != u'"') {
            parts.last() += words.at(i).toLower();
        } else {
            bool closed = false;
            for (++i; i < words.size() && !closed; ++i) {
                const bool isQuote = words.at(i) == u'"';
                if (isQuote && i + 1 < words.size() && words.at(i + 1) == u'"') {
                    parts.last() += words.at(i++);
                } else if (isQuote) {
                    closed = true;
                } else {
                    parts.last() += words.at(i);
                }
            }
            if (!closed) {
                return {};
            }
            --i;
        }
    }
    return parts;
}

QString quoteLiteral(const QString &text)
{
    QString quoted = text;
    quoted.replace(u'\'', QStringLiteral("''"));
    if (!quoted.contains(u'\\')) {
        return u'\'' + quoted + u'\'';
    }
    // The escape form means the same whatever standard_conforming_strings is; the blank keeps the E from a word before.
    quoted.replace(u'\\', QStringLiteral("\\\\"));
    return QStringLiteral(" E'") + quoted + u'\'';
}

QString identifierProblem(const QString &name)
{
    if (name.isEmpty()) {
        return IdentifierText::tr("A name is needed.");
    }
    if (name.contains(QChar::Null)) {
        return IdentifierText::tr("The name holds a zero character, which PostgreSQL does not take.");
    }
    if (!name.isValidUtf16()) {
        return IdentifierText::tr("The name holds half of a character, which PostgreSQL does not take.");
    }
    const qsizetype bytes = name.toUtf8().size();
    if (bytes > longestNameBytes) {
        return IdentifierText::tr("The name is too long: it takes %1 bytes, and PostgreSQL cuts names after %2. "
                                  "Choose a shorter one.")
            .arg(bytes)
            .arg(longestNameBytes);
    }
    return {};
}

QString TableId::quoted() const
{
    return schema.isEmpty() ? quoteIdentifier(name) : quoteIdentifier(schema) + u'.' + quoteIdentifier(name);
}

QString TableId::shown() const
{
    const auto part = [](const QString &text) { return needsNoQuotes(text) ? text : quoteIdentifier(text); };
    return schema.isEmpty() ? part(name) : part(schema) + u'.' + part(name);
}

} // namespace Roost
