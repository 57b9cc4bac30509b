#pragma once

#include "operations/migrationplan.h"
#include "storage/migrationjournal.h"

#include <QDateTime>
#include <QJsonObject>
#include <QMap>
#include <QString>

#include <optional>

namespace Roost {

/// How far one step is, as its events tell.
struct MigrationStepState
{
    enum class Status {
        Waiting, //
        Begun,   ///< begun and not ended: it runs, or it was interrupted
        Asked,   ///< the user has to do something
        Failed,  //
        Done     //
    };
    Status status = Status::Waiting;
    QString summary;   ///< of what is done, translated: "3 databases, 63 MB"
    QString problem;   ///< why it failed, translated
    QString detail;    ///< raw, redacted
    QString question;  ///< MigrationQuestion's key, while it is asked
    QDateTime begunAt; ///< UTC; the last time
    QDateTime endedAt;
    int attempts = 0;
};

/// All that a journal says, folded. Pure: the same events give the same state.
struct MigrationState
{
    enum class End { Open, Finished, GivenUp };

    MigrationPlan plan;
    QMap<MigrationStep, MigrationStepState> steps;
    /// What each step wrote down, its notes merged in their order (objects member by member, all else replaced).
    QMap<MigrationStep, QJsonObject> facts;
    End end = End::Open;
    QDateTime lastAt; ///< UTC, of the last event

    const MigrationStepState &step(MigrationStep step) const;
    bool isDone(MigrationStep step) const { return this->step(step).status == MigrationStepState::Status::Done; }
    /// The first that is not done; nothing when all are.
    std::optional<MigrationStep> next() const;
    /// True once the old instance was suspended or deleted, or that was begun: what was before cannot just be had
    /// again.
    bool isPastGate() const;

    // What steps tell each other; each is empty or null before the step that writes it.
    QJsonObject
    backupOf(const QString &database) const; ///< "file", "number", "sha256", "size", "takenAt", "rows", "tables"
    QJsonObject proofOf(const QString &database) const;      ///< "sha256" of the proven file, "provenAt", "where"
    QJsonObject secondCopyOf(const QString &database) const; ///< "file", "sha256"
    QString newInstanceId() const;                           ///< "dpg-…-a"; empty by hand until it is known
    std::optional<ConnectionParameters> newConnection() const;
    QString newSecretId() const; ///< the keychain entry with the new instance's password, until the saved one has it
    QString fateOfOld() const;   ///< "", "suspended", "deleted"
};

/// InvalidInput when the first event is no plan.
[[nodiscard]] Result<MigrationState> stateOf(const QList<MigrationEvent> &events);

} // namespace Roost
