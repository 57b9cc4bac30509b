#include "gui/table/inspector/jsonscanner.h"

#include <QCoreApplication>

namespace Roost {

namespace {

/// Only for tr().
struct Json
{
    Q_DECLARE_TR_FUNCTIONS(Roost::JsonProblem)
};

bool isBlank(QChar c)
{
    return c == u' ' || c == u'\t' || c == u'\n' || c == u'\r';
}

bool isDigit(QChar c)
{
    return c >= u'0' && c <= u'9';
}

bool isWordPart(QChar c)
{
    return c.isLetterOrNumber() || c == u'_' || c == u'$';
}

} // namespace

JsonScanner::Token JsonScanner::wrong(qsizetype at, const QString &problem)
{
    m_wrongAt = at;
    m_problem = problem;
    return Token::Wrong;
}

JsonScanner::Token JsonScanner::next()
{
    while (m_at < m_text.size() && isBlank(m_text[m_at])) {
        ++m_at;
    }
    m_start = m_at;
    if (m_at >= m_text.size()) {
        return Token::End;
    }
    const QChar c = m_text[m_at];
    const auto sign = [this](Token token) {
        ++m_at;
        return token;
    };
    switch (c.unicode()) {
    case u'{':
        return sign(Token::ObjectStart);
    case u'}':
        return sign(Token::ObjectEnd);
    case u'[':
        return sign(Token::ArrayStart);
    case u']':
        return sign(Token::ArrayEnd);
    case u':':
        return sign(Token::Colon);
    case u',':
        return sign(Token::Comma);
    case u'"':
        return string();
    default:
        return c == u'-' || isDigit(c) ? number() : word();
    }
}

JsonScanner::Token JsonScanner::word()
{
    while (m_at < m_text.size() && isWordPart(m_text[m_at])) {
        ++m_at;
    }
    const QStringView found = m_text.mid(m_start, m_at - m_start);
    if (found == u"true" || found == u"false") {
        return Token::Boolean;
    }
    if (found == u"null") {
        return Token::Null;
    }
    if (m_text[m_start] == u'\'') {
        return wrong(m_start, Json::tr("Strings stand in double quotes."));
    }
    const QString shown = found.isEmpty() ? m_text.mid(m_start, 1).toString() : found.left(20).toString();
    return wrong(m_start, Json::tr("“%1” is no JSON value: words stand in double quotes.").arg(shown));
}

JsonScanner::Token JsonScanner::number()
{
    const auto digits = [this] {
        const qsizetype from = m_at;
        while (m_at < m_text.size() && isDigit(m_text[m_at])) {
            ++m_at;
        }
        return m_at - from;
    };
    const auto is = [this](QChar c) { return m_at < m_text.size() && m_text[m_at] == c; };
    m_at += is(u'-') ? 1 : 0;
    const qsizetype first = m_at;
    const qsizetype whole = digits();
    if (whole == 0) {
        return wrong(m_at, Json::tr("A number needs a digit here."));
    }
    if (whole > 1 && m_text[first] == u'0') {
        return wrong(first, Json::tr("A number must not begin with 0."));
    }
    if (is(u'.')) {
        ++m_at;
        if (digits() == 0) {
            return wrong(m_at, Json::tr("A number needs a digit behind the point."));
        }
    }
    if (is(u'e') || is(u'E')) {
        ++m_at;
        m_at += is(u'+') || is(u'-') ? 1 : 0;
        if (digits() == 0) {
            return wrong(m_at, Json::tr("The exponent needs a digit."));
        }
    }
    if (m_at < m_text.size() && isWordPart(m_text[m_at])) {
        return wrong(m_at, Json::tr("“%1” does not belong to a number.").arg(m_text[m_at]));
    }
    return Token::Number;
}

int JsonScanner::hex4(qsizetype at) const
{
    bool ok = at + 4 <= m_text.size();
    int code = 0;
    for (qsizetype i = at; ok && i < at + 4; ++i) {
        const int c = m_text[i].toLower().unicode();
        const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        ok = digit >= 0;
        code = code * 16 + digit;
    }
    return ok ? code : -1;
}

/// Behind a backslash.
bool JsonScanner::escape()
{
    const qsizetype at = m_at - 1;
    const QChar c = m_at < m_text.size() ? m_text[m_at] : QChar();
    if (QStringView(u"\"\\/bfnrt").contains(c) && !c.isNull()) {
        ++m_at;
        return true;
    }
    if (c != u'u') {
        wrong(at, Json::tr("“\\%1” means nothing; a backslash itself is written “\\\\”.").arg(c));
        return false;
    }
    const int code = hex4(m_at + 1);
    if (code < 0) {
        wrong(at, Json::tr("“\\u” needs four hexadecimal digits."));
        return false;
    }
    m_at += 5;
    if (!m_isBinary) {
        return true;
    }
    if (code == 0) {
        wrong(at, Json::tr("jsonb cannot hold the character \\u0000."));
        return false;
    }
    if (!QChar::isSurrogate(char32_t(code))) {
        return true;
    }
    const bool isPair = QChar::isHighSurrogate(char32_t(code)) && m_at + 1 < m_text.size() && m_text[m_at] == u'\\' &&
                        m_text[m_at + 1] == u'u' && hex4(m_at + 2) >= 0 &&
                        QChar::isLowSurrogate(char32_t(hex4(m_at + 2)));
    if (!isPair) {
        wrong(at, Json::tr("This is half of a character; jsonb needs both halves."));
        return false;
    }
    m_at += 6;
    return true;
}

JsonScanner::Token JsonScanner::string()
{
    for (++m_at; m_at < m_text.size();) {
        const QChar c = m_text[m_at];
        if (c == u'"') {
            ++m_at;
            return Token::String;
        }
        if (c.unicode() < 0x20) {
            return wrong(m_at,
                         c == u'\n' || c == u'\r'
                             ? Json::tr("The string does not end on its line; a line break in it is written “\\n”.")
                             : Json::tr("A control character in a string is written with a backslash."));
        }
        ++m_at;
        if (c == u'\\' && !escape()) {
            return Token::Wrong;
        }
    }
    return wrong(m_start, Json::tr("The string that begins here has no end."));
}

} // namespace Roost
