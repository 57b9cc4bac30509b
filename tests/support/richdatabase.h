#pragma once

#include "core/connectionparameters.h"

#include <QString>

namespace Roost::Testing {

/// Fills a database that exists with the sample database and, in the schemas `aviary` and "Odd place", one of nearly
/// every kind of object and of value that PostgreSQL knows (nasty.sql), as far as the server's version does. All of it
/// belongs to `owner`. Blocks, on any thread.
void fillRichDatabase(const ConnectionSpec &superuser, const QString &owner);

} // namespace Roost::Testing
