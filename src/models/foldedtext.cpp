#include "models/foldedtext.h"

#include <QList>

#include <cstring>

namespace Roost {

FoldedText::FoldedText(const QString &text)
    : m_text(text)
{
    const QList<uint> points = text.toUcs4();
    m_characters.reserve(size_t(points.size()));
    for (const uint point : points) {
        const char32_t lower = QChar::toLower(point);
        const char32_t upper = QChar::toUpper(point);
        m_characters.push_back({QString::fromUcs4(&lower, 1).toUtf8(), QString::fromUcs4(&upper, 1).toUtf8()});
    }
    if (!m_characters.empty()) {
        m_begins[uchar(m_characters.front().lower.at(0))] = true;
        m_begins[uchar(m_characters.front().upper.at(0))] = true;
    }
}

bool FoldedText::isAt(const char *at, const char *end) const
{
    for (const Character &character : m_characters) {
        const auto fits = [at, end](const QByteArray &bytes) {
            return end - at >= bytes.size() && std::memcmp(at, bytes.constData(), size_t(bytes.size())) == 0;
        };
        if (fits(character.lower)) {
            at += character.lower.size();
        } else if (fits(character.upper)) {
            at += character.upper.size();
        } else {
            return false;
        }
    }
    return true;
}

bool FoldedText::isIn(QByteArrayView utf8) const
{
    const char *end = utf8.data() + utf8.size();
    for (const char *at = utf8.data(); at != end; ++at) {
        if (m_begins[uchar(*at)] && isAt(at, end)) {
            return true;
        }
    }
    return false;
}

} // namespace Roost
