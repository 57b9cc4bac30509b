#include "practice/clusterstart.h"

#include "core/redact.h"
#include "postgres/identifier.h"
#include "practice/clustersql.h"
#include "practice/scramverifier.h"
#include "process/processrunner.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QTcpServer>

#include <grp.h>
#include <unistd.h>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(LocalCluster)
};

const QString superuser = QStringLiteral("postgres");
constexpr int startTimeoutMs = 60'000;
constexpr int lockTimeoutMs = 90'000;
constexpr int portAttempts = 5;

bool isFree(int port)
{
    QTcpServer probe;
    return probe.listen(QHostAddress::LocalHost, quint16(port));
}

int anyFreePort()
{
    QTcpServer probe;
    return probe.listen(QHostAddress::LocalHost) ? probe.serverPort() : 0;
}

/// The end of the server's log, for an error's details.
QString logTail(const ClusterFolder &folder)
{
    constexpr qint64 tail = 4096;
    QFile file(folder.logFile());
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    file.seek(qMax(qint64(0), file.size() - tail));
    return redact(QString::fromLocal8Bit(file.readAll()));
}

QMap<QString, QString> ourSettings(int port, const QString &socketFolder)
{
    return {
        {QStringLiteral("listen_addresses"), QStringLiteral("127.0.0.1")},
        {QStringLiteral("port"), QString::number(port)},
        {QStringLiteral("unix_socket_directories"), socketFolder},
        {QStringLiteral("unix_socket_permissions"), QStringLiteral("0700")},
        {QStringLiteral("password_encryption"), QStringLiteral("scram-sha-256")},
        {QStringLiteral("max_connections"), QStringLiteral("100")}, // Render's limit for small instances
        {QStringLiteral("shared_buffers"), QStringLiteral("32MB")},
        {QStringLiteral("jit"), QStringLiteral("off")},
        {QStringLiteral("wal_level"), QStringLiteral("minimal")},
        {QStringLiteral("max_wal_senders"), QStringLiteral("0")},
        {QStringLiteral("timezone"), QStringLiteral("Etc/UTC")},
        {QStringLiteral("log_timezone"), QStringLiteral("Etc/UTC")},
        {QStringLiteral("log_statement"), QStringLiteral("none")},
        // A failed statement may hold data: its text stays out of the log.
        {QStringLiteral("log_min_error_statement"), QStringLiteral("panic")},
        {QStringLiteral("log_line_prefix"), QStringLiteral("%m [%p] ")},
    };
}

} // namespace

ConnectionSpec superuserSpec(const RunningServer &server, const QString &database)
{
    ConnectionSpec spec;
    spec.parameters.host = server.socketFolder;
    spec.parameters.port = server.port;
    spec.parameters.user = superuser;
    spec.parameters.database = database;
    spec.parameters.tls = TlsMode::Optional;
    return spec;
}

Result<void> ClusterStart::run()
{
    const auto running = findServer(m_folder.data());
    if (running && running->isReady && m_folder.preparedRun() == running->run) {
        return {};
    }
    auto user = ServerUser::choose();
    if (!user) {
        return failure(user.error());
    }
    m_user = *user;
    if (auto prepared = m_folder.prepare(m_user); !prepared) {
        return prepared;
    }
    if (auto locked = lock(); !locked) {
        return locked;
    }
    return startLocked();
}

Result<void> ClusterStart::startLocked()
{
    if (auto key = m_folder.ensureKey(); !key) {
        return key;
    }
    if (!m_folder.isInitialised()) {
        if (auto made = initialise(); !made) {
            return made;
        }
    }
    if (auto started = startServer(); !started) {
        return started;
    }
    const auto running = findServer(m_folder.data());
    if (!running) {
        return failure(ErrorCode::ProcessFailed, Text::tr("The practice server ended while it was starting."),
                       logTail(m_folder));
    }
    if (m_folder.preparedRun() == running->run) {
        return {};
    }
    if (auto prepared = prepareDatabases(*running); !prepared) {
        return prepared;
    }
    return m_folder.setPrepared(running->run);
}

Result<void> ClusterStart::lock()
{
    m_lock = std::make_unique<QLockFile>(m_folder.lockFile());
    m_lock->setStaleLockTime(0); // Only a dead owner's lock is stale, however old a living one's is.
    QElapsedTimer timer;
    timer.start();
    while (!m_lock->tryLock(100)) {
        if (m_context.isCancelled()) {
            return failure(Error::cancelled());
        }
        if (m_lock->error() != QLockFile::LockFailedError || timer.elapsed() > lockTimeoutMs) {
            return failure(ErrorCode::Conflict,
                           Text::tr("Another program is starting or stopping the practice server in %1. Try again in "
                                    "a minute.")
                               .arg(m_options.folder));
        }
    }
    return {};
}

Result<PgToolchain> ClusterStart::toolchain() const
{
    if (!m_options.programs.isEmpty()) {
        return PgToolchain{m_options.programs, {}};
    }
    auto newest = serverToolchain(m_context);
    const int major = m_folder.majorVersion();
    if (!newest || major == 0 || newest->version.majorVersion() == major) {
        return newest;
    }
    for (const PgToolchain &candidate : findToolchains(m_context)) {
        if (candidate.version.majorVersion() == major && QFile::exists(candidate.tool(QStringLiteral("postgres")))) {
            return candidate;
        }
    }
    return failure(ErrorCode::ToolMissing,
                   Text::tr("The practice server was made with PostgreSQL %1, which is not installed any more. Install "
                            "the package postgresql-%1, or delete the folder %2 to begin anew.")
                       .arg(major)
                       .arg(m_options.folder));
}

Result<void> ClusterStart::initialise()
{
    m_context.report({Text::tr("Making the practice server"), 0, 0, {}});
    auto tools = toolchain();
    if (!tools) {
        return failure(tools.error());
    }
    auto data = m_folder.makeNewData(m_user);
    if (!data) {
        return failure(data.error());
    }
    ProcessCommand command;
    command.program = tools->tool(QStringLiteral("initdb"));
    command.arguments = {QStringLiteral("--pgdata=") + *data,         QStringLiteral("--username=") + superuser,
                         QStringLiteral("--encoding=UTF8"),           QStringLiteral("--locale=C.UTF-8"),
                         QStringLiteral("--auth-host=scram-sha-256"), QStringLiteral("--auth-local=trust")};
    if (m_options.settings.value(QStringLiteral("fsync")) == u"off") {
        command.arguments << QStringLiteral("--no-sync");
    }
    command.workingDirectory = QStringLiteral("/");
    command.childModifier = [user = m_user] {
        if (user.isAnother && (::setgroups(1, &user.gid) != 0 || ::setgid(user.gid) != 0 || ::setuid(user.uid) != 0)) {
            ::_exit(126);
        }
    };
    auto outcome = runProcess(command, m_context);
    if (!outcome) {
        return failure(outcome.error());
    }
    if (!outcome->succeeded()) {
        return failure(ErrorCode::ProcessFailed,
                       Text::tr("The practice server could not be made in %1. The details say what PostgreSQL's initdb "
                                "answered.")
                           .arg(m_options.folder),
                       redact(QString::fromLocal8Bit(outcome->standardError)));
    }
    return m_folder.adoptNewData();
}

Result<void> ClusterStart::startServer()
{
    // Somebody was killed while starting it: it may be on its way.
    std::optional<RunningServer> running;
    const auto isSettled = [&] {
        running = findServer(m_folder.data());
        return !running || running->isReady || m_context.isCancelled();
    };
    const bool settled = waitUntil(isSettled, startTimeoutMs);
    if (m_context.isCancelled()) {
        return failure(Error::cancelled());
    }
    if (running && settled) {
        return {};
    }
    m_context.report({Text::tr("Starting the practice server"), 0, 0, {}});
    auto socketFolder = m_folder.socketFolder(m_user);
    if (!socketFolder) {
        return failure(socketFolder.error());
    }
    if (!clearOldRun(m_folder.data(), *socketFolder)) {
        return failure(ErrorCode::Conflict,
                       Text::tr("Processes of an earlier run of the practice server do not end. Try again in a "
                                "minute, or restart the computer."));
    }
    int port = m_folder.lastPort();
    for (int attempt = 0; attempt < portAttempts; ++attempt) {
        if (port == 0 || !isFree(port)) {
            port = anyFreePort();
        }
        auto started = startOnPort(port, *socketFolder);
        if (!started) {
            return failure(started.error());
        }
        if (*started) {
            return {};
        }
        port = 0;
    }
    return failure(ErrorCode::ProcessFailed, Text::tr("No free port was found for the practice server."),
                   logTail(m_folder));
}

Result<bool> ClusterStart::startOnPort(int port, const QString &socketFolder)
{
    auto tools = toolchain();
    if (!tools) {
        return failure(tools.error());
    }
    QMap<QString, QString> settings = ourSettings(port, socketFolder);
    settings.insert(m_options.settings);
    if (auto written = m_folder.writeConfiguration(m_user, settings); !written) {
        return failure(written.error());
    }
    auto pid = launchServer({tools->tool(QStringLiteral("postgres")), m_folder, m_user, m_options.diesWithParent});
    if (!pid) {
        return failure(pid.error());
    }
    bool isReady = false;
    const bool ended = waitUntil(
        [&] {
            const auto server = findServer(m_folder.data());
            isReady = server && server->pid == *pid && server->isReady;
            return isReady || m_context.isCancelled() || !isAlive(*pid);
        },
        startTimeoutMs);
    if (isReady && !m_context.isCancelled()) {
        return true;
    }
    const bool endedByItself = ended && !m_context.isCancelled();
    if (!endServer(*pid)) {
        m_context.log(Text::tr("The practice server does not end; its process is %1.").arg(*pid));
    }
    if (m_context.isCancelled()) {
        return failure(Error::cancelled());
    }
    if (endedByItself && !isFree(port)) {
        return false;
    }
    return failure(ErrorCode::ProcessFailed,
                   endedByItself ? Text::tr("The practice server ended while it was starting. The details show the end "
                                            "of its log.")
                                 : Text::tr("The practice server did not become ready within a minute. The details "
                                            "show the end of its log."),
                   logTail(m_folder));
}

Result<void> ClusterStart::prepareDatabases(const RunningServer &server)
{
    const ConnectionSpec admin = superuserSpec(server, superuser);
    const QString role = quoteIdentifier(m_options.role);
    auto password = m_folder.password(m_options.role);
    if (!password) {
        return failure(password.error());
    }
    auto roles = queryColumn(admin, QStringLiteral("SELECT rolname FROM pg_roles"), m_context.stopToken());
    if (!roles) {
        return failure(roles.error());
    }
    // A key that was made anew gives another password, so it is set in any case.
    const QString verb = roles->contains(m_options.role) ? QStringLiteral("ALTER") : QStringLiteral("CREATE");
    const QString verifier = quoteLiteral(QString::fromLatin1(scramVerifier(*password)));
    auto made =
        runStatements(admin, {QStringLiteral("%1 ROLE %2 LOGIN CREATEDB PASSWORD %3").arg(verb, role, verifier)},
                      m_context.stopToken());
    if (!made) {
        return made;
    }
    auto databases = queryColumn(admin, QStringLiteral("SELECT datname FROM pg_database"), m_context.stopToken());
    if (!databases) {
        return failure(databases.error());
    }
    for (const QString &name : m_options.databases) {
        if (!databases->contains(name)) {
            m_context.report({Text::tr("Creating %1").arg(name), 0, 0, {}});
            if (auto created = createDatabase(admin, name); !created) {
                return created;
            }
        }
    }
    return {};
}

Result<void> ClusterStart::createDatabase(const ConnectionSpec &admin, const QString &name)
{
    const QString role = quoteIdentifier(m_options.role);
    const QStringList contents = m_options.contents.value(name);
    if (contents.isEmpty()) {
        return runStatements(admin, {QStringLiteral("CREATE DATABASE %1 OWNER %2").arg(quoteIdentifier(name), role)},
                             m_context.stopToken());
    }
    // Under another name until it is complete: a half-filled one would never be filled up.
    const QString draft = QStringLiteral("roost draft of ") + name;
    auto drafted = runStatements(admin,
                                 {QStringLiteral("DROP DATABASE IF EXISTS ") + quoteIdentifier(draft),
                                  QStringLiteral("CREATE DATABASE %1 OWNER %2").arg(quoteIdentifier(draft), role)},
                                 m_context.stopToken());
    if (!drafted) {
        return drafted;
    }
    QStringList statements{QStringLiteral("SET ROLE ") + role, QStringLiteral("BEGIN")};
    statements << contents << QStringLiteral("COMMIT");
    if (auto filled = runStatements(admin.withDatabase(draft), statements, m_context.stopToken()); !filled) {
        return filled;
    }
    return runStatements(
        admin, {QStringLiteral("ALTER DATABASE %1 RENAME TO %2").arg(quoteIdentifier(draft), quoteIdentifier(name))},
        m_context.stopToken());
}

} // namespace Roost
