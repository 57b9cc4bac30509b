#pragma once

#include "operations/accountoverview.h"
#include "storage/profilestore.h"

#include <QList>

namespace Roost {

/// What has to be saved so that the saved connections and an account's instances belong together.
struct ProfileChanges
{
    QList<Profile> changed; ///< saved ones that are linked, or whose facts are other than before
    QList<Profile> added;   ///< for instances that had none; without a host, until the connection is fetched

    bool isEmpty() const { return changed.isEmpty() && added.isEmpty(); }
};

/// Finds each instance of the account among the saved connections, by its id or by the host's first label, and makes
/// new connections, with names of their own, for the others. Connections whose instance is no longer there stay as they
/// are. Replicas get none. Pure.
[[nodiscard]] ProfileChanges reconcileProfiles(const QString &accountId, const AccountOverview &overview,
                                               const QList<Profile> &saved);

/// `wanted` in a form that a connection can be named, and not one of `taken`: "birds 2".
[[nodiscard]] QString freeProfileName(const QString &wanted, const QStringList &taken);

/// The connection with the address that Render gave. What the user chose for an address that it had already stays: how
/// the link is protected, and the database.
[[nodiscard]] Profile withConnection(Profile profile, const ConnectionParameters &parameters);

/// Reads the saved connections, reconciles them with what the account holds, and saves. True when that changed
/// anything. Blocking.
[[nodiscard]] Result<bool> saveAccountProfiles(const ProfileStore &profiles, const QString &accountId,
                                               const AccountOverview &overview);

} // namespace Roost
