#include "operations/servicedeploy.h"

#include "operations/renderpatience.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QSet>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(ServiceDeploy)
};

constexpr int looksForQueued = 20; ///< until a deploy that was asked for must be in the list

QString where(const Service &service)
{
    return service.dashboardUrl.isEmpty() ? Text::tr("Render's dashboard") : service.dashboardUrl;
}

Error failed(const Deploy &deploy, const Service &service)
{
    QString message;
    if (deploy.status == u"build_failed") {
        message =
            Text::tr("The build of %1 failed; the last version runs on, with its old variables. Probably a package "
                     "in requirements.txt or the build command is wrong. Look at the last lines of the build log: %2")
                .arg(service.name, where(service));
    } else if (deploy.status == u"pre_deploy_failed") {
        message =
            Text::tr("The command before the deploy of %1 failed (often the migration: flask db upgrade); the last "
                     "version runs on. Look at the log: %2")
                .arg(service.name, where(service));
    } else if (deploy.status == u"canceled") {
        message = Text::tr("The deploy of %1 was cancelled at Render, by somebody or by a later one. Deploy again: %2")
                      .arg(service.name, where(service));
    } else {
        message =
            Text::tr("%1 was built, but did not start with the new variables; the last version runs on. Probably the "
                     "app cannot reach its database, or the start command is wrong. Look at the log: %2")
                .arg(service.name, where(service));
    }
    return {ErrorCode::ProcessFailed, message, Text::tr("Deploy %1: %2").arg(deploy.id, deploy.status), {}};
}

QSet<QString> idsOf(const QList<Deploy> &deploys)
{
    QSet<QString> ids;
    for (const Deploy &deploy : deploys) {
        ids += deploy.id;
    }
    return ids;
}

/// A deploy that is queued, or whose answer was lost, shows up in the list.
Result<Deploy> findNew(RenderClient &client, const DeployFollowing &following, const QSet<QString> &known,
                       const std::optional<Error> &lost, const JobContext &context)
{
    for (int look = 0; look < looksForQueued; ++look) {
        context.report({Text::tr("Waiting for the deploy of %1 to begin").arg(following.service.name), 0, 0, {}});
        if (look > 0 && !sleepFor(following.firstWait, context.stopToken())) {
            return failure(Error::cancelled());
        }
        const Result<QList<Deploy>> deploys = client.deploys(following.service.id);
        if (!deploys) {
            if (deploys.error().isCancelled()) {
                return failure(deploys.error());
            }
            if (look + 1 == looksForQueued || deploys.error().code == ErrorCode::NotAllowed) {
                break;
            }
            continue;
        }
        const auto found = std::find_if(deploys->begin(), deploys->end(),
                                        [&known](const Deploy &each) { return !known.contains(each.id); });
        if (found != deploys->end()) {
            return *found;
        }
        if (lost && look >= 2) { // it would be there by now
            break;
        }
    }
    return failure(ErrorCode::OutcomeUnknown,
                   lost ? Text::tr("Render's answer to the deploy of %1 was lost, and no new deploy is in its list: it "
                                   "probably did not begin. Look at %2 before you deploy again.")
                              .arg(following.service.name, where(following.service))
                        : Text::tr("Render has taken the deploy of %1, but it has not begun yet. Look at %2.")
                              .arg(following.service.name, where(following.service)),
                   lost ? lost->message : QString());
}

bool isTransient(const Error &error)
{
    return error.code == ErrorCode::ConnectionFailed || error.code == ErrorCode::TimedOut ||
           error.code == ErrorCode::ConnectionLost || error.code == ErrorCode::RateLimited ||
           error.code == ErrorCode::ServerRefused || error.code == ErrorCode::OutcomeUnknown;
}

} // namespace

QString deployStatusInWords(const QString &status)
{
    static const QMap<QString, const char *> words{
        {QStringLiteral("created"), QT_TRANSLATE_NOOP("ServiceDeploy", "about to begin")},
        {QStringLiteral("queued"), QT_TRANSLATE_NOOP("ServiceDeploy", "waiting for its turn")},
        {QStringLiteral("build_in_progress"), QT_TRANSLATE_NOOP("ServiceDeploy", "building")},
        {QStringLiteral("pre_deploy_in_progress"), QT_TRANSLATE_NOOP("ServiceDeploy", "preparing (migrations)")},
        {QStringLiteral("update_in_progress"), QT_TRANSLATE_NOOP("ServiceDeploy", "starting")},
        {QStringLiteral("live"), QT_TRANSLATE_NOOP("ServiceDeploy", "live")},
        {QStringLiteral("deactivated"), QT_TRANSLATE_NOOP("ServiceDeploy", "replaced by a later one")},
        {QStringLiteral("build_failed"), QT_TRANSLATE_NOOP("ServiceDeploy", "build failed")},
        {QStringLiteral("pre_deploy_failed"), QT_TRANSLATE_NOOP("ServiceDeploy", "preparation failed")},
        {QStringLiteral("update_failed"), QT_TRANSLATE_NOOP("ServiceDeploy", "start failed")},
        {QStringLiteral("canceled"), QT_TRANSLATE_NOOP("ServiceDeploy", "cancelled")},
    };
    const auto found = words.find(status);
    return found == words.end() ? status : Text::tr(*found);
}

Result<Deploy> followDeploy(RenderClient &client, const DeployFollowing &following, const QString &deployId,
                            const JobContext &context)
{
    QElapsedTimer clock;
    clock.start();
    std::chrono::milliseconds wait = following.firstWait;
    QString id = deployId;
    QString status;
    for (;;) {
        Result<Deploy> deploy = failure(Error::cancelled());
        if (id.isEmpty()) {
            deploy = findNew(client, following, {}, std::nullopt, context);
        } else {
            deploy = client.deploy(following.service.id, id);
        }
        if (!deploy && !isTransient(deploy.error())) {
            return deploy;
        }
        if (deploy) {
            id = deploy->id;
            const QString words = deployStatusInWords(deploy->status);
            context.report({Text::tr("%1 is %2").arg(following.service.name, words), 0, 0, {}});
            if (deploy->status != status) {
                status = deploy->status;
                context.log(Text::tr("Deploy %1: %2").arg(id, words));
            }
            if (deploy->isFailed()) {
                return failure(failed(*deploy, following.service));
            }
            if (deploy->isOver()) {
                return deploy;
            }
        }
        if (clock.hasExpired(following.patience.count())) {
            return failure(ErrorCode::TimedOut,
                           Text::tr("The deploy of %1 is not over yet (%2). It goes on at Render; look at %3.")
                               .arg(following.service.name, deployStatusInWords(status), where(following.service)),
                           deploy ? QString() : deploy.error().message);
        }
        if (!sleepFor(wait, context.stopToken())) {
            return failure(Error::cancelled());
        }
        wait = std::min(wait * 6 / 5, following.firstWait * 5);
    }
}

Result<QString> beginDeploy(RenderClient &client, const DeployFollowing &following, const JobContext &context)
{
    context.report({Text::tr("Deploying %1").arg(following.service.name), 0, 0, {}});
    // To know the new one in the list, where the answer does not name it.
    const Result<QList<Deploy>> before = client.deploys(following.service.id);
    if (!before) {
        return failure(before.error());
    }
    Result<Deploy> begun = client.deploy(following.service.id, following.request);
    if (!begun && !mayHaveHappened(begun.error())) {
        return failure(begun.error());
    }
    if (!begun || begun->id.isEmpty()) {
        const std::optional<Error> lost = begun ? std::nullopt : std::optional(begun.error());
        begun = findNew(client, following, idsOf(*before), lost, context);
        if (!begun) {
            return failure(begun.error());
        }
    }
    return begun->id;
}

Result<Deploy> deployAndFollow(RenderClient &client, const DeployFollowing &following, const JobContext &context)
{
    const Result<QString> id = beginDeploy(client, following, context);
    return id ? followDeploy(client, following, *id, context) : Result<Deploy>(failure(id.error()));
}

} // namespace Roost
