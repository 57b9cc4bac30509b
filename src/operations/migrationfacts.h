#pragma once

#include "operations/migrationplanning.h"
#include "render/renderaccess.h"

#include <QDateTime>
#include <QStringList>

#include <optional>

namespace Roost {

/// What planMigration() found out, before anything is concluded from it. Internal to the planning.
struct MigrationFacts
{
    Profile profile;
    QDateTime now; ///< UTC, by the account's clock

    // What Render tells; nothing of it by hand.
    bool isByHand = true;
    bool isPractice = false;
    std::optional<RenderAccess> access;
    std::optional<PostgresInstance> instance;
    QList<PostgresInstance> instances; ///< all that the key sees
    bool instancesAreKnown = false;
    QList<Owner> owners;
    QStringList furtherUsers; ///< of the instance, beside its first one
    QList<MigrationService> services;
    QStringList unlinkedGroups; ///< that lead to the instance and are no service's
    QStringList gaps;           ///< translated: what could not be read, and why
    std::optional<Error> accountError;

    // What the server tells.
    std::optional<ConnectionParameters> connection;
    std::optional<Error> serverError; ///< why it could not be asked
    int serverVersion = 0;            ///< as PQserverVersion
    QString versionText;
    QList<MigrationDatabase> databases;
    QList<MigrationSession> sessions;
    QStringList extensions;    ///< of all databases, without those that every server has
    QStringList shutDatabases; ///< that allow no connections
    QStringList hiddenRows;    ///< "shop: public.orders": row-level security hides rows from this user
    QStringList unreadable;    ///< "shop: public.secrets": this user may not read them
    QStringList troubles;      ///< translated: databases that could not be looked into
    bool userMayCreate = true; ///< databases

    bool wasAsked() const { return serverVersion > 0; }
    qint64 totalBytes() const;
    qint64 largestBytes() const;
};

/// Instance, services, groups: only of a plan with an account. An error only when cancelled.
[[nodiscard]] Result<void> readAccountFacts(MigrationFacts &facts, const MigrationPlanRequest &request,
                                            const MigrationEnvironment &environment, JobContext &context);
/// Databases, sessions, versions. An error only when cancelled.
[[nodiscard]] Result<void> readServerFacts(MigrationFacts &facts, const MigrationEnvironment &environment,
                                           JobContext &context);

/// The id in the saved connection, or in its host; empty when neither has one.
[[nodiscard]] QString renderIdOf(const Profile &profile);

/// What is in the way of a plan, and what to know before: into its blockers and warnings, all at once.
void judgePlan(const MigrationFacts &facts, MigrationPlan &plan, const JobContext &context);
/// The part of it that is about this computer: tools, folders, room.
void judgeThisComputer(const MigrationFacts &facts, MigrationPlan &plan, const JobContext &context);

/// The new instance, as Roost proposes it for this path.
[[nodiscard]] PostgresDraft proposedDraft(const MigrationFacts &facts, const PostgresInstance &source,
                                          MigrationPath path);
[[nodiscard]] QList<MigrationPathOffer> offeredPaths(const MigrationFacts &facts, const PostgresInstance &source);

} // namespace Roost
