#pragma once

#include "core/connectionparameters.h"
#include "core/result.h"
#include "models/instance.h"
#include "postgres/databasesession.h"

#include <QHash>
#include <QObject>
#include <QQueue>
#include <QSet>

#include <functional>
#include <optional>

namespace Roost {

class SecretStore;

/// The open connections of the windows: one session a database, made on demand. Loads the password first when it does
/// not know it yet. Callers never keep a session: they hand work over here each time. Lives in the GUI thread.
class SessionPool : public QObject
{
    Q_OBJECT

public:
    using SpecReady = std::function<void(const Result<ConnectionSpec> &)>;
    using PasswordGiven = std::function<void(const std::optional<Secret> &)>; ///< nothing: the user gave up
    using PasswordPrompt = std::function<void(const Instance &, const Error &why, PasswordGiven)>;

    explicit SessionPool(SecretStore *secrets, QObject *parent = nullptr);
    ~SessionPool() override;

    /// How to ask the user for a password that the keychain does not give.
    void setPasswordPrompt(PasswordPrompt prompt) { m_prompt = std::move(prompt); }

    /// Makes known how an instance is reached, password included: after it was added, or for practice. Sessions to
    /// another address are closed.
    void setSpec(const QString &instanceId, const ConnectionSpec &spec);
    /// The connection to an instance's default database, password included (loaded or asked for when needed).
    void withSpec(const Instance &instance, QObject *receiver, SpecReady done);

    template <class T>
    void read(const Instance &instance, const QString &database, QObject *receiver, DatabaseSession::Work<T> work,
              DatabaseSession::Done<T> done)
    {
        withSession(
            instance, database, receiver,
            [receiver, work = std::move(work), done = std::move(done)](const Result<DatabaseSession *> &session) {
                if (!session) {
                    done(tl::unexpected<Error>(session.error()));
                    return;
                }
                (*session)->read<T>(receiver, work, done);
            });
    }

    /// Opens sessions to these databases ahead of need, a few at a time. Failures are silent: they come back when
    /// asked.
    void openAhead(const Instance &instance, const QStringList &databases);
    /// Ends our sessions on one database, so that they are not in the way of a drop, rename or reset.
    void close(const QString &instanceId, const QString &database);
    /// Ends all sessions of an instance and forgets its password.
    void forget(const QString &instanceId);
    /// Cancels what runs on one database's session.
    void cancel(const QString &instanceId, const QString &database);
    /// What is known of the open connection to a database; nothing when there is none.
    std::optional<ServerInfo> server(const QString &instanceId, const QString &database) const;

signals:
    void opened(const QString &instanceId, const QString &database, const Roost::ServerInfo &server);
    void lost(const QString &instanceId, const QString &database);
    /// How long the last statement of a session took to come back.
    void closed(const QString &instanceId, const QString &database);

private:
    using SessionReady = std::function<void(const Result<DatabaseSession *> &)>;
    struct Key
    {
        QString instanceId;
        QString database;
        bool operator==(const Key &) const = default;
        friend size_t qHash(const Key &key, size_t seed = 0) { return qHashMulti(seed, key.instanceId, key.database); }
    };

    void withSession(const Instance &instance, const QString &database, QObject *receiver, SessionReady done);
    DatabaseSession *session(const QString &instanceId, const ConnectionSpec &spec);
    void answer(const QString &instanceId, const Result<ConnectionSpec> &spec);
    void openNext();

    struct Waiting
    {
        QPointer<QObject> receiver;
        SpecReady done;
    };

    SecretStore *m_secrets;
    PasswordPrompt m_prompt;
    QHash<QString, ConnectionSpec> m_specs;
    QHash<QString, QList<Waiting>> m_waiting;
    QHash<Key, DatabaseSession *> m_sessions;
    QHash<Key, ServerInfo> m_servers;
    QQueue<Key> m_ahead;
    int m_opening = 0;
};

} // namespace Roost
