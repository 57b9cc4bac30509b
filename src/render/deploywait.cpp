#include "render/deploywait.h"

#include "render/httpclient.h"
#include "render/renderclient.h"

#include <QCoreApplication>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(DeployWait)
};

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr int mostRefusals = 3; ///< in a row; a deploy that was just made may not be found at once

/// The newest deploy that is not one from before; with an empty id when there is none yet.
Result<Deploy> newDeploy(RenderClient &client, const DeployWait &wait)
{
    const auto deploys = client.deploys(wait.serviceId);
    if (!deploys) {
        return failure(deploys.error());
    }
    Deploy newest;
    for (const Deploy &deploy : *deploys) {
        const bool isOld =
            wait.known.contains(deploy.id) || (wait.askedAt.isValid() && deploy.createdAt < wait.askedAt);
        if (!isOld && (newest.id.isEmpty() || deploy.createdAt > newest.createdAt)) {
            newest = deploy;
        }
    }
    return newest;
}

/// Whether it makes sense to look again later.
bool mayPass(const Error &error)
{
    switch (error.code) {
    case ErrorCode::ConnectionFailed:
    case ErrorCode::ConnectionLost:
    case ErrorCode::TimedOut:
    case ErrorCode::RateLimited:
        return true;
    default:
        return error.httpStatus >= 500;
    }
}

Error tookTooLong(const QString &lastState)
{
    return {ErrorCode::TimedOut,
            lastState.isEmpty()
                ? Text::tr("Render has not begun the deploy yet. It goes on without Roost; look at the service in the "
                           "dashboard.")
                : Text::tr("The deploy is still not over (%1). It goes on without Roost; look at the service in the "
                           "dashboard.")
                      .arg(lastState),
            {},
            {}};
}

} // namespace

Result<DeployWait> startDeploy(RenderClient &client, const QString &serviceId, const DeployRequest &request)
{
    const auto before = client.deploys(serviceId);
    if (!before) {
        return failure(before.error());
    }
    DeployWait wait;
    wait.serviceId = serviceId;
    for (const Deploy &deploy : *before) {
        wait.known.insert(deploy.id);
    }
    const auto made = client.deploy(serviceId, request);
    if (made) {
        wait.deployId = made->id;
        return wait;
    }
    if (made.error().code != ErrorCode::OutcomeUnknown) {
        return failure(made.error());
    }
    const auto found = newDeploy(client, wait);
    if (!found || found->id.isEmpty()) {
        return failure(made.error());
    }
    wait.deployId = found->id;
    return wait;
}

Result<Deploy> waitForDeploy(RenderClient &client, const DeployWait &wait, const JobContext &context)
{
    DeployWait now = wait;
    const auto end = Clock::now() + wait.longest;
    milliseconds look = wait.firstLook;
    QString lastState;
    int refusals = 0;
    for (;;) {
        const auto found = now.deployId.isEmpty() ? newDeploy(client, now) : client.deploy(now.serviceId, now.deployId);
        if (found) {
            refusals = 0;
            now.deployId = found->id;
            lastState = found->id.isEmpty() ? QString() : deployStateText(found->status);
            context.report({found->id.isEmpty() ? Text::tr("Waiting for Render to begin the deploy")
                                                : Text::tr("The deploy is %1").arg(lastState),
                            0,
                            0,
                            {},
                            -1});
            if (found->isOver()) {
                return found;
            }
        } else if (found.error().isCancelled() ||
                   (!mayPass(found.error()) &&
                    (found.error().code != ErrorCode::NotFound || ++refusals >= mostRefusals))) {
            return found;
        }
        if (Clock::now() + look > end) {
            return failure(tookTooLong(lastState));
        }
        if (!HttpClient::pause(look, context.stopToken())) {
            return failure(Error::cancelled());
        }
        look = std::min(milliseconds(look.count() * 6 / 5), wait.longestLook);
    }
}

QString deployStateText(const QString &status)
{
    if (status == u"created" || status == u"queued") {
        return Text::tr("queued");
    }
    if (status == u"build_in_progress") {
        return Text::tr("being built");
    }
    if (status == u"pre_deploy_in_progress") {
        return Text::tr("running its pre-deploy command");
    }
    if (status == u"update_in_progress") {
        return Text::tr("starting");
    }
    if (status == u"live") {
        return Text::tr("live");
    }
    if (status == u"deactivated") {
        return Text::tr("replaced by a newer one");
    }
    if (status == u"build_failed") {
        return Text::tr("not built: the build failed");
    }
    if (status == u"pre_deploy_failed") {
        return Text::tr("stopped: its pre-deploy command failed");
    }
    if (status == u"update_failed") {
        return Text::tr("not live: the service did not start");
    }
    if (status == u"canceled") {
        return Text::tr("cancelled");
    }
    return status;
}

QString deployFailureText(const Deploy &deploy)
{
    if (deploy.status == u"canceled") {
        return Text::tr("The deploy was cancelled at Render, by someone or because a newer one took its place. The "
                        "service runs as before; deploy again to use the new variables.");
    }
    if (deploy.status == u"build_failed") {
        return Text::tr("The build failed, so the service runs as before. The log in the dashboard says why; mend it "
                        "and deploy again.");
    }
    return Text::tr("The deploy failed (%1), so the service runs as before. The log in the dashboard says why; often "
                    "the app cannot reach its database or a variable is missing.")
        .arg(deployStateText(deploy.status));
}

} // namespace Roost
