#pragma once

#include <QByteArray>
#include <QString>

namespace Roost {

/// What kind of thing went wrong. Code that reacts to an error looks at this (and at the SQLSTATE), never at a text.
enum class ErrorCode {
    Cancelled,        ///< the user stopped it; not a failure
    InvalidInput,     ///< what was typed, pasted or named cannot be used
    NotFound,         ///< a connection, database, table or file that is not there
    AlreadyExists,    ///< it would overwrite something
    NotAllowed,       ///< the server or the system refuses it to this user
    ConnectionFailed, ///< the server could not be reached, or it refused the login
    ConnectionLost,   ///< an open connection ended
    TlsFailed,        ///< the link is not encrypted, or the certificate does not check out
    ServerRefused,    ///< the server answered a statement with an error; see sqlState
    ToolMissing,      ///< pg_dump, pg_restore, Python … not found
    ToolTooOld,       ///< found, but unfit for this server or this file
    ProcessFailed,    ///< a child process failed
    FileFailed,       ///< reading or writing a file failed
    DiskFull,
    KeychainLocked,
    KeychainAbsent,
    KeychainRefused,
    SecretMissing, ///< the keychain is open and holds no such entry
    TimedOut,
    RateLimited,    ///< too many requests; it says when to try again
    OutcomeUnknown, ///< a change was asked for and no answer came: it may have been done
    Conflict,       ///< the state is not what the operation needs (not empty, in use, changed meanwhile)
    Internal
};

/// Why an operation did not succeed. `message` is translated and for people: what happened, why probably, what to do.
/// `detail` is raw text of a server, a tool or the system, already redacted; it may be empty.
struct Error
{
    ErrorCode code = ErrorCode::Internal;
    QString message;
    QString detail;
    QByteArray sqlState; ///< five characters, only with errors that a server sent
    int httpStatus = 0;  ///< only with answers of Render's

    bool isCancelled() const { return code == ErrorCode::Cancelled; }
    /// The error of an operation that the user cancelled.
    static Error cancelled();
};

} // namespace Roost
