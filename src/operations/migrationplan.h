#pragma once

#include "core/connectionparameters.h"
#include "core/result.h"
#include "operations/databaseproperties.h"
#include "render/postgresinstance.h"

#include <QDateTime>
#include <QJsonObject>
#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace Roost {

/// The ways off an instance that ends.
enum class MigrationPath {
    UpgradeInPlace, ///< free to paid: the instance stays, with all in it
    OneSlot,        ///< free to free: the old one has to go before the new one comes
    SideBySide      ///< the new one is there first: paid, another workspace, another provider
};

/// What a migration does, in names that stand in journals. Which of them, and in which order, is stepsOf()'s.
enum class MigrationStep {
    Freeze,      ///< nobody writes any more: services suspended, or the user asked
    BackUp,      ///< all databases, with manifests
    Prove,       ///< each backup restored into a scratch database and compared
    CompareLive, ///< the live databases against the manifests: written since? then a fresh backup
    SecondCopy,  ///< of each backup, on another disk or at least in another folder
    Gate,        ///< everything proven and hashed now, and the name typed
    Upgrade,     ///< in place: the plan is changed
    RetireOld,   ///< suspended; deleted only where Render refuses the new one beside it
    CreateNew,   ///< asked for
    AwaitNew,    ///< available, and it lets us in
    Restore,     ///< databases created and restored
    Compare,     ///< all of the new instance against the manifests
    Analyze,     ///< the server's statistics
    Variables,   ///< of services and groups
    Deploy,      ///< each service, to live
    Call,        ///< health address, /birds as before
    Resume,      ///< services that were suspended and are not running yet
    Connections, ///< saved connection and keychain
    Report       //
};

[[nodiscard]] QString keyOf(MigrationStep step); ///< "backup": what stands in the journal
[[nodiscard]] std::optional<MigrationStep> migrationStepOf(const QString &key);
[[nodiscard]] QString nameOf(MigrationStep step); ///< translated: "Back up all databases"
[[nodiscard]] QString keyOf(MigrationPath path);
[[nodiscard]] QString nameOf(MigrationPath path); ///< translated
[[nodiscard]] QList<MigrationStep> stepsOf(MigrationPath path);

/// A database that moves.
struct MigrationDatabase
{
    DatabaseProperties properties; ///< name, encoding, collation, owner, comment, settings …
    qint64 sizeBytes = 0;
    bool isDefault = false; ///< the instance's own, which a new instance has from the beginning
};

/// A service that uses the old instance, or that is frozen for another reason.
struct MigrationService
{
    QString id;
    QString name;
    QString type; ///< as Render's
    QString url;
    QString healthPath;        ///< empty: none
    QStringList variables;     ///< that lead to the old instance, with their holders: "DATABASE_URI", "shared: DB_URL"
    bool isSuspended = false;  ///< before anything was done: it stays so
    bool isFrozen = true;      ///< suspended while its data moves
    bool answersBirds = false; ///< /birds gave a JSON list when the plan was made
};

/// Whoever is connected to the old instance and is not us.
struct MigrationSession
{
    QString database;
    QString user;
    QString application;
    QString address;
    int count = 1;
};

/// All that was found out and decided before anything was done. Written into the journal once; no secrets.
struct MigrationPlan
{
    QString id;       ///< eight hexadecimal digits; also in names of what it makes
    QDateTime madeAt; ///< UTC
    MigrationPath path = MigrationPath::OneSlot;
    QString accountId; ///< empty: the user does at Render's dashboard what is to be done there
    bool isPractice = false;
    QString profileId; ///< the saved connection of the old instance
    QString profileName;
    PostgresInstance source;         ///< as Render says; of the connection alone only id, name and region
    ConnectionParameters connection; ///< to the old instance
    QString serverVersion;           ///< "16.4"
    QList<MigrationDatabase> databases;
    QList<MigrationService> services;
    QList<MigrationSession> sessions;
    PostgresDraft draft; ///< the new instance
    QString backupFolder;
    QString secondFolder;          ///< another disk, or at least another folder
    bool provesOnInstance = false; ///< in scratch databases of the old instance, not of the practice server
    QStringList warnings;          ///< translated
    QStringList blockers;          ///< translated: nothing can begin before these are gone

    bool isByHand() const { return accountId.isEmpty(); }
    qint64 totalBytes() const;
};

[[nodiscard]] QJsonObject toJson(const MigrationPlan &plan);
/// InvalidInput when it is not what a Roost of this version or an older one writes.
[[nodiscard]] Result<MigrationPlan> planFromJson(const QJsonObject &json);
[[nodiscard]] QJsonObject toJson(const ConnectionParameters &parameters);
[[nodiscard]] ConnectionParameters connectionFromJson(const QJsonObject &json);

} // namespace Roost
