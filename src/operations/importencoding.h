#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <optional>

namespace Roost {

enum class TextEncoding { Utf8, Utf16Le, Utf16Be, Windows1252, Latin1 };

/// By the name that an ImportDialect has; nothing for an unknown one.
[[nodiscard]] std::optional<TextEncoding> textEncodingOf(const QString &name);
[[nodiscard]] QString textEncodingName(TextEncoding encoding);
[[nodiscard]] QStringList textEncodingNames();
/// The bytes that an encoding's mark has at the beginning of a file; empty for the one-byte encodings.
[[nodiscard]] QByteArray byteOrderMark(TextEncoding encoding);

/// Turns bytes into UTF-8, piece by piece; a character may be cut anywhere. Nothing is ever replaced: what is no
/// character ends it.
class TextDecoder
{
public:
    explicit TextDecoder(TextEncoding encoding)
        : m_encoding(encoding)
    {
    }

    /// Appends the text of `bytes` to `text`, up to the first thing that is no character: false, and problem() says
    /// what it was.
    [[nodiscard]] bool decode(QByteArrayView bytes, QByteArray &text);
    /// After the last piece: false when it ended within a character.
    [[nodiscard]] bool finish();
    const QString &problem() const { return m_problem; }

private:
    bool decodeUtf16(QByteArrayView bytes, QByteArray &text);
    bool takeUnit(char16_t unit, QByteArray &text);
    bool decodeOneByte(QByteArrayView bytes, QByteArray &text);

    TextEncoding m_encoding;
    QByteArray m_rest;   ///< the first byte of a unit
    char16_t m_high = 0; ///< a high surrogate that waits for its low one
    QString m_problem;
};

/// Where the first thing stands that is no UTF-8; -1 when all is well.
[[nodiscard]] qsizetype firstInvalidUtf8(QByteArrayView text);

} // namespace Roost
