#include "practice/localcluster.h"

#include "practice/clusterstart.h"

#include <QCoreApplication>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(LocalCluster)
};

Result<RunningServer> runningServer(const LocalClusterOptions &options)
{
    const auto server = findServer(ClusterFolder(options.folder, options.home).data());
    if (!server || !server->isReady) {
        return failure(ErrorCode::ConnectionFailed, Text::tr("The practice server does not run. Start it first."));
    }
    return *server;
}

} // namespace

LocalCluster::LocalCluster(LocalClusterOptions options)
    : m_options(std::move(options))
{
}

LocalCluster::Status LocalCluster::status() const
{
    const ClusterFolder folder(m_options.folder, m_options.home);
    Status status;
    status.isInitialised = folder.isInitialised();
    if (const auto server = findServer(folder.data()); server && server->isReady) {
        status.isRunning = true;
        status.port = server->port;
        status.serverPid = server->pid;
    }
    return status;
}

Result<void> LocalCluster::start(JobContext &context)
{
    return ClusterStart(m_options, context).run();
}

Result<void> LocalCluster::stop(JobContext &context)
{
    const auto server = findServer(ClusterFolder(m_options.folder, m_options.home).data());
    if (!server) {
        return {};
    }
    context.report({Text::tr("Stopping the practice server"), 0, 0, {}});
    if (!endServer(server->pid)) {
        return failure(ErrorCode::TimedOut,
                       Text::tr("The practice server does not end; its process is %1.").arg(server->pid));
    }
    return {};
}

Result<void> LocalCluster::destroy(JobContext &context)
{
    if (auto stopped = stop(context); !stopped) {
        return stopped;
    }
    return ClusterFolder(m_options.folder, m_options.home).remove();
}

Result<ConnectionSpec> LocalCluster::connection(const QString &database) const
{
    auto server = runningServer(m_options);
    if (!server) {
        return failure(server.error());
    }
    auto password = ClusterFolder(m_options.folder, m_options.home).password(m_options.role);
    if (!password) {
        return failure(password.error());
    }
    ConnectionSpec spec;
    spec.parameters.host = QStringLiteral("127.0.0.1");
    spec.parameters.port = server->port;
    spec.parameters.user = m_options.role;
    spec.parameters.database = database;
    spec.parameters.tls = TlsMode::Optional;
    spec.password = *password;
    return spec;
}

Result<ConnectionSpec> LocalCluster::superuserConnection(const QString &database) const
{
    auto server = runningServer(m_options);
    if (!server) {
        return failure(server.error());
    }
    return superuserSpec(*server, database);
}

} // namespace Roost
