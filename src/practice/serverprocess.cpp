#include "practice/serverprocess.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QThread>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(LocalCluster)
};

constexpr int fastShutdownMs = 30'000;
constexpr int immediateShutdownMs = 5'000;
constexpr off_t longestLog = 4 << 20;

QString pidFile(const QString &dataFolder)
{
    return dataFolder + QStringLiteral("/postmaster.pid");
}

/// The server and its children work in the data folder; a stranger with the same number does not.
bool worksIn(const QString &process, const QString &canonicalFolder)
{
    return QFile::symLinkTarget(QStringLiteral("/proc/%1/cwd").arg(process)) == canonicalFolder;
}

bool anyWorksIn(const QString &dataFolder)
{
    const QString folder = QFileInfo(dataFolder).canonicalFilePath();
    for (const QString &entry : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs)) {
        if (entry.at(0).isDigit() && worksIn(entry, folder)) {
            return true;
        }
    }
    return false;
}

/// What the child needs, made before fork(): after it only async-signal-safe calls are allowed.
struct ChildPlan
{
    std::vector<QByteArray> texts;
    std::vector<char *> arguments;
    std::vector<char *> environment;
    int nullDevice = -1;
    int log = -1;
    ServerUser user;
    pid_t parent = 0;
    bool diesWithParent = false;
};

[[noreturn]] void becomeServer(const ChildPlan &plan)
{
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::dup2(plan.nullDevice, 0);
    ::dup2(plan.log, 1);
    ::dup2(plan.log, 2);
    ::syscall(SYS_close_range, 3U, ~0U, 0U);
    const struct rlimit noCore = {0, 0};
    ::setrlimit(RLIMIT_CORE, &noCore);
    ::umask(077);
    if (plan.user.isAnother &&
        (::setgroups(1, &plan.user.gid) != 0 || ::setgid(plan.user.gid) != 0 || ::setuid(plan.user.uid) != 0)) {
        ::_exit(126);
    }
    if (plan.diesWithParent) {
        // After setuid, which clears it. The parent may be gone already.
        ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
        if (::getppid() != plan.parent) {
            ::_exit(126);
        }
    }
    if (::chdir("/") == 0) {
        ::execve(plan.arguments.front(), plan.arguments.data(), plan.environment.data());
    }
    ::_exit(127);
}

/// Starts the plan's program as our own child, or as nobody's. -1 with errno on failure.
pid_t fork(const ChildPlan &plan)
{
    if (plan.diesWithParent) {
        const pid_t child = ::fork();
        if (child == 0) {
            becomeServer(plan);
        }
        return child;
    }
    std::array<int, 2> channel{};
    if (::pipe2(channel.data(), O_CLOEXEC) != 0) {
        return -1;
    }
    const pid_t between = ::fork();
    if (between == 0) {
        ::setsid();
        const pid_t server = ::fork();
        if (server == 0) {
            becomeServer(plan);
        }
        const bool told = ::write(channel[1], &server, sizeof server) == ssize_t(sizeof server);
        ::_exit(told ? 0 : 1);
    }
    ::close(channel[1]);
    pid_t server = -1;
    if (between > 0) {
        if (::read(channel[0], &server, sizeof server) != ssize_t(sizeof server)) {
            server = -1;
        }
        while (::waitpid(between, nullptr, 0) < 0 && errno == EINTR) {
        }
    }
    ::close(channel[0]);
    return server;
}

} // namespace

bool waitUntil(const std::function<bool()> &done, int timeoutMs)
{
    QElapsedTimer timer;
    timer.start();
    while (!done()) {
        if (timer.elapsed() > timeoutMs) {
            return false;
        }
        QThread::msleep(5);
    }
    return true;
}

std::optional<RunningServer> findServer(const QString &dataFolder)
{
    QFile file(pidFile(dataFolder));
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    const QStringList lines = QString::fromLocal8Bit(file.readAll()).split(u'\n');
    RunningServer server;
    server.pid = lines.value(0).toLongLong();
    if (server.pid <= 1 || !isAlive(server.pid) ||
        !worksIn(lines.value(0), QFileInfo(dataFolder).canonicalFilePath())) {
        return {};
    }
    server.run = lines.value(0).trimmed() + u' ' + lines.value(2).trimmed();
    server.port = lines.value(3).toInt();
    server.socketFolder = lines.value(4).trimmed();
    server.isReady = lines.value(7).trimmed() == u"ready";
    return server;
}

bool isAlive(qint64 serverPid)
{
    // Collects it if it is our own child and has ended. Somebody else's zombie has no program any more.
    ::waitpid(pid_t(serverPid), nullptr, WNOHANG);
    return ::kill(pid_t(serverPid), 0) == 0 &&
           !QFile::symLinkTarget(QStringLiteral("/proc/%1/exe").arg(serverPid)).isEmpty();
}

Result<qint64> launchServer(const ServerLaunch &launch)
{
    const QByteArray logName = QFile::encodeName(launch.folder.logFile());
    ChildPlan plan;
    plan.user = launch.user;
    plan.diesWithParent = launch.diesWithParent;
    plan.parent = ::getpid();
    plan.nullDevice = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    plan.log = ::open(logName.constData(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    struct stat info = {};
    if (plan.log >= 0 && ::fstat(plan.log, &info) == 0 && info.st_size > longestLog && ::ftruncate(plan.log, 0) != 0) {
        errno = 0; // A long log is no reason not to start.
    }
    plan.texts = {QFile::encodeName(launch.program),
                  "-D",
                  QFile::encodeName(launch.folder.data()),
                  "-c",
                  "config_file=" + QFile::encodeName(launch.folder.configFile()),
                  "-c",
                  "hba_file=" + QFile::encodeName(launch.folder.accessFile()),
                  "PATH=/usr/bin:/bin",
                  "LC_ALL=C",
                  "HOME=/"};
    constexpr size_t argumentCount = 7;
    for (size_t i = 0; i < plan.texts.size(); ++i) {
        (i < argumentCount ? plan.arguments : plan.environment).push_back(plan.texts[i].data());
    }
    plan.arguments.push_back(nullptr);
    plan.environment.push_back(nullptr);

    pid_t server = -1;
    if (plan.log >= 0 && plan.nullDevice >= 0) {
        server = fork(plan);
    }
    const int reason = errno;
    ::close(plan.log);
    ::close(plan.nullDevice);
    if (server <= 0) {
        return failure(ErrorCode::ProcessFailed, Text::tr("The practice server could not be started: %1.")
                                                     .arg(QString::fromLocal8Bit(std::strerror(reason))));
    }
    return qint64(server);
}

bool endServer(qint64 serverPid)
{
    const auto isGone = [serverPid] { return !isAlive(serverPid); };
    if (isGone()) {
        return true;
    }
    ::kill(pid_t(serverPid), SIGINT);
    if (waitUntil(isGone, fastShutdownMs)) {
        return true;
    }
    ::kill(pid_t(serverPid), SIGQUIT);
    return waitUntil(isGone, immediateShutdownMs);
}

bool clearOldRun(const QString &dataFolder, const QString &socketFolder)
{
    // Backends of a postmaster that was killed end by themselves, a moment later.
    if (!waitUntil([&] { return !anyWorksIn(dataFolder); }, immediateShutdownMs)) {
        return false;
    }
    QDir sockets(socketFolder);
    for (const QString &name :
         sockets.entryList({QStringLiteral(".s.PGSQL.*")}, QDir::AllEntries | QDir::Hidden | QDir::System)) {
        if (!sockets.remove(name)) {
            return false;
        }
    }
    // A file with the number of nobody stays: by it the server looks for shared memory that is still in use.
    QFile file(pidFile(dataFolder));
    if (file.open(QIODevice::ReadOnly)) {
        const auto number = pid_t(file.readLine().trimmed().toInt());
        if (number > 1 && ::kill(number, 0) == 0) {
            return file.remove();
        }
    }
    return true;
}

} // namespace Roost
