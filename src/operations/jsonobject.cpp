#include "operations/jsonobject.h"

#include "operations/importtext.h"

#include <array>
#include <cctype>

namespace Roost {

namespace {

constexpr int deepest = 1000;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

} // namespace

bool JsonObject::fail(const QString &problem)
{
    if (m_problem.isEmpty()) {
        m_problem = problem;
    }
    return false;
}

void JsonObject::skipBlanks()
{
    while (m_at < m_end && (*m_at == ' ' || *m_at == '\t' || *m_at == '\n' || *m_at == '\r')) {
        ++m_at;
    }
}

bool JsonObject::parse(QByteArrayView text)
{
    m_begin = m_at = text.data();
    m_end = m_at + text.size();
    m_members.clear();
    m_decoded.clear();
    m_problem.clear();
    skipBlanks();
    if (m_at == m_end || *m_at != '{') {
        return fail(ImportText::tr("this is no JSON object"));
    }
    ++m_at;
    skipBlanks();
    if (m_at < m_end && *m_at == '}') {
        ++m_at;
    } else {
        do {
            m_members.emplace_back();
            if (!member(m_members.back(), 1)) {
                return false;
            }
            skipBlanks();
        } while (m_at < m_end && *m_at == ',' && ++m_at);
        if (m_at == m_end || *m_at != '}') {
            return fail(ImportText::tr("a comma or a closing brace is missing"));
        }
        ++m_at;
    }
    skipBlanks();
    return m_at == m_end || fail(ImportText::tr("more text behind the object; each line holds one"));
}

bool JsonObject::member(Member &member, int depth)
{
    skipBlanks();
    if (m_at == m_end || *m_at != '"') {
        return fail(ImportText::tr("a key in quotes is missing"));
    }
    if (!string(member.key)) {
        return false;
    }
    skipBlanks();
    if (m_at == m_end || *m_at != ':') {
        return fail(ImportText::tr("a colon is missing behind the key"));
    }
    ++m_at;
    skipBlanks();
    return value(member.value, depth);
}

bool JsonObject::value(Value &value, int depth)
{
    const char *from = m_at;
    const char first = m_at < m_end ? *m_at : '\0';
    bool isGood = false;
    if (first == '"') {
        value.kind = Kind::String;
        isGood = string(value.text);
    } else if (first == '{' || first == '[') {
        value.kind = first == '{' ? Kind::Object : Kind::Array;
        isGood = nested(first, first == '{' ? '}' : ']', depth);
    } else if (first == 't') {
        value.kind = Kind::True;
        isGood = word("true");
    } else if (first == 'f') {
        value.kind = Kind::False;
        isGood = word("false");
    } else if (first == 'n') {
        value.kind = Kind::Null;
        isGood = word("null");
    } else {
        value.kind = Kind::Number;
        isGood = number();
    }
    value.raw = QByteArrayView(from, m_at - from);
    if (value.kind != Kind::String) {
        value.text = value.raw;
    }
    return isGood;
}

bool JsonObject::word(QByteArrayView word)
{
    if (!QByteArrayView(m_at, m_end - m_at).startsWith(word)) {
        return fail(ImportText::tr("this is no JSON value"));
    }
    m_at += word.size();
    return true;
}

bool JsonObject::number()
{
    const char *at = m_at;
    const auto digits = [this, &at] {
        const char *from = at;
        while (at < m_end && isDigit(*at)) {
            ++at;
        }
        return at > from;
    };
    const auto is = [this, &at](char c) { return at < m_end && *at == c; };
    at += is('-') ? 1 : 0;
    const bool startsWithZero = is('0');
    const char *first = at;
    bool isGood = digits() && (!startsWithZero || at == first + 1);
    if (isGood && is('.')) {
        ++at;
        isGood = digits();
    }
    if (isGood && (is('e') || is('E'))) {
        ++at;
        at += is('+') || is('-') ? 1 : 0;
        isGood = digits();
    }
    if (!isGood) {
        return fail(ImportText::tr("this is no JSON value"));
    }
    m_at = at;
    return true;
}

bool JsonObject::nested(char open, char close, int depth)
{
    if (depth >= deepest) {
        return fail(ImportText::tr("values are nested too deep"));
    }
    ++m_at;
    skipBlanks();
    if (m_at < m_end && *m_at == close) {
        ++m_at;
        return true;
    }
    do {
        Member ignored;
        skipBlanks();
        if (open == '{' ? !member(ignored, depth + 1) : !value(ignored.value, depth + 1)) {
            return false;
        }
        skipBlanks();
    } while (m_at < m_end && *m_at == ',' && ++m_at);
    if (m_at == m_end || *m_at != close) {
        return fail(open == '{' ? ImportText::tr("a comma or a closing brace is missing")
                                : ImportText::tr("a comma or a closing bracket is missing"));
    }
    ++m_at;
    return true;
}

bool JsonObject::string(QByteArrayView &text)
{
    const char *from = ++m_at;
    QByteArray decoded;
    bool hasEscapes = false;
    while (true) {
        const char *plain = m_at;
        while (m_at < m_end && *m_at != '"' && *m_at != '\\' && uchar(*m_at) >= 0x20) {
            ++m_at;
        }
        if (hasEscapes) {
            decoded.append(plain, m_at - plain);
        }
        if (m_at == m_end) {
            return fail(ImportText::tr("the closing quote is missing"));
        }
        if (*m_at == '"') {
            break;
        }
        if (*m_at != '\\') {
            return fail(ImportText::tr("a control character within quotes, which JSON writes as an escape"));
        }
        if (!hasEscapes) {
            hasEscapes = true;
            decoded.append(from, m_at - from);
        }
        if (!escape(decoded)) {
            return false;
        }
    }
    text = QByteArrayView(from, m_at - from);
    ++m_at;
    if (hasEscapes) {
        m_decoded.push_back(std::move(decoded));
        text = m_decoded.back();
    }
    return true;
}

bool JsonObject::escape(QByteArray &decoded)
{
    static constexpr QByteArrayView letters("\"\\/bfnrt");
    static constexpr QByteArrayView meanings("\"\\/\b\f\n\r\t");
    const char letter = m_at + 1 < m_end ? m_at[1] : '\0';
    if (const qsizetype which = letters.indexOf(letter); which >= 0 && letter != '\0') {
        decoded += meanings[which];
        m_at += 2;
        return true;
    }
    if (letter != 'u') {
        return fail(ImportText::tr("this is no escape of JSON"));
    }
    char16_t unit = 0;
    if (!hexUnit(unit)) {
        return false;
    }
    if (unit == 0) {
        return fail(ImportText::tr("a NUL character, which PostgreSQL cannot hold in a text"));
    }
    if (!QChar::isSurrogate(unit)) {
        decoded += QString(QChar(unit)).toUtf8();
        return true;
    }
    char16_t low = 0;
    const bool isPair = QChar::isHighSurrogate(unit) && m_end - m_at >= 6 && m_at[0] == '\\' && m_at[1] == 'u';
    if (!isPair || !hexUnit(low) || !QChar::isLowSurrogate(low)) {
        return fail(ImportText::tr("half a character: an escape of a surrogate without its other half"));
    }
    decoded += QString::fromUcs4(std::array<char32_t, 1>{QChar::surrogateToUcs4(unit, low)}.data(), 1).toUtf8();
    return true;
}

/// `\u00e9`
bool JsonObject::hexUnit(char16_t &unit)
{
    bool isHex = m_end - m_at >= 6;
    for (int i = 2; isHex && i < 6; ++i) {
        isHex = std::isxdigit(uchar(m_at[i])) != 0;
    }
    if (!isHex) {
        return fail(ImportText::tr("four hexadecimal digits are missing"));
    }
    unit = char16_t(QByteArray(m_at + 2, 4).toUShort(nullptr, 16));
    m_at += 6;
    return true;
}

std::vector<JsonObject::Value> JsonObject::elements(QByteArrayView array)
{
    std::vector<Value> values;
    const auto *begin = std::exchange(m_begin, array.data());
    const auto *end = std::exchange(m_end, array.data() + array.size());
    m_at = m_begin + 1;
    skipBlanks();
    while (m_at < m_end && *m_at != ']') {
        values.emplace_back();
        if (!value(values.back(), 1)) {
            break;
        }
        skipBlanks();
        m_at += m_at < m_end && *m_at == ',' ? 1 : 0;
        skipBlanks();
    }
    m_begin = begin;
    m_end = end;
    return values;
}

} // namespace Roost
