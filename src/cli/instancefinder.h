#pragma once

#include "cli/instanceoutput.h"
#include "cli/verb.h"

namespace Roost {

/// The instances of the account that `--account` names, or of all. What could not be read is said on standard error.
[[nodiscard]] Result<QList<FoundInstance>> readInstances(const Invocation &call, const CliServices &services,
                                                         JobContext &context);
/// By id, by the name of its connection, or by its own name where only one has it.
[[nodiscard]] Result<FoundInstance> findInstance(const QString &name, const Invocation &call,
                                                 const CliServices &services, JobContext &context);

} // namespace Roost
