#include "gui/migration/migrationenvironment.h"

#include "gui/account/practiceaccount.h"
#include "gui/services.h"
#include "models/instancelist.h"
#include "practice/localcluster.h"
#include "practice/practicerenderprocess.h"
#include "storage/accountstore.h"
#include "storage/keychain.h"
#include "storage/paths.h"
#include "storage/secretstore.h"

#include <QCoreApplication>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationEnvironment)
};

const QString practiceDatabase = QStringLiteral("my_database");

/// One for the secret store, and gone with it: a job may still wait for it when its page is closed.
Keychain &keychainOf(SecretStore &secrets)
{
    auto *keychain = secrets.findChild<Keychain *>(QString(), Qt::FindDirectChildrenOnly);
    return keychain ? *keychain : *new Keychain(secrets, &secrets);
}

Result<RenderAccess> accessTo(const AccountStore &store, Keychain &keychain, const QString &accountId,
                              const JobContext &context)
{
    const auto accounts = store.all();
    if (!accounts) {
        return failure(accounts.error());
    }
    const auto found = std::find_if(accounts->begin(), accounts->end(),
                                    [&accountId](const Account &account) { return account.id == accountId; });
    if (found == accounts->end()) {
        return failure(ErrorCode::NotFound, Text::tr("The account of this move is not in Roost any more. Add it again "
                                                     "with its API key, and go on."));
    }
    if (found->isPractice) {
        JobContext inner(context.stopToken()); // whose progress is not the step's
        return startPracticeAccount(inner);
    }
    const auto key = keychain.load(accountId, context.stopToken());
    if (!key) {
        return failure(key.error());
    }
    return RenderAccess{found->api.isEmpty() ? defaultRenderApi() : found->api, *key};
}

Result<ConnectionSpec> practiceServer(const std::weak_ptr<MigrationGround> &ground, const JobContext &context)
{
    const LocalCluster cluster = practiceCluster();
    if (!cluster.status().isRunning) {
        context.report({Text::tr("Starting the practice server"), 0, 0, {}, -1});
        JobContext inner(context.stopToken());
        if (const auto started = startPractice(inner); !started) {
            return failure(started.error());
        }
        if (const auto held = ground.lock()) {
            held->borrowPractice();
        }
    }
    return cluster.connection(practiceDatabase);
}

} // namespace

void MigrationGround::release()
{
    if (m_borrowedPractice.exchange(false)) {
        JobContext uncancelled;
        LocalCluster ours = practiceCluster();
        [[maybe_unused]] const auto stopped = ours.stop(uncancelled); // its failure says nothing of the migration
    }
}

std::shared_ptr<MigrationGround> makeMigrationGround(Services &services)
{
    Keychain &keychain = keychainOf(*services.secrets);
    auto weak = std::make_shared<std::weak_ptr<MigrationGround>>();
    MigrationEnvironment environment{
        *services.profiles,
        services.backups ? *services.backups : BackupCatalog(Paths::database()),
        KeptVariables(Paths::database()),
        keychain,
        [store = services.accountStore ? *services.accountStore : AccountStore(Paths::database()),
         &keychain](const QString &accountId, const JobContext &context) {
            return accessTo(store, keychain, accountId, context);
        },
        [weak](const JobContext &context) { return practiceServer(*weak, context); },
    };
    auto ground = std::make_shared<MigrationGround>(std::move(environment));
    *weak = ground;
    if (services.instances) {
        QObject::connect(
            services.instances, &InstanceList::practiceChanged, services.instances,
            [guard = std::weak_ptr(ground)] {
                if (const auto held = guard.lock()) {
                    held->keepPractice();
                }
            },
            Qt::SingleShotConnection);
    }
    return ground;
}

} // namespace Roost
