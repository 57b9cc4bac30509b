#pragma once

#include "practice/clusterfolder.h"
#include "practice/localcluster.h"
#include "practice/serverprocess.h"
#include "process/pgtoolchain.h"

#include <QLockFile>

#include <memory>

namespace Roost {

/// The superuser's connection to a running server.
[[nodiscard]] ConnectionSpec superuserSpec(const RunningServer &server, const QString &database);

/// One LocalCluster::start(), step by step. Lives on its stack.
class ClusterStart
{
public:
    ClusterStart(const LocalClusterOptions &options, JobContext &context)
        : m_options(options)
        , m_context(context)
        , m_folder(options.folder, options.home)
    {
    }

    Result<void> run();

private:
    Result<void> startLocked();
    Result<void> lock();
    Result<void> initialise();
    Result<void> startServer();
    /// False: the port was taken meanwhile.
    Result<bool> startOnPort(int port, const QString &socketFolder);
    Result<void> prepareDatabases(const RunningServer &server);
    Result<void> createDatabase(const ConnectionSpec &admin, const QString &name);
    Result<PgToolchain> toolchain() const;

    const LocalClusterOptions &m_options;
    JobContext &m_context;
    ClusterFolder m_folder;
    ServerUser m_user;
    std::unique_ptr<QLockFile> m_lock;
};

} // namespace Roost
