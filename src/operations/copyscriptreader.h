#pragma once

#include "operations/copystatement.h"

#include <QByteArray>

#include <functional>

namespace Roost {

/// Reads the script that pg_restore writes for the data of one table, piece by piece. Holds one row at a time.
class CopyScriptReader
{
public:
    /// Both say whether to go on; after the first false nothing more is taken.
    using Begin = std::function<bool(const CopyStatement &)>;
    using Line = std::function<bool(QByteArrayView line)>; ///< of data, without its end; for the call only

    CopyScriptReader(Begin begin, Line line)
        : m_onBegin(std::move(begin))
        , m_onLine(std::move(line))
    {
    }

    void add(QByteArrayView piece);
    /// The data began, and ended with its mark.
    bool isComplete() const { return m_state == State::After; }
    bool hasBegun() const { return m_state != State::Before; }
    bool holdsInserts() const { return m_holdsInserts; } ///< data as INSERT instead
    /// As the server calls it: "UTF8"; known when the data begin.
    const QByteArray &encoding() const { return m_encoding; }

private:
    enum class State { Before, Data, After, Stopped };
    void takeLine(QByteArrayView line);
    void takeStatementLine(QByteArrayView line);

    Begin m_onBegin;
    Line m_onLine;
    State m_state = State::Before;
    CopyStatementLines m_statement;
    QByteArray m_rest; ///< of a line that goes on in the next piece
    QByteArray m_encoding;
    bool m_holdsInserts = false;
};

} // namespace Roost
