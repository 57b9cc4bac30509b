#pragma once

#include "core/connectionparameters.h"
#include "core/result.h"
#include "postgres/renderhost.h"

#include <QStringList>

namespace Roost {

/// Which of the forms that users have was pasted.
enum class ConnectionStringForm { Url, PsqlCommand, KeyValue };

/// What a pasted text says. Parsed, then rebuilt from an allow list: nothing of the text itself goes on to a
/// connection.
struct ParsedConnection
{
    ConnectionStringForm form = ConnectionStringForm::Url;
    ConnectionParameters parameters;
    Secret password;
    QStringList notices;     ///< translated: what was trimmed, converted or left to the default
    bool isInternal = false; ///< Render's Internal URL: works only inside Render; needs a region to become external
    QString region;          ///< Render's region when the host names it: "oregon"; else empty
};

/// Reads an External URL, an Internal URL, a PSQL Command (with or without -p), `postgres://`, `postgresql://`,
/// `postgresql+psycopg2://` (any SQLAlchemy driver suffix), key=value, or a `.env` line holding one of them (with or
/// without `export`), with quotes, blanks or line ends around it. Parameters outside the allow list of connection
/// strings are refused and named; the error never quotes a value. InvalidInput only.
[[nodiscard]] Result<ParsedConnection> parseConnectionString(const QString &text);

/// For a URL that is refused because of a password (or user) with characters that divide URLs: the same URL with both
/// percent-encoded, to offer to the user; empty when that would not make it readable either. Holds the password.
[[nodiscard]] QString withEncodedPassword(const QString &text);

// The ways back out. Each holds the password in clear: for the clipboard or a terminal, only on the user's request.
/// `postgresql://user:password@host/database` (with the port unless it is 5432).
[[nodiscard]] QString externalUrl(const ConnectionSpec &spec);
/// What services inside Render use: the host up to its first dot, no port. As externalUrl() for hosts outside Render.
[[nodiscard]] QString internalUrl(const ConnectionSpec &spec);
/// `PGPASSWORD=… psql -h … -U … database`, quoted for a POSIX shell.
[[nodiscard]] QString psqlCommand(const ConnectionSpec &spec);
/// What an app takes as DATABASE_URI: `postgresql://…`, as externalUrl(); libpq's sslmode added where the app needs it.
[[nodiscard]] QString databaseUri(const ConnectionSpec &spec);
/// `DATABASE_URI=postgresql://…`, as a line of a .env file.
[[nodiscard]] QString envLine(const ConnectionSpec &spec);
/// As databaseUri(), with asterisks for the password: for showing.
[[nodiscard]] QString maskedUri(const ConnectionParameters &parameters);

} // namespace Roost
