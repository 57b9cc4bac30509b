#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "core/secret.h"
#include "operations/migrationstate.h"
#include "operations/renderpatience.h"
#include "storage/backupcatalog.h"
#include "storage/keptvariables.h"
#include "storage/migrationjournal.h"
#include "storage/profilestore.h"

#include <QList>
#include <QString>

#include <chrono>
#include <functional>
#include <optional>

namespace Roost {

class Keychain;
struct RenderAccess;

/// What a migration works with beside its journal. Owned by the caller, which outlives the run.
struct MigrationEnvironment
{
    ProfileStore profiles;
    BackupCatalog backups;
    KeptVariables keptVariables;
    Keychain &keychain;
    /// The account's address and key; of practice accounts where they are now.
    std::function<Result<RenderAccess>(const QString &accountId, const JobContext &context)> access;
    /// A server for scratch databases: practice's.
    std::function<Result<ConnectionSpec>(const JobContext &context)> scratchServer;
    RenderPatience patience = {};
    std::chrono::milliseconds deployWait = std::chrono::seconds(3); ///< as DeployFollowing::firstWait
};

/// What only the user can do or decide.
enum class MigrationQuestion {
    WritersStopped, ///< by hand: nothing writes any more. Answer: yes
    SecondFolder,   ///< where second copies go. Answer: text, an absolute folder
    Gate,           ///< Answer: text, the instance's name
    OldDeleted,     ///< by hand: suspended or deleted at the dashboard. Answer: yes
    NewConnection,  ///< by hand: created at the dashboard. Answer: secret, its External URL or PSQL Command
    VariablesSet,   ///< by hand. Answer: yes
    ServicesLive,   ///< by hand: deployed, and they answer. Answer: yes
    StillWritten    ///< the source changes faster than it is backed up. Answer: yes, try again
};
[[nodiscard]] QString keyOf(MigrationQuestion question);

/// A value for the user to copy into the dashboard.
struct MigrationValue
{
    QString label;
    QString text;  ///< to show; masked where it is secret
    Secret secret; ///< to copy, where text is masked; else null
    QString where; ///< translated: "Environment of bird-app"; may be empty
};

/// Where a run stopped to ask.
struct MigrationPause
{
    MigrationStep step = MigrationStep::Gate;
    MigrationQuestion question = MigrationQuestion::Gate;
    QString text;      ///< translated: what is to be done, and why
    QStringList doing; ///< translated: one press after the other
    QList<MigrationValue> values;
    QStringList problems;      ///< translated: why what was answered last is not enough yet
    bool mayBeAnswered = true; ///< false: the problems have to go first (the gate stays shut)
};

struct MigrationAnswer
{
    MigrationQuestion question = MigrationQuestion::Gate;
    QString text;
    Secret secret;
};

/// Begins the journal of a plan. InvalidInput when the plan has blockers; Conflict when a migration of the same
/// instance is unfinished.
[[nodiscard]] Result<std::unique_ptr<MigrationJournal>> beginMigration(const QString &folder,
                                                                       const MigrationPlan &plan);

/// Goes on with a migration: step after step, each written down before and after, until all is done (nothing), or the
/// user is asked. Each step looks first what is already so, and does nothing twice. An error is written down, too;
/// calling again tries that step again. A cancel ends the step where it can. `answer`: to what was asked last.
/// Blocking, on a worker thread; the keychain's thread must have an event loop.
[[nodiscard]] Result<std::optional<MigrationPause>> continueMigration(MigrationJournal &journal,
                                                                      const MigrationEnvironment &environment,
                                                                      const std::optional<MigrationAnswer> &answer,
                                                                      JobContext &context);

/// Goes back as far as that is still true: services run again, and the migration is given up. Refused (NotAllowed) past
/// the gate; the message says what there is instead. Backups stay. Blocking.
[[nodiscard]] Result<void> giveUpMigration(MigrationJournal &journal, const MigrationEnvironment &environment,
                                           JobContext &context);

/// A journal that somebody may go on with.
struct ListedMigration
{
    QString id;
    MigrationState state;
    qint64 holder = 0; ///< the process that has it open; 0: none
    QString problem;   ///< translated: it cannot be read
};
/// All journals in a folder, the newest first.
[[nodiscard]] QList<ListedMigration> listMigrations(const QString &folder);

} // namespace Roost
