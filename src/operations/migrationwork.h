#pragma once

#include "operations/migration.h"
#include "render/renderaccess.h"

namespace Roost {

/// What the steps of a running migration share. On the operation's thread. Internal to the engine and its steps.
class MigrationWork
{
public:
    MigrationWork(MigrationJournal &journal, const MigrationEnvironment &environment,
                  const std::optional<MigrationAnswer> &answer, JobContext &context, MigrationState state);

    const MigrationEnvironment &environment() const { return m_environment; }
    const MigrationState &state() const { return m_state; } ///< with all that was noted so far
    const MigrationPlan &plan() const { return m_state.plan; }
    JobContext &context() const { return m_context; }
    std::stop_token stopToken() const { return m_context.stopToken(); }
    QString journalFile() const { return m_journal.file(); }

    /// The answer to this question, once: null when it is not what was answered.
    std::optional<MigrationAnswer> takeAnswer(MigrationQuestion question);
    /// Writes down what was learned or done, before anything builds on it; merged into the step's facts.
    [[nodiscard]] Result<void> note(MigrationStep step, const QJsonObject &facts);
    /// These steps are done again by the next continueMigration(), and keep what they wrote down.
    [[nodiscard]] Result<void> reopen(const QList<MigrationStep> &steps);
    /// As if this step had never been: what it wrote down does not count any more.
    [[nodiscard]] Result<void> undo(MigrationStep step);
    /// What "done" says of this step.
    void setSummary(const QString &summary) { m_summary = summary; }

    /// Of the account. Asked for once a run.
    [[nodiscard]] Result<RenderAccess> access();
    /// To the old instance, with its password: the keychain's, or Render's.
    [[nodiscard]] Result<ConnectionSpec> source();
    /// To the new one. Conflict before it is known; never the old one's address.
    [[nodiscard]] Result<ConnectionSpec> target();

    /// A context for one of several like things (databases, services) in this step: its progress is a part of the
    /// step's, and says its name.
    JobContext part(const QString &name, int index, int count) const;

private:
    friend Result<std::optional<MigrationPause>> continueMigration(MigrationJournal &, const MigrationEnvironment &,
                                                                   const std::optional<MigrationAnswer> &,
                                                                   JobContext &);
    friend Result<void> giveUpMigration(MigrationJournal &, const MigrationEnvironment &, JobContext &);
    Result<void> write(MigrationStep step, const QString &kind, const QJsonObject &data = {});

    MigrationJournal &m_journal;
    const MigrationEnvironment &m_environment;
    std::optional<MigrationAnswer> m_answer;
    JobContext &m_context;
    MigrationState m_state;
    QString m_summary;
    std::optional<RenderAccess> m_access;
};

/// Nothing: the step is done. Else what the user has to do first.
using StepOutcome = std::optional<MigrationPause>;

// The steps, each in a file of its own (migrationfreeze.cpp …). Each may be called again at any point of what it did
// before, finds that out by looking, and does nothing twice.
[[nodiscard]] Result<StepOutcome> freezeWriters(MigrationWork &work);
[[nodiscard]] Result<StepOutcome> backUpAll(MigrationWork &work);
[[nodiscard]] Result<StepOutcome> proveBackups(MigrationWork &work);
[[nodiscard]] Result<StepOutcome> compareWithLive(MigrationWork &work);
[[nodiscard]] Result<StepOutcome> makeSecondCopies(MigrationWork &work);
[[nodiscard]] Result<StepOutcome> passGate(MigrationWork &work);
[[nodiscard]] Result<StepOutcome> upgradeInPlace(MigrationWork &work);
[[nodiscard]] Result<StepOutcome> retireOld(MigrationWork &work);
[[nodiscard]] Result<StepOutcome> createNew(MigrationWork &work);
[[nodiscard]] Result<StepOutcome> awaitNew(MigrationWork &work);
[[nodiscard]] Result<StepOutcome> restoreAll(MigrationWork &work);
[[nodiscard]] Result<StepOutcome> compareNew(MigrationWork &work);
[[nodiscard]] Result<StepOutcome> analyzeNew(MigrationWork &work);
[[nodiscard]] Result<StepOutcome> rewriteVariables(MigrationWork &work);
[[nodiscard]] Result<StepOutcome> deployServices(MigrationWork &work);
[[nodiscard]] Result<StepOutcome> callServices(MigrationWork &work);
[[nodiscard]] Result<StepOutcome> resumeServices(MigrationWork &work);
[[nodiscard]] Result<StepOutcome> updateConnections(MigrationWork &work);
[[nodiscard]] Result<StepOutcome> finishReport(MigrationWork &work);

/// Runs again what was suspended by freezeWriters(): for going back.
[[nodiscard]] Result<void> undoFreeze(MigrationWork &work);

/// Why the old instance may not be suspended or deleted now; empty: it may. Looks at everything that can be looked at:
/// each backup proven, its file and its second copy hashed now, the name typed, and, unless `sourceIsGone`, nothing
/// written since. Called by the gate, and again by whoever retires the old instance.
[[nodiscard]] Result<QStringList> gateProblems(MigrationWork &work, bool sourceIsGone);
/// Shuts the gate for these problems, and asks the user to see to them. While nothing was done to the old instance, the
/// next continueMigration() repeats the steps that lead to the gate, which mend what they can, and asks for the name
/// again; after that the step at hand looks again.
[[nodiscard]] Result<StepOutcome> closeGate(MigrationWork &work, const QStringList &problems);

} // namespace Roost
