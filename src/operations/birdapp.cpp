#include "operations/birdapp.h"

#include "operations/birdappcommand.h"
#include "operations/birdapppython.h"
#include "operations/birdapptrouble.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(BirdApp)
};

constexpr qsizetype keptLines = 400;

/// One of the app's programs, run to its end.
struct AppTask
{
    QString name; ///< for errors: "seed.py"
    QStringList modules;
    QStringList arguments;
};

Result<void> runTask(const AppTask &task, const BirdApp &app, const ConnectionSpec &database, JobContext &context)
{
    auto python = findPython(app, task.modules, context);
    if (!python) {
        return failure(python.error());
    }
    auto command = birdAppCommand(app, *python, database, task.arguments);
    if (!command) {
        return failure(command.error());
    }
    QStringList output;
    const auto take = [&](const QString &line) {
        context.log(line);
        output << line;
        if (output.size() > keptLines) {
            output.removeFirst();
        }
    };
    command->onOutputLine = take;
    command->onErrorLine = take;
    auto outcome = runProcess(*command, context);
    if (!outcome) {
        return failure(outcome.error());
    }
    if (!outcome->succeeded()) {
        return failure(explainEnd(task.name, output, {app, *python, database.parameters.database, 0}));
    }
    return {};
}

QString appFile(const BirdApp &app)
{
    return app.module.section(u':', 0, 0) + QStringLiteral(".py");
}

Error noApp(const QString &folder)
{
    return {ErrorCode::NotFound,
            Text::tr("There is no app.py and no wsgi.py in %1. Choose the folder in which your Flask app lies, or make "
                     "a new bird app.")
                .arg(folder),
            {},
            {}};
}

} // namespace

Result<BirdApp> inspectBirdApp(const QString &folder)
{
    BirdApp app;
    app.folder = QDir::cleanPath(QDir(folder).absolutePath());
    const QDir directory(app.folder);
    if (folder.isEmpty() || !directory.exists()) {
        return failure(ErrorCode::NotFound,
                       Text::tr("There is no folder %1. Choose the folder in which your Flask app lies.").arg(folder));
    }
    for (const QString &name : {QStringLiteral("app"), QStringLiteral("wsgi")}) {
        if (!app.hasApp && directory.exists(name + QStringLiteral(".py"))) {
            app.hasApp = true;
            app.module = name + QStringLiteral(":app");
        }
    }
    app.hasMigrations = directory.exists(QStringLiteral("migrations/env.py"));
    app.hasSeed = directory.exists(QStringLiteral("seed.py"));
    return app;
}

Result<void> upgradeBirdApp(const BirdApp &app, const ConnectionSpec &database, JobContext &context)
{
    if (!app.hasApp) {
        return failure(noApp(app.folder));
    }
    if (!app.hasMigrations) {
        return failure(ErrorCode::NotFound,
                       Text::tr("%1 has no folder “migrations”. Make it once with “flask db init” and “flask db "
                                "migrate”.")
                           .arg(app.folder));
    }
    context.report({Text::tr("Upgrading %1").arg(database.parameters.database), 0, 0, {}});
    QStringList modules = importedModules(app.folder, appFile(app));
    if (!modules.contains(QStringLiteral("flask_migrate"))) {
        modules << QStringLiteral("flask_migrate");
    }
    return runTask({QStringLiteral("flask db upgrade"),
                    modules,
                    {QStringLiteral("-m"), QStringLiteral("flask"), QStringLiteral("db"), QStringLiteral("upgrade")}},
                   app, database, context);
}

Result<void> seedBirdApp(const BirdApp &app, const ConnectionSpec &database, JobContext &context)
{
    if (!app.hasSeed) {
        return failure(ErrorCode::NotFound,
                       Text::tr("%1 has no seed.py: nothing says what to put into the database.").arg(app.folder));
    }
    context.report({Text::tr("Seeding %1").arg(database.parameters.database), 0, 0, {}});
    const QString file = QStringLiteral("seed.py");
    return runTask({file, importedModules(app.folder, file), {file}}, app, database, context);
}

} // namespace Roost
