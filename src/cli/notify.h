#pragma once

#include "cli/verb.h"
#include "core/error.h"

namespace Roost {

/// `--notify`, for verbs that a timer runs.
[[nodiscard]] Verb::Option notifyOption();

/// The same verb, which shows a message on the desktop when it fails and --notify was given. What the desktop did not
/// show is noted on standard error; a cancelled verb shows nothing.
[[nodiscard]] Verb::Run notifyingOfFailure(const Verb::Run &run, const QString &what);

} // namespace Roost
