#pragma once

#include "core/connectionparameters.h"
#include "core/error.h"

#include <QString>

namespace Roost {

/// Why a connection could not be opened, from what libpq says about it (with PQERRORS_VERBOSE, so that the SQLSTATE
/// is in it). The messages say what to do next.
[[nodiscard]] Error connectionErrorOf(const ConnectionParameters &parameters, const QString &libpqText);
/// `lookupError` is getaddrinfo()'s.
[[nodiscard]] Error hostNotFound(const ConnectionParameters &parameters, int lookupError);
[[nodiscard]] Error connectTimedOut(const ConnectionParameters &parameters);
/// An open connection ended; `libpqText` may be empty.
[[nodiscard]] Error connectionLost(const ConnectionParameters &parameters, const QString &libpqText);
/// True where another address of the same host may do better.
[[nodiscard]] bool isWorthAnotherAddress(const Error &error);

} // namespace Roost
