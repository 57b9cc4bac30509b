#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "operations/databasevariable.h"
#include "operations/servicecall.h"
#include "operations/servicedeploy.h"
#include "render/renderclient.h"

#include <optional>

namespace Roost {

struct DeployAppRequest
{
    ServiceDraft draft; ///< its variables may be empty: databaseVariables() makes them
    DeployFollowing following;
    QString path = QStringLiteral("/birds"); ///< to call at the end; empty: nothing is called
};

struct DeployedApp
{
    Service service;
    Deploy deploy;
    std::optional<ServiceAnswer> answer;
    QString callProblem; ///< translated: it is live, but could not be called
};

/// Creates the service, follows its first deploy until it is live, and calls it. What fails after the creation says
/// that the service is there. Blocking.
[[nodiscard]] Result<DeployedApp> deployApp(RenderClient &client, const DeployAppRequest &request,
                                            const JobContext &context);

/// The usual variables with a database's address, as a new service gets them.
[[nodiscard]] QList<EnvironmentVariable> databaseVariables(const ServiceDraft &draft, const PointTarget &target,
                                                           const QString &database);

/// How an instance is reached, as Render says it now. Render records who asks for passwords: once an action.
[[nodiscard]] Result<PointTarget> readPointTarget(RenderClient &client, const QString &instanceId);

} // namespace Roost
