#pragma once

#include "core/connectionparameters.h"

namespace Roost::Testing {

/// Runs psql as the superuser over the private socket: an independent witness. Standard output of `psql -X -At -q`,
/// without the last line end; the test fails when psql does. Any thread; blocks.
QString runPsql(const ConnectionSpec &superuser, const QString &sql);

} // namespace Roost::Testing
