#include "operations/renderpatience.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace Roost {

std::chrono::milliseconds RenderPatience::nextPoll(std::chrono::milliseconds last) const
{
    const auto grown = std::chrono::milliseconds(qint64(double(last.count()) * growth) + 1);
    return std::min(grown, longestPoll);
}

bool sleepFor(std::chrono::milliseconds time, const std::stop_token &stop)
{
    std::mutex mutex;
    std::condition_variable_any asked;
    std::unique_lock lock(mutex);
    asked.wait_for(lock, stop, time, [] { return false; });
    return !stop.stop_requested();
}

bool mayHaveHappened(const Error &error)
{
    constexpr int answeredWell = 200;
    constexpr int redirected = 300;
    constexpr int serverFailed = 500;
    return error.code == ErrorCode::OutcomeUnknown || error.code == ErrorCode::TimedOut ||
           error.code == ErrorCode::ConnectionLost || error.httpStatus >= serverFailed ||
           (error.httpStatus >= answeredWell && error.httpStatus < redirected);
}

} // namespace Roost
