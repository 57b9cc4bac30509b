#include "operations/copyscriptreader.h"

#include <algorithm>

namespace Roost {

void CopyScriptReader::add(QByteArrayView piece)
{
    while (m_state == State::Before || m_state == State::Data) {
        const qsizetype end = piece.indexOf('\n');
        if (end < 0) {
            m_rest += piece;
            return;
        }
        const QByteArrayView part = piece.first(end);
        piece = piece.sliced(end + 1);
        if (m_rest.isEmpty()) {
            takeLine(part);
        } else {
            m_rest += part;
            takeLine(m_rest);
            m_rest.clear(); // whose room is kept for the next one
        }
    }
}

void CopyScriptReader::takeLine(QByteArrayView line)
{
    if (m_state == State::Before) {
        takeStatementLine(line);
    } else if (line == QByteArrayView("\\.")) {
        m_state = State::After;
    } else if (!m_onLine(line)) {
        m_state = State::Stopped;
    }
}

void CopyScriptReader::takeStatementLine(QByteArrayView line)
{
    static const QByteArray encoding = "SET client_encoding = '";
    if (const auto statement = m_statement.add(line)) {
        m_state = m_onBegin(*statement) ? State::Data : State::Stopped;
    } else if (line.startsWith(encoding)) {
        m_encoding = line.sliced(encoding.size()).toByteArray();
        m_encoding.truncate(std::max<qsizetype>(m_encoding.indexOf('\''), 0));
    } else if (line.startsWith("INSERT INTO ")) {
        m_holdsInserts = true;
    }
}

} // namespace Roost
