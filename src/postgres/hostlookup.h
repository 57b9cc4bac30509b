#pragma once

#include "core/connectionparameters.h"
#include "core/result.h"
#include "postgres/wakeevent.h"

#include <QByteArray>
#include <QDeadlineTimer>
#include <QList>

#include <stop_token>

namespace Roost {

/// The addresses of a host, as numbers, in the system's order of preference. libpq would look them up itself, but
/// blocking: here a stop request and the deadline end it at once. NotFound, ConnectionFailed, TimedOut, Cancelled.
/// `lookupError` gets getaddrinfo()'s, for whoever has to tell a wrong name from a name server that does not answer.
[[nodiscard]] Result<QList<QByteArray>> lookUpHost(const ConnectionParameters &parameters, const std::stop_token &stop,
                                                   QDeadlineTimer deadline, int *lookupError = nullptr);

} // namespace Roost
