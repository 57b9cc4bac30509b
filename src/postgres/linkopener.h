#pragma once

#include "core/connectionparameters.h"
#include "core/result.h"
#include "postgres/postgreslink.h"

#include <chrono>
#include <stop_token>

namespace Roost {

/// Opens a connection from our own list of settings alone: nothing is taken from the environment, a password file, a
/// service file or the home folder's certificates. Looks the host up, tries its addresses in turn, and hears a stop
/// request at any moment. `patience` is for all of it.
[[nodiscard]] Result<PgConnPtr> openLink(const ConnectionSpec &spec, const std::stop_token &stop,
                                         const QString &applicationName, std::chrono::milliseconds patience);

/// What every session of ours sets, in the form of `options` and PGOPTIONS: how values print, and how long to wait
/// for a lock.
[[nodiscard]] QByteArray sessionOptions();

} // namespace Roost
