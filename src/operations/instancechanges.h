#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "operations/renderpatience.h"
#include "render/postgresinstance.h"
#include "render/renderclient.h"

#include <QList>
#include <QString>

namespace Roost {

/// Of one instance that the user looked at: what is changed is only the very same one.
struct InstanceChangeRequest
{
    PostgresInstance seen;
    RenderPatience patience = {};
};

struct DeleteInstanceRequest
{
    PostgresInstance seen;
    QString confirmation; ///< the instance's name, as typed
    RenderPatience patience = {};
};

// Each looks first whether the instance is still the one that was seen (name, region, workspace, creation), sends its
// change once, and reads the outcome back. NotFound: it is gone already; Conflict: it is another one than was seen;
// OutcomeUnknown: no whole answer came and looking did not tell. Blocking.

/// Deletes an instance with everything in it, for good.
[[nodiscard]] Result<void> deleteInstance(const RenderAccess &access, const DeleteInstanceRequest &request,
                                          JobContext &context);
/// The instance as it is then. A cancel ends the wait, not the change.
[[nodiscard]] Result<PostgresInstance> suspendInstance(const RenderAccess &access, const InstanceChangeRequest &request,
                                                       JobContext &context);
[[nodiscard]] Result<PostgresInstance> resumeInstance(const RenderAccess &access, const InstanceChangeRequest &request,
                                                      JobContext &context);
/// Who may connect from outside of Render. Conflict when the list is no longer the one that was seen: somebody else
/// changed it, and their entries would be lost.
[[nodiscard]] Result<PostgresInstance> setAllowedAddresses(const RenderAccess &access,
                                                           const InstanceChangeRequest &request,
                                                           const QList<AllowedAddresses> &addresses,
                                                           JobContext &context);

/// Why this is not a range of IPv4 addresses as Render takes it ("203.0.113.7/32"), translated; empty if fine.
[[nodiscard]] QString cidrProblem(const QString &cidr);
/// True when an address is in one of the ranges.
[[nodiscard]] bool isAllowed(const QString &address, const QList<AllowedAddresses> &ranges);

} // namespace Roost
