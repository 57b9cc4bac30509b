// What the user does at Render's dashboard after the data has moved.
#include "operations/databasevariable.h"
#include "operations/migrationservices.h"
#include "postgres/connectionstring.h"
#include "postgres/databaseconnection.h"

#include <QCoreApplication>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationServicesByHand)
};

/// How a service reaches a database from inside Render: in its region only.
struct Addresses
{
    QString internal; ///< empty where there is no other way than the external one
    QString external;
};

Addresses addressesOf(const ConnectionSpec &spec)
{
    const QString external = externalUrl(spec);
    const QString internal = internalUrl(spec);
    return {internal == external ? QString() : internal, external};
}

MigrationValue urlValue(const QString &label, const QString &url, const QString &where)
{
    return {label, maskedVariable(VariablePart::Url, url), Secret(url), where};
}

/// A variable that is known by its name, "KEY" or "group: KEY".
void addKnown(QList<MigrationValue> &values, const MigrationService &service, const ConnectionSpec &target)
{
    const Addresses addresses = addressesOf(target);
    const QString &url = addresses.internal.isEmpty() ? addresses.external : addresses.internal;
    for (const QString &variable : service.variables) {
        const qsizetype colon = variable.indexOf(QStringLiteral(": "));
        const QString key = colon < 0 ? variable : variable.mid(colon + 2);
        const QString where = colon < 0 ? Text::tr("Environment of %1").arg(service.name)
                                        : Text::tr("Environment group %1").arg(variable.left(colon));
        values += urlValue(key, url, where);
    }
}

QList<MigrationValue> valuesFor(const MigrationWork &work, const ConnectionSpec &target)
{
    QList<MigrationValue> values;
    for (const MigrationService &service : work.plan().services) {
        addKnown(values, service, target);
    }
    if (!values.isEmpty()) {
        return values;
    }
    const QString keys = usualDatabaseKeys().join(Text::tr(" or "));
    for (const MigrationDatabase &database : work.plan().databases) {
        const QString name = database.properties.name;
        const Addresses addresses = addressesOf(target.withDatabase(databaseOnNew(work.state(), name)));
        const QString where = Text::tr("for %1").arg(name);
        if (!addresses.internal.isEmpty()) {
            values += urlValue(Text::tr("%1, Internal URL").arg(keys), addresses.internal,
                               Text::tr("%1, services in the same region").arg(where));
        }
        values +=
            urlValue(addresses.internal.isEmpty() ? keys : Text::tr("%1, External URL").arg(keys), addresses.external,
                     addresses.internal.isEmpty() ? where : Text::tr("%1, from anywhere else").arg(where));
    }
    return values;
}

MigrationPause askForVariables(const MigrationWork &work, const ConnectionSpec &target)
{
    MigrationPause pause;
    pause.step = MigrationStep::Variables;
    pause.question = MigrationQuestion::VariablesSet;
    pause.text = Text::tr("Everything is in the new instance, %1. Now let each service that used the old one lead "
                          "there. Roost cannot see your variables without an API key, so look at each service.")
                     .arg(newInstanceName(work));
    pause.doing = {
        Text::tr("At dashboard.render.com, open a service that uses the database, and there Environment."),
        Text::tr("Find the variables whose value has %1 in it. Each of them gets a value from below, the one of its "
                 "database.")
            .arg(work.plan().connection.host.section(u'.', 0, 0)),
        Text::tr("If the old value begins with something like postgresql+psycopg2://, or has a question mark with more "
                 "behind it, keep these parts."),
        Text::tr("Press Save, rebuild, and deploy; or Save only, if you want to deploy all services together later."),
        Text::tr("Do the same for environment groups (Env Groups in the menu at the left), and for the .env file on "
                 "your computer."),
    };
    pause.values = valuesFor(work, target);
    return pause;
}

/// What can be looked at from here: whether the new instance lets in with what was to be set.
Result<QStringList> problemsWith(const MigrationWork &work, const ConnectionSpec &target)
{
    QStringList problems;
    for (const MigrationDatabase &database : work.plan().databases) {
        const QString name = databaseOnNew(work.state(), database.properties.name);
        const auto opened = DatabaseConnection::open(target.withDatabase(name), work.stopToken());
        if (!opened && opened.error().isCancelled()) {
            return failure(opened.error());
        }
        if (!opened) {
            problems += Text::tr("%1 does not let in with these values: %2").arg(name, opened.error().message);
        }
    }
    return problems;
}

} // namespace

Result<StepOutcome> setVariablesByHand(MigrationWork &work)
{
    const auto target = work.target();
    if (!target) {
        return failure(target.error());
    }
    MigrationPause pause = askForVariables(work, *target);
    if (!work.takeAnswer(MigrationQuestion::VariablesSet)) {
        return StepOutcome(pause);
    }
    const auto problems = problemsWith(work, *target);
    if (!problems) {
        return failure(problems.error());
    }
    if (!problems->isEmpty()) {
        pause.problems = *problems;
        return StepOutcome(pause);
    }
    const auto noted = work.note(MigrationStep::Variables, {{QStringLiteral("byHand"), true}});
    if (!noted) {
        return failure(noted.error());
    }
    work.setSummary(Text::tr("set by you; the new instance lets in with these values"));
    return StepOutcome();
}

Result<StepOutcome> deployByHand(MigrationWork &work)
{
    if (work.takeAnswer(MigrationQuestion::ServicesLive)) {
        work.setSummary(Text::tr("deployed by you"));
        const auto noted = work.note(MigrationStep::Deploy, {{QStringLiteral("byHand"), true}});
        return noted ? Result<StepOutcome>(StepOutcome()) : failure(noted.error());
    }
    MigrationPause pause;
    pause.step = MigrationStep::Deploy;
    pause.question = MigrationQuestion::ServicesLive;
    pause.text =
        Text::tr("A service takes its new variables when it is deployed. Suspended services have to be resumed "
                 "first.");
    QStringList names;
    for (const MigrationService &service : work.plan().services) {
        if (!service.isSuspended) {
            names += service.name;
        }
    }
    pause.doing = {
        names.isEmpty() ? Text::tr("At dashboard.render.com, open each service that uses the database.")
                        : Text::tr("At dashboard.render.com, open %1.").arg(names.join(QStringLiteral(", "))),
        Text::tr("If it is suspended, press Resume Service in its settings."),
        Text::tr("Press Manual Deploy, then Deploy latest commit, unless it is being deployed already."),
        Text::tr(
            "Wait until it says Live. If it fails, its log says why; the data in the new instance is not touched."),
        Text::tr("Open the address of the app, and look whether it shows what it showed before."),
    };
    return StepOutcome(pause);
}

} // namespace Roost
