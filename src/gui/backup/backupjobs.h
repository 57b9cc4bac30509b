#pragma once

#include "models/instance.h"
#include "operations/restore.h"
#include "operations/undorestore.h"

#include <functional>

class QWidget;

namespace Roost {

struct Services;

// Start the job, show its progress in a dialog over `parent`, write the terminal's line into the activity log, and say
// at the end what came of it and what can be done next. The jobs go on when `parent` is gone.

void startBackup(Services &services, QWidget *parent, const DatabaseRef &database, const QString &file);
/// `done` gets the database that was filled, after a success.
void startRestore(Services &services, QWidget *parent, const DatabaseRef &target, const RestoreRequest &request,
                  std::function<void(const QString &database)> done);
/// Puts the content that a restore replaced back into its place; `retired` is where it is.
void startUndoRestore(Services &services, QWidget *parent, const DatabaseRef &target, const UndoRestoreRequest &request,
                      std::function<void(const QString &database)> done);
void startReset(Services &services, QWidget *parent, const DatabaseRef &database, const ResetRequest &request,
                std::function<void()> done);

/// Where a safety backup of this instance's databases is listed.
[[nodiscard]] SafetyListing safetyListing(const Services &services, const Instance &instance);

/// Roost's own folder for backups is made when it is needed. On a worker thread.
[[nodiscard]] Result<void> ensureOwnFolder(const QString &file);

} // namespace Roost
