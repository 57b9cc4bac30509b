#pragma once

#include "cli/verb.h"
#include "render/renderclient.h"
#include "storage/accountstore.h"

namespace Roost {

/// An account with its address and key.
struct OpenAccount
{
    Account account;
    RenderAccess access;
};
/// The one that `--account` names, or the only one there is. NotFound, InvalidInput (several), the keychain's errors.
[[nodiscard]] Result<OpenAccount> openAccount(const Invocation &call, const CliServices &services,
                                              const JobContext &context);

/// An instance as the user names it: its name, its id, or the saved connection that came from it.
[[nodiscard]] Result<PostgresInstance> instanceNamed(const QString &name, const QList<PostgresInstance> &instances,
                                                     const CliServices &services);
/// A service by name or id.
[[nodiscard]] Result<Service> serviceNamed(const QString &name, const QList<Service> &all);

} // namespace Roost
