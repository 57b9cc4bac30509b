#include "practice/practiceapi.h"

#include <QJsonDocument>

namespace Roost {

PracticeAnswer PracticeApi::answerKnob(const PracticeCall &call)
{
    const QString practice = QStringLiteral("practice");
    if (call.matches("GET", {practice, QStringLiteral("state")})) {
        return PracticeAnswer::json(state());
    }
    if (call.matches("GET", {practice, QStringLiteral("clock")})) {
        return PracticeAnswer::json(clock());
    }
    if (call.matches("POST", {practice, QStringLiteral("clock")})) {
        return moveClock(call);
    }
    if (call.matches("GET", {practice, QStringLiteral("settings")})) {
        return PracticeAnswer::json(m_world.settings);
    }
    if (call.matches("POST", {practice, QStringLiteral("settings")})) {
        return changeSettings(call);
    }
    if (call.matches("POST", {practice, QStringLiteral("faults")})) {
        return addFaults(call);
    }
    if (call.matches("DELETE", {practice, QStringLiteral("faults")})) {
        m_faults.clear();
        return PracticeAnswer::empty(204);
    }
    if (call.matches("POST", {practice, QStringLiteral("services"), QStringLiteral("*"), QStringLiteral("sleep")})) {
        return m_services.sleep(call.part(2)) ? PracticeAnswer::empty(202) : PracticeAnswer::notFound(call.part(2));
    }
    return PracticeAnswer::refusal(404, QStringLiteral("not found"));
}

QJsonObject PracticeApi::clock() const
{
    return {{QStringLiteral("now"), m_world.timeText()}, {QStringLiteral("offsetSeconds"), m_world.offset}};
}

PracticeAnswer PracticeApi::moveClock(const PracticeCall &call)
{
    const auto wish = call.object();
    if (!wish) {
        return PracticeAnswer::refusal(400, QStringLiteral("invalid JSON"));
    }
    constexpr qint64 day = 24LL * 3600;
    if ((*wish)[u"reset"].toBool()) {
        m_world.offset = 0;
    }
    m_world.offset += qint64((*wish)[u"days"].toDouble() * day) + (*wish)[u"seconds"].toInteger();
    m_world.save();
    emit m_world.clockMoved();
    return PracticeAnswer::json(clock());
}

PracticeAnswer PracticeApi::changeSettings(const PracticeCall &call)
{
    const auto changes = call.object();
    if (!changes) {
        return PracticeAnswer::refusal(400, QStringLiteral("invalid JSON"));
    }
    for (auto it = changes->begin(); it != changes->end(); ++it) {
        if (!m_world.settings.contains(it.key())) {
            return PracticeAnswer::refusal(400, QStringLiteral("there is no setting ") + it.key());
        }
    }
    for (auto it = changes->begin(); it != changes->end(); ++it) {
        m_world.settings[it.key()] = it.value();
    }
    m_world.save();
    emit m_world.clockMoved(); // whatever they mean for the instances
    return PracticeAnswer::json(m_world.settings);
}

PracticeAnswer PracticeApi::addFaults(const PracticeCall &call)
{
    const QJsonDocument document = QJsonDocument::fromJson(call.body);
    const QJsonArray wishes = document.isArray() ? document.array() : QJsonArray{document.object()};
    QList<PracticeFault> faults;
    for (const QJsonValue each : wishes) {
        const auto fault = PracticeFault::from(each.toObject());
        if (!fault) {
            return PracticeAnswer::refusal(400, QStringLiteral("there is no such kind of fault: ") +
                                                    each[u"kind"].toString());
        }
        faults += *fault;
    }
    for (const PracticeFault &fault : faults) {
        m_faults.add(fault);
    }
    return PracticeAnswer::json(QJsonObject{{QStringLiteral("faults"), m_faults.size()}});
}

QJsonObject PracticeApi::state() const
{
    return {{QStringLiteral("clock"), clock()},
            {QStringLiteral("settings"), m_world.settings},
            {QStringLiteral("instances"), m_instances.state()},
            {QStringLiteral("services"), m_services.state()},
            {QStringLiteral("groups"), qint64(m_world.groups.size())},
            {QStringLiteral("leaving"), QJsonArray::fromStringList(m_world.leaving)},
            {QStringLiteral("faults"), m_faults.size()},
            {QStringLiteral("calls"), m_calls}};
}

} // namespace Roost
