#pragma once

#include "core/connectionparameters.h"
#include "core/jobcontext.h"
#include "core/result.h"

#include <QByteArray>
#include <QMap>
#include <QStringList>

#include <functional>
#include <optional>

namespace Roost {

/// A child process: an absolute program and its arguments, never a shell line. Its environment is built from nothing
/// (PATH, HOME, LC_ALL=C, TMPDIR) plus what stands here.
struct ProcessCommand
{
    QString program;                    ///< absolute
    QStringList arguments;              ///< never a secret
    QMap<QString, QString> environment; ///< added to the minimal one
    QString workingDirectory;           ///< a private one when empty
    /// The server that the child connects to: host, user, TLS … go into its PG* variables, the password into a memfd
    /// that only the child can read. Absent: the child gets no PG* variable at all.
    std::optional<ConnectionSpec> connection;
    QString applicationName; ///< PGAPPNAME, to find its backend
    /// PGOPTIONS: `-c client_connection_check_interval=1000` where the server knows it (14+; older ones refuse it).
    QString sessionOptions;
    /// The raw standard output as it comes: for data, not for people. It is then not kept in the outcome.
    std::function<void(QByteArrayView)> onOutput;
    std::function<void(const QString &line)> onOutputLine; ///< redacted; on the runner's thread
    std::function<void(const QString &line)> onErrorLine;
    /// Called a few times a second while the child runs.
    std::function<void()> onTick;
    /// Called when a cancel begins, before the child is terminated: to cancel its statement on the server.
    std::function<void()> onCancel;
    /// Runs in the child between fork and exec; async-signal-safe calls only. For dropping to another user.
    std::function<void()> childModifier;
    int timeoutMs = -1; ///< for short commands; -1: none
};

struct ProcessOutcome
{
    bool crashed = false;      ///< ended by a signal
    int exitCode = 0;          ///< or the signal's number
    QByteArray standardOutput; ///< the first and the last 64 kB
    QByteArray standardError;  ///< the first and the last 64 kB, redacted
    bool succeeded() const { return !crashed && exitCode == 0; }
};

/// Runs a child to its end, blocking, on a worker thread. The child has a session and process group of its own and dies
/// with the application; whatever it leaves behind in its group is killed when it ends. Cancel: onCancel, SIGTERM to
/// the group, SIGKILL after five seconds; the result is then Cancelled. An exit code is no error here: the caller
/// judges. ToolMissing, NotAllowed, ProcessFailed (could not be started), TimedOut, Cancelled.
[[nodiscard]] Result<ProcessOutcome> runProcess(const ProcessCommand &command, const JobContext &context);

} // namespace Roost
