#pragma once

#include "models/instance.h"
#include "models/sessionpool.h"

#include <QObject>
#include <QSet>

#include <functional>

namespace Roost {

class AccountList;
class InstanceList;
class JobRunner;
class ProfileStore;
class SecretStore;

/// Takes how an instance of an account is reached from Render's API, when its host or its password is not known or was
/// refused, and keeps it: the password in the keychain, the rest with the connection. Render records such a call, so a
/// refused password is fetched again once a program run, unless the user asks. Lives in the GUI thread.
class AccountConnections : public QObject
{
    Q_OBJECT

public:
    struct Parts
    {
        AccountList *accounts = nullptr;
        const ProfileStore *profiles = nullptr;
        SecretStore *secrets = nullptr;
        JobRunner *jobs = nullptr;
        InstanceList *instances = nullptr;
    };
    explicit AccountConnections(const Parts &parts, QObject *parent = nullptr);

    /// For SessionPool::setSpecSource().
    bool offer(const Instance &instance, const Error &why, const SessionPool::SpecReady &done);
    /// Because the user asks for it.
    void fetch(const Instance &instance, const SessionPool::SpecReady &done);

signals:
    void fetched(const QString &instanceId);

private:
    void keep(const QString &instanceId, const ConnectionSpec &spec);
    void save(const QString &instanceId, const ConnectionParameters &parameters, bool secretIsStored);

    Parts m_parts;
    QSet<QString> m_refused; ///< fetched again already because the password was refused
};

} // namespace Roost
