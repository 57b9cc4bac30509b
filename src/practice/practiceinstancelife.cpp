#include "operations/birdapptemplate.h"
#include "practice/clusterfolder.h"
#include "practice/practiceinstances.h"

#include <QHostAddress>

#include <algorithm>

namespace Roost {

namespace {

constexpr int tickMs = 1000;
constexpr int graceDays = 14;

QString told(const Error &error)
{
    return error.detail.isEmpty() ? error.message : error.message + u'\n' + error.detail;
}

} // namespace

PracticeInstances::PracticeInstances(PracticeWorld &world)
    : m_world(world)
{
    connect(&m_world, &PracticeWorld::clockMoved, this, &PracticeInstances::applyClock);
    connect(&m_tick, &QTimer::timeout, this, &PracticeInstances::applyClock);
    m_tick.start(tickMs);
}

void PracticeInstances::begin()
{
    for (QJsonObject &instance : m_world.instances) {
        openFront(instance);
        m_lives.value(instance[u"id"].toString())->creating.invalidate();
    }
    m_world.save();
    applyClock();
    for (const QString &id : QStringList(m_world.leaving)) {
        reconcile(id);
    }
}

LocalClusterOptions PracticeInstances::clusterOptions(const QJsonObject &instance) const
{
    LocalClusterOptions options;
    options.folder = m_world.folderOf(instance[u"id"].toString());
    options.home = m_world.options().home;
    options.role = instance[u"databaseUser"].toString();
    options.settings = m_world.options().clusterSettings;
    options.diesWithParent = true;
    options.programs = m_world.serverPrograms.value(instance[u"version"].toString().toInt());
    if (!instance[u"_made"].toBool()) {
        // Only once: what is dropped later stays dropped.
        const QString birds = QStringLiteral("bird_app_db");
        options.databases = {instance[u"databaseName"].toString()};
        if (instance[u"_sample"].toBool()) {
            options.databases += birds;
            options.contents = {{birds, birdDatabaseStatements()}};
        }
    }
    return options;
}

void PracticeInstances::openFront(QJsonObject &instance)
{
    auto life = std::make_shared<Life>();
    life->creating.start();
    life->front = std::make_unique<PracticeFront>(m_world.frontThread(), instance[u"_port"].toInt());
    instance[QStringLiteral("_port")] = life->front->port();
    m_lives.insert(instance[u"id"].toString(), life);
}

bool PracticeInstances::isExpired(const QJsonObject &instance) const
{
    const QDateTime expiry = QDateTime::fromString(instance[u"expiresAt"].toString(), Qt::ISODateWithMs);
    return expiry.isValid() && m_world.now() >= expiry;
}

QString PracticeInstances::status(const QJsonObject &instance) const
{
    const auto life = m_lives.value(instance[u"id"].toString());
    if (isExpired(instance)) {
        return m_world.setting(QStringLiteral("expired_as")).toString();
    }
    if (instance[u"suspended"].toString() == u"suspended") {
        return QStringLiteral("suspended");
    }
    if (!life || !life->problem.isEmpty()) {
        return QStringLiteral("unavailable");
    }
    const int least = m_world.setting(QStringLiteral("creating_ms")).toInt();
    const bool isSoon = life->creating.isValid() && life->creating.elapsed() < least;
    if (life->isRunning && !isSoon) {
        return QStringLiteral("available");
    }
    return isSoon || !instance[u"_made"].toBool() ? QStringLiteral("creating") : QStringLiteral("unavailable");
}

QJsonObject PracticeInstances::shown(const QJsonObject &instance) const
{
    QJsonObject body = withoutPrivate(instance);
    body[QStringLiteral("status")] = status(instance);
    if (isExpired(instance) && status(instance) == u"suspended") {
        body[QStringLiteral("suspended")] = QStringLiteral("suspended");
        if (body[u"suspenders"].toArray().isEmpty()) {
            body[QStringLiteral("suspenders")] = QJsonArray{QStringLiteral("billing")};
        }
    }
    return body;
}

bool PracticeInstances::isLetIn(const QJsonObject &instance) const
{
    const QHostAddress outside(m_world.setting(QStringLiteral("outside_address")).toString());
    for (const QJsonValue each : instance[u"ipAllowList"].toArray()) {
        const auto subnet = QHostAddress::parseSubnet(each[u"cidrBlock"].toString());
        if (outside.isInSubnet(subnet) || QHostAddress(QHostAddress::LocalHost).isInSubnet(subnet)) {
            return true;
        }
    }
    return false;
}

void PracticeInstances::applyClock()
{
    bool isChanged = false;
    for (const QJsonObject &instance : QList<QJsonObject>(m_world.instances)) {
        const QString id = instance[u"id"].toString();
        const QDateTime expiry = QDateTime::fromString(instance[u"expiresAt"].toString(), Qt::ISODateWithMs);
        if (expiry.isValid() && m_world.now() >= expiry.addDays(graceDays)) {
            m_world.instances.removeIf([&id](const QJsonObject &each) { return each[u"id"].toString() == id; });
            m_world.leaving += id;
            isChanged = true;
        }
        reconcile(id);
    }
    if (isChanged) {
        m_world.save();
    }
}

void PracticeInstances::reconcile(const QString &id)
{
    const auto life = m_lives.value(id);
    if (life && life->isBusy) {
        return; // comes here again when that is done
    }
    const QJsonObject *instance = PracticeWorld::find(m_world.instances, id);
    if (instance == nullptr) {
        if (m_world.leaving.contains(id)) {
            destroyCluster(id);
        }
        return;
    }
    const bool isWanted = !isExpired(*instance) && instance->value(u"suspended").toString() != u"suspended";
    if (isWanted && !life->isRunning && life->problem.isEmpty()) {
        startCluster(id, *instance);
    } else if (!isWanted && (life->isRunning || !life->wasAsked)) {
        stopCluster(id);
    } else {
        settle(id);
    }
}

void PracticeInstances::startCluster(const QString &id, const QJsonObject &instance)
{
    const auto life = m_lives.value(id);
    life->isBusy = true;
    m_world.run(
        [options = clusterOptions(instance)](JobContext &context) {
            LocalCluster cluster(options);
            auto started = cluster.start(context);
            // Another program may have taken the port meanwhile, or the computer be very busy.
            for (int again = 0; !started && again < 2 && !context.isCancelled(); ++again) {
                started = cluster.start(context);
            }
            return started ? Started{cluster.status().port, {}} : Started{0, told(started.error())};
        },
        [this, id, life](const Started &started) {
            life->isBusy = false;
            life->isRunning = started.port > 0;
            life->port = started.port;
            life->problem = started.problem;
            life->wasAsked = false;
            QJsonObject *made = PracticeWorld::find(m_world.instances, id);
            if (made && life->isRunning && !made->value(u"_made").toBool()) {
                made->insert(QStringLiteral("_made"), true);
                m_world.save();
            }
            reconcile(id);
        });
}

void PracticeInstances::stopCluster(const QString &id)
{
    const auto life = m_lives.value(id);
    life->isBusy = true;
    life->problem.clear();
    life->front->setPlan({});
    life->front->cut();
    LocalClusterOptions options;
    options.folder = m_world.folderOf(id);
    options.home = m_world.options().home;
    m_world.run(
        [options](JobContext &context) {
            const auto stopped = LocalCluster(options).stop(context);
            return stopped ? QString() : told(stopped.error());
        },
        [this, id, life](const QString &problem) {
            life->isBusy = false;
            life->isRunning = false;
            life->wasAsked = true;
            life->problem = problem;
            reconcile(id);
        });
}

void PracticeInstances::destroyCluster(const QString &id)
{
    auto life = m_lives.value(id);
    if (!life) {
        life = std::make_shared<Life>();
        m_lives.insert(id, life);
    }
    life->isBusy = true;
    life->front.reset();
    LocalClusterOptions options;
    options.folder = m_world.folderOf(id);
    options.home = m_world.options().home;
    m_world.run(
        [options](JobContext &context) {
            const auto gone = LocalCluster(options).destroy(context);
            return gone ? QString() : told(gone.error());
        },
        [this, id](const QString &problem) {
            if (!problem.isEmpty()) {
                qWarning("%s", qPrintable(problem)); // tried again at the next start
            } else {
                m_world.leaving.removeAll(id);
                m_world.save();
            }
            m_lives.remove(id);
            emit settled();
        });
}

void PracticeInstances::settle(const QString &id)
{
    const auto life = m_lives.value(id);
    const QJsonObject *instance = PracticeWorld::find(m_world.instances, id);
    const QString now = status(*instance);
    if (now == u"creating" && life->isRunning) {
        const int least = m_world.setting(QStringLiteral("creating_ms")).toInt();
        const int left = std::max(1, int(least - life->creating.elapsed()) + 1);
        QTimer::singleShot(left, this, [this, id] { reconcile(id); });
    }
    PracticeFront::Plan plan;
    if (now == u"available" && isLetIn(*instance)) {
        plan.kind = PracticeFront::Plan::Kind::Forward;
        plan.port = life->port;
    }
    life->front->setPlan(plan);
    if (now != u"creating") {
        emit settled();
    }
}

bool PracticeInstances::isSettled() const
{
    return std::all_of(m_world.instances.begin(), m_world.instances.end(), [this](const QJsonObject &each) {
        return !m_lives.value(each[u"id"].toString())->isBusy && status(each) != u"creating";
    });
}

int PracticeInstances::internalPort(const QString &id) const
{
    const auto life = m_lives.value(id);
    return life && life->isRunning && !life->isBusy ? life->port : 0;
}

QJsonObject PracticeInstances::instance(const QString &id) const
{
    const QJsonObject *found = PracticeWorld::find(m_world.instances, id);
    return found ? *found : QJsonObject();
}

QJsonArray PracticeInstances::state() const
{
    QJsonArray all;
    for (const QJsonObject &each : m_world.instances) {
        const auto life = m_lives.value(each[u"id"].toString());
        QJsonObject told = shown(each);
        told[QStringLiteral("externalPort")] = each[u"_port"];
        told[QStringLiteral("serverPort")] = life->port;
        told[QStringLiteral("problem")] = life->problem;
        told[QStringLiteral("folder")] = m_world.folderOf(each[u"id"].toString());
        all += told;
    }
    return all;
}

void PracticeInstances::end()
{
    m_tick.stop();
    for (auto it = m_lives.begin(); it != m_lives.end(); ++it) {
        LocalClusterOptions options;
        options.folder = m_world.folderOf(it.key());
        options.home = m_world.options().home;
        JobContext context;
        if (auto stopped = LocalCluster(options).stop(context); !stopped) {
            qWarning("%s", qPrintable(stopped.error().message));
        }
    }
    m_lives.clear();
}

} // namespace Roost
