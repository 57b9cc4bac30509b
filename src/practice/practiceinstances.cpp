#include "practice/practiceinstances.h"

#include <QHostAddress>
#include <QRandomGenerator>
#include <QRegularExpression>

#include <algorithm>

namespace Roost {

namespace {

constexpr int usualDiskGb = 15;

const QStringList &regions()
{
    static const QStringList all{QStringLiteral("oregon"), QStringLiteral("ohio"), QStringLiteral("virginia"),
                                 QStringLiteral("frankfurt"), QStringLiteral("singapore")};
    return all;
}

bool isPlan(const QString &plan)
{
    static const QRegularExpression paid(QStringLiteral("^(basic_(256mb|1gb|4gb)|pro_\\d+gb|accelerated_\\d+gb)$"));
    return plan == u"free" || paid.match(plan).hasMatch();
}

QString suffix()
{
    const QStringView alphabet = u"abcdefghijklmnopqrstuvwxyz0123456789";
    QString text;
    while (text.size() < 4) {
        text += alphabet.at(QRandomGenerator::system()->bounded(int(alphabet.size())));
    }
    return text;
}

/// What is wrong with an allow list; empty if fine.
QString problemWithList(const QJsonValue &list)
{
    if (list.isUndefined() || list.isNull()) {
        return {};
    }
    for (const QJsonValue each : list.toArray()) {
        const QString block = each[u"cidrBlock"].toString();
        const auto subnet = QHostAddress::parseSubnet(block);
        if (subnet.first.protocol() != QAbstractSocket::IPv4Protocol || !block.contains(u'/')) {
            return QStringLiteral("invalid CIDR block: ") + block;
        }
    }
    return list.isArray() ? QString() : QStringLiteral("ipAllowList must be an array");
}

/// Render answers with null where nobody is on the list.
QJsonValue shownList(const QJsonValue &list)
{
    return list.toArray().isEmpty() ? QJsonValue(QJsonValue::Null) : list;
}

QJsonArray everywhere()
{
    return {QJsonObject{{QStringLiteral("cidrBlock"), QStringLiteral("0.0.0.0/0")},
                        {QStringLiteral("description"), QStringLiteral("everywhere")}}};
}

} // namespace

bool PracticeInstances::answer(const PracticeCall &call, const PracticeReply &reply)
{
    if (call.path.size() == 2 && call.part(0) == u"metrics" && call.method == "GET") {
        answerMetric(call, reply);
        return true;
    }
    if (call.part(0) != u"postgres") {
        return false;
    }
    if (call.matches("GET", {QStringLiteral("postgres")})) {
        reply(list(call));
        return true;
    }
    if (call.matches("POST", {QStringLiteral("postgres")})) {
        reply(create(call));
        return true;
    }
    return call.path.size() >= 2 && answerOne(call, reply);
}

bool PracticeInstances::answerOne(const PracticeCall &call, const PracticeReply &reply)
{
    QJsonObject *instance = PracticeWorld::find(m_world.instances, call.part(1));
    if (instance == nullptr) {
        reply(PracticeAnswer::notFound(call.part(1)));
        return true;
    }
    const QString any = QStringLiteral("*");
    const QString postgres = QStringLiteral("postgres");
    if (call.matches("GET", {postgres, any})) {
        reply(PracticeAnswer::json(shown(*instance)));
    } else if (call.matches("PATCH", {postgres, any})) {
        reply(update(*instance, call));
    } else if (call.matches("DELETE", {postgres, any})) {
        reply(remove(call.part(1)));
    } else if (call.matches("POST", {postgres, any, QStringLiteral("suspend")})) {
        reply(suspend(*instance, true));
    } else if (call.matches("POST", {postgres, any, QStringLiteral("resume")})) {
        reply(suspend(*instance, false));
    } else if (call.matches("POST", {postgres, any, QStringLiteral("restart")})) {
        const auto life = m_lives.value(call.part(1));
        if (life && life->isRunning && !life->isBusy) {
            stopCluster(call.part(1)); // what follows finds that it should run
        }
        reply(PracticeAnswer::empty(202));
    } else {
        return answerInspection(call, *instance, reply);
    }
    return true;
}

PracticeAnswer PracticeInstances::list(const PracticeCall &call) const
{
    const auto fits = [&call](const char *parameter, const QString &value) {
        const QStringList words = call.queryWords(QLatin1String(parameter));
        return words.isEmpty() || words.contains(value);
    };
    QList<QJsonObject> found;
    for (const QJsonObject &each : m_world.instances) {
        const QJsonObject instance = shown(each);
        if (fits("name", instance[u"name"].toString()) && fits("region", instance[u"region"].toString()) &&
            fits("ownerId", instance[u"owner"][u"id"].toString()) &&
            fits("suspended", instance[u"suspended"].toString())) {
            found += each;
        }
    }
    return practicePage(call, found, QStringLiteral("postgres"), [this](const QJsonObject &each) {
        QJsonObject item = shown(each);
        item.remove(QStringLiteral("maintenance"));
        return item;
    });
}

QString PracticeInstances::problemWith(const QJsonObject &draft) const
{
    static const QRegularExpression plainName(QStringLiteral("^[a-z_][a-z0-9_]{0,58}$"));
    const QString plan = draft[u"plan"].toString();
    const int version = draft[u"version"].toString().toInt();
    if (draft[u"name"].toString().trimmed().isEmpty()) {
        return QStringLiteral("name is required");
    }
    if (draft[u"ownerId"].toString() != m_world.owner()[u"id"].toString()) {
        return QStringLiteral("invalid ownerID");
    }
    if (!isPlan(plan)) {
        return QStringLiteral("invalid plan: ") + plan;
    }
    if (version < 11 || version > 18) {
        return QStringLiteral("invalid version: ") + draft[u"version"].toString();
    }
    if (draft.contains(u"region") && !regions().contains(draft[u"region"].toString())) {
        return QStringLiteral("invalid region: ") + draft[u"region"].toString();
    }
    for (const QString &member : {QStringLiteral("databaseName"), QStringLiteral("databaseUser")}) {
        const QString name = draft[member].toString();
        if (!name.isEmpty() && !plainName.match(name).hasMatch()) {
            return QStringLiteral("invalid %1: use lowercase letters, digits and underscores").arg(member);
        }
    }
    if (plan == u"free" && draft.contains(u"diskSizeGB")) {
        return QStringLiteral("disk size cannot be set on the free plan");
    }
    return problemWithList(draft[u"ipAllowList"]);
}

PracticeAnswer PracticeInstances::create(const PracticeCall &call)
{
    const auto draft = call.object();
    if (!draft) {
        return PracticeAnswer::refusal(400, QStringLiteral("invalid JSON"));
    }
    if (const QString problem = problemWith(*draft); !problem.isEmpty()) {
        return PracticeAnswer::refusal(400, problem);
    }
    if (m_world.setting(QStringLiteral("needs_card")).toBool()) {
        return PracticeAnswer::refusal(402,
                                       QStringLiteral("Payment information is required to complete this request. To "
                                                      "add a card, visit https://dashboard.render.com/billing"));
    }
    const bool counts = m_world.setting(QStringLiteral("suspended_counts")).toBool();
    const bool isTaken = std::any_of(m_world.instances.begin(), m_world.instances.end(), [&](const QJsonObject &each) {
        return each[u"plan"].toString() == u"free" && (counts || status(each) != u"suspended");
    });
    if ((*draft)[u"plan"].toString() == u"free" && isTaken) {
        return PracticeAnswer::refusal(400, QStringLiteral("cannot have more than one active free tier database"));
    }
    QJsonObject body = shown(make(*draft));
    const QString word = m_world.setting(QStringLiteral("created_status")).toString();
    const bool saysUnknown = word == u"alternate" ? std::exchange(m_saysUnknown, !m_saysUnknown) : word == u"unknown";
    body[QStringLiteral("status")] = saysUnknown ? QStringLiteral("unknown") : QStringLiteral("creating");
    body[QStringLiteral("createdAt")] = m_world.exactTimeText();
    body[QStringLiteral("updatedAt")] = body[u"createdAt"];
    return PracticeAnswer::json(body, 201);
}

QString PracticeInstances::versionFor(const QString &wanted) const
{
    // What is not installed here cannot be run; the answer tells the truth about what is.
    const auto &programs = m_world.serverPrograms;
    return programs.isEmpty() || programs.contains(wanted.toInt()) ? wanted : QString::number(programs.lastKey());
}

QJsonObject PracticeInstances::make(const QJsonObject &draft)
{
    const QString id = m_world.newId("dpg");
    QString base = draft[u"databaseName"].toString();
    if (base.isEmpty()) {
        base = draft[u"name"].toString().toLower().replace(QRegularExpression(QStringLiteral("[^a-z0-9]+")),
                                                           QStringLiteral("_"));
    }
    const QString database = base.left(50) + u'_' + suffix();
    const QString wantedUser = draft[u"databaseUser"].toString();
    const QString user = wantedUser.isEmpty() ? database + QStringLiteral("_user") : wantedUser;
    const bool isFree = draft[u"plan"].toString() == u"free";
    const QString time = m_world.timeText();
    QJsonObject instance{
        {QStringLiteral("connectionPool"), QStringLiteral("none")},
        {QStringLiteral("createdAt"), time},
        {QStringLiteral("dashboardUrl"), QStringLiteral("https://dashboard.render.com/d/") + id},
        {QStringLiteral("databaseName"), database},
        {QStringLiteral("databaseUser"), user},
        {QStringLiteral("diskAutoscalingEnabled"), draft[u"enableDiskAutoscaling"].toBool()},
        {QStringLiteral("diskSizeGB"), isFree ? 1 : draft[u"diskSizeGB"].toInt(usualDiskGb)},
        {QStringLiteral("highAvailabilityEnabled"), draft[u"enableHighAvailability"].toBool()},
        {QStringLiteral("id"), id},
        {QStringLiteral("ipAllowList"),
         shownList(draft.contains(u"ipAllowList") ? draft[u"ipAllowList"] : QJsonValue(everywhere()))},
        {QStringLiteral("name"), draft[u"name"]},
        {QStringLiteral("owner"), m_world.owner()},
        {QStringLiteral("plan"), draft[u"plan"]},
        {QStringLiteral("readReplicas"), QJsonArray()},
        {QStringLiteral("region"), draft[u"region"].toString(QStringLiteral("oregon"))},
        {QStringLiteral("role"), QStringLiteral("primary")},
        {QStringLiteral("suspended"), QStringLiteral("not_suspended")},
        {QStringLiteral("suspenders"), QJsonArray()},
        {QStringLiteral("updatedAt"), time},
        {QStringLiteral("version"), versionFor(draft[u"version"].toString())},
        {QStringLiteral("_number"), m_world.newNumber()},
        {QStringLiteral("_credentials"), QJsonArray{QJsonObject{{QStringLiteral("username"), user},
                                                                {QStringLiteral("default"), true},
                                                                {QStringLiteral("createdAt"), time}}}},
    };
    if (isFree) {
        constexpr int freeDays = 30;
        instance[QStringLiteral("expiresAt")] = PracticeWorld::timeText(m_world.now().addDays(freeDays));
    }
    if (const QString environment = draft[u"environmentId"].toString(); !environment.isEmpty()) {
        instance[QStringLiteral("environmentId")] = environment;
    }
    if (draft.contains(u"_sample")) {
        instance[QStringLiteral("_sample")] = true;
    }
    openFront(instance);
    m_world.instances += instance;
    m_world.save();
    reconcile(id);
    return instance;
}

void PracticeInstances::createSample()
{
    const QJsonObject made = make({{QStringLiteral("name"), QStringLiteral("school-db")},
                                   {QStringLiteral("plan"), QStringLiteral("free")},
                                   {QStringLiteral("version"), QStringLiteral("18")},
                                   {QStringLiteral("databaseName"), QStringLiteral("my_database")},
                                   {QStringLiteral("databaseUser"), QStringLiteral("my_database_user")},
                                   {QStringLiteral("_sample"), true}});
    m_lives.value(made[u"id"].toString())->creating.invalidate(); // it is to be there from the start
}

QString PracticeInstances::sampleId() const
{
    for (const QJsonObject &each : m_world.instances) {
        if (each[u"_sample"].toBool()) {
            return each[u"id"].toString();
        }
    }
    return {};
}

PracticeAnswer PracticeInstances::update(const QJsonObject &instance, const PracticeCall &call)
{
    const auto changes = call.object();
    if (!changes) {
        return PracticeAnswer::refusal(400, QStringLiteral("invalid JSON"));
    }
    QJsonObject changed = instance;
    const QString plan = (*changes)[u"plan"].toString(changed[u"plan"].toString());
    const int disk = (*changes)[u"diskSizeGB"].toInt(changed[u"diskSizeGB"].toInt());
    const QString name = (*changes)[u"name"].toString(changed[u"name"].toString());
    QString problem = problemWithList((*changes)[u"ipAllowList"]);
    if (!isPlan(plan) || (plan == u"free" && changed[u"plan"].toString() != u"free")) {
        problem = QStringLiteral("invalid plan: ") + plan;
    } else if (disk < changed[u"diskSizeGB"].toInt()) {
        problem = QStringLiteral("disk size cannot be decreased");
    } else if (changes->contains(u"diskSizeGB") && plan == u"free") {
        problem = QStringLiteral("disk size cannot be set on the free plan");
    } else if (name.trimmed().isEmpty()) {
        problem = QStringLiteral("name is required");
    }
    if (!problem.isEmpty()) {
        return PracticeAnswer::refusal(400, problem);
    }
    const QString id = changed[u"id"].toString();
    if (plan != changed[u"plan"].toString()) {
        changed.remove(QStringLiteral("expiresAt"));
        if (const auto life = m_lives.value(id)) {
            life->creating.start();
        }
    }
    changed[QStringLiteral("plan")] = plan;
    changed[QStringLiteral("diskSizeGB")] = plan == u"free" ? disk : std::max(disk, usualDiskGb);
    changed[QStringLiteral("name")] = name;
    changed[QStringLiteral("updatedAt")] = m_world.timeText();
    if (changes->contains(u"ipAllowList")) {
        changed[QStringLiteral("ipAllowList")] = shownList((*changes)[u"ipAllowList"]);
    }
    *PracticeWorld::find(m_world.instances, id) = changed;
    m_world.save();
    reconcile(id);
    return PracticeAnswer::json(shown(changed));
}

PracticeAnswer PracticeInstances::remove(const QString &id)
{
    m_world.instances.removeIf([&id](const QJsonObject &each) { return each[u"id"].toString() == id; });
    m_world.leaving += id;
    m_world.save();
    reconcile(id);
    return PracticeAnswer::empty(204);
}

PracticeAnswer PracticeInstances::suspend(QJsonObject &instance, bool isSuspended)
{
    instance[QStringLiteral("suspended")] = isSuspended ? QStringLiteral("suspended") : QStringLiteral("not_suspended");
    instance[QStringLiteral("suspenders")] = isSuspended ? QJsonArray{QStringLiteral("user")} : QJsonArray();
    instance[QStringLiteral("updatedAt")] = m_world.timeText();
    const QString id = instance[u"id"].toString();
    m_world.save();
    if (const auto life = m_lives.value(id)) {
        life->problem.clear(); // what went wrong before is tried again
    }
    reconcile(id);
    return PracticeAnswer::empty(202);
}

} // namespace Roost
