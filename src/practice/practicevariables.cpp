#include "practice/practiceservices.h"

#include <QJsonDocument>
#include <QRandomGenerator>

#include <algorithm>

namespace Roost {

namespace {

const QString variablesMember = QStringLiteral("_variables");
const QString numberMember = QStringLiteral("_number");

/// Absent when neither a value nor the wish for one is there.
std::optional<QString> valueOf(const QJsonObject &variable)
{
    if (variable[u"generateValue"].toBool()) {
        QByteArray random(32, Qt::Uninitialized);
        for (char &byte : random) {
            byte = char(QRandomGenerator::system()->bounded(256));
        }
        return QString::fromLatin1(random.toBase64());
    }
    return variable[u"value"].isString() ? std::optional(variable[u"value"].toString()) : std::nullopt;
}

QJsonObject keyAndValue(const QJsonObject &variable)
{
    return {{QStringLiteral("key"), variable[u"key"]}, {QStringLiteral("value"), variable[u"value"]}};
}

QList<QJsonObject> listOf(const QJsonObject &holder)
{
    QList<QJsonObject> list;
    for (const QJsonValue each : holder[variablesMember].toArray()) {
        list += each.toObject();
    }
    return list;
}

void setList(QJsonObject &holder, const QList<QJsonObject> &list)
{
    QJsonArray array;
    for (const QJsonObject &each : list) {
        array += each;
    }
    holder[variablesMember] = array;
}

QJsonObject shownGroup(const QJsonObject &group, bool withValues)
{
    QJsonObject shown = withoutPrivate(group);
    if (withValues) {
        QJsonArray variables;
        for (const QJsonObject &each : listOf(group)) {
            variables += keyAndValue(each);
        }
        shown[QStringLiteral("envVars")] = variables;
        shown[QStringLiteral("secretFiles")] = QJsonArray();
    }
    return shown;
}

} // namespace

bool PracticeServices::answerVariables(QJsonObject &service, const PracticeCall &call, const PracticeReply &reply)
{
    const QString any = QStringLiteral("*");
    const QStringList all{QStringLiteral("services"), any, QStringLiteral("env-vars")};
    if (call.matches("GET", all)) {
        reply(practicePage(call, listOf(service), QStringLiteral("envVar"), keyAndValue));
    } else if (call.matches("PUT", all)) {
        reply(replaceVariables(service, call));
    } else if (call.matches("GET", all + QStringList{any})) {
        for (const QJsonObject &each : listOf(service)) {
            if (each[u"key"].toString() == call.part(3)) {
                reply(PracticeAnswer::json(keyAndValue(each)));
                return true;
            }
        }
        reply(PracticeAnswer::notFound(call.part(3)));
    } else if (call.matches("PUT", all + QStringList{any})) {
        reply(setVariable(service, call, false));
    } else if (call.matches("DELETE", all + QStringList{any})) {
        reply(removeVariable(service, call.part(3)));
    } else {
        return false;
    }
    return true;
}

PracticeAnswer PracticeServices::replaceVariables(QJsonObject &service, const PracticeCall &call)
{
    const QJsonDocument document = QJsonDocument::fromJson(call.body);
    if (!document.isArray()) {
        return PracticeAnswer::refusal(400, QStringLiteral("invalid JSON"));
    }
    QList<QJsonObject> list;
    for (const QJsonValue each : document.array()) {
        const auto value = valueOf(each.toObject());
        if (!value || each[u"key"].toString().isEmpty()) {
            return PracticeAnswer::refusal(400, QStringLiteral("each variable needs a key and a value"));
        }
        list += QJsonObject{{QStringLiteral("key"), each[u"key"]},
                            {QStringLiteral("value"), *value},
                            {numberMember, m_world.newNumber()}};
    }
    setList(service, list);
    m_world.save();
    PracticeCall whole = call;
    whole.query = QUrlQuery(QStringLiteral("limit=100"));
    return practicePage(whole, list, QStringLiteral("envVar"), keyAndValue);
}

PracticeAnswer PracticeServices::setVariable(QJsonObject &holder, const PracticeCall &call, bool isGroup)
{
    const QString key = call.path.last();
    const auto body = call.object();
    const auto value = body ? valueOf(*body) : std::nullopt;
    if (!value || key.isEmpty()) {
        return PracticeAnswer::refusal(400, QStringLiteral("a value is required"));
    }
    QList<QJsonObject> list = listOf(holder);
    const auto there =
        std::find_if(list.begin(), list.end(), [&key](const QJsonObject &each) { return each[u"key"] == key; });
    if (there != list.end()) {
        (*there)[QStringLiteral("value")] = *value;
    } else {
        const QJsonObject added{
            {QStringLiteral("key"), key}, {QStringLiteral("value"), *value}, {numberMember, m_world.newNumber()}};
        // A group shows a new one first.
        list.insert(isGroup ? 0 : list.size(), added);
    }
    setList(holder, list);
    m_world.save();
    return isGroup ? PracticeAnswer::json(shownGroup(holder, true))
                   : PracticeAnswer::json(QJsonObject{{QStringLiteral("key"), key}, {QStringLiteral("value"), *value}});
}

PracticeAnswer PracticeServices::removeVariable(QJsonObject &holder, const QString &key)
{
    QList<QJsonObject> list = listOf(holder);
    if (list.removeIf([&key](const QJsonObject &each) { return each[u"key"] == key; }) == 0) {
        return PracticeAnswer::notFound(key);
    }
    setList(holder, list);
    m_world.save();
    return PracticeAnswer::empty(204);
}

bool PracticeServices::answerGroups(const PracticeCall &call, const PracticeReply &reply)
{
    const QString groups = QStringLiteral("env-groups");
    if (call.matches("GET", {groups})) {
        QJsonArray all; // no cursors here
        const QStringList owners = call.queryWords(QStringLiteral("ownerId"));
        for (const QJsonObject &group : m_world.groups) {
            if (owners.isEmpty() || owners.contains(group[u"ownerId"].toString())) {
                all += shownGroup(group, false);
            }
        }
        reply(PracticeAnswer::json(all));
        return true;
    }
    if (call.matches("POST", {groups})) {
        reply(createGroup(call));
        return true;
    }
    QJsonObject *group = PracticeWorld::find(m_world.groups, call.part(1));
    if (group == nullptr) {
        reply(PracticeAnswer::notFound(call.part(1)));
        return true;
    }
    return answerGroup(*group, call, reply);
}

bool PracticeServices::answerGroup(QJsonObject &group, const PracticeCall &call, const PracticeReply &reply)
{
    const QString any = QStringLiteral("*");
    const QStringList one{QStringLiteral("env-groups"), any};
    const QStringList variable = one + QStringList{QStringLiteral("env-vars"), any};
    const QStringList service = one + QStringList{QStringLiteral("services"), any};
    if (call.matches("GET", one)) {
        reply(PracticeAnswer::json(shownGroup(group, true)));
    } else if (call.matches("DELETE", one)) {
        const QString id = group[u"id"].toString();
        m_world.groups.removeIf([&id](const QJsonObject &each) { return each[u"id"].toString() == id; });
        m_world.save();
        reply(PracticeAnswer::empty(204));
    } else if (call.matches("PUT", variable)) {
        reply(setVariable(group, call, true));
    } else if (call.matches("DELETE", variable)) {
        reply(removeVariable(group, call.part(3)));
    } else if (call.matches("POST", service) || call.matches("DELETE", service)) {
        if (PracticeWorld::find(m_world.services, call.part(3)) == nullptr) {
            reply(PracticeAnswer::notFound(call.part(3)));
            return true;
        }
        link(group, call.part(3), call.method == "POST");
        reply(call.method == "POST" ? PracticeAnswer::json(shownGroup(group, false)) : PracticeAnswer::empty(204));
    } else {
        return false;
    }
    return true;
}

PracticeAnswer PracticeServices::createGroup(const PracticeCall &call)
{
    const auto draft = call.object();
    if (!draft || (*draft)[u"name"].toString().isEmpty()) {
        return PracticeAnswer::refusal(400, QStringLiteral("name is required"));
    }
    const QString time = m_world.timeText();
    QJsonObject group{{QStringLiteral("id"), m_world.newId("evg")},
                      {QStringLiteral("name"), (*draft)[u"name"]},
                      {QStringLiteral("ownerId"), m_world.owner()[u"id"]},
                      {QStringLiteral("serviceLinks"), QJsonArray()},
                      {QStringLiteral("createdAt"), time},
                      {QStringLiteral("updatedAt"), time},
                      {numberMember, m_world.newNumber()}};
    QList<QJsonObject> list;
    for (const QJsonValue each : (*draft)[u"envVars"].toArray()) {
        list += QJsonObject{{QStringLiteral("key"), each[u"key"]},
                            {QStringLiteral("value"), valueOf(each.toObject()).value_or(QString())},
                            {numberMember, m_world.newNumber()}};
    }
    setList(group, list);
    for (const QJsonValue id : (*draft)[u"serviceIds"].toArray()) {
        link(group, id.toString(), true);
    }
    m_world.groups += group;
    m_world.save();
    return PracticeAnswer::json(shownGroup(group, true), 201);
}

void PracticeServices::link(QJsonObject &group, const QString &serviceId, bool isLinked)
{
    const QJsonObject *service = PracticeWorld::find(m_world.services, serviceId);
    QJsonArray links;
    for (const QJsonValue each : group[u"serviceLinks"].toArray()) {
        if (each[u"id"].toString() != serviceId) {
            links += each;
        }
    }
    if (isLinked && service) {
        links += QJsonObject{{QStringLiteral("id"), serviceId},
                             {QStringLiteral("name"), service->value(u"name")},
                             {QStringLiteral("type"), QStringLiteral("web")}};
    }
    group[QStringLiteral("serviceLinks")] = links;
    m_world.save();
}

PracticeServices::Variables PracticeServices::variablesOf(const QJsonObject &service) const
{
    Variables variables{{QStringLiteral("RENDER"), QStringLiteral("true")},
                        {QStringLiteral("RENDER_SERVICE_ID"), service[u"id"].toString()},
                        {QStringLiteral("RENDER_SERVICE_NAME"), service[u"name"].toString()}};
    // The group made last wins among groups, the service's own win over all.
    for (const QJsonObject &group : m_world.groups) {
        for (const QJsonValue each : group[u"serviceLinks"].toArray()) {
            if (each[u"id"] == service[u"id"]) {
                for (const QJsonObject &variable : listOf(group)) {
                    variables[variable[u"key"].toString()] = variable[u"value"].toString();
                }
            }
        }
    }
    for (const QJsonObject &variable : listOf(service)) {
        variables[variable[u"key"].toString()] = variable[u"value"].toString();
    }
    return variables;
}

} // namespace Roost
