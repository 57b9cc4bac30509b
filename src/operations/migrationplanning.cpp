#include "operations/migrationplanning.h"

#include "operations/expiry.h"
#include "operations/migrationestimate.h"
#include "operations/migrationfacts.h"
#include "postgres/renderhost.h"
#include "storage/paths.h"

#include <QCoreApplication>
#include <QRandomGenerator>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationPlanning)
};

QString newId()
{
    constexpr int digits = 8;
    constexpr int hexadecimal = 16;
    return QStringLiteral("%1").arg(QRandomGenerator::system()->generate(), digits, hexadecimal, QLatin1Char('0'));
}

Result<Profile> profileOf(const ProfileStore &profiles, const QString &id)
{
    const auto all = profiles.all();
    if (!all) {
        return failure(all.error());
    }
    const auto found = std::find_if(all->begin(), all->end(), [&id](const Profile &one) { return one.id == id; });
    if (found == all->end()) {
        return failure(ErrorCode::NotFound, Text::tr("The saved connection of the instance is no longer there."));
    }
    return *found;
}

/// The old instance: as Render tells, or as much as the connection says.
PostgresInstance sourceOf(const MigrationFacts &facts)
{
    if (facts.instance) {
        return *facts.instance;
    }
    PostgresInstance source;
    const ConnectionParameters &parameters = facts.profile.parameters;
    source.id = renderIdOf(facts.profile);
    source.name = facts.profile.name;
    source.region = regionOfRenderHost(parameters.host);
    source.databaseName = parameters.database;
    source.databaseUser = parameters.user;
    return source;
}

void takePath(const MigrationPlanRequest &request, PlannedMigration &planned)
{
    MigrationPlan &plan = planned.plan;
    const auto proposed = std::find_if(planned.paths.cbegin(), planned.paths.cend(),
                                       [](const MigrationPathOffer &offer) { return offer.isProposed; });
    plan.path = request.path.value_or(proposed->path);
    for (const MigrationPathOffer &offer : std::as_const(planned.paths)) {
        if (offer.path == plan.path && !offer.isPossible) {
            plan.blockers += Text::tr("%1 is not possible here. %2").arg(nameOf(offer.path), offer.why);
        }
    }
}

/// What the user chose, and where that says nothing, what Roost proposes.
PostgresDraft completed(PostgresDraft chosen, const PostgresDraft &proposed)
{
    const auto complete = [](QString &own, const QString &other) { own = own.isEmpty() ? other : own; };
    complete(chosen.name, proposed.name);
    complete(chosen.ownerId, proposed.ownerId);
    complete(chosen.plan, proposed.plan);
    complete(chosen.version, proposed.version);
    complete(chosen.region, proposed.region);
    return chosen;
}

PlannedMigration conclude(const MigrationFacts &facts, const MigrationPlanRequest &request, const JobContext &context)
{
    PlannedMigration planned;
    MigrationPlan &plan = planned.plan;
    plan.id = newId();
    plan.madeAt = QDateTime::currentDateTimeUtc();
    plan.accountId = request.accountId;
    plan.isPractice = facts.isPractice;
    plan.profileId = facts.profile.id;
    plan.profileName = facts.profile.name;
    plan.source = sourceOf(facts);
    plan.connection = facts.connection.value_or(facts.profile.parameters);
    plan.serverVersion = facts.versionText;
    plan.databases = facts.databases;
    plan.services = facts.services;
    plan.sessions = facts.sessions;
    plan.backupFolder = request.backupFolder.isEmpty() ? Paths::backups() + QStringLiteral("/migration-") + plan.id
                                                       : request.backupFolder;
    plan.secondFolder = request.secondFolder;
    plan.provesOnInstance = request.provesOnInstance;
    planned.paths = offeredPaths(facts, plan.source);
    takePath(request, planned);
    const PostgresDraft proposed = proposedDraft(facts, plan.source, plan.path);
    plan.draft = request.draft ? completed(*request.draft, proposed) : proposed;
    judgePlan(facts, plan, context);
    planned.seconds = estimatedSeconds(plan);
    planned.downtimeSeconds = estimatedDowntime(plan, planned.seconds);
    return planned;
}

} // namespace

Result<PlannedMigration> planMigration(const MigrationPlanRequest &request, const MigrationEnvironment &environment,
                                       JobContext &context)
{
    auto profile = profileOf(environment.profiles, request.profileId);
    if (!profile) {
        return failure(profile.error());
    }
    MigrationFacts facts;
    facts.profile = std::move(*profile);
    facts.now = QDateTime::currentDateTimeUtc();
    if (const auto read = readAccountFacts(facts, request, environment, context); !read) {
        return failure(read.error());
    }
    if (const auto read = readServerFacts(facts, environment, context); !read) {
        return failure(read.error());
    }
    if (facts.serverError && !facts.instance) {
        // Neither tells anything: there is nothing to plan with.
        const Expiry expiry = expiryOf(facts.profile);
        return failure(facts.accountError ? *facts.accountError
                                          : explainedByExpiry(*facts.serverError, expiry, facts.now));
    }
    return conclude(facts, request, context);
}

} // namespace Roost
