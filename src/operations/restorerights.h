#pragma once

#include "core/result.h"
#include "operations/archivetoc.h"
#include "operations/restore.h"
#include "operations/restoremessage.h"

#include <QString>

#include <optional>

namespace Roost {

/// Whether it asks for what goes together. InvalidInput.
[[nodiscard]] Result<void> checkRequest(const RestoreRequest &request);

/// Whether the user may make in the target what the plan has, as far as that is known before. NotAllowed, with the way
/// out.
[[nodiscard]] Result<void> checkRights(const ArchiveToc &toc, const RestorePlan &plan, const TargetObjects &target,
                                       const QString &user, const QString &database);

/// A remark when tables belonged to other users in the source: all that is restored belongs to who restores it.
[[nodiscard]] std::optional<RestoreMessage> remarkOnOwners(const ArchiveToc &toc, const RestorePlan &plan,
                                                           const QString &user);

} // namespace Roost
