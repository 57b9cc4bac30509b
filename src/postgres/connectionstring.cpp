#include "postgres/connectionstring.h"

#include "postgres/connectionforms.h"
#include "postgres/shellwords.h"

#include <QRegularExpression>

#include <algorithm>

namespace Roost {

namespace {

constexpr qsizetype longestText = 4096;

/// Blanks of all kinds, and the invisible characters that come along when one copies from a web page.
bool isPadding(QChar c)
{
    return c.isSpace() || c == QChar(0xFEFF) || (c >= QChar(0x200B) && c <= QChar(0x200F)) || c == QChar(0x2060);
}

QString withoutPadding(const QString &text)
{
    qsizetype begin = 0;
    qsizetype end = text.size();
    while (begin < end && isPadding(text.at(begin))) {
        ++begin;
    }
    while (end > begin && isPadding(text.at(end - 1))) {
        --end;
    }
    return text.mid(begin, end - begin);
}

/// The text in a pair of quotes around the whole, or the text as it is.
QString withoutOuterQuotes(const QString &text)
{
    static const QStringList pairs{QStringLiteral("\"\""), QStringLiteral("''"), QStringLiteral("``"),
                                   QStringLiteral("“”"),   QStringLiteral("‘’"), QStringLiteral("<>")};
    for (const QString &pair : pairs) {
        if (text.size() >= 2 && text.startsWith(pair.at(0)) && text.endsWith(pair.at(1))) {
            const QString inner = text.mid(1, text.size() - 2);
            return inner.contains(pair.at(0)) || inner.contains(pair.at(1)) ? text : inner;
        }
    }
    return text;
}

/// The value of a line of a .env file: in quotes, or up to a comment.
QString envValue(const QString &text)
{
    static const QRegularExpression single(QStringLiteral(R"re(\A'([^']*)'\s*(?:[;,]|#.*)?\z)re"));
    static const QRegularExpression twice(QStringLiteral(R"re(\A"((?:[^"\\]|\\.)*)"\s*(?:[;,]|#.*)?\z)re"));
    if (const auto match = single.match(text); match.hasMatch()) {
        return match.captured(1);
    }
    if (const auto match = twice.match(text); match.hasMatch()) {
        static const QRegularExpression escape(QStringLiteral(R"(\\(["\\$`]))"));
        return match.captured(1).replace(escape, QStringLiteral("\\1"));
    }
    static const QRegularExpression comment(QStringLiteral(R"(\s+#.*\z)"));
    QString value = text;
    return value.remove(comment).trimmed();
}

/// What is wrong with a text that is in none of the forms.
QString strangerAdvice(const QString &text)
{
    const QString start = text.left(16).toLower();
    if (start.startsWith(u"http://") || start.startsWith(u"https://")) {
        return ConnectionText::tr("This is the address of a web page. Open it, and copy the External Database URL from "
                                  "the Connect menu there.");
    }
    if (start.startsWith(u"jdbc:")) {
        return ConnectionText::tr("This is a Java (JDBC) address. Copy the External Database URL from Render's Connect "
                                  "menu instead.");
    }
    static const QStringList others{QStringLiteral("mysql"), QStringLiteral("mariadb"), QStringLiteral("mongodb"),
                                    QStringLiteral("redis"), QStringLiteral("sqlite")};
    if (std::any_of(others.cbegin(), others.cend(), [&](const QString &other) { return start.startsWith(other); })) {
        return ConnectionText::tr("This is a connection to another kind of database. Roost is for PostgreSQL: the text "
                                  "begins with postgresql://.");
    }
    return ConnectionText::tr("This is not a connection that Roost knows. Copy the External Database URL "
                              "(postgresql://…) or the PSQL Command from Render's Connect menu, and paste it here.");
}

/// Undoes what is around the connection itself: blanks, quotes, a prompt, the name of a variable.
QString unwrapped(const QString &text, QStringList &notices)
{
    QString inner = withoutPadding(text);
    if (inner.size() != text.size()) {
        notices += ConnectionText::tr("Blanks or line ends around the text were removed.");
    }
    if (const QString bare = withoutPadding(withoutOuterQuotes(inner)); bare.size() != inner.size()) {
        notices += ConnectionText::tr("Quotes around the text were removed.");
        inner = bare;
    }
    static const QRegularExpression prompt(QStringLiteral(R"(\A[$%#>]\s+)"));
    inner.remove(prompt);
    static const QRegularExpression variable(QStringLiteral(R"(\A(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)\z)"),
                                             QRegularExpression::DotMatchesEverythingOption);
    const QRegularExpressionMatch match = variable.match(inner);
    const bool isCommand = match.captured(1) == u"PGPASSWORD";
    if (!match.hasMatch() || isCommand || looksLikeKeyValues(inner)) {
        return inner;
    }
    QString value = withoutPadding(envValue(match.captured(2)));
    if (looksLikeConnectionUrl(value) || looksLikeKeyValues(value) ||
        (match.captured(2) != value && looksLikePsqlCommand(value))) {
        notices += ConnectionText::tr("Read from the line that sets %1.").arg(match.captured(1));
        return value;
    }
    return inner;
}

Result<ParsedConnection> readForm(const QString &text, ConnectionFields &fields)
{
    ConnectionStringForm form = ConnectionStringForm::Url;
    Result<void> read;
    if (looksLikeConnectionUrl(text)) {
        read = readConnectionUrl(text, fields);
    } else if (looksLikeKeyValues(text)) {
        form = ConnectionStringForm::KeyValue;
        read = readKeyValues(text, fields);
    } else if (looksLikePsqlCommand(text)) {
        form = ConnectionStringForm::PsqlCommand;
        const Result<QStringList> words = splitShellWords(text);
        read = words ? readPsqlCommand(*words, fields) : Result<void>(failure(words.error()));
    } else {
        return badConnection(strangerAdvice(text));
    }
    return read ? fields.finish(form) : Result<ParsedConnection>(failure(read.error()));
}

} // namespace

Result<ParsedConnection> parseConnectionString(const QString &text)
{
    if (text.size() > longestText || text.toUtf8().size() > longestText) {
        return badConnection(ConnectionText::tr("The text is too long for a connection. Paste only the connection "
                                                "string."));
    }
    QStringList notices;
    const QString inner = unwrapped(text, notices);
    if (inner.isEmpty()) {
        return badConnection(ConnectionText::tr("Paste the External Database URL or the PSQL Command from Render's "
                                                "Connect menu."));
    }
    const bool isOneLine = std::none_of(inner.cbegin(), inner.cend(), [](QChar c) {
        return c.category() == QChar::Other_Control || c == QChar::LineSeparator || c == QChar::ParagraphSeparator;
    });
    if (!isOneLine || !inner.isValidUtf16()) {
        return badConnection(ConnectionText::tr("There is a line end or another control character in the middle of the "
                                                "text. Paste only the one line with the connection."));
    }
    ConnectionFields fields;
    for (const QString &notice : std::as_const(notices)) {
        fields.notice(notice);
    }
    return readForm(inner, fields);
}

} // namespace Roost
