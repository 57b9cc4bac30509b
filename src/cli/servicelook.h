#pragma once

#include "cli/renderaccounts.h"
#include "operations/servicereferences.h"

namespace Roost {

/// The account's services, and what their variables lead to.
struct SeenServices
{
    OpenAccount account;
    QList<PostgresInstance> instances;
    AccountReferences references;
};
/// Of all services, or of the one that is named.
[[nodiscard]] Result<SeenServices> lookAtServices(const Invocation &call, const CliServices &services,
                                                  JobContext &context, const QString &only = {});
/// Where saved connections say that an instance is: practice's hosts do not name it.
[[nodiscard]] QMap<QString, QString> knownAddresses(const CliServices &services);
/// Deploys and waits until the service is live.
[[nodiscard]] Result<void> deployAndTell(RenderClient &client, const Service &service, const CliServices &services,
                                         bool builds, JobContext &context);

} // namespace Roost
