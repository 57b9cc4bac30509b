#include "cli/accounts.h"
#include "cli/output.h"
#include "cli/services.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "storage/keychain.h"

#include <QUuid>

namespace Roost {

namespace {

const QString jsonOption = QStringLiteral("json");
const QString apiOption = QStringLiteral("api");

const QList<OutputColumn> &columns()
{
    static const QList<OutputColumn> all{{CliText::tr("Name"), QStringLiteral("name")},
                                         {CliText::tr("E-mail"), QStringLiteral("email")},
                                         {CliText::tr("API"), QStringLiteral("api")},
                                         {CliText::tr("Practice"), QStringLiteral("practice")},
                                         {CliText::tr("Key"), QStringLiteral("key")}};
    return all;
}

QList<OutputCell> rowOf(const Account &account)
{
    return {OutputCell::of(account.name), OutputCell::orNull(account.email),
            OutputCell::of((account.api.isEmpty() ? defaultRenderApi() : account.api).toString()),
            OutputCell::boolean(account.isPractice),
            OutputCell::of(account.secretIsStored ? QStringLiteral("keychain") : QStringLiteral("not stored"))};
}

OutputFormat formatOf(const Invocation &call)
{
    return call.has(jsonOption) ? OutputFormat::Json : OutputFormat::Table;
}

/// Who is asked about the key: it is checked before anything is saved.
Result<AccountOverview> checkKey(const RenderAccess &access, const CliServices &services, JobContext &context)
{
    Result<AccountOverview> overview = readAccount(access, context);
    if (!overview) {
        Error error = overview.error();
        if (!error.isCancelled()) {
            error.message += u' ' + CliText::tr("Nothing was saved.");
        }
        return failure(error);
    }
    QStringList workspaces;
    for (const Owner &owner : std::as_const(overview->owners)) {
        workspaces += owner.name;
    }
    services.terminal.note(CliText::tr("The key of %1 (%2). Workspaces: %3. Instances: %4, services: %5.")
                               .arg(overview->user.name, overview->user.email, workspaces.join(QStringLiteral(", ")))
                               .arg(overview->instances.size())
                               .arg(overview->services.size()));
    for (const QString &gap : std::as_const(overview->gaps)) {
        services.terminal.note(gap);
    }
    return overview;
}

/// The account with the name, or of the same user at the same place, whose key is replaced; else a new one.
Result<Account> accountFor(const QString &name, const QUrl &api, const RenderUser &user, const CliServices &services)
{
    const Result<QList<Account>> all = services.accounts.store().all();
    if (!all) {
        return failure(all.error());
    }
    for (const Account &each : *all) {
        const bool isSameUser = each.email == user.email && each.api == api && !each.isPractice;
        if (isSameUser && (name.isEmpty() || each.name == name)) {
            services.terminal.note(CliText::tr("The key of \"%1\" is replaced.").arg(each.name));
            return each;
        }
    }
    Account account;
    account.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    account.name = !name.isEmpty() ? name : !user.name.isEmpty() ? user.name : user.email;
    account.email = user.email;
    account.api = api;
    return account;
}

Result<void> addAccount(const Invocation &call, const CliServices &services, JobContext &context)
{
    const QString name = call.arguments.value(0);
    const QUrl api(call.value(apiOption), QUrl::StrictMode);
    const Result<QString> typed = services.terminal.readHidden(
        CliText::tr("Paste the API key (it is not shown) and press Enter: "), context.stopToken());
    if (!typed) {
        return failure(typed.error());
    }
    const Secret key(typed->trimmed());
    if (key.isEmpty()) {
        return failure(ErrorCode::InvalidInput, CliText::tr("There was no key. Keys are made in Render's dashboard, "
                                                            "under Account Settings, API Keys."));
    }
    const RenderAccess access{api.isEmpty() ? defaultRenderApi() : api, key};
    const Result<AccountOverview> overview = checkKey(access, services, context);
    if (!overview) {
        return failure(overview.error());
    }
    Result<Account> account = accountFor(name, api, overview->user, services);
    if (!account) {
        return failure(account.error());
    }
    // First the account: an entry in the keychain that no account names could never be found again.
    if (Result<void> saved = services.accounts.store().save(*account); !saved) {
        return saved;
    }
    const Result<void> stored = services.keychain.store(account->id, key, context.stopToken());
    account->secretIsStored = stored.has_value();
    if (Result<void> saved = services.accounts.store().save(*account); !saved) {
        return saved;
    }
    if (!stored) {
        Error error = stored.error();
        error.message =
            CliText::tr("The account \"%1\" is saved, but not its key.").arg(account->name) + u' ' + error.message;
        return failure(error);
    }
    services.terminal.note(CliText::tr("The account \"%1\" is saved, its key in the keychain.").arg(account->name));
    if (call.has(jsonOption)) {
        RowOutput output(services.terminal, OutputFormat::Json, columns());
        output.add(rowOf(*account));
        output.end();
    }
    return {};
}

Result<void> listAccounts(const Invocation &call, const CliServices &services, JobContext &)
{
    const Result<QList<Account>> accounts = services.accounts.store().all();
    if (!accounts) {
        return failure(accounts.error());
    }
    if (accounts->isEmpty() && !call.has(jsonOption)) {
        services.terminal.note(CliText::tr("No account is saved yet. Add one with: roost-cli account add"));
        return {};
    }
    RowOutput output(services.terminal, formatOf(call), columns());
    for (const Account &account : *accounts) {
        output.add(rowOf(account));
    }
    output.end();
    return {};
}

Result<void> removeAccount(const Invocation &call, const CliServices &services, JobContext &context)
{
    const Result<Account> account = services.accounts.store().byName(call.arguments.first());
    if (!account) {
        return failure(account.error());
    }
    if (account->secretIsStored) {
        if (const Result<void> removed = services.keychain.remove(account->id, context.stopToken()); !removed) {
            Error error = removed.error();
            if (!error.isCancelled()) {
                error.message += u' ' + CliText::tr("The account is still there.");
            }
            return failure(error);
        }
    }
    return services.accounts.store().remove(account->id);
}

Verb addVerb()
{
    Verb add;
    add.name = QStringLiteral("account add");
    add.summary = CliText::tr("Save an account at Render, its API key in the keychain.");
    add.arguments = {{QStringLiteral("NAME"), CliText::tr("for --account; else the name of whose key it is"), true}};
    add.options = {{apiOption, QStringLiteral("URL"), CliText::tr("another API than Render's")},
                   {jsonOption, {}, CliText::tr("an array with the account")}};
    add.description = CliText::tr(
        "Reads the key from standard input; on a terminal it is not shown as you paste it. It never stands\n"
        "in a command line. Asks Render whose it is; a key that is refused is not saved.");
    add.run = addAccount;
    add.check = [](const Invocation &call) {
        return call.has(apiOption) ? renderApiProblem(QUrl(call.value(apiOption), QUrl::StrictMode)) : QString();
    };
    return add;
}

} // namespace

QList<Verb> accountVerbs()
{
    Verb list;
    list.name = QStringLiteral("account list");
    list.summary = CliText::tr("List the saved accounts.");
    list.options = {{jsonOption, {}, CliText::tr("an array of objects")}};
    list.run = listAccounts;

    Verb remove;
    remove.name = QStringLiteral("account remove");
    remove.summary = CliText::tr("Forget an account and its key. At Render nothing changes.");
    remove.arguments = {{QStringLiteral("NAME"), CliText::tr("as `account list` shows it")}};
    remove.description = CliText::tr("The connections to its instances stay.");
    remove.run = removeAccount;
    return {addVerb(), list, remove};
}

} // namespace Roost
