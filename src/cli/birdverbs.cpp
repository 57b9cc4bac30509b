#include "cli/services.h"
#include "cli/serviceverbs.h"
#include "cli/targets.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "operations/birdapp.h"

#include <QDir>

namespace Roost {

namespace {

const QString portOption = QStringLiteral("port");
constexpr int usualPort = 8000;

QString absolute(const QString &folder)
{
    return QDir::cleanPath(QDir::current().absoluteFilePath(folder));
}

Result<void> newApp(const Invocation &call, const CliServices &services, JobContext &)
{
    const Result<BirdApp> app = createBirdApp(absolute(call.arguments.first()));
    if (!app) {
        return failure(app.error());
    }
    services.terminal.note(CliText::tr("A bird app is in %1. Try: roost-cli birds run %2 practice")
                               .arg(app->folder, call.arguments.first()));
    return {};
}

/// An app wants the database with the birds, not the instance's empty one.
QString appTarget(const QString &target)
{
    return target == u"practice" ? QStringLiteral("practice/bird_app_db") : target;
}

/// FOLDER and TARGET of a call.
Result<LaunchRequest> appAndDatabase(const Invocation &call, const CliServices &services, JobContext &context)
{
    const Result<BirdApp> app = inspectBirdApp(absolute(call.arguments.first()));
    if (!app) {
        return failure(app.error());
    }
    const Result<ConnectionSpec> spec = services.targets.resolve(appTarget(call.arguments.at(1)), context);
    if (!spec) {
        return failure(spec.error());
    }
    return LaunchRequest{*app, *spec};
}

Result<void> upgrade(const Invocation &call, const CliServices &services, JobContext &context)
{
    const auto to = appAndDatabase(call, services, context);
    const Result<void> done = to ? upgradeBirdApp(to->app, to->database, context) : failure(to.error());
    if (done) {
        services.terminal.note(
            CliText::tr("%1 has the tables of the app's migrations.").arg(to->database.parameters.database));
    }
    return done;
}

Result<void> seed(const Invocation &call, const CliServices &services, JobContext &context)
{
    const auto to = appAndDatabase(call, services, context);
    const Result<void> done = to ? seedBirdApp(to->app, to->database, context) : failure(to.error());
    if (done) {
        services.terminal.note(CliText::tr("%1 was seeded by seed.py.").arg(to->database.parameters.database));
    }
    return done;
}

Result<void> runApp(const Invocation &call, const CliServices &services, JobContext &context)
{
    auto to = appAndDatabase(call, services, context);
    if (!to) {
        return failure(to.error());
    }
    LaunchRequest request = std::move(*to);
    request.port = call.has(portOption) ? call.value(portOption).toInt() : usualPort;
    Terminal &terminal = services.terminal;
    LaunchEvents events;
    events.ready = [&terminal](const QString &url) {
        terminal.note(CliText::tr("The app answers. Ctrl-C stops it."));
        terminal.writeLine(url + QStringLiteral("/birds"));
    };
    events.output = [&terminal](const QString &line) { terminal.log(line); };
    events.trouble = [&terminal](const Error &error) { terminal.show(error); };
    return runBirdApp(request, events, context);
}

} // namespace

QList<Verb> birdVerbs()
{
    Verb create;
    create.name = QStringLiteral("birds new");
    create.summary = CliText::tr("Make a folder with a small Flask app: the bird API.");
    create.arguments = {{QStringLiteral("FOLDER"), CliText::tr("empty, or not there yet")}};
    create.run = newApp;

    Verb run;
    run.name = QStringLiteral("birds run");
    run.summary = CliText::tr("Run a Flask app on this computer against a database, until Ctrl-C.");
    run.arguments = {{QStringLiteral("FOLDER"), CliText::tr("with app.py or wsgi.py")},
                     {QStringLiteral("TARGET"), CliText::tr("the app's database; `practice` is practice/bird_app_db")}};
    run.options = {{portOption, QStringLiteral("N"), CliText::tr("8000 unless given")}};
    run.description =
        CliText::tr("Prints the address when the app answers, and its log on standard error. The app listens on this\n"
                    "computer only and finds the database in DATABASE_URI and DATABASE_URL of its environment.");
    run.run = runApp;
    run.check = [](const Invocation &call) -> QString {
        const int port = call.value(portOption).toInt();
        return call.has(portOption) && (port < 1 || port > 65535)
                   ? CliText::tr("--port takes a number up to 65535, not \"%1\".").arg(call.value(portOption))
                   : QString();
    };

    Verb upgradeVerb;
    upgradeVerb.name = QStringLiteral("birds upgrade");
    upgradeVerb.summary = CliText::tr("Bring a database to the app's latest migration: flask db upgrade.");
    upgradeVerb.arguments = run.arguments;
    upgradeVerb.run = upgrade;

    Verb seedVerb;
    seedVerb.name = QStringLiteral("birds seed");
    seedVerb.summary = CliText::tr("Run the app's seed.py against a database.");
    seedVerb.description = CliText::tr("What it does with rows that are there already is up to seed.py.");
    seedVerb.arguments = run.arguments;
    seedVerb.run = seed;
    return {create, run, upgradeVerb, seedVerb, checkDeployVerb()};
}

} // namespace Roost
