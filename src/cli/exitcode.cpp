#include "cli/exitcode.h"

namespace Roost {

int exitCodeOf(const Error &error)
{
    switch (error.code) {
    case ErrorCode::Cancelled:
        return ExitCode::cancelled;
    case ErrorCode::ConnectionFailed:
    case ErrorCode::ConnectionLost:
    case ErrorCode::TlsFailed:
        return ExitCode::connection;
    case ErrorCode::TimedOut: // a server that does not answer; one that cancels a statement says so with a SQLSTATE
        return error.sqlState.isEmpty() ? ExitCode::connection : ExitCode::failed;
    default:
        break;
    }
    // Connection exceptions, and logins that are refused.
    const bool atTheDoor = error.sqlState.startsWith("08") || error.sqlState.startsWith("28");
    return atTheDoor ? ExitCode::connection : ExitCode::failed;
}

} // namespace Roost
