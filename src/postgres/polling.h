#pragma once

#include <QDeadlineTimer>

#include <poll.h>

namespace Roost {

enum class Polled { Ready, Stopped, TimedOut };

/// Waits until `descriptor` is ready for `events` (or broken: then it is ready for finding that out), until `wake`
/// is readable, or until the deadline. A `wake` of -1 is never readable.
[[nodiscard]] Polled pollFor(int descriptor, short events, int wake, QDeadlineTimer deadline);

} // namespace Roost
