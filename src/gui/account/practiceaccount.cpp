#include "gui/account/practiceaccount.h"

#include "gui/services.h"
#include "jobs/jobrunner.h"
#include "practice/practicerenderprocess.h"
#include "storage/accountstore.h"
#include "storage/secretstore.h"

#include <atomic>

namespace Roost {

namespace {

/// Set on worker threads. One that roost-cli started stays.
std::atomic_bool isOurs = false;

struct Found
{
    QString accountId;
    Secret key;
};

/// The practice account and the key of the stand-in that runs; an empty id when there is none.
Result<Found> lookForIt(const AccountStore &store)
{
    const auto accounts = store.all();
    if (!accounts) {
        return failure(accounts.error());
    }
    for (Account account : *accounts) {
        const auto running = account.isPractice ? runningPracticeRender() : std::nullopt;
        if (!running) {
            continue;
        }
        if (account.api != running->api) {
            account.api = running->api;
            if (const auto saved = store.save(account); !saved) {
                return failure(saved.error());
            }
        }
        return Found{account.id, running->key};
    }
    return Found{};
}

} // namespace

Result<RenderAccess> startPracticeAccount(JobContext &context)
{
    const bool wasRunning = runningPracticeRender().has_value();
    auto access = startPracticeRender(context);
    if (access && !wasRunning) {
        isOurs = true;
    }
    return access;
}

void stopPracticeAccountAtExit(Services &services, QObject *receiver, std::function<void()> done)
{
    if (!isOurs) {
        done();
        return;
    }
    services.jobs->runQuietly<bool>(
        [](JobContext &context) -> Result<bool> {
            if (auto stopped = stopPracticeRender(context); !stopped) {
                return failure(stopped.error());
            }
            isOurs = false;
            return true;
        },
        receiver, [done = std::move(done)](const Result<bool> &) { done(); });
}

void findPracticeAccount(Services &services, QObject *receiver, std::function<void()> done)
{
    services.jobs->runQuietly<Found>([store = services.accountStore](JobContext &) { return lookForIt(*store); },
                                     receiver,
                                     [secrets = services.secrets, done = std::move(done)](const Result<Found> &found) {
                                         if (found && !found->accountId.isEmpty()) {
                                             secrets->keepForSession(found->accountId, found->key);
                                         }
                                         done();
                                     });
}

} // namespace Roost
