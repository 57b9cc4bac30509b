#pragma once

#include "practice/practiceapp.h"
#include "practice/practicecall.h"
#include "practice/practiceinstances.h"
#include "practice/practiceworld.h"

#include <QHash>
#include <QMap>

#include <memory>

namespace Roost {

/// The stand-in's services, their variables, groups and deploys. Each web service is the real bird app behind a port
/// that stays; a deploy starts it with the variables as they are then, and the one before runs on until the new one
/// answers. In the server's thread.
class PracticeServices : public QObject
{
    Q_OBJECT

public:
    PracticeServices(PracticeWorld &world, PracticeInstances &instances);

    void begin();
    /// "bird-app", live with these variables.
    void createSample(const QMap<QString, QString> &variables);
    /// False: not a call about services or groups.
    bool answer(const PracticeCall &call, const PracticeReply &reply);
    /// `/practice/services/ID/sleep`: false when there is no such service.
    bool sleep(const QString &id);
    QJsonArray state() const;
    /// Ends all apps; blocking.
    void end();

private:
    /// What is not kept: how far a service is.
    struct Life
    {
        std::shared_ptr<PracticeApp> live;                    ///< null: asleep, or none was deployed
        QMap<QString, std::shared_ptr<PracticeApp>> starting; ///< by deploy, or "wake"
        bool isWaking = false;
        QString deploying; ///< id of the deploy under way
        QStringList log;   ///< the last lines of its apps
        std::unique_ptr<PracticeFront> front;
    };
    using Variables = QMap<QString, QString>;
    using LaunchDone = std::function<void(const std::shared_ptr<PracticeApp> &app, const QString &problem)>;

    // Services: practiceservices.cpp
    PracticeAnswer list(const PracticeCall &call) const;
    PracticeAnswer create(const PracticeCall &call);
    QJsonObject make(const QJsonObject &draft);
    PracticeAnswer update(QJsonObject &service, const PracticeCall &call);
    PracticeAnswer suspend(QJsonObject &service, bool isSuspended);
    void remove(const QString &id);
    bool answerOne(const PracticeCall &call, const PracticeReply &reply);

    // Variables: practicevariables.cpp
    bool answerVariables(QJsonObject &service, const PracticeCall &call, const PracticeReply &reply);
    PracticeAnswer replaceVariables(QJsonObject &service, const PracticeCall &call);
    PracticeAnswer setVariable(QJsonObject &holder, const PracticeCall &call, bool isGroup);
    PracticeAnswer removeVariable(QJsonObject &holder, const QString &key);
    bool answerGroups(const PracticeCall &call, const PracticeReply &reply);
    bool answerGroup(QJsonObject &group, const PracticeCall &call, const PracticeReply &reply);
    PracticeAnswer createGroup(const PracticeCall &call);
    void link(QJsonObject &group, const QString &serviceId, bool isLinked);
    Variables variablesOf(const QJsonObject &service) const;

    // Deploys: practicedeploys.cpp
    bool answerDeploys(const QString &serviceId, const PracticeCall &call, const PracticeReply &reply);
    PracticeAnswer deploy(const QString &serviceId, const PracticeCall &call);
    QString addDeploy(const QString &serviceId, const QString &trigger, const QJsonObject &request);
    void advance(const QString &serviceId);
    void build(const QString &serviceId, const QString &deployId);
    void update(const QString &serviceId, const QString &deployId);
    void judge(const QString &serviceId, const QString &deployId, const std::shared_ptr<PracticeApp> &app);
    void finish(const QString &serviceId, const QString &deployId, const QString &problem);
    void setStatus(const QString &serviceId, const QString &deployId, const QString &status);
    PracticeAnswer cancel(const QString &serviceId, const QString &deployId);

    // Their apps: practiceservicelife.cpp
    /// `done`: with the app when it answers, or with why it does not.
    void launch(const QString &serviceId, const QString &purpose, const Variables &variables, const LaunchDone &done);
    void startApp(const QString &serviceId, const QString &purpose, const LaunchRequest &request,
                  const LaunchDone &done);
    void stopStarting(const QString &serviceId, const QString &purpose);
    void checkHealth(const QString &serviceId, const std::shared_ptr<PracticeApp> &app,
                     const std::function<void(const QString &problem)> &done);
    /// With the internal host names of our instances replaced, which nothing here could resolve.
    Variables resolved(const QJsonObject &service, Variables variables) const;
    void take(const QString &serviceId, const std::shared_ptr<PracticeApp> &app);
    void wake(const QString &serviceId);
    void putAway(const std::shared_ptr<PracticeApp> &app);
    void openFront(QJsonObject &service);
    void settle(const QString &serviceId);
    QJsonObject shown(const QJsonObject &service) const;

    PracticeWorld &m_world;
    PracticeInstances &m_instances;
    QHash<QString, std::shared_ptr<Life>> m_lives;
    bool m_answersQueued = false; ///< which status the next deploy answers
};

} // namespace Roost
