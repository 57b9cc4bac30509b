#include "models/sessionpool.h"

#include "jobs/job.h"
#include "operations/expiry.h"
#include "storage/secretstore.h"

namespace Roost {

namespace {

constexpr int openedAtOnce = 3;
constexpr qsizetype openedAheadAtMost = 8; // a free instance allows about a hundred connections, its apps need most

} // namespace

SessionPool::SessionPool(SecretStore *secrets, QObject *parent)
    : QObject(parent)
    , m_secrets(secrets)
{
}

SessionPool::~SessionPool()
{
    qDeleteAll(m_sessions);
}

void SessionPool::setSpec(const QString &instanceId, const ConnectionSpec &spec)
{
    const auto known = m_specs.constFind(instanceId);
    const bool isOther = known != m_specs.constEnd() &&
                         (known->parameters != spec.parameters || !known->password.isSameAs(spec.password));
    if (isOther) {
        endAll(instanceId);
    }
    m_rejected.remove(instanceId);
    answer(instanceId, spec);
}

bool SessionPool::reaches(const QString &instanceId, const ConnectionParameters &parameters) const
{
    const auto known = m_specs.constFind(instanceId);
    return known != m_specs.constEnd() && known->parameters == parameters;
}

void SessionPool::withSpec(const Instance &instance, QObject *receiver, SpecReady done)
{
    const auto known = m_specs.constFind(instance.id);
    if (known != m_specs.constEnd()) {
        done(*known);
        return;
    }
    QList<Waiting> &waiting = m_waiting[instance.id];
    waiting += Waiting{receiver, receiver != nullptr, std::move(done)};
    if (waiting.size() > 1) {
        return;
    }
    const auto rejected = m_rejected.constFind(instance.id);
    if (instance.profile.parameters.host.isEmpty()) {
        askSource(instance,
                  Error{ErrorCode::NotFound, tr("It is not known how %1 is reached.").arg(instance.name), {}, {}});
    } else if (rejected != m_rejected.constEnd()) {
        askSource(instance, *rejected);
    } else if (m_secrets) {
        m_secrets->load(instance.id, this,
                        [this, instance](const Result<Secret> &secret) { passwordLoaded(instance, secret); });
    } else {
        askSource(instance, Error{ErrorCode::SecretMissing, tr("The password is not known."), {}, {}});
    }
}

void SessionPool::askSource(const Instance &instance, const Error &why)
{
    const QPointer<SessionPool> self(this);
    const bool isTaken = m_source && m_source(instance, why, [self, instance, why](const Result<ConnectionSpec> &spec) {
                             if (!self) {
                                 return;
                             }
                             if (spec) {
                                 self->m_rejected.remove(instance.id);
                                 self->answer(instance.id, *spec);
                             } else if (instance.profile.parameters.host.isEmpty() || spec.error().isCancelled()) {
                                 self->answer(instance.id, tl::unexpected<Error>(spec.error()));
                             } else {
                                 self->askUser(instance, why);
                             }
                         });
    if (isTaken) {
        return;
    }
    if (instance.profile.parameters.host.isEmpty()) {
        answer(instance.id, tl::unexpected<Error>(why)); // a password alone leads nowhere
    } else {
        askUser(instance, why);
    }
}

void SessionPool::passwordLoaded(const Instance &instance, const Result<Secret> &secret)
{
    if (secret) {
        answer(instance.id, ConnectionSpec{instance.profile.parameters, *secret});
    } else {
        askSource(instance, secret.error());
    }
}

void SessionPool::askUser(const Instance &instance, const Error &why)
{
    if (!m_prompt) {
        answer(instance.id, tl::unexpected<Error>(why));
        return;
    }
    const QPointer<SessionPool> self(this);
    m_prompt(instance, why, [self, instance](const std::optional<Secret> &secret) {
        if (!self) {
            return;
        }
        if (!secret) {
            self->answer(instance.id, tl::unexpected<Error>(Error::cancelled()));
            return;
        }
        self->m_rejected.remove(instance.id);
        self->answer(instance.id, ConnectionSpec{instance.profile.parameters, *secret});
    });
}

void SessionPool::answer(const QString &instanceId, const Result<ConnectionSpec> &spec)
{
    if (spec) {
        m_specs.insert(instanceId, *spec);
    }
    const QList<Waiting> waiting = m_waiting.take(instanceId);
    for (const Waiting &one : waiting) {
        if (!one.hasReceiver || one.receiver) {
            one.done(spec);
        }
    }
}

Error SessionPool::explained(const Error &error, const Instance &instance) const
{
    return instance.isPractice ? error
                               : explainedByExpiry(error, expiryOf(instance.profile), m_clock.now(instance.profile));
}

void SessionPool::withSession(const Instance &instance, const QString &database, Lane lane, SessionReady done)
{
    const Key key{instance.id, database, lane};
    if (const Job *holder = m_holders.value({instance.id, database})) {
        done(failure(ErrorCode::Conflict,
                     tr("“%1” cannot be read just now, because of the job “%2”. Try again when that "
                        "has ended.")
                         .arg(database, holder->title())));
        return;
    }
    withSpec(instance, this, [this, key, done = std::move(done)](const Result<ConnectionSpec> &spec) {
        if (!spec) {
            done(tl::unexpected<Error>(spec.error()));
        } else {
            done(session(key, *spec));
        }
    });
}

DatabaseSession *SessionPool::session(const Key &key, const ConnectionSpec &spec)
{
    if (DatabaseSession *known = m_sessions.value(key)) {
        return known;
    }
    auto *made = new DatabaseSession(spec.withDatabase(key.database), this);
    m_sessions.insert(key, made);
    connect(made, &DatabaseSession::opened, this, [this, key](const ServerInfo &server) {
        m_servers.insert(key, server);
        emit opened(key.instanceId, key.database, server);
    });
    connect(made, &DatabaseSession::lost, this, [this, key] {
        m_servers.remove(key);
        emit lost(key.instanceId, key.database);
    });
    return made;
}

void SessionPool::openAhead(const Instance &instance, const QStringList &databases)
{
    qsizetype count = 0;
    for (const QString &database : databases) {
        const Key key{instance.id, database, Lane::Main};
        if (!m_sessions.contains(key) && !m_ahead.contains(key) && count < openedAheadAtMost) {
            m_ahead.enqueue(key);
            ++count;
        }
    }
    openNext();
}

void SessionPool::openNext()
{
    while (m_opening < openedAtOnce && !m_ahead.isEmpty()) {
        const Key key = m_ahead.dequeue();
        const auto spec = m_specs.constFind(key.instanceId);
        if (spec == m_specs.constEnd() || m_sessions.contains(key) ||
            m_holders.contains({key.instanceId, key.database})) {
            continue;
        }
        ++m_opening;
        // Nothing is asked: the session opens itself before any work.
        session(key, *spec)
            ->read<bool>(
                this, [](DatabaseConnection &, const std::stop_token &) -> Result<bool> { return true; },
                [this](const Result<bool> &) {
                    --m_opening;
                    openNext();
                });
    }
}

void SessionPool::end(const Key &key)
{
    DatabaseSession *session = m_sessions.take(key);
    m_servers.remove(key);
    if (session) {
        session->disconnect(this);
        delete session; // what runs is cancelled, and its answers still come
        emit closed(key.instanceId, key.database);
    }
}

void SessionPool::endAll(const QString &instanceId)
{
    const QList<Key> keys = m_sessions.keys();
    for (const Key &key : keys) {
        if (key.instanceId == instanceId) {
            end(key);
        }
    }
    m_ahead.removeIf([&instanceId](const Key &key) { return key.instanceId == instanceId; });
}

void SessionPool::close(const QString &instanceId, const QString &database)
{
    m_ahead.removeIf([&](const Key &key) { return key.instanceId == instanceId && key.database == database; });
    end({instanceId, database, Lane::Main});
    end({instanceId, database, Lane::Beside});
}

void SessionPool::hold(const QString &instanceId, const QString &database, Job *job)
{
    close(instanceId, database);
    const QPair<QString, QString> place(instanceId, database);
    m_holders.insert(place, job);
    connect(job, &Job::ended, this, [this, place, job] { m_holders.remove(place, job); });
}

void SessionPool::forget(const QString &instanceId)
{
    endAll(instanceId);
    m_specs.remove(instanceId);
    m_rejected.remove(instanceId);
}

void SessionPool::rejectPassword(const QString &instanceId, const Error &why)
{
    forget(instanceId);
    m_rejected.insert(instanceId, why);
}

void SessionPool::cancel(const QString &instanceId, const QString &database, Lane lane)
{
    if (DatabaseSession *session = m_sessions.value({instanceId, database, lane})) {
        session->cancelAll();
    }
}

std::optional<ServerInfo> SessionPool::server(const QString &instanceId, const QString &database) const
{
    const auto known = m_servers.constFind({instanceId, database, Lane::Main});
    return known == m_servers.constEnd() ? std::nullopt : std::optional(*known);
}

QList<int> SessionPool::backendPids(const ConnectionParameters &database) const
{
    QList<int> pids;
    for (auto it = m_servers.cbegin(); it != m_servers.cend(); ++it) {
        const auto spec = m_specs.constFind(it.key().instanceId);
        if (spec != m_specs.constEnd() && spec->withDatabase(it.key().database).parameters == database) {
            pids += it->backendPid;
        }
    }
    return pids;
}

} // namespace Roost
