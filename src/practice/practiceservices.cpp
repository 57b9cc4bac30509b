#include "practice/practiceservices.h"

#include <QRegularExpression>

namespace Roost {

PracticeServices::PracticeServices(PracticeWorld &world, PracticeInstances &instances)
    : m_world(world)
    , m_instances(instances)
{
}

void PracticeServices::begin()
{
    for (QJsonObject &service : m_world.services) {
        openFront(service);
    }
    m_world.save();
    for (const QJsonObject &service : QList<QJsonObject>(m_world.services)) {
        const QString id = service[u"id"].toString();
        // A deploy that was under way when we ended cannot be followed any more.
        for (QJsonObject &deploy : m_world.deploys[id]) {
            const QString status = deploy[u"status"].toString();
            if (status.endsWith(u"_in_progress") || status == u"created" || status == u"queued") {
                deploy[QStringLiteral("status")] = QStringLiteral("canceled");
                deploy[QStringLiteral("finishedAt")] = m_world.timeText();
            }
        }
        settle(id);
    }
}

bool PracticeServices::answer(const PracticeCall &call, const PracticeReply &reply)
{
    if (call.part(0) == u"env-groups") {
        return answerGroups(call, reply);
    }
    if (call.part(0) != u"services") {
        return false;
    }
    if (call.matches("GET", {QStringLiteral("services")})) {
        reply(list(call));
        return true;
    }
    if (call.matches("POST", {QStringLiteral("services")})) {
        reply(create(call));
        return true;
    }
    return call.path.size() >= 2 && answerOne(call, reply);
}

bool PracticeServices::answerOne(const PracticeCall &call, const PracticeReply &reply)
{
    const QString id = call.part(1);
    QJsonObject *service = PracticeWorld::find(m_world.services, id);
    if (service == nullptr) {
        reply(PracticeAnswer::notFound(id));
        return true;
    }
    const QString any = QStringLiteral("*");
    const QString services = QStringLiteral("services");
    if (call.matches("GET", {services, any})) {
        reply(PracticeAnswer::json(shown(*service)));
    } else if (call.matches("PATCH", {services, any})) {
        reply(update(*service, call));
    } else if (call.matches("DELETE", {services, any})) {
        remove(id);
        reply(PracticeAnswer::empty(204));
    } else if (call.matches("POST", {services, any, QStringLiteral("suspend")})) {
        reply(suspend(*service, true));
    } else if (call.matches("POST", {services, any, QStringLiteral("resume")})) {
        reply(suspend(*service, false));
    } else if (call.matches("POST", {services, any, QStringLiteral("restart")})) {
        sleep(id);
        reply(PracticeAnswer::empty(200));
    } else if (call.part(2) == u"env-vars") {
        return answerVariables(*service, call, reply);
    } else if (call.part(2) == u"deploys") {
        return answerDeploys(id, call, reply);
    } else if (call.matches("GET", {services, any, QStringLiteral("events")})) {
        reply(PracticeAnswer::json(QJsonArray()));
    } else {
        return false;
    }
    return true;
}

QJsonObject PracticeServices::shown(const QJsonObject &service) const
{
    return withoutPrivate(service);
}

PracticeAnswer PracticeServices::list(const PracticeCall &call) const
{
    const auto fits = [&call](const char *parameter, const QString &value) {
        const QStringList words = call.queryWords(QLatin1String(parameter));
        return words.isEmpty() || words.contains(value);
    };
    QList<QJsonObject> found;
    for (const QJsonObject &each : m_world.services) {
        if (fits("name", each[u"name"].toString()) && fits("type", each[u"type"].toString()) &&
            fits("ownerId", each[u"ownerId"].toString()) && fits("suspended", each[u"suspended"].toString()) &&
            fits("region", each[u"serviceDetails"][u"region"].toString())) {
            found += each;
        }
    }
    return practicePage(call, found, QStringLiteral("service"),
                        [this](const QJsonObject &service) { return shown(service); });
}

PracticeAnswer PracticeServices::create(const PracticeCall &call)
{
    const auto draft = call.object();
    if (!draft) {
        return PracticeAnswer::refusal(400, QStringLiteral("invalid JSON"));
    }
    const QJsonObject details = (*draft)[u"serviceDetails"].toObject();
    const QString name = (*draft)[u"name"].toString();
    const QString type = (*draft)[u"type"].toString();
    if (name.trimmed().isEmpty()) {
        return PracticeAnswer::refusal(400, QStringLiteral("name is required"));
    }
    if (type != u"web_service") {
        return PracticeAnswer::refusal(400, QStringLiteral("invalid type: ") + type);
    }
    if ((*draft)[u"ownerId"].toString() != m_world.owner()[u"id"].toString()) {
        return PracticeAnswer::refusal(400, QStringLiteral("invalid ownerID"));
    }
    if ((*draft)[u"repo"].toString().isEmpty()) {
        return PracticeAnswer::refusal(400, QStringLiteral("must provide either repo or image"));
    }
    // Without a plan Render takes a paid one, which needs a card.
    if (m_world.setting(QStringLiteral("needs_card")).toBool() || details[u"plan"].toString() != u"free") {
        return PracticeAnswer::refusal(402,
                                       QStringLiteral("Payment information is required to complete this request. To "
                                                      "add a card, visit https://dashboard.render.com/billing"));
    }
    for (const QJsonObject &each : m_world.services) {
        if (each[u"name"].toString() == name) {
            return PracticeAnswer::refusal(400, QStringLiteral("name is already taken: ") + name);
        }
    }
    const QJsonObject service = make(*draft);
    const QString id = service[u"id"].toString();
    const QString deployId = addDeploy(id, QStringLiteral("new_commit"), {});
    advance(id);
    return PracticeAnswer::json(
        QJsonObject{{QStringLiteral("service"), shown(service)}, {QStringLiteral("deployId"), deployId}}, 201);
}

QJsonObject PracticeServices::make(const QJsonObject &draft)
{
    const QString id = m_world.newId("srv");
    const QString time = m_world.timeText();
    QJsonObject details = draft[u"serviceDetails"].toObject();
    const QString runtime = details[u"runtime"].toString(QStringLiteral("python"));
    QJsonObject commands = details[u"envSpecificDetails"].toObject();
    QJsonObject shownDetails{
        {QStringLiteral("buildPlan"), QStringLiteral("starter")},
        {QStringLiteral("env"), runtime},
        {QStringLiteral("envSpecificDetails"), commands},
        {QStringLiteral("healthCheckPath"), details[u"healthCheckPath"].toString()},
        {QStringLiteral("maintenanceMode"),
         QJsonObject{{QStringLiteral("enabled"), false}, {QStringLiteral("uri"), QString()}}},
        {QStringLiteral("numInstances"), 1},
        {QStringLiteral("openPorts"), QJsonValue::Null},
        {QStringLiteral("plan"), details[u"plan"].toString(QStringLiteral("free"))},
        {QStringLiteral("previews"), QJsonObject{{QStringLiteral("generation"), QStringLiteral("off")}}},
        {QStringLiteral("pullRequestPreviewsEnabled"), QStringLiteral("no")},
        {QStringLiteral("region"), details[u"region"].toString(QStringLiteral("oregon"))},
        {QStringLiteral("runtime"), runtime},
    };
    QString slug = draft[u"name"].toString().toLower();
    slug.replace(QRegularExpression(QStringLiteral("[^a-z0-9]+")), QStringLiteral("-"));
    QJsonObject service{
        {QStringLiteral("autoDeploy"), draft[u"autoDeploy"].toString(QStringLiteral("yes"))},
        {QStringLiteral("branch"), draft[u"branch"].toString(QStringLiteral("main"))},
        {QStringLiteral("createdAt"), time},
        {QStringLiteral("dashboardUrl"), QStringLiteral("https://dashboard.render.com/web/") + id},
        {QStringLiteral("id"), id},
        {QStringLiteral("name"), draft[u"name"]},
        {QStringLiteral("notifyOnFail"), QStringLiteral("default")},
        {QStringLiteral("ownerId"), m_world.owner()[u"id"]},
        {QStringLiteral("repo"), draft[u"repo"]},
        {QStringLiteral("rootDir"), draft[u"rootDir"].toString()},
        {QStringLiteral("serviceDetails"), shownDetails},
        {QStringLiteral("slug"), slug},
        {QStringLiteral("suspended"), QStringLiteral("not_suspended")},
        {QStringLiteral("suspenders"), QJsonArray()},
        {QStringLiteral("type"), QStringLiteral("web_service")},
        {QStringLiteral("updatedAt"), time},
        {QStringLiteral("_number"), m_world.newNumber()},
    };
    QJsonArray variables;
    for (const QJsonValue each : draft[u"envVars"].toArray()) {
        variables += QJsonObject{{QStringLiteral("key"), each[u"key"]},
                                 {QStringLiteral("value"), each[u"value"]},
                                 {QStringLiteral("_number"), m_world.newNumber()}};
    }
    service[QStringLiteral("_variables")] = variables;
    openFront(service);
    m_world.services += service;
    m_world.save();
    settle(id);
    return service;
}

void PracticeServices::createSample(const QMap<QString, QString> &variables)
{
    QJsonArray list;
    for (auto it = variables.begin(); it != variables.end(); ++it) {
        list += QJsonObject{{QStringLiteral("key"), it.key()}, {QStringLiteral("value"), it.value()}};
    }
    const QJsonObject commands{{QStringLiteral("buildCommand"), QStringLiteral("pip install -r requirements.txt")},
                               {QStringLiteral("startCommand"), QStringLiteral("gunicorn app:app")}};
    const QString id = make({{QStringLiteral("name"), QStringLiteral("bird-app")},
                             {QStringLiteral("repo"), QStringLiteral("https://github.com/example/bird-app")},
                             {QStringLiteral("envVars"), list},
                             {QStringLiteral("serviceDetails"),
                              QJsonObject{{QStringLiteral("plan"), QStringLiteral("free")},
                                          {QStringLiteral("healthCheckPath"), QStringLiteral("/birds")},
                                          {QStringLiteral("envSpecificDetails"), commands}}}})[u"id"]
                           .toString();
    // Deployed some time ago, and asleep: it wakes with the first request, as free services do.
    const QString deployId = addDeploy(id, QStringLiteral("manual"), {});
    setStatus(id, deployId, QStringLiteral("live"));
    QJsonObject *service = PracticeWorld::find(m_world.services, id);
    QJsonObject live;
    for (auto it = variables.begin(); it != variables.end(); ++it) {
        live[it.key()] = it.value();
    }
    service->insert(QStringLiteral("_live"), live);
    m_world.save();
    settle(id);
}

PracticeAnswer PracticeServices::update(QJsonObject &service, const PracticeCall &call)
{
    const auto changes = call.object();
    if (!changes) {
        return PracticeAnswer::refusal(400, QStringLiteral("invalid JSON"));
    }
    for (const QString &member : {QStringLiteral("name"), QStringLiteral("branch"), QStringLiteral("autoDeploy"),
                                  QStringLiteral("repo"), QStringLiteral("rootDir")}) {
        if (changes->contains(member)) {
            service[member] = changes->value(member);
        }
    }
    QJsonObject details = service[u"serviceDetails"].toObject();
    const QJsonObject changedDetails = (*changes)[u"serviceDetails"].toObject();
    for (const QString &member : {QStringLiteral("healthCheckPath"), QStringLiteral("envSpecificDetails")}) {
        if (changedDetails.contains(member)) {
            details[member] = changedDetails[member];
        }
    }
    service[QStringLiteral("serviceDetails")] = details;
    service[QStringLiteral("updatedAt")] = m_world.timeText();
    m_world.save();
    return PracticeAnswer::json(shown(service));
}

PracticeAnswer PracticeServices::suspend(QJsonObject &service, bool isSuspended)
{
    service[QStringLiteral("suspended")] = isSuspended ? QStringLiteral("suspended") : QStringLiteral("not_suspended");
    service[QStringLiteral("suspenders")] = isSuspended ? QJsonArray{QStringLiteral("user")} : QJsonArray();
    service[QStringLiteral("updatedAt")] = m_world.timeText();
    const QString id = service[u"id"].toString();
    m_world.save();
    if (isSuspended) {
        sleep(id);
    }
    settle(id);
    return PracticeAnswer::empty(202);
}

void PracticeServices::remove(const QString &id)
{
    if (const auto life = m_lives.take(id)) {
        putAway(std::exchange(life->live, nullptr));
        for (const auto &app : life->starting) {
            putAway(app);
        }
    }
    m_world.services.removeIf([&id](const QJsonObject &each) { return each[u"id"].toString() == id; });
    m_world.deploys.remove(id);
    m_world.save();
}

bool PracticeServices::sleep(const QString &id)
{
    const auto life = m_lives.value(id);
    if (!life) {
        return false;
    }
    putAway(std::exchange(life->live, nullptr));
    settle(id);
    return true;
}

QJsonArray PracticeServices::state() const
{
    QJsonArray all;
    for (const QJsonObject &each : m_world.services) {
        const auto life = m_lives.value(each[u"id"].toString());
        QJsonObject told = shown(each);
        told[QStringLiteral("isRunning")] = life->live != nullptr;
        told[QStringLiteral("appPort")] = life->live ? life->live->port() : 0;
        told[QStringLiteral("log")] = QJsonArray::fromStringList(life->log);
        all += told;
    }
    return all;
}

} // namespace Roost
