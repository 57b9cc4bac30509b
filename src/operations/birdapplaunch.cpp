#include "operations/birdapp.h"
#include "operations/birdappcommand.h"
#include "operations/birdapphttp.h"
#include "operations/birdapppython.h"
#include "operations/birdapptemplate.h"
#include "operations/birdapptrouble.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QUuid>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(BirdApp)
};

constexpr int readyTimeoutMs = 60'000;
constexpr int portsTried = 100;
constexpr int highestPort = 65535;
constexpr qsizetype keptLines = 400;
constexpr int patience = 3; ///< workers that may end while the app starts

bool isFree(int port)
{
    QTcpServer probe;
    return probe.listen(QHostAddress::LocalHost, quint16(port));
}

Result<void> checkPort(int port)
{
    if (port < 1 || port > highestPort) {
        return failure(ErrorCode::InvalidInput, Text::tr("%1 is no port. Choose one from 1024 to 65535.").arg(port));
    }
    if (isFree(port)) {
        return {};
    }
    const int other = freePortFrom(port + 1);
    const QString advice = other ? Text::tr("Port %1 is free.").arg(other) : QString();
    return failure(ErrorCode::Conflict,
                   Text::tr("Port %1 is taken: another program, or this app started elsewhere, is listening there. "
                            "Stop that one, or choose another port. %2")
                       .arg(port)
                       .arg(advice)
                       .trimmed());
}

/// One run of gunicorn. On the operation's thread.
class Launch
{
public:
    Launch(const LaunchRequest &request, const LaunchEvents &events, JobContext &context)
        : m_request(request)
        , m_events(events)
        , m_context(context)
        , m_probe(request.port, m_runId)
        , m_forward(context.stopToken(), [this] { m_stop.request_stop(); })
    {
    }

    Result<void> run();

private:
    Result<ProcessCommand> command();
    void take(const QString &line);
    void tick();

    const LaunchRequest &m_request;
    const LaunchEvents &m_events;
    JobContext &m_context;
    const QString m_runId = QUuid::createUuid().toString(QUuid::Id128);
    QTemporaryDir m_settings;
    BirdAppRun m_run;
    ReadinessProbe m_probe;
    QElapsedTimer m_running;
    bool m_isReady = false;
    bool m_isLate = false;
    int m_workers = 0; ///< started so far
    QString m_lastTrouble;
    QStringList m_output;
    std::stop_source m_stop; ///< ends gunicorn: by the context's request, or because it is late
    std::stop_callback<std::function<void()>> m_forward;
};

Result<ProcessCommand> Launch::command()
{
    QStringList modules =
        importedModules(m_run.app.folder, m_run.app.module.section(u':', 0, 0) + QStringLiteral(".py"));
    modules << QStringLiteral("gunicorn");
    auto python = findPython(m_run.app, modules, m_context);
    if (!python) {
        return failure(python.error());
    }
    m_run.python = *python;
    auto settings = writeLaunchSettings(m_settings.path());
    if (!settings) {
        return failure(settings.error());
    }
    if (QFile::exists(m_run.app.folder + QStringLiteral("/gunicorn.conf.py"))) {
        take(Text::tr("The folder's gunicorn.conf.py is not used here: Roost runs the app with settings of its own."));
    }
    auto command =
        birdAppCommand(m_run.app, *python, m_request.database,
                       {QStringLiteral("-m"), QStringLiteral("gunicorn"), m_run.app.module, QStringLiteral("--bind"),
                        QStringLiteral("127.0.0.1:%1").arg(m_request.port), QStringLiteral("--config"), *settings});
    if (command) {
        if (!m_request.variables.isEmpty()) {
            command->environment.remove(QStringLiteral("DATABASE_URI"));
            command->environment.remove(QStringLiteral("DATABASE_URL"));
            command->environment.insert(m_request.variables);
        }
        command->environment.insert(QStringLiteral("ROOST_RUN"), m_runId);
        command->onOutputLine = [this](const QString &line) { take(line); };
        command->onErrorLine = command->onOutputLine;
        command->onTick = [this] { tick(); };
    }
    return command;
}

void Launch::take(const QString &line)
{
    m_output << line;
    if (m_output.size() > keptLines) {
        m_output.removeFirst();
    }
    if (m_events.output) {
        m_events.output(line);
    }
    // gunicorn goes on for ever when its worker ends without an exception.
    if (!m_isReady && line.contains(u"Booting worker with pid") && ++m_workers > patience) {
        m_stop.request_stop();
    }
    const auto trouble = m_events.trouble ? databaseTrouble(line, m_run) : std::nullopt;
    // One failed request prints its exception twice, and each further request prints it again.
    if (trouble && trouble->message != m_lastTrouble) {
        m_lastTrouble = trouble->message;
        m_events.trouble(*trouble);
    }
}

void Launch::tick()
{
    if (m_isReady || m_isLate) {
        return;
    }
    if (m_probe.answers()) {
        m_isReady = true;
        if (m_events.ready) {
            m_events.ready(QStringLiteral("http://127.0.0.1:%1").arg(m_request.port));
        }
    } else if (m_running.hasExpired(readyTimeoutMs)) {
        m_isLate = true;
        m_stop.request_stop();
    }
}

Result<void> Launch::run()
{
    m_run = {m_request.app, {}, m_request.database.parameters.database, m_request.port};
    auto toRun = command();
    if (!toRun) {
        return m_context.isCancelled() ? Result<void>() : failure(toRun.error());
    }
    m_context.report({Text::tr("Starting the app"), 0, 0, {}});
    m_running.start();
    auto outcome = runProcess(*toRun, JobContext(m_stop.get_token()));
    if (m_context.isCancelled()) {
        return {};
    }
    if (m_isLate) {
        return failure(ErrorCode::TimedOut,
                       Text::tr("The app did not answer within a minute and was stopped. It probably waits for "
                                "something while it starts; its log shows how far it came."),
                       m_output.join(u'\n'));
    }
    if (!outcome && !outcome.error().isCancelled()) {
        return failure(outcome.error());
    }
    return failure(explainEnd(Text::tr("The app"), m_output, m_run));
}

} // namespace

int freePortFrom(int wanted)
{
    for (int port = wanted; port < wanted + portsTried && port <= highestPort; ++port) {
        if (isFree(port)) {
            return port;
        }
    }
    return 0;
}

Result<void> runBirdApp(const LaunchRequest &request, const LaunchEvents &events, JobContext &context)
{
    if (!request.app.hasApp) {
        return failure(ErrorCode::NotFound,
                       Text::tr("There is no app.py and no wsgi.py in %1. Choose the folder in which your Flask app "
                                "lies, or make a new bird app.")
                           .arg(request.app.folder));
    }
    if (auto usable = checkPort(request.port); !usable) {
        return usable;
    }
    return Launch(request, events, context).run();
}

} // namespace Roost
