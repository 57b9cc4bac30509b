#pragma once

#include "postgres/identifier.h"

#include <QByteArray>
#include <QStringList>

#include <optional>

namespace Roost {

/// What stands over a table's data in a script of pg_restore: `COPY schema."table" (a, "b c") FROM stdin;`.
struct CopyStatement
{
    TableId table;
    QStringList columns;

    /// Nothing when it is another statement.
    [[nodiscard]] static std::optional<CopyStatement> parse(const QByteArray &sql);
};

/// Puts the lines of such a statement together: names may hold line ends.
class CopyStatementLines
{
public:
    /// A line outside of data, without its end; the statement once it is whole.
    [[nodiscard]] std::optional<CopyStatement> add(QByteArrayView line);

private:
    QByteArray m_statement; ///< so far
};

} // namespace Roost
