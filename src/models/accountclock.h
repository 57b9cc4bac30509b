#pragma once

#include "operations/instanceclock.h"

namespace Roost {

class AccountList;

/// With the time of every account that was read.
[[nodiscard]] InstanceClock clockOf(const AccountList &accounts);

} // namespace Roost
