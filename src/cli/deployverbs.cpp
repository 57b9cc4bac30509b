#include "cli/accounts.h"
#include "cli/output.h"
#include "cli/renderaccounts.h"
#include "cli/services.h"
#include "cli/serviceverbs.h"
#include "cli/targetname.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "operations/deployapp.h"
#include "operations/deploycheck.h"

#include <QDir>

namespace Roost {

namespace {

const QString jsonOption = QStringLiteral("json");
const QString onlineOption = QStringLiteral("online");
const QString folderOption = QStringLiteral("folder");
const QString repositoryOption = QStringLiteral("repository");
const QString branchOption = QStringLiteral("branch");
const QString rootOption = QStringLiteral("root");
const QString targetOption = QStringLiteral("target");
const QString buildOption = QStringLiteral("build-command");
const QString startOption = QStringLiteral("start-command");
const QString planOption = QStringLiteral("plan");
const QString pathOption = QStringLiteral("path");

QString verdictWord(DeployCheckItem::Verdict verdict)
{
    switch (verdict) {
    case DeployCheckItem::Verdict::Good:
        return QStringLiteral("good");
    case DeployCheckItem::Verdict::Advice:
        return QStringLiteral("advice");
    case DeployCheckItem::Verdict::Problem:
        return QStringLiteral("problem");
    case DeployCheckItem::Verdict::Skipped:
        break;
    }
    return QStringLiteral("skipped");
}

Error notReady(const QString &folder)
{
    return {ErrorCode::Conflict,
            CliText::tr("%1 cannot be deployed yet. Mend the points that are marked as problems.").arg(folder),
            {},
            {}};
}

Result<void> checkDeploy(const Invocation &call, const CliServices &services, JobContext &context)
{
    const QString folder = QDir::cleanPath(QDir::current().absoluteFilePath(call.arguments.first()));
    const Result<DeployCheck> check = checkDeployable({folder, call.has(onlineOption)}, context);
    if (!check) {
        return failure(check.error());
    }
    const bool isJson = call.has(jsonOption);
    RowOutput output(services.terminal, isJson ? OutputFormat::Json : OutputFormat::Table,
                     {{CliText::tr("Verdict"), QStringLiteral("verdict")},
                      {CliText::tr("What"), QStringLiteral("title")},
                      {CliText::tr("To do"), QStringLiteral("command")},
                      {CliText::tr("Why"), QStringLiteral("text")},
                      {CliText::tr("Where"), QStringLiteral("details")}});
    for (const DeployCheckItem &item : check->items) {
        output.add({OutputCell::of(verdictWord(item.verdict)), OutputCell::of(item.title),
                    OutputCell::orNull(item.command), OutputCell::orNull(item.text),
                    OutputCell::orNull(item.details.join(QStringLiteral(", ")))});
    }
    output.end();
    return check->mayDeploy() ? Result<void>() : failure(notReady(check->folder));
}

Result<ServiceDraft> draftOf(const Invocation &call, JobContext &context)
{
    ServiceDraft draft;
    draft.name = call.arguments.first();
    draft.buildCommand = QStringLiteral("pip install -r requirements.txt");
    draft.startCommand = QStringLiteral("gunicorn app:app");
    if (call.has(folderOption)) {
        const QString folder = QDir::cleanPath(QDir::current().absoluteFilePath(call.value(folderOption)));
        const Result<DeployCheck> check = checkDeployable({folder, false}, context);
        if (!check) {
            return failure(check.error());
        }
        if (!check->mayDeploy()) {
            Error error = notReady(check->folder);
            error.message +=
                u' ' + CliText::tr("They are listed by: roost-cli birds check-deploy %1").arg(call.value(folderOption));
            return failure(error);
        }
        draft.repository = check->repository;
        draft.branch = check->branch;
        draft.rootFolder = check->rootFolder;
        draft.buildCommand = check->buildCommand;
        draft.startCommand = check->startCommand;
    }
    const auto take = [&call](const QString &option, QString &value) {
        if (call.has(option)) {
            value = call.value(option);
        }
    };
    take(repositoryOption, draft.repository);
    take(branchOption, draft.branch);
    take(rootOption, draft.rootFolder);
    take(buildOption, draft.buildCommand);
    take(startOption, draft.startCommand);
    take(planOption, draft.plan);
    const QString repository = webUrlOfRemote(draft.repository);
    if (repository.isEmpty()) {
        return failure(ErrorCode::InvalidInput,
                       CliText::tr("\"%1\" is no repository at GitHub, GitLab or Bitbucket.").arg(draft.repository));
    }
    draft.repository = repository;
    draft.branch = draft.branch.isEmpty() ? QStringLiteral("main") : draft.branch;
    return draft;
}

/// Region, workspace and variables come from the database that the service is for.
Result<void> addDatabase(const Invocation &call, RenderClient &client, const CliServices &services, ServiceDraft &draft)
{
    const auto name = TargetName::parse(call.value(targetOption));
    const Result<QList<PostgresInstance>> instances = client.instances();
    if (!instances) {
        return failure(instances.error());
    }
    const Result<PostgresInstance> instance = instanceNamed(name->name, *instances, services);
    if (!instance) {
        return failure(instance.error());
    }
    const Result<PointTarget> target = readPointTarget(client, instance->id);
    if (!target) {
        return failure(target.error());
    }
    draft.ownerId = instance->owner.id;
    draft.region = instance->region;
    draft.variables = databaseVariables(draft, *target, name->database);
    return {};
}

Result<void> create(const Invocation &call, const CliServices &services, JobContext &context)
{
    Result<ServiceDraft> draft = draftOf(call, context);
    if (!draft) {
        return failure(draft.error());
    }
    const Result<OpenAccount> account = openAccount(call, services, context);
    if (!account) {
        return failure(account.error());
    }
    RenderClient client(account->access, context);
    if (const Result<void> added = addDatabase(call, client, services, *draft); !added) {
        return added;
    }
    DeployAppRequest request;
    request.draft = *draft;
    request.path = call.has(pathOption) ? call.value(pathOption) : QStringLiteral("/birds");
    const Result<DeployedApp> app = deployApp(client, request, context);
    if (!app) {
        return failure(app.error());
    }
    services.terminal.note(CliText::tr("%1 is live.").arg(app->service.name));
    if (app->answer) {
        services.terminal.note(
            CliText::tr("%1 answered %2.").arg(app->answer->url.toDisplayString()).arg(app->answer->status));
    } else if (!app->callProblem.isEmpty()) {
        services.terminal.note(app->callProblem);
    }
    services.terminal.writeLine(app->service.url);
    return {};
}

} // namespace

Verb createServiceVerb()
{
    Verb verb;
    verb.name = QStringLiteral("services create");
    verb.summary = CliText::tr("Create a web service from a repository, wait until it is live, and call it.");
    verb.arguments = {{QStringLiteral("NAME"), CliText::tr("of the new service; it becomes part of its address")}};
    verb.options = {
        {targetOption, QStringLiteral("TARGET"),
         CliText::tr("the database that it uses: NAME[/DATABASE]; sets the region, too")},
        {folderOption, QStringLiteral("FOLDER"),
         CliText::tr("checks this folder first, and takes repository and commands from it")},
        {repositoryOption, QStringLiteral("URL"), CliText::tr("at GitHub, GitLab or Bitbucket")},
        {branchOption, QStringLiteral("NAME"), CliText::tr("main unless given")},
        {rootOption, QStringLiteral("FOLDER"), CliText::tr("of the app within the repository")},
        {buildOption, QStringLiteral("COMMAND"), CliText::tr("pip install -r requirements.txt unless given")},
        {startOption, QStringLiteral("COMMAND"), CliText::tr("gunicorn app:app unless given")},
        {planOption, QStringLiteral("PLAN"), CliText::tr("free unless given")},
        {pathOption, QStringLiteral("PATH"), CliText::tr("to call at the end; /birds unless given")},
        Accounts::option()};
    verb.description =
        CliText::tr("DATABASE_URI and DATABASE_URL are set to the database's internal address. Render may ask\n"
                    "for a payment card even on the free plan; nothing is created then.");
    verb.run = create;
    verb.check = [](const Invocation &call) -> QString {
        if (!call.has(targetOption) || !TargetName::parse(call.value(targetOption))) {
            return CliText::tr("Say which database it uses, with --target NAME[/DATABASE].");
        }
        return call.has(folderOption) || call.has(repositoryOption)
                   ? QString()
                   : CliText::tr("Say where its code is, with --folder or --repository.");
    };
    return verb;
}

Verb checkDeployVerb()
{
    Verb verb;
    verb.name = QStringLiteral("birds check-deploy");
    verb.summary = CliText::tr("Say whether a folder can be deployed to Render, and what to mend first.");
    verb.arguments = {{QStringLiteral("FOLDER"), CliText::tr("with a Flask app, in a git repository")}};
    verb.options = {{onlineOption, {}, CliText::tr("ask the remote whether it has the last commit")},
                    {jsonOption, {}, CliText::tr("as an array of objects")}};
    verb.description =
        CliText::tr("Looks only: repository, commit, remote, requirements.txt, start command, and whether anything\n"
                    "secret is tracked. Ends with 1 when something has to be mended first.");
    verb.run = checkDeploy;
    return verb;
}

} // namespace Roost
