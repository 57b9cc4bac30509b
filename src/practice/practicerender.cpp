#include "practice/practicerender.h"

#include "practice/practiceapi.h"
#include "practice/serverprocess.h"
#include "process/pgtoolchain.h"
#include "storage/paths.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QHostAddress>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(PracticeRender)
};

constexpr int settleTimeoutMs = 90'000;
constexpr int watchMs = 1000;

/// The folders with server programs, by major version.
QMap<int, QString> findServerPrograms(const JobContext &context)
{
    QMap<int, QString> found;
    for (const PgToolchain &each : findToolchains(context)) {
        if (QFile::exists(each.tool(QStringLiteral("postgres"))) && !found.contains(each.version.majorVersion())) {
            found.insert(each.version.majorVersion(), each.folder);
        }
    }
    return found;
}

} // namespace

class PracticeRender::Private
{
public:
    explicit Private(PracticeRenderOptions given)
        : options(std::move(given))
    {
    }

    Result<void> begin(const QMap<int, QString> &programs);
    Result<void> waitUntilSettled(JobContext &context);
    void makeSample();
    void end();
    /// Runs it in the server's thread, and waits.
    template <class What>
    void inServer(What what)
    {
        QMetaObject::invokeMethod(anchor, std::move(what), Qt::BlockingQueuedConnection);
    }

    PracticeRenderOptions options;
    QThread serverThread;
    QThread frontThread;
    QObject *anchor = nullptr; ///< lives in the server's thread
    // These, too; made and ended there.
    std::unique_ptr<PracticeWorld> world;
    std::unique_ptr<PracticeInstances> instances;
    std::unique_ptr<PracticeServices> services;
    std::unique_ptr<PracticeApi> api;
    RenderAccess access;
};

Result<void> PracticeRender::Private::begin(const QMap<int, QString> &programs)
{
    world = std::make_unique<PracticeWorld>(options, frontThread);
    world->serverPrograms = programs;
    if (auto loaded = world->load(); !loaded) {
        return loaded;
    }
    instances = std::make_unique<PracticeInstances>(*world);
    services = std::make_unique<PracticeServices>(*world, *instances);
    api = std::make_unique<PracticeApi>(*world, *instances, *services);
    const int wanted = options.port != 0 ? options.port : world->port;
    quint16 port = api->listen(QHostAddress(QHostAddress::LocalHost), quint16(wanted));
    if (port == 0 && options.port == 0) {
        port = api->listen(QHostAddress(QHostAddress::LocalHost));
    }
    if (port == 0) {
        return failure(ErrorCode::Conflict,
                       Text::tr("The practice account cannot listen on port %1: another program does.").arg(wanted));
    }
    world->port = port;
    access = {QUrl(QStringLiteral("http://127.0.0.1:%1/v1").arg(port)), world->key};
    instances->begin();
    services->begin();
    if (options.endsAlone) {
        auto *watch = new QTimer(world.get());
        QObject::connect(watch, &QTimer::timeout, world.get(), [this] {
            if (!QFileInfo::exists(options.folder)) {
                options.ended();
            }
        });
        watch->start(watchMs);
    }
    return {};
}

Result<void> PracticeRender::Private::waitUntilSettled(JobContext &context)
{
    const bool inTime = waitUntil(
        [&] {
            bool isSettled = false;
            inServer([&] { isSettled = instances->isSettled(); });
            return isSettled || context.isCancelled();
        },
        settleTimeoutMs);
    if (context.isCancelled()) {
        return failure(Error::cancelled());
    }
    return inTime ? Result<void>()
                  : failure(ErrorCode::TimedOut,
                            Text::tr("The practice account's servers did not start within a minute and a half."));
}

void PracticeRender::Private::makeSample()
{
    const QString id = instances->sampleId();
    const QString url = instances->internalUrl(id, QStringLiteral("bird_app_db"));
    if (!url.isEmpty() && !world->isSampleMade) {
        services->createSample({{QStringLiteral("DATABASE_URI"), url}});
        world->isSampleMade = true;
        world->save();
    }
}

void PracticeRender::Private::end()
{
    api.reset(); // nobody asks any more
    if (world) {
        world->stopWork();
    }
    if (services) {
        services->end();
    }
    if (instances) {
        instances->end();
    }
    if (world) {
        world->endThreads();
    }
    services.reset();
    instances.reset();
    world.reset();
}

PracticeRender::PracticeRender(PracticeRenderOptions options)
    : d(std::make_unique<Private>(std::move(options)))
{
}

PracticeRender::~PracticeRender()
{
    stop();
}

Result<void> PracticeRender::start(JobContext &context)
{
    stop();
    context.report({Text::tr("Starting the practice account"), 0, 0, {}});
    const QMap<int, QString> programs = findServerPrograms(context);
    d->serverThread.setObjectName(QStringLiteral("practice server"));
    d->serverThread.start();
    d->frontThread.start();
    d->anchor = new QObject;
    d->anchor->moveToThread(&d->serverThread);
    Result<void> begun;
    bool wantsSample = false;
    d->inServer([&] {
        begun = d->begin(programs);
        if (begun) {
            wantsSample = d->options.hasSample && !d->world->isSampleMade;
            if (wantsSample && d->instances->sampleId().isEmpty()) {
                d->instances->createSample();
            }
        }
    });
    if (begun) {
        begun = d->waitUntilSettled(context);
    }
    if (!begun) {
        stop();
        return begun;
    }
    if (wantsSample) {
        d->inServer([this] { d->makeSample(); });
    }
    return {};
}

void PracticeRender::stop()
{
    if (d->anchor == nullptr) {
        return;
    }
    d->inServer([this] { d->end(); });
    d->serverThread.quit();
    d->serverThread.wait();
    d->frontThread.quit();
    d->frontThread.wait();
    delete std::exchange(d->anchor, nullptr);
    d->access = {};
}

RenderAccess PracticeRender::access() const
{
    return d->access;
}

PracticeRenderOptions practiceRenderOptions()
{
    PracticeRenderOptions options;
    options.folder = Paths::practice() + QStringLiteral("/render");
    options.home = Paths::home();
    return options;
}

} // namespace Roost
