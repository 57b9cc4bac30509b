#include "cli/terminal.h"

#include "cli/text.h"
#include "core/redact.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace Roost {

namespace {

constexpr qsizetype outputBlock = 65'536;
constexpr qsizetype longestInput = 65'536;
constexpr int pollMs = 100;

/// Writes all of it; errno, or 0.
int writeAll(int descriptor, QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), size_t(bytes.size()));
        if (written < 0) {
            if (errno == EINTR) {
                continue;
            }
            if (errno == EAGAIN) { // a pipe that somebody made non-blocking
                pollfd waiting{descriptor, POLLOUT, 0};
                ::poll(&waiting, 1, -1);
                continue;
            }
            return errno;
        }
        bytes = bytes.sliced(written);
    }
    return 0;
}

/// Switches off the echo of a terminal while it lives.
class SilentInput
{
public:
    SilentInput()
        : m_changed(::tcgetattr(STDIN_FILENO, &m_before) == 0)
    {
        if (m_changed) {
            termios silent = m_before;
            silent.c_lflag &= ~tcflag_t(ECHO);
            ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
        }
    }
    ~SilentInput()
    {
        if (m_changed) {
            ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before);
        }
    }
    Q_DISABLE_COPY_MOVE(SilentInput)

private:
    termios m_before = {};
    bool m_changed = false;
};

int columnsOfError()
{
    winsize size = {};
    return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

bool movesTheCursor(QChar c)
{
    return c.category() == QChar::Other_Control || (c >= QChar(0x202A) && c <= QChar(0x202E)) ||
           (c >= QChar(0x2066) && c <= QChar(0x2069)) || c == QChar(0x2028) || c == QChar(0x2029);
}

} // namespace

QString shownInTerminal(const QString &text)
{
    if (std::none_of(text.begin(), text.end(), movesTheCursor)) {
        return text;
    }
    QString shown;
    for (const QChar c : text) {
        if (c == u'\n') {
            shown += QStringLiteral("\\n");
        } else if (c == u'\t') {
            shown += QStringLiteral("\\t");
        } else if (c == u'\r') {
            shown += QStringLiteral("\\r");
        } else if (movesTheCursor(c)) {
            shown += c.unicode() < 0x100 ? QStringLiteral("\\x%1").arg(c.unicode(), 2, 16, QLatin1Char('0'))
                                         : QStringLiteral("\\u%1").arg(c.unicode(), 4, 16, QLatin1Char('0'));
        } else {
            shown += c;
        }
    }
    return shown;
}

Terminal::Terminal()
    : m_inputIsTerminal(::isatty(STDIN_FILENO) == 1)
    , m_outputIsTerminal(::isatty(STDOUT_FILENO) == 1)
    , m_errorIsTerminal(::isatty(STDERR_FILENO) == 1)
{
}

bool Terminal::write(QByteArrayView bytes)
{
    const std::scoped_lock lock(m_mutex);
    m_output.append(bytes.data(), bytes.size());
    return m_output.size() < outputBlock ? m_outputError == 0 : flushLocked();
}

bool Terminal::writeLine(const QString &line)
{
    if (!write(line.toUtf8() + '\n')) {
        return false;
    }
    const std::scoped_lock lock(m_mutex);
    return flushLocked();
}

Result<void> Terminal::flush()
{
    const std::scoped_lock lock(m_mutex);
    flushLocked();
    if (m_outputError == 0 || m_outputError == EPIPE) {
        return {};
    }
    return failure(m_outputError == ENOSPC ? ErrorCode::DiskFull : ErrorCode::FileFailed,
                   m_outputError == ENOSPC
                       ? CliText::tr("The disk is full: the output is not complete. Make room and try again.")
                       : CliText::tr("The output could not be written and is not complete."),
                   QString::fromLocal8Bit(std::strerror(m_outputError)));
}

bool Terminal::flushLocked()
{
    if (m_outputError == 0 && !m_output.isEmpty()) {
        if (m_outputIsTerminal) {
            clearProgressLocked();
        }
        m_outputError = writeAll(STDOUT_FILENO, m_output);
        m_hasOutput = true;
    }
    m_output.clear();
    return m_outputError == 0;
}

void Terminal::note(const QString &text)
{
    writeError(QStringLiteral("roost-cli: ") + shownInTerminal(text));
}

void Terminal::log(const QString &line)
{
    writeError(shownInTerminal(line));
}

void Terminal::show(const Error &error)
{
    note(redact(error.message));
    const QStringList lines = redact(error.detail).split(u'\n', Qt::SkipEmptyParts);
    for (const QString &line : lines) {
        writeError(QStringLiteral("  ") + shownInTerminal(line));
    }
}

void Terminal::writeError(const QString &text)
{
    const std::scoped_lock lock(m_mutex);
    flushLocked(); // in the order in which it was said
    clearProgressLocked();
    writeAll(STDERR_FILENO, text.toUtf8() + '\n');
}

void Terminal::showProgress(const Progress &progress)
{
    if (!m_errorIsTerminal || progress.step.isEmpty()) {
        return;
    }
    QStringList parts{progress.step};
    if (const double fraction = progress.fraction(); fraction >= 0) {
        parts += QStringLiteral("%1 %").arg(int(fraction * 100));
    }
    if (!m_running.isValid()) {
        m_running.start();
    }
    m_pace.add(progress, m_running.elapsed());
    for (const QString &part : {progress.amount, m_pace.text()}) {
        if (!part.isEmpty()) {
            parts += part;
        }
    }
    const QString line = shownInTerminal(parts.join(QStringLiteral("  "))).left(columnsOfError() - 1);
    const std::scoped_lock lock(m_mutex);
    if (m_hasOutput) {
        return; // the last report may come after the result
    }
    writeAll(STDERR_FILENO, "\r\033[K" + line.toUtf8());
    m_progressIsShown = true;
}

void Terminal::endProgress()
{
    const std::scoped_lock lock(m_mutex);
    clearProgressLocked();
}

void Terminal::clearProgressLocked()
{
    if (m_progressIsShown) {
        writeAll(STDERR_FILENO, QByteArrayView("\r\033[K"));
        m_progressIsShown = false;
    }
}

Result<QString> Terminal::readHidden(const QString &prompt, const std::stop_token &stop)
{
    std::optional<SilentInput> silent;
    if (m_inputIsTerminal) {
        silent.emplace();
        const std::scoped_lock lock(m_mutex);
        clearProgressLocked();
        writeAll(STDERR_FILENO, prompt.toUtf8());
    }
    QByteArray read;
    char block[4096];
    while (read.size() < longestInput && !(m_inputIsTerminal && read.contains('\n'))) {
        pollfd waiting{STDIN_FILENO, POLLIN, 0};
        if (::poll(&waiting, 1, pollMs) <= 0) {
            if (stop.stop_requested()) {
                break;
            }
            continue;
        }
        const ssize_t count = ::read(STDIN_FILENO, block, sizeof block);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            break;
        }
        read.append(block, count);
    }
    ::explicit_bzero(block, sizeof block);
    const QString text = QString::fromUtf8(read);
    ::explicit_bzero(read.data(), size_t(read.size()));
    if (m_inputIsTerminal) {
        writeAll(STDERR_FILENO, QByteArrayView("\n"));
    }
    if (stop.stop_requested()) {
        return failure(Error::cancelled());
    }
    return text;
}

} // namespace Roost
