#include "gui/table/inspector/arraytext.h"

#include <QRegularExpression>

namespace Roost {

namespace {

/// Reads `[0:1]={…}` from its beginning.
class ArrayReader
{
public:
    ArrayReader(const QString &text, qsizetype most, QChar delimiter)
        : m_text(text)
        , m_most(most)
        , m_delimiter(delimiter)
    {
    }

    std::optional<QList<ArrayElement>> run();

private:
    bool readBounds();
    bool readElement();
    QString place() const;
    int lower(qsizetype dimension) const { return m_lower.value(dimension, 1); }

    QString m_text;
    qsizetype m_most;
    QChar m_delimiter;
    qsizetype m_at = 0;
    QList<int> m_lower;
    QList<int> m_index; ///< of the element to come, in each open brace
    QList<ArrayElement> m_found;
};

bool ArrayReader::readBounds()
{
    static const QRegularExpression bounds(QStringLiteral("^((?:\\[-?\\d+:-?\\d+\\])+)="));
    if (!m_text.startsWith(u'[')) {
        return true;
    }
    const auto match = bounds.match(m_text.left(200));
    if (!match.hasMatch()) {
        return false;
    }
    static const QRegularExpression bound(QStringLiteral("\\[(-?\\d+):"));
    auto each = bound.globalMatch(match.captured(1));
    while (each.hasNext()) {
        m_lower += each.next().captured(1).toInt();
    }
    m_at = match.capturedEnd();
    return true;
}

QString ArrayReader::place() const
{
    QString place;
    for (qsizetype i = 0; i < m_index.size(); ++i) {
        place += QStringLiteral("[%1]").arg(m_index[i]);
    }
    return place;
}

bool ArrayReader::readElement()
{
    QString value;
    const bool isQuoted = m_text[m_at] == u'"';
    if (isQuoted) {
        for (++m_at; m_at < m_text.size() && m_text[m_at] != u'"'; ++m_at) {
            if (m_text[m_at] == u'\\' && ++m_at >= m_text.size()) {
                return false;
            }
            value += m_text[m_at];
        }
        if (m_at++ >= m_text.size()) {
            return false;
        }
    } else {
        for (; m_at < m_text.size() && m_text[m_at] != m_delimiter && m_text[m_at] != u'}'; ++m_at) {
            if (m_text[m_at] == u'{' || m_text[m_at] == u'"') {
                return false;
            }
            if (m_text[m_at] == u'\\' && ++m_at >= m_text.size()) {
                return false;
            }
            value += m_text[m_at];
        }
        if (value.isEmpty()) {
            return false;
        }
    }
    if (m_found.size() < m_most) {
        const bool isNull = !isQuoted && value.compare(QStringLiteral("NULL"), Qt::CaseInsensitive) == 0;
        m_found += {place(), isNull ? CellValue() : CellValue(value)};
    }
    return true;
}

std::optional<QList<ArrayElement>> ArrayReader::run()
{
    if (!readBounds() || m_at >= m_text.size() || m_text[m_at] != u'{') {
        return {};
    }
    bool wantsElement = true;
    bool mayEnd = true; // `{}`
    m_index += lower(0);
    ++m_at;
    while (m_at < m_text.size() && !m_index.isEmpty()) {
        const QChar c = m_text[m_at];
        if (c == u'}' && (!wantsElement || mayEnd)) {
            m_index.removeLast();
            wantsElement = false;
            ++m_at;
        } else if (c == m_delimiter && !wantsElement) {
            ++m_index.last();
            wantsElement = true;
            mayEnd = false;
            ++m_at;
        } else if (c == u'{' && wantsElement) {
            m_index += lower(m_index.size());
            mayEnd = true;
            ++m_at;
        } else if (wantsElement && c != u'}') {
            if (!readElement()) {
                return {};
            }
            wantsElement = false;
        } else {
            return {};
        }
    }
    if (!m_index.isEmpty() || m_at != m_text.size()) {
        return {};
    }
    return m_found;
}

} // namespace

std::optional<QList<ArrayElement>> arrayElements(const QString &text, qsizetype most, QChar delimiter)
{
    return ArrayReader(text, most, delimiter).run();
}

} // namespace Roost
