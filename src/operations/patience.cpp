#include "operations/patience.h"

#include <condition_variable>
#include <mutex>

namespace Roost {

bool waitUnlessCancelled(const JobContext &context, std::chrono::milliseconds time)
{
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any wake;
    return !wake.wait_for(lock, context.stopToken(), time, [&context] { return context.isCancelled(); }) &&
           !context.isCancelled();
}

} // namespace Roost
