#include "practice/practiceservices.h"

#include <QCryptographicHash>
#include <QTimer>

#include <algorithm>

namespace Roost {

namespace {

const QString statusMember = QStringLiteral("status");

bool isWaiting(const QJsonObject &deploy)
{
    const QString status = deploy[statusMember].toString();
    return status == u"created" || status == u"queued";
}

bool isUnderWay(const QJsonObject &deploy)
{
    return deploy[statusMember].toString().endsWith(u"_in_progress");
}

} // namespace

bool PracticeServices::answerDeploys(const QString &serviceId, const PracticeCall &call, const PracticeReply &reply)
{
    const QString any = QStringLiteral("*");
    const QStringList all{QStringLiteral("services"), any, QStringLiteral("deploys")};
    QList<QJsonObject> &deploys = m_world.deploys[serviceId];
    if (call.matches("POST", all)) {
        reply(deploy(serviceId, call));
        return true;
    }
    if (call.matches("GET", all)) {
        const QStringList statuses = call.queryWords(statusMember);
        const QDateTime after = QDateTime::fromString(
            call.query.queryItemValue(QStringLiteral("createdAfter"), QUrl::FullyDecoded), Qt::ISODateWithMs);
        QList<QJsonObject> found;
        for (const QJsonObject &each : deploys) {
            const QDateTime created = QDateTime::fromString(each[u"createdAt"].toString(), Qt::ISODateWithMs);
            if ((statuses.isEmpty() || statuses.contains(each[statusMember].toString())) &&
                (!after.isValid() || created > after)) {
                found += each;
            }
        }
        reply(practicePage(call, found, QStringLiteral("deploy"), withoutPrivate));
        return true;
    }
    const QJsonObject *deploy = PracticeWorld::find(deploys, call.part(3));
    if (deploy == nullptr) {
        reply(PracticeAnswer::notFound(call.part(3)));
    } else if (call.matches("GET", all + QStringList{any})) {
        reply(PracticeAnswer::json(withoutPrivate(*deploy)));
    } else if (call.matches("POST", all + QStringList{any, QStringLiteral("cancel")})) {
        reply(cancel(serviceId, call.part(3)));
    } else {
        return false;
    }
    return true;
}

PracticeAnswer PracticeServices::deploy(const QString &serviceId, const PracticeCall &call)
{
    const auto request = call.object();
    if (!request) {
        return PracticeAnswer::refusal(400, QStringLiteral("invalid JSON"));
    }
    const QString mode = (*request)[u"deployMode"].toString(QStringLiteral("build_and_deploy"));
    if (mode != u"deploy_only" && mode != u"build_and_deploy") {
        return PracticeAnswer::refusal(400, QStringLiteral("invalid deployMode: ") + mode);
    }
    const bool wantsBuild = request->contains(u"commitId") || request->contains(u"imageUrl") ||
                            (*request)[u"clearCache"].toString() == u"clear";
    if (mode == u"deploy_only" && wantsBuild) {
        return PracticeAnswer::refusal(
            400, QStringLiteral("deploy_only cannot be combined with commitId, imageUrl or clearCache"));
    }
    const QJsonObject *service = PracticeWorld::find(m_world.services, serviceId);
    if (service->value(u"suspended").toString() == u"suspended") {
        return PracticeAnswer::refusal(409, QStringLiteral("cannot deploy a suspended service"));
    }
    const QString id = addDeploy(serviceId, QStringLiteral("api"), *request);
    advance(serviceId);
    const QString word = m_world.setting(QStringLiteral("deploy_answer")).toVariant().toString();
    const bool isQueued = word == u"alternate" ? std::exchange(m_answersQueued, !m_answersQueued) : word == u"202";
    return isQueued ? PracticeAnswer::empty(202)
                    : PracticeAnswer::json(withoutPrivate(*PracticeWorld::find(m_world.deploys[serviceId], id)), 201);
}

QString PracticeServices::addDeploy(const QString &serviceId, const QString &trigger, const QJsonObject &request)
{
    const QString time = m_world.timeText();
    const QString commit =
        QString::fromLatin1(QCryptographicHash::hash(serviceId.toLatin1(), QCryptographicHash::Sha1).toHex());
    QString id = m_world.newId("dep");
    const QJsonObject deploy{
        {QStringLiteral("id"), id},
        {QStringLiteral("commit"), QJsonObject{{QStringLiteral("id"), request[u"commitId"].toString(commit)},
                                               {QStringLiteral("message"), QStringLiteral("The bird API")},
                                               {QStringLiteral("createdAt"), time}}},
        {statusMember, QStringLiteral("created")},
        {QStringLiteral("trigger"), trigger},
        {QStringLiteral("createdAt"), time},
        {QStringLiteral("updatedAt"), time},
        {QStringLiteral("finishedAt"), QJsonValue::Null},
        {QStringLiteral("_number"), m_world.newNumber()},
        {QStringLiteral("_reusesBuild"), request[u"deployMode"].toString() == u"deploy_only"},
    };
    m_world.deploys[serviceId].prepend(deploy);
    m_world.save();
    return id;
}

void PracticeServices::setStatus(const QString &serviceId, const QString &deployId, const QString &status)
{
    QJsonObject *deploy = PracticeWorld::find(m_world.deploys[serviceId], deployId);
    if (deploy == nullptr) {
        return;
    }
    (*deploy)[statusMember] = status;
    (*deploy)[QStringLiteral("updatedAt")] = m_world.timeText();
    if (!isUnderWay(*deploy) && !isWaiting(*deploy) && (*deploy)[u"finishedAt"].isNull()) {
        (*deploy)[QStringLiteral("finishedAt")] = m_world.timeText();
    }
    m_world.save();
}

void PracticeServices::advance(const QString &serviceId)
{
    const auto life = m_lives.value(serviceId);
    if (!life || !life->deploying.isEmpty()) {
        return;
    }
    const QList<QJsonObject> &deploys = m_world.deploys[serviceId];
    const auto oldest = std::find_if(deploys.rbegin(), deploys.rend(), isWaiting);
    if (oldest == deploys.rend()) {
        return;
    }
    const QString id = (*oldest)[u"id"].toString();
    const bool reusesBuild = (*oldest)[u"_reusesBuild"].toBool();
    life->deploying = id;
    for (const QJsonObject &later : QList<QJsonObject>(deploys)) {
        if (isWaiting(later) && later[u"id"].toString() != id) {
            setStatus(serviceId, later[u"id"].toString(), QStringLiteral("queued"));
        }
    }
    if (reusesBuild) {
        update(serviceId, id);
    } else {
        build(serviceId, id);
    }
}

void PracticeServices::build(const QString &serviceId, const QString &deployId)
{
    setStatus(serviceId, deployId, QStringLiteral("build_in_progress"));
    QTimer::singleShot(m_world.setting(QStringLiteral("build_ms")).toInt(), this, [this, serviceId, deployId] {
        const auto life = m_lives.value(serviceId);
        if (!life || life->deploying != deployId) {
            return;
        }
        if (m_world.setting(QStringLiteral("next_deploy")).toString() == u"build_failed") {
            m_world.settings[QStringLiteral("next_deploy")] = QString();
            setStatus(serviceId, deployId, QStringLiteral("build_failed"));
            life->deploying.clear();
            advance(serviceId);
        } else {
            update(serviceId, deployId);
        }
    });
}

void PracticeServices::update(const QString &serviceId, const QString &deployId)
{
    setStatus(serviceId, deployId, QStringLiteral("update_in_progress"));
    const auto isCurrent = [this, serviceId, deployId] {
        const auto life = m_lives.value(serviceId);
        return life && life->deploying == deployId;
    };
    QTimer::singleShot(
        m_world.setting(QStringLiteral("update_ms")).toInt(), this, [this, serviceId, deployId, isCurrent] {
            if (!isCurrent()) {
                return;
            }
            if (m_world.setting(QStringLiteral("next_deploy")).toString() == u"update_failed") {
                m_world.settings[QStringLiteral("next_deploy")] = QString();
                finish(serviceId, deployId, QStringLiteral("asked for"));
                return;
            }
            const Variables variables = variablesOf(*PracticeWorld::find(m_world.services, serviceId));
            QJsonObject kept;
            for (auto it = variables.begin(); it != variables.end(); ++it) {
                kept[it.key()] = it.value();
            }
            PracticeWorld::find(m_world.deploys[serviceId], deployId)->insert(QStringLiteral("_kept"), kept);
            launch(serviceId, deployId, variables,
                   [this, serviceId, deployId, isCurrent](const std::shared_ptr<PracticeApp> &app,
                                                          const QString &problem) {
                       if (!isCurrent()) {
                           stopStarting(serviceId, deployId);
                           putAway(app);
                       } else if (!app) {
                           finish(serviceId, deployId, problem);
                       } else {
                           judge(serviceId, deployId, app);
                       }
                   });
        });
}

void PracticeServices::judge(const QString &serviceId, const QString &deployId, const std::shared_ptr<PracticeApp> &app)
{
    checkHealth(serviceId, app, [this, serviceId, deployId, app](const QString &problem) {
        const auto life = m_lives.value(serviceId);
        const bool isCurrent = life && life->deploying == deployId;
        if (isCurrent && problem.isEmpty()) {
            take(serviceId, app);
        } else {
            stopStarting(serviceId, deployId); // the one before runs on
        }
        if (isCurrent) {
            finish(serviceId, deployId, problem);
        }
    });
}

void PracticeServices::finish(const QString &serviceId, const QString &deployId, const QString &problem)
{
    const auto life = m_lives.value(serviceId);
    QJsonObject *service = PracticeWorld::find(m_world.services, serviceId);
    const QJsonObject *deploy = PracticeWorld::find(m_world.deploys[serviceId], deployId);
    if (problem.isEmpty()) {
        service->insert(QStringLiteral("_live"), deploy->value(u"_kept"));
        for (const QJsonObject &each : QList<QJsonObject>(m_world.deploys[serviceId])) {
            if (each[statusMember].toString() == u"live") {
                setStatus(serviceId, each[u"id"].toString(), QStringLiteral("deactivated"));
            }
        }
        setStatus(serviceId, deployId, QStringLiteral("live"));
    } else {
        life->log += QStringLiteral("==> Deploy failed: ") + problem;
        setStatus(serviceId, deployId, QStringLiteral("update_failed"));
    }
    life->deploying.clear();
    settle(serviceId);
    advance(serviceId);
}

PracticeAnswer PracticeServices::cancel(const QString &serviceId, const QString &deployId)
{
    const auto life = m_lives.value(serviceId);
    const QJsonObject *deploy = PracticeWorld::find(m_world.deploys[serviceId], deployId);
    if (isWaiting(*deploy) || isUnderWay(*deploy)) {
        setStatus(serviceId, deployId, QStringLiteral("canceled"));
        if (life->deploying == deployId) {
            life->deploying.clear();
            stopStarting(serviceId, deployId);
            advance(serviceId);
        }
    }
    return PracticeAnswer::json(withoutPrivate(*PracticeWorld::find(m_world.deploys[serviceId], deployId)));
}

} // namespace Roost
