#pragma once

#include <QString>

namespace Roost {

struct Verb;

/// The help texts, translated, for standard output.
[[nodiscard]] QString generalHelp();
[[nodiscard]] QString helpFor(const Verb &verb);
/// "roost-cli rows TARGET TABLE [--limit N] [--json]"
[[nodiscard]] QString usageLine(const Verb &verb);

} // namespace Roost
