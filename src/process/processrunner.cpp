#include "process/processrunner.h"

#include "core/redact.h"
#include "process/childenvironment.h"
#include "process/headtailbuffer.h"
#include "process/passwordfile.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <mutex>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef Q_OS_LINUX
#include <sys/prctl.h>
#endif

namespace Roost {

namespace {

constexpr int sliceMs = 40;      ///< how late a cancel may be noticed in a silent child
constexpr int tickMs = 200;      ///< between two calls of onTick
constexpr int patienceMs = 5000; ///< between SIGTERM and SIGKILL
constexpr qsizetype longestLine = qsizetype(64) * 1024;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(ProcessRunner)
};

QString privateFolderTemplate()
{
    return QDir::tempPath() + QStringLiteral("/roost-child-%1-XXXXXX").arg(::getpid());
}

/// Once a process: the empty folders that runs of killed applications left.
void sweepAbandonedFolders()
{
    static const QRegularExpression name(QStringLiteral(R"(\Aroost-child-(\d+)-\w{6}\z)"));
    static std::once_flag once;
    std::call_once(once, [] {
        const auto entries = QDir(QDir::tempPath()).entryInfoList({QStringLiteral("roost-child-*")}, QDir::Dirs);
        for (const QFileInfo &entry : entries) {
            const auto match = name.match(entry.fileName());
            const pid_t pid = match.hasMatch() ? match.captured(1).toInt() : 0;
            if (pid > 0 && entry.ownerId() == ::geteuid() && ::kill(pid, 0) != 0 && errno == ESRCH) {
                QDir().rmdir(entry.filePath());
            }
        }
    });
}

/// Runs in the child between fork and exec: only async-signal-safe calls.
void isolateChild(pid_t parent, int passwordDescriptor, const std::function<void()> &callersModifier)
{
    ::setsid();
    ::umask(077);
    const rlimit noCore{0, 0};
    ::setrlimit(RLIMIT_CORE, &noCore);
#ifdef CLOSE_RANGE_CLOEXEC
    ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
#endif
    if (passwordDescriptor >= 0) {
        ::fcntl(passwordDescriptor, F_SETFD, 0);
    }
    if (callersModifier) {
        callersModifier();
    }
#ifdef Q_OS_LINUX
    // After the caller's modifier, because a change of user clears it. The parent may have died before this line.
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) {
        ::_exit(127);
    }
#else
    Q_UNUSED(parent)
#endif
}

/// Cuts one channel into lines as they come. A line longer than 64 kB comes in pieces.
class LineSplitter
{
public:
    template <class Sink>
    void append(const QByteArray &bytes, Sink &&sink)
    {
        m_pending += bytes;
        qsizetype start = 0;
        for (qsizetype end = m_pending.indexOf('\n'); end >= 0; end = m_pending.indexOf('\n', start)) {
            deliver(QByteArrayView(m_pending).sliced(start, end - start), sink);
            start = end + 1;
        }
        m_pending.remove(0, start);
        if (m_pending.size() > longestLine) {
            finish(sink);
        }
    }
    template <class Sink>
    void finish(Sink &&sink)
    {
        if (!m_pending.isEmpty()) {
            deliver(m_pending, sink);
            m_pending.clear();
        }
    }

private:
    template <class Sink>
    static void deliver(QByteArrayView line, Sink &&sink)
    {
        if (line.endsWith('\r')) {
            line.chop(1);
        }
        sink(redact(QString::fromUtf8(line)));
    }

    QByteArray m_pending;
};

/// One child from its start to its end. Lives on the stack of runProcess(), on its thread.
class ProcessRun
{
public:
    ProcessRun(const ProcessCommand &command, const JobContext &context)
        : m_command(command)
        , m_context(context)
    {
    }

    Result<ProcessOutcome> run();

private:
    enum class Ending { None, Cancelled, TimedOut };

    Result<void> prepare();
    Result<void> start();
    void supervise();
    void end(Ending reason);
    void signalGroup(int signal) const;
    void takeOutput();
    void takeErrors();
    void takeErrorLine(const QString &line);
    Error startError() const;

    const ProcessCommand &m_command;
    const JobContext &m_context;
    QTemporaryDir m_privateFolder{privateFolderTemplate()};
    PasswordFile m_passwordFile;
    pid_t m_pid = 0;
    Ending m_ending = Ending::None;
    QElapsedTimer m_running;
    QElapsedTimer m_sinceTick;
    QElapsedTimer m_sinceEnding;
    HeadTailBuffer m_output;
    HeadTailBuffer m_errors;
    LineSplitter m_outputLines;
    LineSplitter m_errorLines;
    QProcess m_process; // last: ends first, while its buffers still stand
};

Result<void> ProcessRun::prepare()
{
    if (!QFileInfo(m_command.program).isAbsolute()) {
        return failure(
            ErrorCode::Internal,
            Text::tr("A program can only be started by its full path. “%1” is none.").arg(m_command.program));
    }
    if (!m_privateFolder.isValid()) {
        return failure(ErrorCode::FileFailed,
                       Text::tr("No private folder could be made for “%1” in %2. Check that there is room and that you "
                                "may write there. Nothing was started.")
                           .arg(QFileInfo(m_command.program).fileName(), QDir::tempPath()),
                       m_privateFolder.errorString());
    }
    if (m_command.connection && !m_command.connection->password.isEmpty() &&
        PasswordFile::canHold(m_command.connection->password)) {
        auto file = PasswordFile::create(m_command.connection->password, m_privateFolder.path());
        if (!file) {
            return failure(file.error());
        }
        m_passwordFile = std::move(*file);
    }
    return {};
}

Result<void> ProcessRun::start()
{
    m_process.setProgram(m_command.program);
    m_process.setArguments(m_command.arguments);
    m_process.setProcessEnvironment(childEnvironment(m_command, m_passwordFile, m_privateFolder.path()));
    m_process.setWorkingDirectory(m_command.workingDirectory.isEmpty() ? m_privateFolder.path()
                                                                       : m_command.workingDirectory);
    m_process.setStandardInputFile(QProcess::nullDevice());
    m_process.setChildProcessModifier(
        [parent = ::getpid(), descriptor = m_passwordFile.descriptor(), modifier = m_command.childModifier] {
            isolateChild(parent, descriptor, modifier);
        });
    // Read inside waitForFinished(), as it comes: a child that fills its pipe would wait for us.
    QObject::connect(&m_process, &QProcess::readyReadStandardOutput, &m_process, [this] {
        takeOutput();
        supervise();
    });
    QObject::connect(&m_process, &QProcess::readyReadStandardError, &m_process, [this] {
        takeErrors();
        supervise();
    });
    m_process.start();
    if (!m_process.waitForStarted(-1)) {
        return failure(startError());
    }
    m_pid = pid_t(m_process.processId());
    return {};
}

Error ProcessRun::startError() const
{
    const QFileInfo program(m_command.program);
    const QString detail = redact(m_process.errorString());
    if (!program.exists()) {
        return {ErrorCode::ToolMissing,
                Text::tr("The program %1 is not there any more. It was probably removed or updated a moment ago. Try "
                         "again, or install it again.")
                    .arg(m_command.program),
                detail,
                {}};
    }
    if (!program.isExecutable() || program.isDir()) {
        return {ErrorCode::NotAllowed,
                Text::tr("You may not run %1. Check the file's permissions.").arg(m_command.program),
                detail,
                {}};
    }
    return {ErrorCode::ProcessFailed,
            Text::tr("The program %1 could not be started. Nothing was changed. The details say what the system "
                     "answered.")
                .arg(m_command.program),
            detail,
            {}};
}

Result<ProcessOutcome> ProcessRun::run()
{
    if (m_context.isCancelled()) {
        return failure(Error::cancelled());
    }
    sweepAbandonedFolders();
    m_running.start();
    m_sinceTick.start();
    if (auto ready = prepare().and_then([this] { return start(); }); !ready) {
        return failure(ready.error());
    }
    while (m_process.state() != QProcess::NotRunning) {
        m_process.waitForFinished(sliceMs);
        supervise();
    }
    // What the child left behind would hold files, ports and pipes open.
    signalGroup(SIGKILL);
    takeOutput();
    takeErrors();
    m_outputLines.finish([this](const QString &line) {
        if (m_command.onOutputLine) {
            m_command.onOutputLine(line);
        }
    });
    m_errorLines.finish([this](const QString &line) { takeErrorLine(line); });

    if (m_ending == Ending::Cancelled) {
        return failure(Error::cancelled());
    }
    if (m_ending == Ending::TimedOut) {
        return failure(
            ErrorCode::TimedOut,
            Text::tr("“%1” did not end within %n second(s) and was stopped.", nullptr, m_command.timeoutMs / 1000)
                .arg(QFileInfo(m_command.program).fileName()),
            QString::fromUtf8(m_errors.contents()));
    }
    ProcessOutcome outcome;
    outcome.crashed = m_process.exitStatus() == QProcess::CrashExit;
    outcome.exitCode = m_process.exitCode();
    outcome.standardOutput = m_output.contents();
    outcome.standardError = m_errors.contents();
    return outcome;
}

/// Called between waits and whenever output comes, because a chatty child keeps waitForFinished() from returning.
void ProcessRun::supervise()
{
    if (m_process.state() != QProcess::Running || m_pid == 0) {
        return;
    }
    if (m_ending != Ending::None) {
        if (m_sinceEnding.hasExpired(patienceMs)) {
            signalGroup(SIGKILL);
        }
        return;
    }
    if (m_context.isCancelled()) {
        end(Ending::Cancelled);
    } else if (m_command.timeoutMs >= 0 && m_running.hasExpired(m_command.timeoutMs)) {
        end(Ending::TimedOut);
    } else if (m_command.onTick && m_sinceTick.hasExpired(tickMs)) {
        m_sinceTick.restart();
        m_command.onTick();
    }
}

void ProcessRun::end(Ending reason)
{
    m_ending = reason;
    m_sinceEnding.start();
    if (reason == Ending::Cancelled && m_command.onCancel) {
        m_command.onCancel();
    }
    signalGroup(SIGTERM);
}

void ProcessRun::signalGroup(int signal) const
{
    if (m_pid > 1) {
        ::kill(-m_pid, signal);
    }
}

void ProcessRun::takeOutput()
{
    const QByteArray bytes = m_process.readAllStandardOutput();
    if (m_command.onOutput) {
        m_command.onOutput(bytes);
    } else {
        m_output.append(bytes);
    }
    if (m_command.onOutputLine) {
        m_outputLines.append(bytes, m_command.onOutputLine);
    }
}

void ProcessRun::takeErrors()
{
    m_errorLines.append(m_process.readAllStandardError(), [this](const QString &line) { takeErrorLine(line); });
}

void ProcessRun::takeErrorLine(const QString &line)
{
    m_errors.append((line + u'\n').toUtf8());
    if (m_command.onErrorLine) {
        m_command.onErrorLine(line);
    }
}

} // namespace

Result<ProcessOutcome> runProcess(const ProcessCommand &command, const JobContext &context)
{
    return ProcessRun(command, context).run();
}

} // namespace Roost
