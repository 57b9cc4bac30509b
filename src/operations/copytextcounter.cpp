#include "operations/copytextcounter.h"

#include <optional>
#include <utility>

namespace Roost {

namespace {

/// One name of `COPY schema."table" (…) FROM stdin;`, quoted or not, from `position` on.
std::optional<QString> takeName(const QByteArray &text, qsizetype &position)
{
    QByteArray name;
    if (position < text.size() && text.at(position) == '"') {
        for (++position; position < text.size(); ++position) {
            if (text.at(position) != '"') {
                name += text.at(position);
            } else if (position + 1 < text.size() && text.at(position + 1) == '"') {
                name += '"';
                ++position;
            } else {
                ++position;
                return QString::fromUtf8(name);
            }
        }
        return std::nullopt;
    }
    while (position < text.size() && text.at(position) != '.' && text.at(position) != ' ') {
        name += text.at(position++);
    }
    return name.isEmpty() ? std::nullopt : std::optional(QString::fromUtf8(name));
}

std::optional<ArchivedTable> tableOf(const QByteArray &statement)
{
    qsizetype position = qsizetype(qstrlen("COPY "));
    ArchivedTable table;
    const auto schema = takeName(statement, position);
    if (!schema || position >= statement.size() || statement.at(position) != '.') {
        return std::nullopt;
    }
    ++position;
    const auto name = takeName(statement, position);
    if (!name) {
        return std::nullopt;
    }
    table.schema = *schema;
    table.name = *name;
    return table;
}

} // namespace

void CopyTextCounter::add(QByteArrayView piece)
{
    while (!piece.isEmpty()) {
        if (m_inData) {
            piece = piece.sliced(takeData(piece));
            continue;
        }
        const qsizetype end = piece.indexOf('\n');
        if (end < 0) {
            m_line += piece;
            return;
        }
        m_line += piece.first(end);
        piece = piece.sliced(end + 1);
        const QByteArray line = std::exchange(m_line, {});
        takeStatementLine(line);
    }
}

void CopyTextCounter::takeStatementLine(QByteArrayView line)
{
    if (m_statement.isEmpty()) {
        if (!line.startsWith("COPY ")) {
            return;
        }
        m_statement = line.toByteArray();
    } else {
        m_statement += '\n';
        m_statement += line;
    }
    // An odd number of quotes: the line ended inside a name.
    if (m_statement.count('"') % 2 != 0) {
        return;
    }
    const QByteArray statement = std::exchange(m_statement, {});
    if (!statement.endsWith(" FROM stdin;")) {
        return;
    }
    if (const auto table = tableOf(statement)) {
        m_tables += *table;
        m_inData = true;
        m_atLineStart = true;
        m_marker.clear();
    }
}

/// Returns how much of the piece it took: all of it, or up to the end of the data.
qsizetype CopyTextCounter::takeData(QByteArrayView piece)
{
    ArchivedTable &table = m_tables.last();
    qsizetype position = 0;
    while (position < piece.size()) {
        const qsizetype end = piece.indexOf('\n', position);
        const QByteArrayView part = piece.sliced(position, (end < 0 ? piece.size() : end) - position);
        if (m_atLineStart || !m_marker.isEmpty()) {
            if (m_marker.size() + part.size() <= 2) {
                m_marker += part;
            } else {
                m_marker = "\\.."; // longer than the end marker, so it is none
            }
        }
        m_atLineStart = false;
        if (end < 0) {
            table.bytes += part.size();
            m_totalBytes += part.size();
            return piece.size();
        }
        position = end + 1;
        const bool isEnd = m_marker == "\\.";
        m_marker.clear();
        m_atLineStart = true;
        if (isEnd) {
            m_inData = false;
            return position;
        }
        ++table.rows;
        table.bytes += part.size() + 1;
        m_totalBytes += part.size() + 1;
    }
    return position;
}

} // namespace Roost
