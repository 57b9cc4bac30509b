#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "render/owner.h"
#include "render/postgresinstance.h"
#include "render/renderclient.h"
#include "render/service.h"

#include <QDateTime>
#include <QList>
#include <QStringList>

#include <chrono>

namespace Roost {

/// What an API key sees, as it was read.
struct AccountOverview
{
    RenderUser user;
    QList<Owner> owners; ///< by name
    QList<PostgresInstance> instances;
    QList<Service> services;
    /// False: the list could not be read, so that nothing may be concluded from what is not in it.
    bool instancesAreKnown = true;
    bool servicesAreKnown = true;
    QStringList gaps;                    ///< translated: what could not be read, and why
    QDateTime readAt;                    ///< UTC, by this computer's clock
    std::chrono::seconds clockOffset{0}; ///< Render's time minus this computer's

    /// Render's time now: what days are counted with.
    QDateTime now() const { return QDateTime::currentDateTimeUtc().addSecs(clockOffset.count()); }
    const PostgresInstance *instance(const QString &id) const; ///< null when there is none
};

/// User, workspaces, instances and services. Fails when the key is refused or Render cannot be reached; what only part
/// of it cannot be read is told in `gaps`. Blocking, on a worker thread.
[[nodiscard]] Result<AccountOverview> readAccount(const RenderAccess &access, JobContext &context,
                                                  const RenderTimes &times = {});

} // namespace Roost
