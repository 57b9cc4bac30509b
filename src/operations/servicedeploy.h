#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "render/renderclient.h"

#include <chrono>

namespace Roost {

struct DeployFollowing
{
    Service service;
    DeployRequest request; ///< by default the last build again, with the variables as they are now
    std::chrono::milliseconds firstWait = std::chrono::seconds(3); ///< between two looks; grows to five times that
    std::chrono::milliseconds patience = std::chrono::minutes(20);
};

/// Deploys, and follows until the service is live. A request whose answer is lost is not sent again: the list of
/// deploys tells whether it was heard. ProcessFailed when the deploy fails, with what to look at; TimedOut when it
/// takes longer than the patience, and OutcomeUnknown when nobody knows whether it began: it may still come to its end
/// then. Cancelling ends the following, not the deploy.
[[nodiscard]] Result<Deploy> deployAndFollow(RenderClient &client, const DeployFollowing &following,
                                             const JobContext &context);

/// The first half of deployAndFollow(): asks, and tells the new deploy's id. OutcomeUnknown when nobody knows whether
/// it began.
[[nodiscard]] Result<QString> beginDeploy(RenderClient &client, const DeployFollowing &following,
                                          const JobContext &context);

/// Follows one that is under way already: the first of a new service, say. With an empty `deployId` the newest.
[[nodiscard]] Result<Deploy> followDeploy(RenderClient &client, const DeployFollowing &following,
                                          const QString &deployId, const JobContext &context);

/// "building", "starting with the new values" … Render's own word where it is a new one.
[[nodiscard]] QString deployStatusInWords(const QString &status);

} // namespace Roost
