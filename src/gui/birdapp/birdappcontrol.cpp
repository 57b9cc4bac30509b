#include "gui/birdapp/birdappcontrol.h"

#include "gui/birdapp/birdappoutput.h"
#include "gui/services.h"
#include "jobs/jobrunner.h"
#include "operations/birdapppython.h"

#include <QDir>
#include <QMutex>

namespace Roost {

/// What the running app tells on its thread, until the GUI thread fetches it.
struct BirdAppControl::News
{
    QMutex mutex;
    bool isLive = false;
    QList<Error> troubles;
};

BirdAppControl::BirdAppControl(Services &services, QString folder, QObject *parent)
    : QObject(parent)
    , m_services(services)
    , m_folder(std::move(folder))
{
}

BirdAppControl::~BirdAppControl()
{
    if (m_run) {
        m_run->cancel();
    }
}

QString BirdAppControl::name() const
{
    return QDir(m_folder).dirName();
}

QString BirdAppControl::url(const QString &path) const
{
    return QStringLiteral("http://127.0.0.1:%1%2").arg(m_port).arg(path);
}

bool BirdAppControl::isBusy() const
{
    return m_task;
}

void BirdAppControl::look()
{
    m_app.reset();
    m_python.reset();
    emit changed();
    m_services.jobs->runQuietly<BirdApp>([folder = m_folder](JobContext &) { return inspectBirdApp(folder); }, this,
                                         [this](const Result<BirdApp> &app) {
                                             m_app = app;
                                             emit changed();
                                             if (app && app->hasApp) {
                                                 lookForPython();
                                             }
                                         });
}

void BirdAppControl::lookForPython()
{
    m_services.jobs->runQuietly<PythonChoice>(
        [app = **m_app](JobContext &context) {
            const QString file = app.module.section(u':', 0, 0) + QStringLiteral(".py");
            QStringList modules = importedModules(app.folder, file);
            if (!modules.contains(QStringLiteral("gunicorn"))) {
                modules += QStringLiteral("gunicorn");
            }
            return findPython(app, modules, context);
        },
        this,
        [this](const Result<PythonChoice> &python) {
            m_python = python;
            emit changed();
        });
}

void BirdAppControl::launch(const ConnectionSpec &database, int port)
{
    if (m_state != State::Stopped || !m_app || !*m_app) {
        return;
    }
    m_port = port;
    m_news = std::make_shared<News>();
    LaunchRequest request{**m_app, database, port};
    m_run = m_services.jobs->runQuietly<void>(
        [request, news = m_news](JobContext &context) {
            LaunchEvents events;
            events.output = [&context](const QString &line) { context.log(line); };
            events.ready = [news, &context](const QString &) {
                {
                    const QMutexLocker lock(&news->mutex);
                    news->isLive = true;
                }
                context.report({}); // wakes the GUI thread
            };
            events.trouble = [news, &context](const Error &error) {
                {
                    const QMutexLocker lock(&news->mutex);
                    news->troubles += error;
                }
                context.report({});
            };
            return runBirdApp(request, events, context);
        },
        this, [this](const Result<void> &result) { finish(result); });
    connect(m_run, &Job::changed, this, &BirdAppControl::takeNews);
    connect(m_run, &Job::logged, this, &BirdAppControl::print);
    setState(State::Starting);
}

void BirdAppControl::takeNews()
{
    if (!m_news) {
        return;
    }
    bool isLive = false;
    QList<Error> troubles;
    {
        const QMutexLocker lock(&m_news->mutex);
        isLive = m_news->isLive;
        troubles.swap(m_news->troubles);
    }
    if (isLive && m_state == State::Starting) {
        setState(State::Live);
        ask(QStringLiteral("/birds"));
    }
    if (!troubles.isEmpty() && m_state != State::Stopping) {
        emit failed(tr("The app runs, but it could not answer"), troubles.last());
    }
}

void BirdAppControl::stop()
{
    if (m_run && m_state != State::Stopping) {
        setState(State::Stopping);
        m_run->cancel();
    }
}

void BirdAppControl::finish(const Result<void> &result)
{
    m_run = nullptr;
    const bool wasStarting = m_state == State::Starting;
    setState(State::Stopped);
    if (result || result.error().isCancelled()) {
        return;
    }
    const Error &error = result.error();
    if (wasStarting && error.code == ErrorCode::Conflict && error.sqlState.isEmpty()) {
        m_services.jobs->runQuietly<int>(
            [next = m_port + 1](JobContext &) -> Result<int> { return freePortFrom(next); }, this,
            [this, error](const Result<int> &port) { emit portTaken(error, port.value_or(0)); });
        return;
    }
    emit failed(wasStarting ? tr("The app did not start") : tr("The app ended by itself"), error);
}

void BirdAppControl::upgrade(const ConnectionSpec &database)
{
    startTask(tr("Upgrade the tables of %1 in %2").arg(name(), database.parameters.database),
              tr("The tables are as the app needs them"), &upgradeBirdApp, database);
}

void BirdAppControl::seed(const ConnectionSpec &database)
{
    startTask(tr("Seed %1").arg(database.parameters.database), tr("The seed is in"), &seedBirdApp, database);
}

void BirdAppControl::startTask(const QString &title, const QString &what, TaskWork work, const ConnectionSpec &database)
{
    if (m_task || !m_app || !*m_app) {
        return;
    }
    m_task = m_services.jobs->start(
        title, [work, app = **m_app, database](JobContext &context) { return work(app, database, context); }, this,
        [this, title, what](const Result<void> &result) {
            m_task = nullptr;
            emit changed();
            if (!result) {
                emit failed(tr("It did not work: %1").arg(title), result.error());
                return;
            }
            emit done(what);
            if (m_state == State::Live) {
                ask(QStringLiteral("/birds"));
            }
        });
    connect(m_task, &Job::logged, this, &BirdAppControl::print);
    emit changed();
}

void BirdAppControl::ask(const QString &path)
{
    m_services.jobs->runQuietly<HttpAnswer>([url = url(path)](JobContext &context) { return askBirdApp(url, context); },
                                            this,
                                            [this](const Result<HttpAnswer> &answer) {
                                                if (answer) {
                                                    emit answered(*answer);
                                                } else if (m_state == State::Live) {
                                                    emit unanswered(answer.error());
                                                }
                                            });
}

void BirdAppControl::print(const QStringList &lines)
{
    emit printed(lines);
    BirdAppOutput::of(m_services)->add(name(), lines);
}

void BirdAppControl::setState(State state)
{
    m_state = state;
    emit changed();
}

} // namespace Roost
