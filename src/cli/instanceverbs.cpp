#include "cli/accounts.h"
#include "cli/instancefinder.h"
#include "cli/instanceoutput.h"
#include "cli/services.h"
#include "cli/targets.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "operations/instancechanges.h"
#include "operations/instancecreation.h"
#include "operations/maintenance.h"
#include "postgres/connectionstring.h"

#include <algorithm>

namespace Roost {

namespace {

const QString jsonOption = QStringLiteral("json");
const QString confirmOption = QStringLiteral("confirm");
const QString workspaceOption = QStringLiteral("workspace");
const QString regionOption = QStringLiteral("region");
const QString versionOption = QStringLiteral("version");
const QString planOption = QStringLiteral("plan");
const QString databaseOption = QStringLiteral("database");
const QString userOption = QStringLiteral("user");

void print(const FoundInstance &found, const Invocation &call, const CliServices &services)
{
    if (call.has(jsonOption)) {
        InstanceOutput output(call.has(jsonOption), services);
        output.add(found);
        output.end();
    }
}

Result<void> listInstances(const Invocation &call, const CliServices &services, JobContext &context)
{
    const Result<QList<FoundInstance>> all = readInstances(call, services, context);
    if (!all) {
        return failure(all.error());
    }
    InstanceOutput output(call.has(jsonOption), services);
    for (const FoundInstance &each : *all) {
        output.add(each);
    }
    output.end();
    return {};
}

Result<QString> workspaceOf(const Invocation &call, const AccountOverview &overview)
{
    QStringList names;
    const QString wanted = call.value(workspaceOption);
    for (const Owner &owner : overview.owners) {
        names += QStringLiteral("%1 (%2)").arg(owner.name, owner.id);
        if (owner.id == wanted || owner.name == wanted || (wanted.isEmpty() && overview.owners.size() == 1)) {
            return owner.id;
        }
    }
    return failure(
        ErrorCode::InvalidInput,
        CliText::tr("Say in which workspace: --workspace NAME. There are: %1.").arg(names.join(QStringLiteral(", "))));
}

Result<void> createVerb(const Invocation &call, const CliServices &services, JobContext &context)
{
    const Result<Account> account = services.accounts.chosen(call);
    if (!account) {
        return failure(account.error());
    }
    const Result<RenderAccess> access = services.accounts.access(*account, context);
    if (!access) {
        return failure(access.error());
    }
    const Result<AccountOverview> overview = services.accounts.read(*account, context);
    if (!overview) {
        return failure(overview.error());
    }
    const Result<QString> workspace = workspaceOf(call, *overview);
    if (!workspace) {
        return failure(workspace.error());
    }
    CreateInstanceRequest request;
    request.draft.name = call.arguments.first();
    request.draft.ownerId = *workspace;
    request.draft.region = call.value(regionOption);
    request.draft.databaseName = call.value(databaseOption);
    request.draft.databaseUser = call.value(userOption);
    if (call.has(versionOption)) {
        request.draft.version = call.value(versionOption);
    }
    if (call.has(planOption)) {
        request.draft.plan = call.value(planOption);
    }
    const Result<CreatedInstance> created = createInstance(*access, request, context);
    if (!created) {
        return failure(created.error());
    }
    const PostgresInstance &made = created->instance;
    if (created->wasFound) {
        services.terminal.note(
            CliText::tr("Render's answer was lost on the way; the instance was found by its name. It "
                        "was created once."));
    }
    JobContext reading; // also after the wait was cancelled
    if (const auto read = services.accounts.read(*account, reading); !read) {
        services.terminal.note(read.error().message);
    }
    services.terminal.note(CliText::tr("%1 is %2, as %3. Its first database is %4.")
                               .arg(made.name, made.status, made.id, made.databaseName));
    print({*account, made}, call, services);
    return context.isCancelled() ? failure(Error::cancelled()) : Result<void>();
}

Result<void> deleteVerb(const Invocation &call, const CliServices &services, JobContext &context)
{
    const Result<FoundInstance> found = findInstance(call.arguments.first(), call, services, context);
    if (!found) {
        return failure(found.error());
    }
    if (call.value(confirmOption) != found->instance.name) {
        return failure(ErrorCode::InvalidInput,
                       CliText::tr("Nothing was deleted: --confirm says \"%1\", the instance is %2.")
                           .arg(call.value(confirmOption), instanceInWords(found->instance)));
    }
    const Result<RenderAccess> access = services.accounts.access(found->account, context);
    if (!access) {
        return failure(access.error());
    }
    if (Result<void> gone = deleteInstance(*access, {found->instance, call.value(confirmOption), {}}, context); !gone) {
        return gone;
    }
    services.terminal.note(CliText::tr("%1 (%2) is deleted. Its connection and its backups on this computer stay.")
                               .arg(found->instance.name, found->instance.id));
    print(*found, call, services);
    return {};
}

using Change = Result<PostgresInstance> (*)(const RenderAccess &, const InstanceChangeRequest &, JobContext &);

Verb::Run changing(Change change)
{
    return [change](const Invocation &call, const CliServices &services, JobContext &context) -> Result<void> {
        Result<FoundInstance> found = findInstance(call.arguments.first(), call, services, context);
        if (!found) {
            return failure(found.error());
        }
        const Result<RenderAccess> access = services.accounts.access(found->account, context);
        if (!access) {
            return failure(access.error());
        }
        const Result<PostgresInstance> now = change(*access, {found->instance, {}}, context);
        if (!now) {
            return failure(now.error());
        }
        found->instance = *now;
        services.terminal.note(
            CliText::tr("%1 is %2.").arg(now->name, now->isSuspended ? QStringLiteral("suspended") : now->status));
        print(*found, call, services);
        return {};
    };
}

Result<void> connectVerb(const Invocation &call, const CliServices &services, JobContext &context)
{
    const Result<FoundInstance> found = findInstance(call.arguments.first(), call, services, context);
    if (!found) {
        return failure(found.error());
    }
    const Result<QList<Profile>> profiles = services.profiles.all();
    if (!profiles) {
        return failure(profiles.error());
    }
    const auto profile = std::find_if(profiles->begin(), profiles->end(),
                                      [&](const Profile &each) { return each.renderId == found->instance.id; });
    if (profile == profiles->end()) {
        return failure(ErrorCode::NotFound,
                       CliText::tr("%1 has no connection of its own; a replica is reached through its primary.")
                           .arg(found->instance.name));
    }
    const Result<ConnectionSpec> spec = services.accounts.fetchConnection(*profile, context);
    if (!spec) {
        return failure(spec.error());
    }
    const Result<ServerInfo> server = testConnection(*spec, context);
    if (!server) {
        return failure(server.error());
    }
    services.terminal.note(CliText::tr("Connected: PostgreSQL %1. Use it as \"%2\", or \"%2/DATABASE\".")
                               .arg(server->versionText, profile->name));
    if (call.has(jsonOption)) {
        print(*found, call, services);
    } else {
        services.terminal.writeLine(maskedUri(spec->parameters));
    }
    return {};
}

Verb onInstance(const QString &name, const QString &summary, const Verb::Run &run)
{
    Verb verb;
    verb.name = name;
    verb.summary = summary;
    verb.arguments = {{QStringLiteral("NAME"), CliText::tr("its name, its connection's name, or its id dpg-…")}};
    verb.options = {Accounts::option(), {jsonOption, {}, CliText::tr("an array with the instance")}};
    verb.run = run;
    return verb;
}

Verb creationVerb()
{
    Verb create;
    create.name = QStringLiteral("instances create");
    create.summary = CliText::tr("Create an instance at Render and wait until it is ready.");
    create.arguments = {{QStringLiteral("NAME"), CliText::tr("as the dashboard shows it")}};
    create.options = {
        {workspaceOption, QStringLiteral("NAME"), CliText::tr("name or id; needed when the key sees several")},
        {regionOption, QStringLiteral("REGION"), CliText::tr("where it is; else Render chooses oregon")},
        {versionOption, QStringLiteral("N"), CliText::tr("of PostgreSQL, 13 to 18; else 18")},
        {planOption, QStringLiteral("PLAN"), CliText::tr("as Render's API names it, basic_256mb; else free")},
        {databaseOption, QStringLiteral("NAME"), CliText::tr("of its first database; Render may add letters to it")},
        {userOption, QStringLiteral("NAME"), CliText::tr("of its user")},
        Accounts::option(),
        {jsonOption, {}, CliText::tr("an array with the instance")}};
    create.description = CliText::tr(
        "A free instance works for 30 days, is kept for 14 days more, and is then erased with everything in\n"
        "it; it holds 1 GB, Render keeps no backups of it, and a workspace has one at a time. What is in the\n"
        "way is named before anything is sent. The request is sent once: when no answer comes, the list is\n"
        "looked at until the instance is there. Ctrl-C ends the wait, not the creation.");
    create.run = createVerb;
    create.check = [](const Invocation &call) {
        const QString name = instanceNameProblem(call.arguments.first());
        const QString database = databaseWordProblem(call.value(databaseOption));
        return !name.isEmpty() ? name : !database.isEmpty() ? database : databaseWordProblem(call.value(userOption));
    };
    return create;
}

Verb deletionVerb()
{
    Verb erase = onInstance(QStringLiteral("instances delete"),
                            CliText::tr("Delete an instance at Render with everything in it, for good."), deleteVerb);
    erase.options.prepend({confirmOption, QStringLiteral("NAME"), CliText::tr("the instance's name, typed once more")});
    erase.description = CliText::tr("Render keeps no backup of a deleted instance.");
    erase.check = [](const Invocation &call) {
        return call.has(confirmOption)
                   ? QString()
                   : CliText::tr("The instance goes for good, with all its databases. Add --confirm with its name.");
    };
    return erase;
}

} // namespace

QList<Verb> instanceVerbs()
{
    Verb list;
    list.name = QStringLiteral("instances");
    list.summary = CliText::tr("List the instances of the accounts at Render.");
    list.options = {Accounts::option(), {jsonOption, {}, CliText::tr("an array of objects")}};
    list.description =
        CliText::tr("Each has a connection, whose name stands for TARGET: its address and password are taken from\n"
                    "Render when they are first needed.");
    list.run = listInstances;
    return {list,
            creationVerb(),
            deletionVerb(),
            onInstance(QStringLiteral("instances suspend"),
                       CliText::tr("Switch an instance off; its data stays, and nothing can connect to it."),
                       changing(&suspendInstance)),
            onInstance(QStringLiteral("instances resume"), CliText::tr("Switch an instance on again."),
                       changing(&resumeInstance)),
            onInstance(QStringLiteral("instances connect"),
                       CliText::tr("Take address and password from Render anew, and try them."), connectVerb)};
}

} // namespace Roost
