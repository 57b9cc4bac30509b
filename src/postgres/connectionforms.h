#pragma once

#include "postgres/connectionfields.h"

namespace Roost {

// One reader a form; each puts what it finds into `fields`. The text is trimmed and holds no control character.

/// `postgresql://user:password@host:port/database?parameters`, with SQLAlchemy's driver suffixes.
[[nodiscard]] Result<void> readConnectionUrl(const QString &url, ConnectionFields &fields);
/// libpq's `key=value key='value'`.
[[nodiscard]] Result<void> readKeyValues(const QString &text, ConnectionFields &fields);
/// `PGPASSWORD=… psql -h … -U … database`.
[[nodiscard]] Result<void> readPsqlCommand(const QStringList &words, ConnectionFields &fields);

/// `postgresql://…` and its variants, by the first characters.
[[nodiscard]] bool looksLikeConnectionUrl(const QString &text);
/// A command line whose command, after assignments, is psql.
[[nodiscard]] bool looksLikePsqlCommand(const QString &text);
/// Begins with `key =` where key is one of libpq's.
[[nodiscard]] bool looksLikeKeyValues(const QString &text);

} // namespace Roost
