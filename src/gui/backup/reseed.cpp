#include "gui/backup/reseed.h"

#include "gui/birdapp/birdappcontrol.h"
#include "gui/birdapp/birdapppanel.h"
#include "gui/dialogs/shownjob.h"
#include "gui/services.h"
#include "models/activitylog.h"

#include <QCoreApplication>
#include <QWidget>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Reseed)
};

Result<QString> reseed(const BirdApp &app, const ConnectionSpec &database, JobContext &context)
{
    if (app.hasMigrations) {
        if (const auto upgraded = upgradeBirdApp(app, database, context); !upgraded) {
            return failure(upgraded.error());
        }
    }
    return seedBirdApp(app, database, context).map([&database] { return database.parameters.database; });
}

} // namespace

std::optional<BirdApp> seededAppFor(const QWidget *window, const DatabaseRef &database)
{
    const auto panels = window ? window->findChildren<BirdAppPanel *>() : QList<BirdAppPanel *>();
    for (const BirdAppPanel *panel : panels) {
        const auto &app = panel->control()->app();
        if (panel->instanceId() == database.instance.id && panel->database() == database.database() && app && *app &&
            (*app)->hasSeed) {
            return **app;
        }
    }
    return std::nullopt;
}

void startReseed(Services &services, QWidget *parent, const DatabaseRef &database, const BirdApp &app,
                 std::function<void()> done)
{
    ShownJob<QString> shown;
    shown.title = Text::tr("Seed %1").arg(database.database());
    shown.work = [app, spec = database.spec](JobContext &context) { return reseed(app, spec, context); };
    shown.summary = [](const QString &name) { return Text::tr("The seed is in %1.").arg(name); };
    shown.succeeded = [done = std::move(done), guard = QPointer<QWidget>(parent)](const QString &name) {
        if (done && guard) {
            done();
        }
        return JobOutcome{Text::tr("The seed is in %1.").arg(name), {}, {}};
    };
    services.activity->add(shown.title, app.hasMigrations ? QStringLiteral("flask db upgrade && python seed.py")
                                                          : QStringLiteral("python seed.py"));
    startShown(services, parent, shown);
}

} // namespace Roost
