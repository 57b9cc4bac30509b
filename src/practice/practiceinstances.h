#pragma once

#include "practice/localcluster.h"
#include "practice/practicecall.h"
#include "practice/practiceworld.h"

#include <QElapsedTimer>
#include <QHash>
#include <QTimer>

#include <memory>
#include <optional>

namespace Roost {

/// The stand-in's PostgreSQL instances: Render's rules in front, a local cluster behind each. In the server's thread;
/// clusters are made, started and stopped by the world's workers.
class PracticeInstances : public QObject
{
    Q_OBJECT

public:
    explicit PracticeInstances(PracticeWorld &world);

    /// Brings the clusters of known instances to where they belong.
    void begin();
    void createSample();      ///< with bird_app_db in it
    QString sampleId() const; ///< empty when there is none
    /// What services inside Render use; empty before the server was made.
    QString internalUrl(const QString &id, const QString &database) const;
    /// False: not a call about instances.
    bool answer(const PracticeCall &call, const PracticeReply &reply);
    QJsonArray state() const;
    bool isSettled() const; ///< nothing is on its way
    /// Stops all clusters; blocking.
    void end();

    /// As the API shows it now.
    QJsonObject shown(const QJsonObject &instance) const;
    /// Where an instance's server listens for those inside Render; 0 when it does not.
    int internalPort(const QString &id) const;
    QJsonObject instance(const QString &id) const; ///< empty when there is none

signals:
    void settled();

private:
    /// What is not kept: how far an instance's cluster is.
    struct Life
    {
        bool isBusy = false;
        bool isRunning = false;
        bool wasAsked = false; ///< once stopped for sure, it is not stopped again
        int port = 0;          ///< of the server itself
        QString problem;
        QElapsedTimer creating;
        std::unique_ptr<PracticeFront> front;
    };
    struct Started
    {
        int port = 0;
        QString problem;
    };

    // CRUD: practiceinstances.cpp
    PracticeAnswer list(const PracticeCall &call) const;
    PracticeAnswer create(const PracticeCall &call);
    PracticeAnswer update(const QJsonObject &instance, const PracticeCall &call);
    PracticeAnswer remove(const QString &id);
    PracticeAnswer suspend(QJsonObject &instance, bool isSuspended);
    QString problemWith(const QJsonObject &draft) const;
    QString versionFor(const QString &wanted) const;
    QJsonObject make(const QJsonObject &draft);
    bool answerOne(const PracticeCall &call, const PracticeReply &reply);

    // What is inside: practiceinspection.cpp
    PracticeAnswer connectionInfo(const QJsonObject &instance) const;
    bool answerInspection(const PracticeCall &call, const QJsonObject &instance, const PracticeReply &reply);
    void answerFromServer(const QString &id, const QString &sql, const PracticeReply &reply,
                          const std::function<PracticeAnswer(const QJsonArray &)> &made);
    void answerCredentials(const QJsonObject &instance, const PracticeReply &reply);
    void createCredential(const QJsonObject &instance, const PracticeCall &call, const PracticeReply &reply);
    void deleteCredential(const QJsonObject &instance, const QString &username, const PracticeReply &reply);
    void answerSizes(const QString &id, const PracticeReply &reply);
    void answerMetric(const PracticeCall &call, const PracticeReply &reply);

    // Their lives: practiceinstancelife.cpp
    LocalClusterOptions clusterOptions(const QJsonObject &instance) const;
    void reconcile(const QString &id);
    void startCluster(const QString &id, const QJsonObject &instance);
    void stopCluster(const QString &id);
    void destroyCluster(const QString &id);
    void settle(const QString &id);
    void applyClock();
    QString status(const QJsonObject &instance) const;
    bool isExpired(const QJsonObject &instance) const;
    bool isLetIn(const QJsonObject &instance) const;
    void openFront(QJsonObject &instance);

    PracticeWorld &m_world;
    QHash<QString, std::shared_ptr<Life>> m_lives;
    QTimer m_tick;
    bool m_saysUnknown = true; ///< which status the next creation answers
};

} // namespace Roost
