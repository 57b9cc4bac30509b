#include "practice/practiceservices.h"

#include <QRandomGenerator>
#include <QRegularExpression>

namespace Roost {

namespace {

constexpr qsizetype keptLines = 200;
const QString waking = QStringLiteral("wake");

QByteArray pageOf(const QByteArray &status, const QByteArray &routing, const QByteArray &text)
{
    return "HTTP/1.1 " + status + "\r\nContent-Type: text/plain; charset=utf-8\r\nx-render-routing: " + routing +
           "\r\nContent-Length: " + QByteArray::number(text.size()) + "\r\nConnection: close\r\n\r\n" + text;
}

/// The app's folder, with the template app when there is none yet.
Result<LaunchRequest> prepareLaunch(const QString &folder, const QMap<QString, QString> &variables)
{
    auto app = inspectBirdApp(folder);
    if (!app || !app->hasApp) {
        app = createBirdApp(folder);
    }
    if (!app) {
        return failure(app.error());
    }
    constexpr int lowest = 20'000;
    constexpr int highest = 30'000;
    LaunchRequest request;
    request.app = *app;
    request.database.parameters.tls = TlsMode::Optional;
    request.variables = variables;
    request.port = freePortFrom(QRandomGenerator::system()->bounded(lowest, highest));
    return request;
}

} // namespace

void PracticeServices::openFront(QJsonObject &service)
{
    auto life = std::make_shared<Life>();
    life->front = std::make_unique<PracticeFront>(m_world.frontThread(), service[u"_port"].toInt());
    service[QStringLiteral("_port")] = life->front->port();
    QJsonObject details = service[u"serviceDetails"].toObject();
    details[QStringLiteral("url")] = QStringLiteral("http://127.0.0.1:%1").arg(life->front->port());
    service[QStringLiteral("serviceDetails")] = details;
    m_lives.insert(service[u"id"].toString(), life);
}

void PracticeServices::settle(const QString &serviceId)
{
    const auto life = m_lives.value(serviceId);
    const QJsonObject *service = PracticeWorld::find(m_world.services, serviceId);
    if (!life || service == nullptr) {
        return;
    }
    PracticeFront::Plan plan;
    if (service->value(u"suspended").toString() == u"suspended") {
        plan.kind = PracticeFront::Plan::Kind::Answer;
        plan.answer = pageOf("503 Service Unavailable", "suspend", "Service Suspended\n");
    } else if (life->live) {
        plan.kind = PracticeFront::Plan::Kind::Forward;
        plan.port = life->live->port();
    } else if (service->contains(u"_live")) {
        plan.kind = PracticeFront::Plan::Kind::Wait;
        plan.onWaiting = [this, serviceId] { m_world.post([this, serviceId] { wake(serviceId); }); };
    } else {
        plan.kind = PracticeFront::Plan::Kind::Answer;
        plan.answer = pageOf("404 Not Found", "no-server", "Not Found\n");
    }
    life->front->setPlan(plan);
}

PracticeServices::Variables PracticeServices::resolved(const QJsonObject &service, Variables variables) const
{
    static const QRegularExpression host(QStringLiteral("(dpg-[0-9a-v]{20}-a)(?![-.\\w])(:\\d+)?"));
    for (QString &value : variables) {
        const auto found = host.match(value);
        const QString id = found.captured(1);
        const int port = m_instances.internalPort(id);
        // Internal names are known in the same region only.
        if (port > 0 && m_instances.instance(id)[u"region"] == service[u"serviceDetails"][u"region"]) {
            value.replace(found.capturedStart(), found.capturedLength(),
                          found.captured() == value ? QStringLiteral("127.0.0.1")
                                                    : QStringLiteral("127.0.0.1:%1").arg(port));
        }
    }
    return variables;
}

void PracticeServices::launch(const QString &serviceId, const QString &purpose, const Variables &variables,
                              const LaunchDone &done)
{
    const QJsonObject service = *PracticeWorld::find(m_world.services, serviceId);
    m_world.run([folder = m_world.folderOf(serviceId),
                 toSet = resolved(service, variables)](JobContext &) { return prepareLaunch(folder, toSet); },
                [this, serviceId, purpose, done](const Result<LaunchRequest> &request) {
                    if (!request) {
                        done(nullptr, request.error().message);
                    } else if (!m_lives.contains(serviceId)) {
                        done(nullptr, QStringLiteral("the service is gone"));
                    } else {
                        startApp(serviceId, purpose, *request, done);
                    }
                });
}

void PracticeServices::startApp(const QString &serviceId, const QString &purpose, const LaunchRequest &request,
                                const LaunchDone &done)
{
    // The events come from the run's thread, and are taken in this one; that may be after it was put away.
    const auto app = std::make_shared<std::weak_ptr<PracticeApp>>();
    const auto isAnswered = std::make_shared<bool>(false);
    PracticeApp::Events events;
    events.ready = [this, app, isAnswered, done] {
        m_world.post([app, isAnswered, done] {
            const auto running = app->lock();
            if (running && !std::exchange(*isAnswered, true)) {
                done(running, {});
            }
        });
    };
    events.output = [this, serviceId](const QString &line) {
        m_world.post([this, serviceId, line] {
            if (const auto life = m_lives.value(serviceId)) {
                life->log += line;
                life->log.remove(0, std::max<qsizetype>(0, life->log.size() - keptLines));
            }
        });
    };
    events.ended = [this, serviceId, purpose, app, isAnswered, done](const QString &why) {
        m_world.post([this, serviceId, purpose, app, isAnswered, done, why] {
            const auto life = m_lives.value(serviceId);
            const auto ended = app->lock();
            if (!std::exchange(*isAnswered, true)) {
                stopStarting(serviceId, purpose);
                done(nullptr, why);
            } else if (life && ended && life->live == ended) {
                putAway(std::exchange(life->live, nullptr));
                settle(serviceId); // the next request starts it again
            }
        });
    };
    const auto started = std::make_shared<PracticeApp>(request, events);
    *app = started;
    m_lives.value(serviceId)->starting.insert(purpose, started);
}

void PracticeServices::stopStarting(const QString &serviceId, const QString &purpose)
{
    if (const auto life = m_lives.value(serviceId)) {
        putAway(life->starting.take(purpose));
    }
}

void PracticeServices::checkHealth(const QString &serviceId, const std::shared_ptr<PracticeApp> &app,
                                   const std::function<void(const QString &problem)> &done)
{
    const QJsonObject *service = PracticeWorld::find(m_world.services, serviceId);
    const QString path = service ? service->value(u"serviceDetails")[u"healthCheckPath"].toString() : QString();
    if (path.isEmpty()) {
        done({});
        return;
    }
    m_world.run(
        [url = QStringLiteral("http://127.0.0.1:%1%2").arg(app->port()).arg(path)](JobContext &context) {
            constexpr int firstProblem = 400;
            const auto answer = askBirdApp(url, context);
            if (!answer) {
                return answer.error().message;
            }
            return answer->status < firstProblem ? QString()
                                                 : QStringLiteral("health check answered %1").arg(answer->status);
        },
        done);
}

void PracticeServices::take(const QString &serviceId, const std::shared_ptr<PracticeApp> &app)
{
    const auto life = m_lives.value(serviceId);
    const auto before = std::exchange(life->live, app);
    life->starting.removeIf([&app](const auto &each) { return each.value() == app; });
    settle(serviceId); // new requests go to the new one before the old one ends
    putAway(before);
}

void PracticeServices::wake(const QString &serviceId)
{
    const auto life = m_lives.value(serviceId);
    const QJsonObject *service = PracticeWorld::find(m_world.services, serviceId);
    if (!life || service == nullptr || life->live || life->isWaking) {
        return;
    }
    Variables variables;
    const QJsonObject kept = service->value(u"_live").toObject();
    for (auto it = kept.begin(); it != kept.end(); ++it) {
        variables[it.key()] = it.value().toString();
    }
    life->isWaking = true;
    launch(serviceId, waking, variables,
           [this, serviceId](const std::shared_ptr<PracticeApp> &app, const QString &problem) {
               const auto now = m_lives.value(serviceId);
               if (!now) {
                   putAway(app);
                   return;
               }
               now->isWaking = false;
               const QJsonObject *woken = PracticeWorld::find(m_world.services, serviceId);
               if (app && !now->live && woken && woken->value(u"suspended").toString() != u"suspended") {
                   take(serviceId, app);
                   return;
               }
               stopStarting(serviceId, waking); // a deploy was faster
               if (!now->live && !app) {
                   now->log += QStringLiteral("==> Could not start: ") + problem;
                   PracticeFront::Plan plan;
                   plan.kind = PracticeFront::Plan::Kind::Answer;
                   plan.answer = pageOf("502 Bad Gateway", "no-deploy", "Bad Gateway\n");
                   now->front->setPlan(plan);
               }
               settle(serviceId);
           });
}

void PracticeServices::putAway(const std::shared_ptr<PracticeApp> &app)
{
    if (app) {
        // Its end takes a while, and this thread does not wait.
        m_world.run(
            [app](JobContext &) {
                app->end();
                return true;
            },
            [](bool) {});
    }
}

void PracticeServices::end()
{
    m_lives.clear();
}

} // namespace Roost
