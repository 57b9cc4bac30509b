#include "cli/accounts.h"

#include "cli/terminal.h"
#include "cli/text.h"
#include "operations/accountprofiles.h"
#include "operations/instanceconnection.h"
#include "practice/practicerenderprocess.h"
#include "storage/keychain.h"

#include <algorithm>

namespace Roost {

namespace {

const QString accountOption = QStringLiteral("account");

} // namespace

Accounts::Accounts(const AccountStore &store, const ProfileStore &profiles, Keychain &keychain, Terminal &terminal)
    : m_store(store)
    , m_profiles(profiles)
    , m_keychain(keychain)
    , m_terminal(terminal)
{
}

Verb::Option Accounts::option()
{
    return {accountOption, QStringLiteral("NAME"), CliText::tr("which account, when there are several")};
}

Result<Account> Accounts::chosen(const Invocation &call) const
{
    if (call.has(accountOption)) {
        return m_store.byName(call.value(accountOption));
    }
    const Result<QList<Account>> all = m_store.all();
    if (!all) {
        return failure(all.error());
    }
    if (all->isEmpty()) {
        return failure(ErrorCode::NotFound, CliText::tr("No account is saved yet. Add one with: roost-cli account add, "
                                                        "or try one with: roost-cli practice start --render"));
    }
    if (all->size() > 1) {
        QStringList names;
        for (const Account &account : *all) {
            names += account.name;
        }
        return failure(ErrorCode::InvalidInput, CliText::tr("There are several accounts: %1. Say which one: --account "
                                                            "NAME")
                                                    .arg(names.join(QStringLiteral(", "))));
    }
    return all->first();
}

Result<QList<Account>> Accounts::chosenOrAll(const Invocation &call) const
{
    if (!call.has(accountOption)) {
        return m_store.all();
    }
    const Result<Account> one = m_store.byName(call.value(accountOption));
    if (!one) {
        return failure(one.error());
    }
    return QList<Account>{*one};
}

Result<RenderAccess> Accounts::access(const Account &account, const JobContext &context)
{
    if (account.isPractice) {
        if (const auto running = runningPracticeRender()) {
            return *running;
        }
        return failure(ErrorCode::ConnectionFailed,
                       CliText::tr("The practice account does not run. Start it with: roost-cli practice start "
                                   "--render"));
    }
    const QUrl api = account.api.isEmpty() ? defaultRenderApi() : account.api;
    Error error{ErrorCode::SecretMissing, CliText::tr("The key of \"%1\" is not stored.").arg(account.name), {}, {}};
    if (account.secretIsStored) {
        const Result<Secret> key = m_keychain.load(account.id, context.stopToken());
        if (key) {
            return RenderAccess{api, *key};
        }
        error = key.error();
    }
    if (error.isCancelled() || !m_terminal.inputIsTerminal()) {
        return failure(error);
    }
    m_terminal.note(error.message);
    const Result<QString> typed =
        m_terminal.readHidden(CliText::tr("API key of %1 (it is not shown): ").arg(account.name), context.stopToken());
    if (!typed) {
        return failure(typed.error());
    }
    return RenderAccess{api, Secret(typed->trimmed())};
}

Result<AccountOverview> Accounts::read(const Account &account, JobContext &context)
{
    const Result<RenderAccess> render = access(account, context);
    if (!render) {
        return failure(render.error());
    }
    Result<AccountOverview> overview = readAccount(*render, context);
    if (overview && overview->instancesAreKnown) {
        if (const Result<bool> saved = saveAccountProfiles(m_profiles, account.id, *overview); !saved) {
            return failure(saved.error());
        }
    }
    return overview;
}

bool Accounts::canFetch(const Profile &profile) const
{
    return !profile.accountId.isEmpty() && !profile.renderId.isEmpty();
}

Result<ConnectionSpec> Accounts::fetchConnection(const Profile &profile, const JobContext &context)
{
    const Result<QList<Account>> all = m_store.all();
    if (!all) {
        return failure(all.error());
    }
    const auto account =
        std::find_if(all->begin(), all->end(), [&](const Account &one) { return one.id == profile.accountId; });
    if (account == all->end()) {
        return failure(ErrorCode::NotFound,
                       CliText::tr("\"%1\" belongs to no account that Roost knows.").arg(profile.name));
    }
    const Result<RenderAccess> render = access(*account, context);
    if (!render) {
        return failure(render.error());
    }
    JobContext asking = context;
    const Result<ConnectionSpec> spec = connectionOf(*render, profile.renderId, asking);
    if (!spec) {
        return failure(spec.error());
    }
    Profile known = withConnection(profile, spec->parameters);
    const Result<void> stored = m_keychain.store(profile.id, spec->password, context.stopToken());
    known.secretIsStored = stored.has_value();
    if (!stored && !stored.error().isCancelled()) {
        m_terminal.note(
            CliText::tr("The password is not kept, and is asked of Render each time: %1").arg(stored.error().message));
    }
    if (const Result<void> saved = m_profiles.save(known); !saved) {
        return failure(saved.error());
    }
    return ConnectionSpec{known.parameters, spec->password};
}

} // namespace Roost
