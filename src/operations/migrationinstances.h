#pragma once

#include "operations/migrationwork.h"
#include "postgres/databaseconnection.h"
#include "render/postgresinstance.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace Roost {

// What the steps that retire, create and await instances share.

/// The old instance as Render tells of it now; nothing: it is gone, while the key still sees its workspace.
[[nodiscard]] Result<std::optional<PostgresInstance>> lookAtOld(MigrationWork &work);

/// Finds out what became of a deletion that was asked for before, and writes it down.
[[nodiscard]] Result<void> settleDeletion(MigrationWork &work);
/// Lets go of the old instance's place, which Render does not give to a second one: deletes it, after everything was
/// proven once more. A pause when the gate had to be shut again. Only from createNew(), and only on the way of one
/// slot.
[[nodiscard]] Result<StepOutcome> deleteOld(MigrationWork &work);

/// What is written down of a new instance that Render told of.
[[nodiscard]] Result<void> noteNew(MigrationWork &work, const PostgresInstance &instance, bool wasFound);

/// By hand: what is to be typed into Render's form, and where to take the connection from.
[[nodiscard]] Result<StepOutcome> askForNew(MigrationWork &work, MigrationStep step, const QStringList &problems);
/// By hand: reads a connection string that was pasted, writes down where it leads and keeps its password in the
/// keychain. What is wrong with it, translated; empty: it was taken.
[[nodiscard]] Result<QStringList> takePasted(MigrationWork &work, const MigrationAnswer &answer);

/// True when this is where the old instance is.
[[nodiscard]] bool isOldPlace(const MigrationPlan &plan, const ConnectionParameters &parameters);
/// Keeps the new instance's password. Without any keychain it is only known as long as the program runs, and the log
/// says so.
[[nodiscard]] Result<void> keepNewSecret(MigrationWork &work, const Secret &secret);

/// The new instance, checked to be another one than the old; of practice, where it is now.
[[nodiscard]] Result<ConnectionSpec> newTarget(MigrationWork &work);

} // namespace Roost
