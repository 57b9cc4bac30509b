#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "render/service.h"

#include <QDateTime>
#include <QSet>
#include <QString>

#include <chrono>

namespace Roost {

class RenderClient;

/// A deploy to follow.
struct DeployWait
{
    QString serviceId;
    QString deployId; ///< empty: the first that is not among `known` and not older than `askedAt`
    QSet<QString> known;
    QDateTime askedAt;                                             ///< Render's time, UTC; null: does not matter
    std::chrono::milliseconds firstLook = std::chrono::seconds(3); ///< then a fifth longer each time …
    std::chrono::milliseconds longestLook = std::chrono::seconds(15);
    std::chrono::milliseconds longest = std::chrono::minutes(20); ///< for all of it
};

/// Asks for a deploy in such a way that it can be followed whatever Render answers: looks first which deploys there
/// are, and, when no whole answer came, whether there is a new one now. OutcomeUnknown only if there is none. Blocking.
[[nodiscard]] Result<DeployWait> startDeploy(RenderClient &client, const QString &serviceId,
                                             const DeployRequest &request = {});

/// Follows a deploy until it is over and tells each state in words: live, or failed or cancelled (Deploy::isFailed()).
/// TimedOut when it takes too long. That the network fails for a while does not end it. Blocking.
[[nodiscard]] Result<Deploy> waitForDeploy(RenderClient &client, const DeployWait &wait, const JobContext &context);

/// "building", "starting", "live" …: a deploy's state in words, translated; one that is not known as Render writes it.
[[nodiscard]] QString deployStateText(const QString &status);
/// What became of a deploy that is not live, and what to do; translated.
[[nodiscard]] QString deployFailureText(const Deploy &deploy);

} // namespace Roost
