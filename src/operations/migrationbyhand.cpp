#include "operations/instanceconnection.h"
#include "operations/migrationinstances.h"
#include "postgres/connectionstring.h"
#include "storage/keychain.h"

#include <QCoreApplication>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationByHand)
};

QString instanceIn(const QString &host)
{
    const QString first = host.section(u'.', 0, 0);
    return isRenderId(first, "dpg") ? first : QString();
}

QList<MigrationValue> formValues(const MigrationPlan &plan)
{
    const PostgresDraft &draft = plan.draft;
    const QString where = Text::tr("New → Postgres");
    QList<MigrationValue> values{{Text::tr("Name"), draft.name, {}, where}};
    const auto add = [&](const QString &label, const QString &text) {
        if (!text.isEmpty()) {
            values += MigrationValue{label, text, {}, where};
        }
    };
    add(Text::tr("Database"), draft.databaseName);
    add(Text::tr("User"), draft.databaseUser);
    add(Text::tr("Region"), draft.region);
    add(Text::tr("PostgreSQL Version"), draft.version);
    add(Text::tr("Plan"), draft.plan == u"free" ? Text::tr("Free") : draft.plan);
    return values;
}

QStringList presses(const MigrationPlan &plan)
{
    QStringList doing{
        Text::tr("Open dashboard.render.com, press “New” and choose “Postgres”."),
        Text::tr("Type or choose the values below, each as it stands here, and press “Create Database”.")};
    if (plan.path == MigrationPath::OneSlot && plan.source.isFree()) {
        doing +=
            Text::tr("Only if Render says that there can be no second free database: open %1 (%2), compare the id, "
                     "press “Delete Database” at the end of the page, and type its name. This cannot be undone. "
                     "Everything that is in it is in the proven backups. Then create the new one.")
                .arg(plan.source.name, plan.source.id);
    }
    doing += Text::tr("On the page of the new instance, wait until it says “Available”.");
    doing += Text::tr("Under “Connect”, choose “External”, copy the External Database URL, and paste it here.");
    return doing;
}

/// What is wrong with it as the address of a new instance; empty: nothing.
QString placeProblem(const MigrationPlan &plan, const ParsedConnection &pasted)
{
    if (isOldPlace(plan, pasted.parameters)) {
        return Text::tr("This leads to the old instance, %1. Copy the External Database URL from the page of the new "
                        "one.")
            .arg(plan.source.name);
    }
    if (pasted.isInternal && plan.draft.region.isEmpty()) {
        return Text::tr("This is the Internal Database URL, which works only inside Render. Copy the External Database "
                        "URL.");
    }
    if (pasted.password.isEmpty()) {
        return Text::tr("There is no password in it. Copy the whole External Database URL, with the button beside it.");
    }
    return {};
}

} // namespace

bool isOldPlace(const MigrationPlan &plan, const ConnectionParameters &parameters)
{
    const ConnectionParameters &old = plan.connection;
    const QString id = instanceIn(parameters.host);
    return (parameters.host.compare(old.host, Qt::CaseInsensitive) == 0 && parameters.port == old.port) ||
           (!id.isEmpty() && (id == plan.source.id || id == instanceIn(old.host)));
}

Result<void> keepNewSecret(MigrationWork &work, const Secret &secret)
{
    const auto kept = work.environment().keychain.store(work.state().newSecretId(), secret, work.stopToken());
    if (!kept && kept.error().code == ErrorCode::KeychainAbsent) {
        work.context().log(kept.error().message); // known until the program ends
        return {};
    }
    return kept;
}

Result<StepOutcome> askForNew(MigrationWork &work, MigrationStep step, const QStringList &problems)
{
    const MigrationPlan &plan = work.plan();
    MigrationPause pause;
    pause.step = step;
    pause.question = MigrationQuestion::NewConnection;
    pause.text =
        step == MigrationStep::CreateNew
            ? Text::tr("Create the new instance in Render's dashboard, with the same names as the old one, and "
                       "paste its connection string here. Roost tries it, and changes nothing on the old one.")
            : Text::tr("The new instance does not let Roost in yet. Look at its page in Render's dashboard, and "
                       "paste its connection string once more.");
    pause.doing = presses(plan);
    pause.values = formValues(plan);
    pause.problems = problems;
    return StepOutcome(pause);
}

Result<QStringList> takePasted(MigrationWork &work, const MigrationAnswer &answer)
{
    const MigrationPlan &plan = work.plan();
    const QString text = answer.secret.isEmpty() ? answer.text : answer.secret.reveal();
    const auto pasted = parseConnectionString(text);
    if (!pasted) {
        return QStringList{pasted.error().message};
    }
    if (const QString problem = placeProblem(plan, *pasted); !problem.isEmpty()) {
        return QStringList{problem};
    }
    ConnectionParameters parameters = pasted->parameters;
    if (pasted->isInternal) {
        parameters.host = externalRenderHost(parameters.host, plan.draft.region);
    }
    parameters.tls = parameters.isLoopback() ? TlsMode::Optional : TlsMode::Verified;
    if (parameters.tls == TlsMode::Verified) {
        parameters.rootCertificateFile = plan.connection.rootCertificateFile;
    }
    if (const auto kept = keepNewSecret(work, pasted->password); !kept) {
        return failure(kept.error());
    }
    const QString region = regionOfRenderHost(parameters.host);
    const auto noted =
        work.note(MigrationStep::CreateNew, {{QStringLiteral("byHand"), true},
                                             {QStringLiteral("id"), instanceIn(parameters.host)},
                                             {QStringLiteral("name"), plan.draft.name},
                                             {QStringLiteral("databaseName"), parameters.database},
                                             {QStringLiteral("databaseUser"), parameters.user},
                                             {QStringLiteral("region"), region.isEmpty() ? plan.draft.region : region},
                                             {QStringLiteral("connection"), toJson(parameters)}});
    return noted ? Result<QStringList>(QStringList()) : failure(noted.error());
}

Result<ConnectionSpec> newTarget(MigrationWork &work)
{
    // What is practised with may be at another port after a restart, and another instance at this one.
    if (work.plan().isPractice && !work.plan().isByHand() && !work.state().newInstanceId().isEmpty()) {
        const auto access = work.access();
        if (!access) {
            return failure(access.error());
        }
        const auto now =
            connectionOf(*access, work.state().newInstanceId(), work.context(), work.environment().patience.times);
        if (!now) {
            return failure(now.error());
        }
        if (work.state().newConnection() != now->parameters) {
            const auto noted =
                work.note(MigrationStep::AwaitNew, {{QStringLiteral("connection"), toJson(now->parameters)}});
            if (!noted) {
                return failure(noted.error());
            }
        }
    }
    auto target = work.target();
    const QString id = work.state().newInstanceId(); // empty where a pasted address does not tell it
    if (target && (isOldPlace(work.plan(), target->parameters) || (!id.isEmpty() && id == work.plan().source.id))) {
        return failure(ErrorCode::Conflict,
                       Text::tr("This leads to the old instance, %1, and nothing is ever written there.")
                           .arg(work.plan().source.name));
    }
    return target;
}

} // namespace Roost
