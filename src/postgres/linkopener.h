#pragma once

#include "core/connectionparameters.h"
#include "core/result.h"
#include "postgres/postgreslink.h"

#include <chrono>
#include <stop_token>

namespace Roost {

/// Opens a connection from our own list of settings alone: nothing is taken from the environment, a password file, a
/// service file or the home folder's certificates. Looks the host up, tries its addresses in turn, and hears a stop
/// request at any moment. `patience` is for all of it. From the first moment, what the server tells goes to `notices`,
/// which must live as long as the connection.
[[nodiscard]] Result<PgConnPtr> openLink(const ConnectionSpec &spec, const std::stop_token &stop,
                                         const QString &applicationName, std::chrono::milliseconds patience,
                                         QList<ServerMessage> *notices);

/// libpq's sslmode for these. TlsMode::Optional counts on loopback only: elsewhere it is Verified.
[[nodiscard]] QByteArray sslModeFor(const ConnectionParameters &parameters);

/// What every session of ours sets, in the form of `options` and PGOPTIONS: how values print, and how long to wait
/// for a lock.
[[nodiscard]] QByteArray sessionOptions();

/// The version of libpq in use, as PQlibVersion(): 150020. 0 when there is none.
[[nodiscard]] int clientLibraryVersion();

} // namespace Roost
