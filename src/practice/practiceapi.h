#pragma once

#include "practice/practicefaults.h"
#include "practice/practiceinstances.h"
#include "practice/practicelimits.h"
#include "practice/practiceservices.h"
#include "practice/practiceworld.h"

#include <QAbstractHttpServer>
#include <QPointer>
#include <QTcpSocket>

namespace Roost {

/// The stand-in's HTTP: who may ask, how often, and what goes wrong on purpose; then it asks the parts. Its own
/// routing, since answers come later and faults need the socket itself. In the server's thread.
class PracticeApi : public QAbstractHttpServer
{
    Q_OBJECT

public:
    PracticeApi(PracticeWorld &world, PracticeInstances &instances, PracticeServices &services);

protected:
    bool handleRequest(const QHttpServerRequest &request, QTcpSocket *socket) override;
    void missingHandler(const QHttpServerRequest &request, QTcpSocket *socket) override;

private:
    using Headers = QList<std::pair<QByteArray, QByteArray>>;

    void answer(const PracticeCall &call, const QPointer<QTcpSocket> &socket);
    void dispatch(const PracticeCall &call, const PracticeReply &reply);
    PracticeAnswer answerOwners(const PracticeCall &call) const;
    void deliver(const QPointer<QTcpSocket> &socket, const PracticeAnswer &answer, const PracticeFault &fault,
                 const Headers &limits);
    static PracticeAnswer faulty(const PracticeFault &fault);

    // Knobs: practiceknobs.cpp
    PracticeAnswer answerKnob(const PracticeCall &call);
    PracticeAnswer moveClock(const PracticeCall &call);
    PracticeAnswer changeSettings(const PracticeCall &call);
    PracticeAnswer addFaults(const PracticeCall &call);
    QJsonObject clock() const;
    QJsonObject state() const;

    PracticeWorld &m_world;
    PracticeInstances &m_instances;
    PracticeServices &m_services;
    PracticeFaults m_faults;
    PracticeLimits m_limits;
    QJsonArray m_calls; ///< the last ones
};

} // namespace Roost
