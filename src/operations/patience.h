#pragma once

#include "core/jobcontext.h"

#include <chrono>

namespace Roost {

/// Waits, on a worker thread; false at once when the operation is cancelled.
[[nodiscard]] bool waitUnlessCancelled(const JobContext &context, std::chrono::milliseconds time);

} // namespace Roost
