#pragma once

#include "core/error.h"

#include <QString>

namespace Roost::Testing {

/// What the message of a failed backup, check or restore lacks of what a person needs: what was being done, what
/// happened, in what state the data is, what to do next; in plain words. Empty when it has it all.
[[nodiscard]] QString lackOf(const Error &error);

} // namespace Roost::Testing
