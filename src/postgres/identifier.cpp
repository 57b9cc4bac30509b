#include "postgres/identifier.h"

#include <QCoreApplication>

namespace Roost {

namespace {

struct IdentifierText
{
    Q_DECLARE_TR_FUNCTIONS(IdentifierText)
};

constexpr int longestNameBytes = 63;

} // namespace

QString quoteIdentifier(const QString &name)
{
    QString quoted = name;
    quoted.replace(u'"', QStringLiteral("\"\""));
    return u'"' + quoted + u'"';
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

} // namespace Roost
