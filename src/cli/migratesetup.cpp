#include "cli/migratesetup.h"

#include "cli/accounts.h"
#include "cli/instancefinder.h"
#include "cli/practiceaccount.h"
#include "cli/services.h"
#include "cli/targets.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "practice/localcluster.h"
#include "practice/rehearsal.h"
#include "storage/keychain.h"
#include "storage/paths.h"

#include <QDir>

#include <algorithm>

namespace Roost {

namespace {

using namespace std::chrono_literals;

RenderPatience practicePatience()
{
    RenderPatience patience;
    patience.lookEvery = 300ms;
    patience.lookFor = 30s;
    patience.firstPoll = 200ms;
    patience.longestPoll = 1s;
    patience.times.answer = 10s;
    patience.times.pause = 200ms;
    return patience;
}

QString absolute(const QString &folder)
{
    return folder.isEmpty() ? QString() : QDir::cleanPath(QDir::current().absoluteFilePath(folder));
}

std::optional<MigrationPath> pathOf(const QString &key)
{
    for (const MigrationPath each :
         {MigrationPath::UpgradeInPlace, MigrationPath::OneSlot, MigrationPath::SideBySide}) {
        if (keyOf(each) == key) {
            return each;
        }
    }
    return std::nullopt;
}

Result<Profile> profileOf(const QString &id, const CliServices &services)
{
    const Result<QList<Profile>> profiles = services.profiles.all();
    if (!profiles) {
        return failure(profiles.error());
    }
    const auto profile =
        std::find_if(profiles->begin(), profiles->end(), [&](const Profile &each) { return each.id == id; });
    return profile == profiles->end()
               ? Result<Profile>(failure(ErrorCode::NotFound, CliText::tr("The saved connection is gone.")))
               : *profile;
}

Result<QString> connectionOfInstance(const QString &id, const QString &name, const CliServices &services)
{
    const Result<QList<Profile>> profiles = services.profiles.all();
    if (!profiles) {
        return failure(profiles.error());
    }
    const auto profile =
        std::find_if(profiles->begin(), profiles->end(), [&](const Profile &each) { return each.renderId == id; });
    if (profile == profiles->end()) {
        return failure(ErrorCode::NotFound,
                       CliText::tr("%1 has no connection of its own; a replica moves with its primary.").arg(name));
    }
    return profile->id;
}

} // namespace

ScratchServer::~ScratchServer()
{
    if (m_isOurs) {
        JobContext uncancelled;
        LocalCluster cluster = practiceCluster();
        [[maybe_unused]] const Result<void> stopped = cluster.stop(uncancelled); // says nothing of the migration
    }
}

Result<ConnectionSpec> ScratchServer::connection(const JobContext &context)
{
    const LocalCluster cluster = practiceCluster();
    if (!cluster.status().isRunning) {
        JobContext inner(context.stopToken()); // whose progress is not the step's
        if (const Result<void> started = startPractice(inner); !started) {
            return failure(started.error());
        }
        m_isOurs = true;
    }
    return cluster.connection(practiceDatabase());
}

MigrationEnvironment migrationEnvironment(bool isPractice, const CliServices &services, ScratchServer &scratch)
{
    const auto access = [&services](const QString &accountId, const JobContext &context) -> Result<RenderAccess> {
        const Result<QList<Account>> all = services.accounts.store().all();
        if (!all) {
            return failure(all.error());
        }
        const auto account =
            std::find_if(all->begin(), all->end(), [&](const Account &each) { return each.id == accountId; });
        if (account == all->end()) {
            return failure(ErrorCode::NotFound,
                           CliText::tr("The account that this migration was begun with is not saved any more. Add it "
                                       "again with: roost-cli account add"));
        }
        return services.accounts.access(*account, context);
    };
    MigrationEnvironment environment{
        ProfileStore(Paths::database()),
        BackupCatalog(Paths::database()),
        KeptVariables(Paths::database()),
        services.keychain,
        access,
        [&scratch](const JobContext &context) { return scratch.connection(context); },
    };
    if (isPractice) {
        environment.patience = practicePatience();
        environment.deployWait = 200ms;
    }
    return environment;
}

Result<MigrationWish> migrationWish(const Invocation &call, const CliServices &services, JobContext &context)
{
    const QString name = call.arguments.first();
    MigrationWish wish;
    wish.request.path = pathOf(call.value(MigrateOption::path));
    wish.request.backupFolder = absolute(call.value(MigrateOption::backups));
    wish.request.secondFolder = absolute(call.value(MigrateOption::secondCopy));
    const Result<Profile> profile = services.profiles.byName(name);
    if (call.has(MigrateOption::byHand)) {
        if (!profile) {
            return failure(profile.error());
        }
        wish.request.profileId = profile->id;
        return wish;
    }
    const Result<FoundInstance> found = findInstance(name, call, services, context);
    if (!found) {
        const bool isByHand = found.error().code == ErrorCode::NotFound && profile && profile->accountId.isEmpty();
        if (!isByHand) {
            return failure(found.error());
        }
        services.terminal.note(CliText::tr("\"%1\" belongs to no account that Roost knows, so what is to be done at "
                                           "Render's dashboard you do there, and Roost checks it.")
                                   .arg(name));
        wish.request.profileId = profile->id;
        return wish;
    }
    const Result<QString> connection = connectionOfInstance(found->instance.id, found->instance.name, services);
    if (!connection) {
        return failure(connection.error());
    }
    wish.request.profileId = *connection;
    wish.request.accountId = found->account.id;
    wish.isPractice = found->account.isPractice;
    return wish;
}

QString migrationWishProblem(const Invocation &call)
{
    if (call.has(MigrateOption::path) && !pathOf(call.value(MigrateOption::path))) {
        return CliText::tr("--path is one of: in-place, one-slot, side-by-side.");
    }
    if (call.has(MigrateOption::byHand) && call.has(QStringLiteral("account"))) {
        return CliText::tr("--by-hand means without an account; leave --account out.");
    }
    if (call.has(MigrateOption::rehearse) && call.has(MigrateOption::byHand)) {
        return CliText::tr("A rehearsal is done in the practice account, so --rehearse and --by-hand do not go "
                           "together.");
    }
    return {};
}

Result<MigrationWish> rehearsalOf(const MigrationWish &wish, const CliServices &services, JobContext &context)
{
    if (wish.isPractice) {
        return failure(ErrorCode::InvalidInput, CliText::tr("This instance is of the practice account, where every "
                                                            "move is a rehearsal: leave --rehearse out."));
    }
    const Result<Profile> profile = profileOf(wish.request.profileId, services);
    const Result<ConnectionSpec> live =
        profile ? services.targets.resolve(profile->name, context) : failure(profile.error());
    if (!live) {
        return failure(live.error());
    }
    RehearsalRequest request;
    request.name = profile->name;
    request.live = *live;
    request.liveId = profile->id;
    request.liveName = profile->name;
    request.backupFolder = wish.request.backupFolder.isEmpty() ? Paths::backups() + QStringLiteral("/rehearsal")
                                                               : wish.request.backupFolder;
    const Result<Rehearsal> made = prepareRehearsal(request, BackupCatalog(Paths::database()), context);
    if (!made) {
        return failure(made.error());
    }
    for (const QString &note : made->notes) {
        services.terminal.note(note);
    }
    const Result<Account> account = savePracticeAccount(made->access);
    const Result<void> stored =
        account ? storePracticeKey(*account, made->access, services, context) : Result<void>(failure(account.error()));
    const Result<AccountOverview> seen =
        stored ? services.accounts.read(*account, context) : Result<AccountOverview>(failure(stored.error()));
    if (!seen) {
        return failure(seen.error());
    }
    const Result<QString> connection = connectionOfInstance(made->instanceId, made->instanceName, services);
    if (!connection) {
        return failure(connection.error());
    }
    MigrationWish rehearsed = wish;
    rehearsed.request.profileId = *connection;
    rehearsed.request.accountId = account->id;
    rehearsed.isPractice = true;
    return rehearsed;
}

Result<QString> unfinishedMigration(const Invocation &call)
{
    if (!call.arguments.isEmpty()) {
        return call.arguments.first();
    }
    QStringList ids;
    QStringList shown;
    for (const ListedMigration &each : listMigrations(Paths::migrations())) {
        if (!each.problem.isEmpty() || each.state.end == MigrationState::End::Open) {
            ids += each.id;
            shown += QStringLiteral("%1 (%2)").arg(each.id, each.problem.isEmpty() ? each.state.plan.source.name
                                                                                   : CliText::tr("damaged"));
        }
    }
    if (ids.isEmpty()) {
        return failure(ErrorCode::NotFound, CliText::tr("No migration is unfinished. Begin one with: roost-cli "
                                                        "migrate run INSTANCE"));
    }
    if (ids.size() > 1) {
        return failure(
            ErrorCode::InvalidInput,
            CliText::tr("Several migrations are unfinished: %1. Say which one.").arg(shown.join(QStringLiteral(", "))));
    }
    return ids.first();
}

} // namespace Roost
