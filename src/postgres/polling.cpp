#include "postgres/polling.h"

#include <algorithm>
#include <cerrno>
#include <limits>

namespace Roost {

namespace {

int remainingMs(const QDeadlineTimer &deadline)
{
    if (deadline.isForever()) {
        return -1;
    }
    // Rounded up, so that a wait is not repeated for the last part of a millisecond.
    const qint64 ms = (deadline.remainingTimeNSecs() + 999'999) / 1'000'000;
    return int(std::min<qint64>(ms, std::numeric_limits<int>::max()));
}

} // namespace

Polled pollFor(int descriptor, short events, int wake, QDeadlineTimer deadline)
{
    while (true) {
        pollfd watched[] = {{descriptor, events, 0}, {wake, POLLIN, 0}};
        const int ready = poll(watched, 2, remainingMs(deadline));
        if (ready < 0 && errno != EINTR && errno != EAGAIN) {
            return Polled::Ready; // whoever reads next finds out what is wrong with it
        }
        if (ready > 0) {
            return watched[1].revents != 0 ? Polled::Stopped : Polled::Ready;
        }
        if (deadline.hasExpired()) {
            return Polled::TimedOut;
        }
    }
}

} // namespace Roost
