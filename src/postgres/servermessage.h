#pragma once

#include "core/error.h"

#include <QByteArray>
#include <QString>

typedef struct pg_result PGresult;

namespace Roost {

/// An error or a notice as the server sent it: redacted, and each text cut to what a person can read.
struct ServerMessage
{
    QString severity; ///< "ERROR", "FATAL", "NOTICE" …, in English whatever the server speaks
    QByteArray sqlState;
    QString text;
    QString detail;
    QString hint;
    QString context;
    QString schema;
    QString table;
    QString column;
    QString constraint;
    int position = 0; ///< the character of the statement, from 1; 0 when the server names none

    bool isNull() const { return severity.isEmpty() && text.isEmpty(); }
    /// All parts, a line each, as psql prints them.
    QString inFull() const;
};

/// What an error or notice of libpq says.
[[nodiscard]] ServerMessage serverMessageOf(const PGresult *result);

/// The answer to a statement as an Error: the code by the SQLSTATE, the server's words in `message`.
[[nodiscard]] Error errorOf(const ServerMessage &message);

} // namespace Roost
