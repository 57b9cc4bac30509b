#pragma once

#include "operations/importstream.h"
#include "postgres/servermessage.h"

#include <optional>

namespace Roost {

/// A row that the server did not take.
struct ImportRefusal
{
    ServerMessage message;
    QString table;                    ///< for what is said
    QString column;                   ///< empty when it cannot be told
    QStringList filled;               ///< the columns that the file fills
    std::optional<RecordPlace> place; ///< nothing when it cannot be told
};

/// True when it is about what a row holds, and not about rights, locks, limits or the connection.
[[nodiscard]] bool isOfARow(const ServerMessage &message);

/// Where COPY was when it failed, by the context that it gives: the line of its data, and the column.
struct CopyContext
{
    qint64 line = 0; ///< 0: it does not say
    QString column;
};
/// `relation`: the name COPY was given; `columns`: those it filled.
[[nodiscard]] CopyContext copyContextOf(const ServerMessage &message, const QString &relation,
                                        const QStringList &columns);

/// "Line 17, column weight: …", the reason in words, and what to do.
[[nodiscard]] Error errorOf(const ImportRefusal &refusal);

} // namespace Roost
