#include "gui/mainwindowpractice.h"

#include "gui/prompts.h"
#include "gui/services.h"
#include "jobs/jobrunner.h"
#include "models/activitylog.h"
#include "models/instancelist.h"
#include "models/sessionpool.h"
#include "practice/localcluster.h"
#include "storage/paths.h"

#include <QFile>
#include <QWidget>

namespace Roost {

namespace {

const QString practiceDatabase = QStringLiteral("my_database");

} // namespace

MainWindowPractice::MainWindowPractice(Services &services, QWidget *window)
    : QObject(window)
    , m_services(services)
    , m_window(window)
{
}

Result<MainWindowPractice::Running> MainWindowPractice::connectTo(bool wasRunning)
{
    auto spec = practiceCluster().connection(practiceDatabase);
    if (!spec) {
        return failure(spec.error());
    }
    // Whoever holds the lock ends the server with itself. A lock that nobody alive holds is what a crash left behind,
    // and its server with it; a server without any was started by roost-cli, and stays.
    Paths::ensureFolder(Paths::practice());
    const QString file = Paths::practice() + QStringLiteral("/window.lock");
    const bool hasLock = QFile::exists(file);
    auto lock = std::make_shared<QLockFile>(file);
    lock->setStaleLockTime(0);
    const bool isOurs = (!wasRunning || hasLock) && lock->tryLock(0);
    return Running{*spec, isOurs ? lock : nullptr};
}

void MainWindowPractice::take(const Running &running)
{
    m_lock = running.lock;
    m_services.instances->setPractice(InstanceList::Practice::Running, running.spec);
    emit started();
}

void MainWindowPractice::lookForRunning()
{
    m_services.jobs->runQuietly<Running>(
        [](JobContext &) -> Result<Running> {
            if (!practiceCluster().status().isRunning) {
                return failure(ErrorCode::NotFound, QString());
            }
            return connectTo(true);
        },
        this,
        [this](const Result<Running> &running) {
            if (running && m_services.instances->practice() == InstanceList::Practice::Stopped) {
                take(*running);
            }
        });
}

void MainWindowPractice::start()
{
    if (m_services.instances->practice() != InstanceList::Practice::Stopped) {
        return;
    }
    m_services.instances->setPractice(InstanceList::Practice::Starting);
    m_services.jobs->start<Running>(
        tr("Start practice"),
        [](JobContext &context) -> Result<Running> {
            const bool wasRunning = practiceCluster().status().isRunning;
            auto begun = startPractice(context);
            if (!begun) {
                return failure(begun.error());
            }
            return connectTo(wasRunning);
        },
        this,
        [this](const Result<Running> &running) {
            if (running) {
                m_services.activity->add(tr("Start practice"), QStringLiteral("pg_ctl start -D \"$PGDATA\""));
                take(*running);
                return;
            }
            m_services.instances->setPractice(InstanceList::Practice::Stopped);
            if (m_window) {
                m_services.prompts->showError(m_window, tr("Practice could not be started"), running.error());
            }
        });
}

void MainWindowPractice::stop()
{
    if (m_services.instances->practice() != InstanceList::Practice::Running) {
        return;
    }
    m_services.instances->setPractice(InstanceList::Practice::Stopping);
    m_services.jobs->start(
        tr("Stop practice"), [](JobContext &context) { return practiceCluster().stop(context); }, this,
        [this](const Result<void> &stopped) {
            m_lock.reset();
            m_services.instances->setPractice(InstanceList::Practice::Stopped);
            if (!stopped && m_window) {
                m_services.prompts->showError(m_window, tr("Practice could not be stopped"), stopped.error());
            }
        });
}

void MainWindowPractice::stopAtExit(std::function<void()> done)
{
    if (!m_lock) {
        done();
        return;
    }
    m_services.sessions->forget(QStringLiteral("practice"));
    m_services.jobs->runQuietly<bool>(
        [](JobContext &context) -> Result<bool> {
            auto stopped = practiceCluster().stop(context);
            if (!stopped) {
                return failure(stopped.error());
            }
            return true;
        },
        this,
        [this, done = std::move(done)](const Result<bool> &) {
            m_lock.reset();
            done();
        });
}

} // namespace Roost
