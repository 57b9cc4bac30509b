#include "operations/importencoding.h"

#include "operations/importtext.h"

#include <array>

namespace Roost {

namespace {

/// 0x80 … 0x9f of windows-1252; 0 where it has no character.
constexpr std::array<char16_t, 32> windowsC1{0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
                                             0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017d, 0,
                                             0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                             0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};

QString hex(uint number, int digits)
{
    return QStringLiteral("0x") + QString::number(number, 16).toUpper().rightJustified(digits, u'0');
}

void appendUtf8(QByteArray &text, char32_t c)
{
    if (c < 0x80) {
        text += char(c);
    } else if (c < 0x800) {
        text += char(0xc0 | (c >> 6));
        text += char(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        text += char(0xe0 | (c >> 12));
        text += char(0x80 | ((c >> 6) & 0x3f));
        text += char(0x80 | (c & 0x3f));
    } else {
        text += char(0xf0 | (c >> 18));
        text += char(0x80 | ((c >> 12) & 0x3f));
        text += char(0x80 | ((c >> 6) & 0x3f));
        text += char(0x80 | (c & 0x3f));
    }
}

struct Named
{
    const char *name;
    TextEncoding encoding;
};
constexpr std::array<Named, 5> names{{{"UTF-8", TextEncoding::Utf8},
                                      {"UTF-16LE", TextEncoding::Utf16Le},
                                      {"UTF-16BE", TextEncoding::Utf16Be},
                                      {"windows-1252", TextEncoding::Windows1252},
                                      {"ISO-8859-1", TextEncoding::Latin1}}};

/// How many bytes the character at `at` has; 0 when there is none.
qsizetype lengthOfUtf8(QByteArrayView text, qsizetype at)
{
    const auto byte = [&text](qsizetype i) { return i < text.size() ? uchar(text[i]) : uchar(0); };
    const auto follows = [&byte](qsizetype i) { return (byte(i) & 0xc0) == 0x80; };
    const uchar c = byte(at);
    if (c < 0x80) {
        return 1;
    }
    if (c >= 0xc2 && c <= 0xdf) {
        return follows(at + 1) ? 2 : 0;
    }
    if (c >= 0xe0 && c <= 0xef) {
        const bool isShortest = c != 0xe0 || byte(at + 1) >= 0xa0;
        const bool isSurrogate = c == 0xed && byte(at + 1) >= 0xa0;
        return isShortest && !isSurrogate && follows(at + 1) && follows(at + 2) ? 3 : 0;
    }
    if (c >= 0xf0 && c <= 0xf4) {
        const bool isShortest = c != 0xf0 || byte(at + 1) >= 0x90;
        const bool isInside = c != 0xf4 || byte(at + 1) <= 0x8f;
        return isShortest && isInside && follows(at + 1) && follows(at + 2) && follows(at + 3) ? 4 : 0;
    }
    return 0;
}

} // namespace

std::optional<TextEncoding> textEncodingOf(const QString &name)
{
    for (const Named &each : names) {
        if (name.compare(QLatin1String(each.name), Qt::CaseInsensitive) == 0) {
            return each.encoding;
        }
    }
    static const QHash<QString, TextEncoding> others{{QStringLiteral("utf8"), TextEncoding::Utf8},
                                                     {QStringLiteral("utf-16"), TextEncoding::Utf16Le},
                                                     {QStringLiteral("utf16"), TextEncoding::Utf16Le},
                                                     {QStringLiteral("cp1252"), TextEncoding::Windows1252},
                                                     {QStringLiteral("latin1"), TextEncoding::Latin1}};
    const auto other = others.constFind(name.toLower());
    return other == others.constEnd() ? std::nullopt : std::optional(*other);
}

QString textEncodingName(TextEncoding encoding)
{
    for (const Named &each : names) {
        if (each.encoding == encoding) {
            return QLatin1String(each.name);
        }
    }
    return {};
}

QStringList textEncodingNames()
{
    QStringList all;
    for (const Named &each : names) {
        all += QLatin1String(each.name);
    }
    return all;
}

QByteArray byteOrderMark(TextEncoding encoding)
{
    switch (encoding) {
    case TextEncoding::Utf8:
        return QByteArrayLiteral("\xef\xbb\xbf");
    case TextEncoding::Utf16Le:
        return QByteArrayLiteral("\xff\xfe");
    case TextEncoding::Utf16Be:
        return QByteArrayLiteral("\xfe\xff");
    case TextEncoding::Windows1252:
    case TextEncoding::Latin1:
        break;
    }
    return {};
}

bool TextDecoder::decode(QByteArrayView bytes, QByteArray &text)
{
    switch (m_encoding) {
    case TextEncoding::Utf8:
        text += bytes;
        return true;
    case TextEncoding::Utf16Le:
    case TextEncoding::Utf16Be:
        return decodeUtf16(bytes, text);
    case TextEncoding::Windows1252:
    case TextEncoding::Latin1:
        break;
    }
    return decodeOneByte(bytes, text);
}

bool TextDecoder::takeUnit(char16_t unit, QByteArray &text)
{
    const bool isHigh = QChar::isHighSurrogate(unit);
    const bool isLow = QChar::isLowSurrogate(unit);
    if (isLow != (m_high != 0)) {
        m_problem = ImportText::tr("%1 is half a character in UTF-16").arg(hex(isLow ? unit : m_high, 4));
        return false;
    }
    if (isHigh) {
        m_high = unit;
        return true;
    }
    appendUtf8(text, isLow ? QChar::surrogateToUcs4(m_high, unit) : unit);
    m_high = 0;
    return true;
}

bool TextDecoder::decodeUtf16(QByteArrayView bytes, QByteArray &text)
{
    const bool isLittle = m_encoding == TextEncoding::Utf16Le;
    text.reserve(text.size() + bytes.size());
    for (const char c : bytes) {
        if (m_rest.isEmpty()) {
            m_rest = QByteArray(1, c);
            continue;
        }
        const uchar first = uchar(m_rest.at(0));
        m_rest.resize(0);
        const char16_t unit = isLittle ? char16_t(first | (uchar(c) << 8)) : char16_t((first << 8) | uchar(c));
        if (!takeUnit(unit, text)) {
            return false;
        }
    }
    return true;
}

bool TextDecoder::decodeOneByte(QByteArrayView bytes, QByteArray &text)
{
    text.reserve(text.size() + bytes.size() + bytes.size() / 4);
    for (const char c : bytes) {
        const uchar byte = uchar(c);
        char16_t unit = byte;
        if (m_encoding == TextEncoding::Windows1252 && byte >= 0x80 && byte < 0xa0) {
            unit = windowsC1.at(byte - 0x80);
            if (unit == 0) {
                m_problem = ImportText::tr("the byte %1 is no character in windows-1252").arg(hex(byte, 2));
                return false;
            }
        }
        appendUtf8(text, unit);
    }
    return true;
}

bool TextDecoder::finish()
{
    if (m_rest.isEmpty() && m_high == 0) {
        return true;
    }
    m_problem = ImportText::tr("the file ends in the middle of a character");
    return false;
}

qsizetype firstInvalidUtf8(QByteArrayView text)
{
    for (qsizetype at = 0; at < text.size();) {
        const qsizetype length = lengthOfUtf8(text, at);
        if (length == 0) {
            return at;
        }
        at += length;
    }
    return -1;
}

} // namespace Roost
