#include "cli/serviceverbs.h"
#include "cli/accounts.h"
#include "cli/output.h"
#include "cli/servicelook.h"
#include "cli/services.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "operations/servicecall.h"
#include "operations/servicedeploy.h"
#include "operations/servicelife.h"
#include "operations/servicereferences.h"

namespace Roost {

namespace {

const QString jsonOption = QStringLiteral("json");
const QString waitOption = QStringLiteral("wait");
const QString buildOption = QStringLiteral("build");
const QString pathOption = QStringLiteral("path");

Result<Service> serviceIn(RenderClient &client, const QString &name)
{
    const Result<QList<Service>> all = client.services();
    return all ? serviceNamed(name, *all) : Result<Service>(failure(all.error()));
}

QString placeText(const VariableReference &reference)
{
    const QString instance = !reference.instanceName.isEmpty() ? reference.instanceName
                             : !reference.renderId.isEmpty()   ? CliText::tr("%1 (not there)").arg(reference.renderId)
                                                               : reference.host;
    return reference.database.isEmpty() ? instance : instance + u'/' + reference.database;
}

/// "class-db/bird_app_db (DATABASE_URI)": what the service sees.
QString databasesText(const ServiceReferences &service)
{
    QStringList texts;
    for (const VariableReference &reference : service.references) {
        if (reference.overruledBy.isEmpty() &&
            (reference.part == VariablePart::Url || reference.part == VariablePart::Host)) {
            texts += QStringLiteral("%1 (%2)").arg(placeText(reference), reference.key);
        }
    }
    return texts.join(QStringLiteral(", "));
}

Result<void> list(const Invocation &call, const CliServices &services, JobContext &context)
{
    const Result<SeenServices> seen = lookAtServices(call, services, context);
    if (!seen) {
        return failure(seen.error());
    }
    RowOutput output(services.terminal, call.has(jsonOption) ? OutputFormat::Json : OutputFormat::Table,
                     {{CliText::tr("Service"), QStringLiteral("name")},
                      {CliText::tr("Type"), QStringLiteral("type")},
                      {CliText::tr("Status"), QStringLiteral("status")},
                      {CliText::tr("Region"), QStringLiteral("region")},
                      {CliText::tr("Plan"), QStringLiteral("plan")},
                      {CliText::tr("Database"), QStringLiteral("database")},
                      {CliText::tr("Latest deploy"), QStringLiteral("latest_deploy")},
                      {CliText::tr("URL"), QStringLiteral("url")},
                      {CliText::tr("Id"), QStringLiteral("id")}});
    for (const ServiceReferences &each : seen->references.services) {
        const Service &service = each.service;
        output.add({OutputCell::of(service.name), OutputCell::of(service.type),
                    OutputCell::of(service.isSuspended ? QStringLiteral("suspended") : QStringLiteral("running")),
                    OutputCell::orNull(service.region), OutputCell::orNull(service.plan),
                    OutputCell::orNull(databasesText(each)),
                    OutputCell::orNull(each.latestDeploy ? each.latestDeploy->status : QString()),
                    OutputCell::orNull(service.url), OutputCell::of(service.id)});
    }
    output.end();
    return {};
}

Result<void> variables(const Invocation &call, const CliServices &services, JobContext &context)
{
    const Result<SeenServices> seen = lookAtServices(call, services, context, call.arguments.first());
    if (!seen) {
        return failure(seen.error());
    }
    const ServiceReferences &service = seen->references.services.first();
    RowOutput output(services.terminal, call.has(jsonOption) ? OutputFormat::Json : OutputFormat::Table,
                     {{CliText::tr("Variable"), QStringLiteral("key")},
                      {CliText::tr("From"), QStringLiteral("from")},
                      {CliText::tr("Group"), QStringLiteral("is_group")},
                      {CliText::tr("Leads to"), QStringLiteral("leads_to")},
                      {CliText::tr("Instance"), QStringLiteral("instance_id")},
                      {CliText::tr("Value"), QStringLiteral("value")},
                      {CliText::tr("Overruled by"), QStringLiteral("overruled_by")}});
    QStringList rest = service.keys;
    for (const VariableReference &each : service.references) {
        output.add({OutputCell::of(each.key), OutputCell::of(each.holder.name),
                    OutputCell::boolean(each.holder.isGroup), OutputCell::of(placeText(each)),
                    OutputCell::orNull(each.renderId), OutputCell::of(each.shown),
                    OutputCell::orNull(each.overruledBy)});
        if (!each.holder.isGroup) {
            rest.removeAll(each.key);
        }
    }
    for (const QString &key : std::as_const(rest)) { // nobody knows whether they are secret
        output.add({OutputCell::of(key), OutputCell::of(service.service.name), OutputCell::boolean(false),
                    OutputCell::null(), OutputCell::null(), OutputCell::of(passwordMask()), OutputCell::null()});
    }
    output.end();
    return {};
}

Result<void> deploy(const Invocation &call, const CliServices &services, JobContext &context)
{
    const Result<OpenAccount> account = openAccount(call, services, context);
    if (!account) {
        return failure(account.error());
    }
    RenderClient client(account->access, context);
    const Result<Service> service = serviceIn(client, call.arguments.first());
    if (!service) {
        return failure(service.error());
    }
    if (call.has(waitOption)) {
        return deployAndTell(client, *service, services, call.has(buildOption), context);
    }
    DeployRequest request;
    request.deployOnly = !call.has(buildOption);
    const Result<Deploy> begun = client.deploy(service->id, request);
    if (!begun) {
        return failure(begun.error());
    }
    services.terminal.note(begun->id.isEmpty()
                               ? CliText::tr("The deploy of %1 is queued.").arg(service->name)
                               : CliText::tr("The deploy of %1 has begun: %2.").arg(service->name, begun->id));
    return {};
}

Result<void> callVerb(const Invocation &call, const CliServices &services, JobContext &context)
{
    const Result<OpenAccount> account = openAccount(call, services, context);
    if (!account) {
        return failure(account.error());
    }
    RenderClient client(account->access, context);
    const Result<Service> service = serviceIn(client, call.arguments.first());
    if (!service) {
        return failure(service.error());
    }
    ServiceCall asked{QUrl(service->url), QStringLiteral("/birds"), service->name, service->isFree()};
    if (call.has(pathOption)) {
        asked.path = call.value(pathOption);
    }
    const Result<ServiceAnswer> answer = callService(asked, context);
    if (!answer) {
        return failure(answer.error());
    }
    services.terminal.note(CliText::tr("%1 answered %2 in %3 ms.")
                               .arg(answer->url.toDisplayString())
                               .arg(answer->status)
                               .arg(answer->elapsedMs));
    services.terminal.write(answer->body);
    if (!answer->body.endsWith('\n')) {
        services.terminal.write("\n");
    }
    return answer->isFine()
               ? Result<void>()
               : failure(ErrorCode::ServerRefused,
                         CliText::tr("%1 answered with the status %2. Its log in the dashboard may say why: %3")
                             .arg(service->name)
                             .arg(answer->status)
                             .arg(service->dashboardUrl));
}

Result<void> suspendOrResume(const Invocation &call, const CliServices &services, JobContext &context, bool suspends)
{
    const Result<OpenAccount> account = openAccount(call, services, context);
    if (!account) {
        return failure(account.error());
    }
    RenderClient client(account->access, context);
    const Result<Service> service = serviceIn(client, call.arguments.first());
    if (!service) {
        return failure(service.error());
    }
    const Result<Service> now =
        suspends ? suspendAndCheck(client, *service, context) : resumeAndCheck(client, *service, context);
    if (!now) {
        return failure(now.error());
    }
    services.terminal.note(suspends ? CliText::tr("%1 is suspended: nobody gets an answer from it.").arg(now->name)
                                    : CliText::tr("%1 runs again.").arg(now->name));
    return {};
}

} // namespace

Verb serviceVerb(const char *name, const QString &summary, Verb::Run run, const QList<Verb::Option> &options)
{
    Verb verb;
    verb.name = QString::fromLatin1(name);
    verb.summary = summary;
    verb.arguments = {{QStringLiteral("SERVICE"), CliText::tr("its name or id")}};
    verb.options = options + QList<Verb::Option>{Accounts::option()};
    verb.run = std::move(run);
    return verb;
}

QList<Verb> serviceVerbs()
{
    const Verb::Option json{jsonOption, {}, CliText::tr("as an array of objects")};
    Verb listVerb;
    listVerb.name = QStringLiteral("services");
    listVerb.summary = CliText::tr("List the services of an account, and to which database each leads.");
    listVerb.options = {json, Accounts::option()};
    listVerb.run = list;
    Verb listAlias = listVerb;
    listAlias.name = QStringLiteral("services list");
    listAlias.summary = CliText::tr("The same.");

    Verb suspendVerb = serviceVerb("services suspend", CliText::tr("Stop a service, without deleting anything."),
                                   [](const Invocation &call, const CliServices &services, JobContext &context) {
                                       return suspendOrResume(call, services, context, true);
                                   },
                                   {});
    Verb resumeVerb = serviceVerb("services resume", CliText::tr("Let a suspended service run again."),
                                  [](const Invocation &call, const CliServices &services, JobContext &context) {
                                      return suspendOrResume(call, services, context, false);
                                  },
                                  {});
    return QList<Verb>{listVerb, listAlias,
                       serviceVerb("services variables",
                                   CliText::tr("List the variables of a service, passwords masked."), variables,
                                   {json})} +
           servicePointVerbs() +
           QList<Verb>{
               serviceVerb("services deploy",
                           CliText::tr("Deploy a service: the last build again, with the variables of now."), deploy,
                           {{waitOption, {}, CliText::tr("until it is live")},
                            {buildOption, {}, CliText::tr("build it anew")}}),
               serviceVerb("services call", CliText::tr("GET an address of a service; waits for a sleeping one."),
                           callVerb, {{pathOption, QStringLiteral("PATH"), CliText::tr("/birds unless given")}}),
               suspendVerb, resumeVerb, createServiceVerb()};
}

} // namespace Roost
