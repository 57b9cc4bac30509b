#pragma once

#include "operations/accountoverview.h"
#include "operations/backuplist.h"
#include "operations/expiry.h"
#include "operations/instanceclock.h"

#include <QList>
#include <QStringList>

namespace Roost {

/// The last proven backups of an instance's databases: that of the one that is worst off.
struct ProvenState
{
    BackupRecord oldest;       ///< of those that have one; number 0: none has
    QStringList without;       ///< databases that have none
    bool hasDatabases = false; ///< of which it is known that they exist
};
[[nodiscard]] ProvenState provenState(const QList<ListedBackup> &backups, const QString &instanceId,
                                      const QStringList &databases);

/// An instance that ends, or of which it is not known whether it does.
struct ExpiringInstance
{
    Profile profile; ///< of one that is not saved only name, account and end
    bool isSaved = true;
    Expiry expiry;
    QDateTime now; ///< its time when this was made
};

/// The free instances by their end, the erased ones after them, and last those on Render of which nobody said when they
/// were created. `accounts`: what was read of accounts; their free instances that are not saved come along.
[[nodiscard]] QList<ExpiringInstance>
expiringInstances(const QList<Profile> &profiles, const QList<AccountOverview> &accounts, const InstanceClock &clock);

/// Whether Render says when it ends ("Render says so", "counted from 1 Oct 2026, 30 days").
[[nodiscard]] QString sourceText(const ExpiringInstance &instance);

} // namespace Roost
