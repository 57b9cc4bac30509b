#pragma once

#include "core/result.h"
#include "practice/clusterfolder.h"

#include <QString>

#include <functional>
#include <optional>

namespace Roost {

/// A PostgreSQL server as its postmaster.pid tells, checked against the running processes.
struct RunningServer
{
    qint64 pid = 0;
    int port = 0;
    QString run;          ///< names this run of the server: process and start time
    QString socketFolder; ///< absolute
    bool isReady = false; ///< accepts connections
};

/// Absent when no server works on this data folder, whatever a left-over postmaster.pid says.
[[nodiscard]] std::optional<RunningServer> findServer(const QString &dataFolder);

struct ServerLaunch
{
    QString program; ///< absolute path of postgres
    ClusterFolder folder;
    ServerUser user;
    bool diesWithParent = false;
};

/// Starts the server, detached from this process unless it is to die with it, and returns its process. It is not ready
/// yet.
[[nodiscard]] Result<qint64> launchServer(const ServerLaunch &launch);
/// False once the process that launchServer() or findServer() gave has ended.
[[nodiscard]] bool isAlive(qint64 serverPid);
/// Fast shutdown, then immediate shutdown. False when it is still there after all that.
[[nodiscard]] bool endServer(qint64 serverPid);
/// Waits until no process of an earlier run works on the folder, and removes what that run left: the server itself
/// refuses to start when the number in a lock file is somebody else's by now. False when the old run does not end.
[[nodiscard]] bool clearOldRun(const QString &dataFolder, const QString &socketFolder);
/// Until `done` says so: true; or until the time is over.
[[nodiscard]] bool waitUntil(const std::function<bool()> &done, int timeoutMs);

} // namespace Roost
