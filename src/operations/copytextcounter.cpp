#include "operations/copytextcounter.h"

#include <utility>

namespace Roost {

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
    if (const auto copy = m_statement.add(line)) {
        m_tables += ArchivedTable{copy->table.schema, copy->table.name};
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
