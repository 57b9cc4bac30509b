#pragma once

#include "core/connectionparameters.h"
#include "core/result.h"
#include "models/instance.h"
#include "operations/instanceclock.h"
#include "postgres/databasesession.h"

#include <QElapsedTimer>
#include <QHash>
#include <QObject>
#include <QQueue>

#include <atomic>
#include <functional>
#include <optional>

namespace Roost {

class Job;
class SecretStore;

/// The open connections of the windows: one session a database, made on demand. Loads the password first when it does
/// not know it yet. Callers never keep a session: they hand work over here each time. Lives in the GUI thread.
class SessionPool : public QObject
{
    Q_OBJECT

public:
    /// Long statements go beside, on a second session, so that nothing the user clicks waits for them.
    enum class Lane { Main, Beside };

    using SpecReady = std::function<void(const Result<ConnectionSpec> &)>;
    using PasswordGiven = std::function<void(const std::optional<Secret> &)>; ///< nothing: the user gave up
    using PasswordPrompt = std::function<void(const Instance &, const Error &why, PasswordGiven)>;
    /// Takes on to find out how an instance is reached, and calls back; or answers false.
    using SpecSource = std::function<bool(const Instance &, const Error &why, const SpecReady &)>;

    explicit SessionPool(SecretStore *secrets, QObject *parent = nullptr);
    ~SessionPool() override;

    /// How to ask the user for a password that the keychain does not give.
    void setPasswordPrompt(PasswordPrompt prompt) { m_prompt = std::move(prompt); }
    /// Is asked before the user is: an account may know host and password.
    void setSpecSource(SpecSource source) { m_source = std::move(source); }

    /// Which time it is for the instances: a connection that fails since a free one expired says so.
    void setClock(const InstanceClock &clock) { m_clock = clock; }

    /// Makes known how an instance is reached, password included: after it was added, or for practice. Sessions to
    /// another address are closed.
    void setSpec(const QString &instanceId, const ConnectionSpec &spec);
    /// True when an instance is known to be reached by exactly this.
    bool reaches(const QString &instanceId, const ConnectionParameters &parameters) const;
    /// The connection to an instance's default database, password included (loaded or asked for when needed).
    void withSpec(const Instance &instance, QObject *receiver, SpecReady done);

    /// Work that only reads, on a database of the instance. The answer comes in the GUI thread, not once the receiver
    /// is gone.
    template <class T>
    void read(const Instance &instance, const QString &database, QObject *receiver, DatabaseSession::Work<T> work,
              DatabaseSession::Done<T> done, Lane lane = Lane::Main)
    {
        handOver<T>(instance, database, receiver, std::move(work), std::move(done), lane, true);
    }
    /// Everything else: never sent twice, also when the connection is lost while it runs.
    template <class T>
    void write(const Instance &instance, const QString &database, QObject *receiver, DatabaseSession::Work<T> work,
               DatabaseSession::Done<T> done, Lane lane = Lane::Main)
    {
        handOver<T>(instance, database, receiver, std::move(work), std::move(done), lane, false);
    }

    /// Opens sessions to these databases ahead of need, a few at a time. Failures are silent: they come back when
    /// asked for.
    void openAhead(const Instance &instance, const QStringList &databases);
    /// Ends our sessions on one database, so that they are not in the way of a drop, rename or reset.
    void close(const QString &instanceId, const QString &database);
    /// As close(), and none is opened again before this running job has ended: reads answer Conflict, naming the job.
    void hold(const QString &instanceId, const QString &database, Job *job);
    /// Ends all sessions of an instance and forgets its password.
    void forget(const QString &instanceId);
    /// As forget(); the next use asks the user for the password and says why.
    void rejectPassword(const QString &instanceId, const Error &why);
    /// Cancels what runs on one database.
    void cancel(const QString &instanceId, const QString &database, Lane lane);
    /// What is known of the open connection to a database; nothing when there is none.
    std::optional<ServerInfo> server(const QString &instanceId, const QString &database) const;
    /// The server's numbers of our sessions to exactly this database: close() ends them, so they are in nobody's way.
    QList<int> backendPids(const ConnectionParameters &database) const;

signals:
    void opened(const QString &instanceId, const QString &database, const Roost::ServerInfo &server);
    void lost(const QString &instanceId, const QString &database);
    void closed(const QString &instanceId, const QString &database);
    /// How long a read took on its session, connecting not counted.
    void measured(const QString &instanceId, const QString &database, qint64 ms);

private:
    using SessionReady = std::function<void(const Result<DatabaseSession *> &)>;
    struct Key
    {
        QString instanceId;
        QString database;
        Lane lane = Lane::Main;
        bool operator==(const Key &) const = default;
        friend size_t qHash(const Key &key, size_t seed = 0)
        {
            return qHashMulti(seed, key.instanceId, key.database, int(key.lane));
        }
    };

    template <class T>
    void handOver(const Instance &instance, const QString &database, QObject *receiver, DatabaseSession::Work<T> work,
                  DatabaseSession::Done<T> done, Lane lane, bool mayRepeat)
    {
        const QPointer<QObject> guard(receiver);
        withSession(instance, database, lane,
                    [this, guard, work = std::move(work), done = std::move(done), instance, database,
                     mayRepeat](const Result<DatabaseSession *> &session) {
                        if (!guard) {
                            return;
                        }
                        if (!session) {
                            done(tl::unexpected<Error>(session.error()));
                            return;
                        }
                        submit<T>(*session, instance, database, guard, work, done, mayRepeat);
                    });
    }

    template <class T>
    void submit(DatabaseSession *session, const Instance &instance, const QString &database, QObject *receiver,
                const DatabaseSession::Work<T> &work, const DatabaseSession::Done<T> &done, bool mayRepeat)
    {
        const auto elapsed = std::make_shared<std::atomic<qint64>>(-1);
        const QPointer<SessionPool> self(this);
        const DatabaseSession::Work<T> timed = [work, elapsed](DatabaseConnection &connection,
                                                               const std::stop_token &stop) {
            QElapsedTimer timer;
            timer.start();
            auto result = work(connection, stop);
            *elapsed = timer.elapsed();
            return result;
        };
        const DatabaseSession::Done<T> told = [self, done, elapsed, instance, database](const Result<T> &result) {
            if (self && result && *elapsed >= 0) {
                emit self->measured(instance.id, database, *elapsed);
            }
            if (self && !result) {
                done(tl::unexpected<Error>(self->explained(result.error(), instance)));
            } else {
                done(result);
            }
        };
        mayRepeat ? session->read<T>(receiver, timed, told) : session->write<T>(receiver, timed, told);
    }

    Error explained(const Error &error, const Instance &instance) const;
    void withSession(const Instance &instance, const QString &database, Lane lane, SessionReady done);
    DatabaseSession *session(const Key &key, const ConnectionSpec &spec);
    void passwordLoaded(const Instance &instance, const Result<Secret> &secret);
    void askSource(const Instance &instance, const Error &why);
    void askUser(const Instance &instance, const Error &why);
    void answer(const QString &instanceId, const Result<ConnectionSpec> &spec);
    void openNext();
    void end(const Key &key);
    void endAll(const QString &instanceId);

    struct Waiting
    {
        QPointer<QObject> receiver;
        bool hasReceiver = false;
        SpecReady done;
    };

    SecretStore *m_secrets;
    PasswordPrompt m_prompt;
    InstanceClock m_clock;
    SpecSource m_source;
    QHash<QString, ConnectionSpec> m_specs;
    QHash<QString, Error> m_rejected;
    QHash<QString, QList<Waiting>> m_waiting;
    QHash<Key, DatabaseSession *> m_sessions;
    QMultiHash<QPair<QString, QString>, Job *> m_holders; ///< by instance and database
    QHash<Key, ServerInfo> m_servers;
    QQueue<Key> m_ahead;
    int m_opening = 0;
};

} // namespace Roost
