#pragma once

#include "models/accountlist.h"
#include "models/navigatornode.h"

namespace Roost {

/// "Free", "Basic 256 MB", "Pro 4 GB" for Render's "free", "basic_256mb", "pro_4gb"; words it does not know come back
/// readable.
[[nodiscard]] QString planText(const QString &plan);
/// "Oregon" for "oregon".
[[nodiscard]] QString regionText(const QString &region);
/// "available", "suspended by you", "creating…": what the user should know of status and suspension.
[[nodiscard]] QString instanceStatusText(const PostgresInstance &instance);
[[nodiscard]] BadgeTone instanceStatusTone(const PostgresInstance &instance);

/// As instanceNode(), with what the account says of it.
[[nodiscard]] std::unique_ptr<NavigatorNode>
accountInstanceNode(const InstanceList::Entry &entry, const InstanceList &instances, const AccountList *accounts);
/// False when the account knows that nothing can connect to it now: suspended, or still being created.
[[nodiscard]] bool mayConnect(const AccountList *accounts, const Profile &profile);
/// The groups of all accounts, one a workspace, each with its rows.
[[nodiscard]] NavigatorNodes accountGroups(const AccountList &accounts, const InstanceList &instances);
/// True when a connection is shown in one of accountGroups().
[[nodiscard]] bool isInAccountGroup(const AccountList &accounts, const Profile &profile);

} // namespace Roost
