#pragma once

#include "operations/instanceconnection.h"
#include "operations/migrationplanning.h"
#include "render/renderaccess.h"
#include "storage/keychain.h"

#include <QCoreApplication>
#include <QTemporaryDir>

#include <chrono>
#include <future>

namespace Roost::Testing {

/// What planning works with, in a home of its own. Made and used in the test's thread; plans are made in another one,
/// while this one has its event loop, as in the programs.
class PlanningDesk
{
public:
    PlanningDesk()
        : m_keychain(secrets)
    {
        qputenv("ROOST_HOME", home.path().toUtf8());
    }

    QTemporaryDir home{QDir::tempPath() + QStringLiteral("/roost-test-XXXXXX")};
    SecretStore secrets;
    std::optional<RenderAccess> access; ///< of every account

    MigrationEnvironment environment()
    {
        const QString file = home.filePath(QStringLiteral("roost.db"));
        MigrationEnvironment environment{ProfileStore(file),
                                         BackupCatalog(file),
                                         KeptVariables(file),
                                         m_keychain,
                                         [this](const QString &, const JobContext &) -> Result<RenderAccess> {
                                             if (!access) {
                                                 return failure(ErrorCode::KeychainLocked,
                                                                QStringLiteral("The keychain is locked."));
                                             }
                                             return *access;
                                         },
                                         {}};
        environment.patience = brief();
        return environment;
    }
    static RenderPatience brief()
    {
        using namespace std::chrono_literals;
        RenderPatience patience;
        patience.lookEvery = 20ms;
        patience.lookFor = 400ms;
        patience.firstPoll = 30ms;
        patience.longestPoll = 200ms;
        patience.waitFor = 30s;
        patience.times = RenderTimes{2s, 10ms, 2s, 2s};
        return patience;
    }
    Profile save(const QString &name, const ConnectionSpec &spec, const QString &renderId = {})
    {
        Profile profile{QStringLiteral("id-") + name, name, spec.parameters, false};
        profile.renderId = renderId;
        secrets.keepForSession(profile.id, spec.password);
        (void)environment().profiles.save(profile);
        return profile;
    }

    /// Runs it on a worker thread.
    template <class Work>
    auto onWorker(Work work)
    {
        auto running = std::async(std::launch::async, work);
        constexpr auto glance = std::chrono::milliseconds(5);
        while (running.wait_for(glance) != std::future_status::ready) {
            QCoreApplication::processEvents();
        }
        return running.get();
    }
    Result<PlannedMigration> plan(const MigrationPlanRequest &request)
    {
        return onWorker([this, &request] {
            JobContext context;
            return planMigration(request, environment(), context);
        });
    }

private:
    Keychain m_keychain;
};

} // namespace Roost::Testing
