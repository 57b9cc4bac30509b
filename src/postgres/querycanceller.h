#pragma once

#include "core/connectionparameters.h"
#include "core/result.h"

#include <chrono>

namespace Roost {

/// Ends what a session on the server is doing, over a connection of its own that is as well protected as the first:
/// libpq 15's own cancel is not encrypted. Blocking; the session itself stays open.
class QueryCanceller
{
public:
    explicit QueryCanceller(ConnectionSpec spec)
        : m_spec(std::move(spec))
    {
    }

    /// True when the server has told the session to stop; false when there is no such session any more.
    [[nodiscard]] Result<bool> cancel(int backendPid, std::chrono::milliseconds patience = std::chrono::seconds(4));

private:
    ConnectionSpec m_spec;
};

} // namespace Roost
