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
[[nodiscard]] Result<QList<QByteArray>> lookUpHost(const ConnectionParameters &parameters, const std::stop_token &stop,
                                                   QDeadlineTimer deadline);

} // namespace Roost
