#pragma once

#include "core/result.h"
#include "operations/instancechanges.h"
#include "render/renderclient.h"

#include <QObject>
#include <QString>

#include <functional>

class QWidget;

namespace Roost {

class AccountConnections;
class AddAccountDialog;
struct Account;
struct CreateInstanceRequest;
struct Services;

/// Carries out what the windows ask of an account at Render: opens the dialog, starts the job, and has the account read
/// again afterwards.
class AccountVerbs : public QObject
{
    Q_OBJECT

public:
    AccountVerbs(Services &services, AccountConnections *connections, QWidget *window);

    void addAccount();
    void renewKey(const QString &accountId);
    /// The stand-in for Render on this computer: adds its account when there is none, starts it when there is one.
    void usePractice();
    void startPractice(const QString &accountId);
    void removeAccount(const QString &accountId);
    /// `ownerId`: the workspace that is chosen at first; may be empty.
    void createInstance(const QString &accountId, const QString &ownerId);
    void deleteInstance(const QString &renderId);
    void suspendInstance(const QString &renderId);
    void resumeInstance(const QString &renderId);
    void editAllowList(const QString &renderId);
    void addOwnAddress(const QString &renderId, const QString &address);
    /// Takes address and password from Render, although they are known.
    void fetchConnection(const QString &instanceId);
    void openDashboard(const QString &renderId);

    /// The saved connection of an instance; empty when there is none.
    QString connectionOf(const QString &renderId) const;

signals:
    void accountSaved(const QString &accountId);
    void accountGone(const QString &accountId);
    void instanceMade(const QString &accountId, const QString &renderId);
    void instanceOpenWanted(const QString &renderId);
    void backUpWanted(const QString &instanceId);

private:
    using WithInstance =
        std::function<void(const QString &accountId, const PostgresInstance &instance, const RenderAccess &access)>;
    using Change =
        std::function<Result<PostgresInstance>(const RenderAccess &, const InstanceChangeRequest &, JobContext &)>;

    AddAccountDialog *openAccountDialog(const Account *existing);
    void withInstance(const QString &renderId, const WithInstance &then);
    void startCreation(const QString &accountId, const RenderAccess &access, const CreateInstanceRequest &request);
    void startDeletion(const QString &accountId, const RenderAccess &access, const PostgresInstance &instance,
                       const QString &confirmation);
    void change(const QString &renderId, const QString &title, const Change &change);
    void setAllowList(const QString &renderId, const QList<AllowedAddresses> &addresses);
    void forgetAccount(const QString &accountId);
    /// Callable after this object is gone.
    std::function<void()> refresher(const QString &accountId);

    Services &m_services;
    AccountConnections *m_connections;
    QWidget *m_window;
};

} // namespace Roost
