#include "postgres/connectionforms.h"

#include <QRegularExpression>
#include <QStringDecoder>

#include <algorithm>

namespace Roost {

namespace {

/// Strict: a `%` without two hex digits, and bytes that are not UTF-8, are refused.
Result<QString> percentDecoded(const QString &text)
{
    static const QRegularExpression badToken(QStringLiteral("%(?![0-9A-Fa-f]{2})"));
    if (badToken.match(text).hasMatch()) {
        return badConnection(
            ConnectionText::tr("There is a % in the URL that is not followed by two hexadecimal digits. "
                               "A % in a password is written as %25."));
    }
    // Stateless: a character cut off at the end is an error too.
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString decoded = decoder.decode(QByteArray::fromPercentEncoding(text.toUtf8()));
    if (decoder.hasError()) {
        return badConnection(ConnectionText::tr("A percent-encoded part of the URL is not valid UTF-8."));
    }
    return decoded;
}

QString encodeAdvice()
{
    return ConnectionText::tr("The user or the password seems to hold a character that has a meaning in URLs. Write it "
                              "percent-encoded: @ as %40, : as %3A, / as %2F, ? as %3F, # as %23, % as %25.");
}

Result<void> addDecoded(ConnectionFields &fields, const QString &key, const QString &encoded)
{
    const Result<QString> value = percentDecoded(encoded);
    if (!value) {
        return failure(value.error());
    }
    return fields.add(key, *value);
}

Result<void> readUserInfo(const QString &userInfo, ConnectionFields &fields)
{
    const qsizetype colon = userInfo.indexOf(u':');
    const QString user = colon < 0 ? userInfo : userInfo.left(colon);
    if (Result<void> added = addDecoded(fields, QStringLiteral("user"), user); !added || colon < 0) {
        return added;
    }
    const QString password = userInfo.mid(colon + 1);
    if (password.contains(u':')) {
        fields.notice(ConnectionText::tr("There is a colon in the password; it was taken as part of it."));
    }
    return addDecoded(fields, QStringLiteral("password"), password);
}

Result<void> readHostAndPort(const QString &hostAndPort, ConnectionFields &fields)
{
    static const QRegularExpression bracketed(QStringLiteral(R"(\A\[([0-9A-Fa-f:.]+)\](?::([^:]*))?\z)"));
    static const QRegularExpression plain(QStringLiteral(R"(\A([^:\[\]]*)(?::([^:]*))?\z)"));
    const bool inBrackets = hostAndPort.startsWith(u'[');
    const QRegularExpressionMatch match = (inBrackets ? bracketed : plain).match(hostAndPort);
    if (hostAndPort.contains(u',')) {
        return fields.add(QStringLiteral("host"), QStringLiteral(","));
    }
    if (!match.hasMatch()) {
        return badConnection(
            ConnectionText::tr("The host of the URL cannot be read. An IPv6 address stands in brackets: "
                               "[::1]. %1")
                .arg(encodeAdvice()));
    }
    if (Result<void> added = addDecoded(fields, QStringLiteral("host"), match.captured(1)); !added) {
        return added;
    }
    return match.hasCaptured(2) ? fields.add(QStringLiteral("port"), match.captured(2)) : Result<void>();
}

Result<void> readParameter(const QString &parameter, ConnectionFields &fields)
{
    const Result<QString> key = percentDecoded(parameter.section(u'=', 0, 0));
    if (!key) {
        return failure(key.error());
    }
    if (!parameter.contains(u'=')) {
        return badConnection(ConnectionText::tr("A parameter after the ? of the URL has no value."));
    }
    static const QStringList ownPlaces{QStringLiteral("host"), QStringLiteral("port"), QStringLiteral("user"),
                                       QStringLiteral("password"), QStringLiteral("dbname")};
    if (ownPlaces.contains(*key)) {
        return badConnection(
            ConnectionText::tr("The parameter “%1” after the ? of the URL is refused: it would override "
                               "what the URL shows before it. Remove it and try again.")
                .arg(*key));
    }
    const QString value = parameter.section(u'=', 1);
    if (*key == u"ssl") { // as JDBC and Node.js write it
        if (value != u"true" && value != u"false") {
            return badConnection(ConnectionText::tr("The parameter “ssl” must be true or false."));
        }
        return fields.add(QStringLiteral("sslmode"),
                          value == u"true" ? QStringLiteral("require") : QStringLiteral("disable"));
    }
    return addDecoded(fields, *key, value);
}

/// Characters that divide a URL, in places where only an unencoded password can have put them.
bool hasStrayDividers(const QString &rest, qsizetype authorityEnd)
{
    const QString authority = rest.left(authorityEnd);
    const bool manyUsers = rest.count(u'@') > 1;
    const bool userAfterPath = !authority.contains(u'@') && rest.contains(u'@');
    return manyUsers || userAfterPath;
}

} // namespace

bool looksLikeConnectionUrl(const QString &text)
{
    static const QRegularExpression scheme(QStringLiteral(R"(\Apostgres(?:ql)?(?:\+[a-z0-9_]+)?://)"),
                                           QRegularExpression::CaseInsensitiveOption);
    return scheme.match(text).hasMatch();
}

Result<void> readConnectionUrl(const QString &url, ConnectionFields &fields)
{
    if (std::any_of(url.cbegin(), url.cend(), [](QChar c) { return c.isSpace(); })) {
        return badConnection(
            ConnectionText::tr("There is a blank inside the URL. Paste only the URL; a blank in a name "
                               "or the password is written as %20."));
    }
    const QString scheme = url.section(u':', 0, 0).toLower();
    if (scheme.contains(u'+')) {
        fields.notice(ConnectionText::tr("The part “%1” names a Python driver; it was left out.")
                          .arg(scheme.mid(scheme.indexOf(u'+'))));
    }
    const QString rest = url.mid(scheme.size() + 3);
    static const QRegularExpression dividers(QStringLiteral("[/?#]"));
    const qsizetype divider = rest.indexOf(dividers);
    const qsizetype authorityEnd = divider < 0 ? rest.size() : divider;
    if (hasStrayDividers(rest, authorityEnd)) {
        return badConnection(encodeAdvice());
    }
    if (rest.contains(u'#')) {
        return badConnection(ConnectionText::tr("There is a # in the URL, which a connection has no use for. If it is "
                                                "part of a name or the password, write it as %23."));
    }
    const QString authority = rest.left(authorityEnd);
    const qsizetype at = authority.indexOf(u'@');
    if (at >= 0) {
        if (Result<void> read = readUserInfo(authority.left(at), fields); !read) {
            return read;
        }
    }
    if (Result<void> read = readHostAndPort(authority.mid(at + 1), fields); !read) {
        return read;
    }
    const qsizetype question = rest.indexOf(u'?', authorityEnd);
    const QString path = rest.mid(authorityEnd, question < 0 ? -1 : question - authorityEnd).mid(1);
    if (path.contains(u'/')) {
        return badConnection(ConnectionText::tr("There is more than one part after the host. Only the database's name "
                                                "belongs there; a / in a name is written as %2F."));
    }
    if (Result<void> read = addDecoded(fields, QStringLiteral("dbname"), path); !read || question < 0) {
        return read;
    }
    const QStringList parameters = rest.mid(question + 1).split(u'&', Qt::SkipEmptyParts);
    for (const QString &parameter : parameters) {
        if (Result<void> read = readParameter(parameter, fields); !read) {
            return read;
        }
    }
    return {};
}

QString withEncodedPassword(const QString &text)
{
    const QString url = text.trimmed();
    if (!looksLikeConnectionUrl(url) || parseConnectionString(url)) {
        return {};
    }
    // The last @ ends the password, and the first colon begins it: that is what the user meant if anything is.
    const qsizetype begin = url.indexOf(QStringLiteral("://")) + 3;
    const qsizetype colon = url.indexOf(u':', begin);
    const qsizetype at = url.lastIndexOf(u'@');
    if (colon < 0 || at < colon) {
        return {};
    }
    const auto encoded = [](QString part) {
        static const QRegularExpression loosePercent(QStringLiteral("%(?![0-9A-Fa-f]{2})"));
        part.replace(loosePercent, QStringLiteral("%25"));
        return QString::fromLatin1(QByteArray::fromPercentEncoding(part.toUtf8()).toPercentEncoding());
    };
    const QString repaired = url.left(begin) + encoded(url.mid(begin, colon - begin)) + u':' +
                             encoded(url.mid(colon + 1, at - colon - 1)) + url.mid(at);
    return parseConnectionString(repaired) ? repaired : QString();
}

} // namespace Roost
