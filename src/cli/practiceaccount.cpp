#include "cli/practiceaccount.h"

#include "cli/services.h"
#include "cli/terminal.h"
#include "storage/keychain.h"
#include "storage/paths.h"

#include <QUuid>

namespace Roost {

Result<Account> savePracticeAccount(const RenderAccess &access)
{
    const AccountStore accounts(Paths::database());
    Result<void> saved;
    // Another one may be saving it at the same time: then it is found the second time.
    for (int attempt = 0; attempt < 2; ++attempt) {
        const Result<QList<Account>> all = accounts.all();
        if (!all) {
            return failure(all.error());
        }
        Account account{QUuid::createUuid().toString(QUuid::WithoutBraces),
                        QStringLiteral("practice-account"),
                        QStringLiteral("practice@localhost"),
                        access.api,
                        true,
                        true};
        for (const Account &each : *all) {
            if (each.isPractice) {
                account = each;
            }
        }
        account.api = access.api;
        saved = accounts.save(account);
        if (saved) {
            return account;
        }
    }
    return failure(saved.error());
}

Result<void> storePracticeKey(Account account, const RenderAccess &access, const CliServices &services,
                              const JobContext &context)
{
    const Result<void> stored = services.keychain.store(account.id, access.key, context.stopToken());
    if (!stored) {
        // Practice has to work where there is no keychain: whoever needs the key finds it beside the server.
        services.terminal.show(stored.error());
    }
    account.secretIsStored = stored.has_value();
    return AccountStore(Paths::database()).save(account);
}

} // namespace Roost
