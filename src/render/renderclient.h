#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "render/owner.h"
#include "render/postgresinstance.h"
#include "render/renderaccess.h"
#include "render/service.h"

#include <QDateTime>
#include <QList>
#include <QString>

#include <chrono>
#include <memory>
#include <optional>

namespace Roost {

/// Render's REST API, a method an endpoint. Blocking; made, used and ended on one worker thread.
///
/// Reads, and writes that only set a value, are tried again when the network or Render fails (backoff with jitter,
/// `Retry-After` and `Ratelimit-Reset` honoured). Creating, deleting, deploying, suspending are sent once; only when
/// Render refused them for their number (429) are they asked again, if the wait is short.
/// Errors carry Render's own message, `httpStatus`, and the request id in `detail`: InvalidInput (400, or an id that is
/// none: nothing was sent), NotAllowed (401, 402, 403), NotFound (404, 410), Conflict (409, and "one active free
/// database"), RateLimited (429: it was not done), ServerRefused (other), ConnectionFailed and TlsFailed (never sent),
/// OutcomeUnknown (a write was sent and no whole answer came, or it was stopped before one came: it may have been done;
/// look), TimedOut and ConnectionLost (a read that got no whole answer), Cancelled.
class RenderClient
{
public:
    explicit RenderClient(RenderAccess access, JobContext context = {}, RenderTimes times = {});
    ~RenderClient();
    Q_DISABLE_COPY_MOVE(RenderClient)

    /// Render's time when it last answered, minus this computer's then; nothing before the first answer.
    [[nodiscard]] std::optional<std::chrono::seconds> clockOffset() const;

    [[nodiscard]] Result<RenderUser> user();
    [[nodiscard]] Result<QList<Owner>> owners();
    [[nodiscard]] Result<Owner> owner(const QString &id);

    /// Of all workspaces of the key when `ownerId` is empty; `name`: exactly this one.
    [[nodiscard]] Result<QList<PostgresInstance>> instances(const QString &ownerId = {}, const QString &name = {});
    [[nodiscard]] Result<PostgresInstance> instance(const QString &id);
    [[nodiscard]] Result<PostgresInstance> createInstance(const PostgresDraft &draft);
    [[nodiscard]] Result<PostgresInstance> updateInstance(const QString &id, const PostgresChanges &changes);
    [[nodiscard]] Result<void> deleteInstance(const QString &id);
    [[nodiscard]] Result<PostgresConnectionInfo> connectionInfo(const QString &id);
    [[nodiscard]] Result<void> suspendInstance(const QString &id);
    [[nodiscard]] Result<void> resumeInstance(const QString &id);
    [[nodiscard]] Result<QList<PostgresCredential>> credentials(const QString &id);
    [[nodiscard]] Result<void> createCredential(const QString &id, const QString &username);
    [[nodiscard]] Result<void> deleteCredential(const QString &id, const QString &username);
    [[nodiscard]] Result<QList<PostgresSize>> sizes(const QString &id);
    [[nodiscard]] Result<QList<PostgresProcess>> processes(const QString &id);
    [[nodiscard]] Result<QList<PostgresExport>> exports(const QString &id);
    [[nodiscard]] Result<void> startExport(const QString &id);

    [[nodiscard]] Result<QList<Service>> services(const QString &ownerId = {}, const QString &name = {});
    [[nodiscard]] Result<Service> service(const QString &id);
    /// The service, and its first deploy's id where Render tells it.
    [[nodiscard]] Result<Service> createService(const ServiceDraft &draft);
    [[nodiscard]] Result<void> suspendService(const QString &id);
    [[nodiscard]] Result<void> resumeService(const QString &id);

    [[nodiscard]] Result<QList<EnvironmentVariable>> variables(const QString &serviceId);
    /// NotFound when the service itself has none of this name (a group may).
    [[nodiscard]] Result<EnvironmentVariable> variable(const QString &serviceId, const QString &key);
    /// Of this one alone; the others stay. Does not deploy.
    [[nodiscard]] Result<void> setVariable(const QString &serviceId, const EnvironmentVariable &variable);
    [[nodiscard]] Result<void> deleteVariable(const QString &serviceId, const QString &key);

    [[nodiscard]] Result<QList<EnvironmentGroup>> environmentGroups(const QString &ownerId = {});
    [[nodiscard]] Result<EnvironmentGroup> environmentGroup(const QString &id);
    [[nodiscard]] Result<void> setGroupVariable(const QString &groupId, const EnvironmentVariable &variable);
    [[nodiscard]] Result<void> deleteGroupVariable(const QString &groupId, const QString &key);

    /// With an empty id when Render answers that it is queued (202): waitForDeploy() finds it.
    [[nodiscard]] Result<Deploy> deploy(const QString &serviceId, const DeployRequest &request = {});
    [[nodiscard]] Result<QList<Deploy>> deploys(const QString &serviceId, int newest = 20);
    [[nodiscard]] Result<Deploy> deploy(const QString &serviceId, const QString &deployId);

    /// "disk-usage", "disk-capacity", "active-connections", "cpu", "memory" of the last hour. An empty list where
    /// Render has none.
    [[nodiscard]] Result<QList<MetricSeries>> metric(const QString &name, const QString &resourceId);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace Roost
