#include "cli/servicekeeping.h"
#include "cli/servicelook.h"
#include "cli/services.h"
#include "cli/serviceverbs.h"
#include "cli/targetname.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "operations/deployapp.h"
#include "postgres/catalogreader.h"
#include "postgres/databaseconnection.h"

namespace Roost {

namespace {

const QString keyOption = QStringLiteral("key");
const QString noDeployOption = QStringLiteral("no-deploy");
const QString noUndoOption = QStringLiteral("no-undo");
const QString dryRunOption = QStringLiteral("dry-run");

/// The databases of the instance, as far as it can be reached from here.
QStringList databasesOn(const PointTarget &target, const CliServices &services, JobContext &context)
{
    QStringList names;
    const auto connection = DatabaseConnection::open(target.external, context.stopToken());
    const auto databases = connection ? CatalogReader::databases(**connection, context.stopToken())
                                      : Result<QList<DatabaseInfo>>(failure(connection.error()));
    if (!databases) {
        services.terminal.note(
            CliText::tr("Whether the database is there could not be looked up: %1").arg(databases.error().message));
        return {};
    }
    for (const DatabaseInfo &each : *databases) {
        if (!each.isSystem) {
            names += each.name;
        }
    }
    return names;
}

Result<VariablePlan> pointPlan(const Invocation &call, const SeenServices &seen, RenderClient &client,
                               const CliServices &services, JobContext &context)
{
    const TargetName name = *TargetName::parse(call.arguments.at(1));
    if (name.kind == TargetName::Kind::Environment) {
        return failure(ErrorCode::InvalidInput,
                       CliText::tr("A service is pointed to an instance of the account: give its "
                                   "name, as in class-db/bird_app_db."));
    }
    const Result<PostgresInstance> instance = instanceNamed(name.name, seen.instances, services);
    if (!instance) {
        return failure(instance.error());
    }
    const Result<PointTarget> target = readPointTarget(client, instance->id);
    if (!target) {
        return failure(target.error());
    }
    PointRequest request;
    request.serviceId = seen.references.services.first().service.id;
    request.target = *target;
    request.database = name.database;
    request.keys = call.values(keyOption);
    request.existing = databasesOn(*target, services, context);
    request.instances = seen.instances;
    request.addresses = knownAddresses(services);
    return planPoint(client, request, context);
}

Result<void> change(const Invocation &call, const OpenAccount &account, const VariablePlan &plan,
                    const CliServices &services, const JobContext &context)
{
    return call.has(noUndoOption) ? changeVariables(account.access, plan, context)
                                  : keepAndChange(account, plan, services, context);
}

Result<void> point(const Invocation &call, const CliServices &services, JobContext &context)
{
    const Result<SeenServices> seen = lookAtServices(call, services, context, call.arguments.first());
    if (!seen) {
        return failure(seen.error());
    }
    RenderClient client(seen->account.access, context);
    const Result<VariablePlan> plan = pointPlan(call, *seen, client, services, context);
    if (!plan) {
        return failure(plan.error());
    }
    showPlan(*plan, services.terminal);
    if (plan->changes.isEmpty() && !plan->alreadySo.isEmpty()) {
        services.terminal.note(CliText::tr("Nothing has to be changed: %1 lead there already.")
                                   .arg(plan->alreadySo.join(QStringLiteral(", "))));
        return {};
    }
    if (plan->wanted().isEmpty()) {
        QStringList keys;
        for (const VariableChange &change : plan->changes) {
            keys += change.key;
        }
        return failure(ErrorCode::InvalidInput,
                       CliText::tr("Say which variables shall be changed, with --key. There are: %1.")
                           .arg(keys.join(QStringLiteral(", "))));
    }
    if (call.has(dryRunOption)) {
        return {};
    }
    if (const Result<void> changed = change(call, seen->account, *plan, services, context); !changed) {
        return changed;
    }
    services.terminal.note(
        call.has(noUndoOption)
            ? CliText::tr("The variables of %1 are set, and were read back.").arg(plan->service.name)
            : CliText::tr("The variables of %1 are set, and were read back. Undo: roost-cli services undo %1")
                  .arg(plan->service.name));
    return call.has(noDeployOption) ? Result<void>() : deployAndTell(client, plan->service, services, false, context);
}

Result<void> undo(const Invocation &call, const CliServices &services, JobContext &context)
{
    const Result<SeenServices> seen = lookAtServices(call, services, context, call.arguments.first());
    if (!seen) {
        return failure(seen.error());
    }
    const ServiceReferences &service = seen->references.services.first();
    QStringList holders{service.service.id};
    for (const VariableHolder &group : service.groups) {
        holders += group.id;
    }
    const Result<KeptBatch> batch = newestKept(seen->account, holders, services, context);
    if (!batch) {
        return failure(batch.error());
    }
    RenderClient client(seen->account.access, context);
    const Result<VariablePlan> plan = planUndo(client, service.service.id, batch->values, context);
    if (!plan) {
        return failure(plan.error());
    }
    showPlan(*plan, services.terminal);
    // Kept in its turn, so that undoing can be undone.
    if (const Result<void> changed = change(call, seen->account, *plan, services, context); !changed) {
        return changed;
    }
    if (const Result<void> forgotten = forgetKept(*batch, services, context); !forgotten) {
        return forgotten;
    }
    services.terminal.note(
        plan->changes.isEmpty()
            ? CliText::tr("The variables of %1 have their old values already.").arg(service.service.name)
            : CliText::tr("The variables of %1 are as they were before.").arg(service.service.name));
    return call.has(noDeployOption) || plan->changes.isEmpty()
               ? Result<void>()
               : deployAndTell(client, service.service, services, false, context);
}

} // namespace

QList<Verb> servicePointVerbs()
{
    const Verb::Option noDeploy{
        noDeployOption, {}, CliText::tr("only set the variables; what runs keeps the old ones")};
    const Verb::Option noUndo{
        noUndoOption, {}, CliText::tr("do not keep what is replaced: where there is no keychain")};
    Verb pointVerb = serviceVerb(
        "services point", CliText::tr("Let a service use another database, and deploy it."), point,
        {{keyOption, QStringLiteral("KEY"), CliText::tr("this variable; may stand there several times"), true},
         noDeploy,
         noUndo,
         {dryRunOption, {}, CliText::tr("only say what would be changed")}});
    pointVerb.arguments +=
        {QStringLiteral("TARGET"), CliText::tr("an instance of the account, and its database: NAME[/DATABASE]")};
    pointVerb.description = CliText::tr(
        "Changes the variables that lead to a database now, in environment groups too; where there is none,\n"
        "DATABASE_URI and DATABASE_URL. The internal address is used where service and instance are in the\n"
        "same workspace and region. Without DATABASE each variable keeps the database that it names.\n"
        "The old values go into the keychain: `roost-cli services undo SERVICE` puts them back.");
    return {pointVerb,
            serviceVerb("services undo", CliText::tr("Put back the variables that `services point` replaced last."),
                        undo, {noDeploy, noUndo})};
}

} // namespace Roost
