#include "models/accountclock.h"

#include "models/accountlist.h"

namespace Roost {

InstanceClock clockOf(const AccountList &accounts)
{
    InstanceClock clock;
    for (const AccountList::Entry &entry : accounts.entries()) {
        if (entry.overview) {
            clock.setOffset(entry.account.id, entry.overview->clockOffset);
        }
    }
    return clock;
}

} // namespace Roost
