#pragma once

#include "core/error.h"
#include "render/renderaccess.h"

#include <chrono>
#include <stop_token>

namespace Roost {

/// How often and how long Render is asked what became of something. Tests are less patient.
struct RenderPatience
{
    std::chrono::milliseconds lookEvery = std::chrono::seconds(3); ///< after a change that got no answer
    std::chrono::milliseconds lookFor = std::chrono::seconds(90);
    std::chrono::milliseconds firstPoll = std::chrono::seconds(3); ///< of something that takes its time
    double growth = 1.2;
    std::chrono::milliseconds longestPoll = std::chrono::seconds(15);
    std::chrono::milliseconds waitFor = std::chrono::minutes(15);
    RenderTimes times = {}; ///< of each request

    [[nodiscard]] std::chrono::milliseconds nextPoll(std::chrono::milliseconds last) const;
};

/// Sleeps; false as soon as a stop is asked for.
[[nodiscard]] bool sleepFor(std::chrono::milliseconds time, const std::stop_token &stop);

/// A change ended with this error, and may have been made all the same: no answer, half an answer, or one that Render
/// failed with in the middle.
[[nodiscard]] bool mayHaveHappened(const Error &error);

} // namespace Roost
