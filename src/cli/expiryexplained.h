#pragma once

#include "cli/verb.h"
#include "core/error.h"

namespace Roost {

/// The error of a verb; where a saved connection that it names could not be reached since its free instance expired, it
/// says that instead.
[[nodiscard]] Error explainedByExpiry(const Error &error, const Invocation &call, const CliServices &services,
                                      JobContext &context);

} // namespace Roost
