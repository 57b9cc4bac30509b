#pragma once

#include "operations/servicecall.h"
#include "operations/servicereferences.h"

#include <QObject>

#include <functional>
#include <optional>

class QAction;
class QWidget;

namespace Roost {

class Job;
struct DeployedApp;
struct DeployAppRequest;
struct Services;
struct VariablePlan;

/// What can be done with the chosen service of an account, as actions of the Services page. Lives with the page.
class ServiceVerbs : public QObject
{
    Q_OBJECT

public:
    ServiceVerbs(Services &services, const QString &accountId, QWidget *page);

    void setService(const ServiceReferences *service); ///< null: none is chosen
    QList<QAction *> all() const;                      ///< in the order of a menu, with separators

    QAction *point;
    QAction *undo;
    QAction *deploy;
    QAction *call;
    QAction *openUrl;
    QAction *openDashboard;
    QAction *resume;
    QAction *suspend;

    /// The dialog with the check list.
    void deployApp();

signals:
    void changed(); ///< something was changed at Render: read it again
    void called(const Roost::ServiceAnswer &answer);

private:
    QAction *make(const char *name, const QString &text, const QString &hint, const char *icon = nullptr);
    void withAccess(const std::function<void(const RenderAccess &)> &then);
    void startPoint();
    void startUndo();
    /// Keeps the old values, sets the new ones, deploys.
    void apply(const VariablePlan &plan, const QString &title, bool deploys, std::function<void()> succeeded = {});
    void startDeploy();
    void startCall();
    void startSuspend();
    void startResume();
    void changeState(bool suspends);
    void create(const DeployAppRequest &request);

    Services &m_services;
    QString m_accountId;
    QWidget *m_page;
    std::optional<ServiceReferences> m_chosen;
};

} // namespace Roost
