#include "gui/actions.h"
#include "gui/birdapp/birdapplog.h"
#include "gui/birdapp/birdappoutput.h"
#include "gui/birdapp/birdapppanel.h"
#include "gui/prompts.h"
#include "gui/services.h"
#include "jobs/jobrunner.h"
#include "models/activitylog.h"

#include <QCoreApplication>
#include <QDir>
#include <QPointer>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(BirdAppActions)
};

} // namespace

void Actions::newBirdApp(Services &services, QWidget *parent, std::function<void(const QString &folder)> done)
{
    const QString suggestion = QDir::homePath() + QStringLiteral("/bird-app");
    const auto create = [&services, guard = QPointer<QWidget>(parent), done = std::move(done)](const QString &folder) {
        services.jobs->runQuietly<BirdApp>(
            [folder](JobContext &) { return createBirdApp(folder); }, guard.data(),
            [&services, guard, folder, done](const Result<BirdApp> &app) {
                if (!app) {
                    services.prompts->showError(guard, Text::tr("No bird app was made"), app.error());
                    return;
                }
                services.activity->add(Text::tr("New bird app in %1").arg(folder), QString());
                done(folder);
            });
    };
    services.prompts->saveFile(parent, Text::tr("Folder of the new bird app"), suggestion, {}, create);
}

void Actions::chooseBirdApp(Services &services, QWidget *parent, std::function<void(const QString &folder)> done)
{
    services.prompts->chooseFolder(parent, Text::tr("Folder of your Flask app"), QDir::homePath(), std::move(done));
}

QWidget *Actions::createBirdAppPage(Services &services, const QString &folder,
                                    const std::optional<DatabaseRef> &database, QWidget *parent)
{
    return new BirdAppPanel(services, folder, database, parent);
}

QWidget *Actions::createBirdAppLog(Services &services, QWidget *parent)
{
    auto *log = new BirdAppLog(parent);
    log->setObjectName(QStringLiteral("birdAppLog"));
    const BirdAppOutput *output = BirdAppOutput::of(services);
    if (!output->lines().isEmpty()) {
        log->append(output->lines());
    }
    QObject::connect(output, &BirdAppOutput::printed, log, &BirdAppLog::append);
    return log;
}

} // namespace Roost
