#pragma once

#include "operations/archivefile.h"
#include "operations/copystatement.h"

#include <QByteArray>
#include <QList>

namespace Roost {

/// Reads the script that pg_restore writes for an archive's data, piece by piece, and counts the rows and bytes of each
/// table. Keeps no row.
class CopyTextCounter
{
public:
    void add(QByteArrayView piece);
    const QList<ArchivedTable> &tables() const { return m_tables; }
    qint64 totalBytes() const { return m_totalBytes; }
    /// False when the text ended in the middle of a table.
    bool isComplete() const { return !m_inData; }

private:
    void takeStatementLine(QByteArrayView line);
    qsizetype takeData(QByteArrayView piece);

    QList<ArchivedTable> m_tables;
    qint64 m_totalBytes = 0;
    QByteArray m_line; ///< an unfinished line, outside of data only
    CopyStatementLines m_statement;
    bool m_inData = false;
    bool m_atLineStart = true;
    QByteArray m_marker; ///< the begin of a data line while it may still be the end marker `\.`
};

} // namespace Roost
