#pragma once

#include "cli/verb.h"

#include <QList>

namespace Roost {

/// restore, and what undoes it.
[[nodiscard]] QList<Verb> restoreVerbs();

} // namespace Roost
