#pragma once

#include "core/jobcontext.h"
#include "core/pace.h"
#include "core/result.h"
#include "core/secret.h"

#include <QByteArray>
#include <QElapsedTimer>
#include <QString>

#include <mutex>
#include <stop_token>

namespace Roost {

/// Standard input, output and error of roost-cli. Results go to standard output and nothing else does; progress and
/// notes go to standard error. Thread-safe: the verb writes from its thread, progress comes from the main thread.
class Terminal
{
public:
    Terminal();

    /// Adds to standard output; false once nobody reads it or it cannot be written, and the rest may be spared.
    bool write(QByteArrayView bytes);
    bool writeLine(const QString &line);
    /// Writes what is held back. FileFailed or DiskFull when standard output could not be written; a reader who has had
    /// enough (`| head`) is no failure.
    [[nodiscard]] Result<void> flush();

    /// A line on standard error: "roost-cli: …".
    void note(const QString &text);
    /// The error's message, and its detail indented.
    void show(const Error &error);
    /// A line of a tool's log, as it is.
    void log(const QString &line);
    /// One line that is written over and over; only on a terminal.
    void showProgress(const Progress &progress);
    void endProgress();

    bool inputIsTerminal() const { return m_inputIsTerminal; }
    /// All of standard input, up to 64 kB; on a terminal one line, not shown as it is typed, after the prompt.
    [[nodiscard]] Result<QString> readHidden(const QString &prompt, const std::stop_token &stop);

private:
    bool flushLocked();
    void clearProgressLocked();
    void writeError(const QString &text);

    std::mutex m_mutex;
    QByteArray m_output;
    int m_outputError = 0; ///< errno of the write that failed
    bool m_hasOutput = false;
    bool m_progressIsShown = false;
    Pace m_pace; ///< of what showProgress() was told
    QElapsedTimer m_running;
    bool m_inputIsTerminal = false;
    bool m_outputIsTerminal = false;
    bool m_errorIsTerminal = false;
};

/// Text of a server or a file as one line that moves no cursor: control characters and those that reverse the direction
/// of writing become escapes.
[[nodiscard]] QString shownInTerminal(const QString &text);

} // namespace Roost
