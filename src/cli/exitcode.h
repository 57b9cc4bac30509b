#pragma once

#include "core/error.h"

namespace Roost {

/// What roost-cli ends with; part of its interface.
namespace ExitCode {
constexpr int done = 0;
constexpr int failed = 1;
constexpr int wrongUsage = 2;
constexpr int connection = 3;
constexpr int cancelled = 4;
constexpr int waits = 5; ///< for the user
} // namespace ExitCode

[[nodiscard]] int exitCodeOf(const Error &error);

} // namespace Roost
