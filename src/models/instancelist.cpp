#include "models/instancelist.h"

#include "jobs/jobrunner.h"
#include "models/activitylog.h"
#include "models/sessionpool.h"
#include "postgres/catalogreader.h"

#include <algorithm>

namespace Roost {

namespace {

InstanceList::Entry practiceEntry()
{
    InstanceList::Entry entry;
    entry.instance.id = Instance::practiceId();
    entry.instance.name = InstanceList::tr("practice");
    entry.instance.isPractice = true;
    return entry;
}

} // namespace

InstanceList::InstanceList(const ProfileStore *profiles, JobRunner *jobs, SessionPool *sessions, ActivityLog *activity,
                           QObject *parent)
    : QObject(parent)
    , m_profiles(profiles)
    , m_jobs(jobs)
    , m_sessions(sessions)
    , m_activity(activity)
    , m_entries{practiceEntry()}
{
}

const InstanceList::Entry *InstanceList::find(const QString &instanceId) const
{
    const auto found = std::find_if(m_entries.cbegin(), m_entries.cend(),
                                    [&](const Entry &entry) { return entry.instance.id == instanceId; });
    return found == m_entries.cend() ? nullptr : &*found;
}

InstanceList::Entry *InstanceList::entry(const QString &instanceId)
{
    return const_cast<Entry *>(std::as_const(*this).find(instanceId));
}

QStringList InstanceList::databaseNames(const QString &instanceId, bool withSystem) const
{
    QStringList names;
    if (const Entry *known = find(instanceId)) {
        for (const DatabaseInfo &database : known->databases) {
            if (database.allowsConnections && (withSystem || !database.isSystem)) {
                names += database.name;
            }
        }
    }
    return names;
}

bool InstanceList::hasSaved() const
{
    return m_entries.size() > 1;
}

void InstanceList::reload()
{
    const int generation = ++m_generation;
    m_jobs->runQuietly<QList<Profile>>([profiles = m_profiles](JobContext &) { return profiles->all(); }, this,
                                       [this, generation](const Result<QList<Profile>> &profiles) {
                                           if (generation != m_generation) {
                                               return;
                                           }
                                           m_isLoaded = true;
                                           m_loadError = profiles ? std::nullopt : std::optional(profiles.error());
                                           take(profiles ? *profiles : QList<Profile>());
                                       });
}

void InstanceList::take(const QList<Profile> &profiles)
{
    QList<Entry> entries;
    for (const Profile &profile : profiles) {
        Entry next;
        if (const Entry *known = find(profile.id)) {
            // One that had no address yet is not moved: it may be on its way to the very address that came in.
            const ConnectionParameters &before = known->instance.profile.parameters;
            const bool isMoved = !before.host.isEmpty() && before != profile.parameters;
            next = isMoved ? Entry{} : *known;
            if (isMoved) {
                next.generation = known->generation + 1;
                if (!m_sessions->reaches(profile.id, profile.parameters)) {
                    m_sessions->forget(profile.id);
                }
            }
        }
        next.instance = Instance{profile.id, profile.name, false, profile};
        entries += next;
    }
    for (const Entry &old : std::as_const(m_entries)) {
        const bool isGone = !old.instance.isPractice &&
                            std::none_of(profiles.begin(), profiles.end(),
                                         [&](const Profile &profile) { return profile.id == old.instance.id; });
        if (isGone) {
            m_sessions->forget(old.instance.id);
        }
    }
    entries += m_entries.last(); // practice
    m_entries = entries;
    emit listed();
}

void InstanceList::open(const QString &instanceId)
{
    Entry *known = entry(instanceId);
    if (!known || known->state == State::Opening || (known->instance.isPractice && m_practice != Practice::Running)) {
        return;
    }
    known->state = State::Opening;
    const int generation = ++known->generation;
    const Instance instance = known->instance;
    emit changed(instanceId);
    m_sessions->read<QList<DatabaseInfo>>(
        instance, instance.profile.parameters.database, this,
        [](DatabaseConnection &connection, const std::stop_token &stop) {
            return CatalogReader::databases(connection, stop);
        },
        [this, instanceId, generation](const Result<QList<DatabaseInfo>> &databases) {
            opened(instanceId, generation, databases);
        });
}

void InstanceList::opened(const QString &instanceId, int generation, const Result<QList<DatabaseInfo>> &databases)
{
    Entry *known = entry(instanceId);
    if (!known || known->generation != generation) {
        return;
    }
    if (!databases) {
        known->state = databases.error().isCancelled() ? State::Closed : State::Failed;
        known->error = databases.error();
        const QByteArray wrongPassword = QByteArrayLiteral("28P01");
        if (known->error.sqlState == wrongPassword && !known->instance.isPractice) {
            m_sessions->rejectPassword(instanceId, known->error);
        }
        emit changed(instanceId);
        return;
    }
    const QString home = known->instance.profile.parameters.database;
    known->state = State::Open;
    known->databases = *databases;
    known->server = m_sessions->server(instanceId, home);
    m_activity->add(tr("Databases of %1").arg(known->instance.name), QStringLiteral("\\l+"),
                    CatalogReader::sql(CatalogReader::Statement::Databases));
    const Instance instance = known->instance;
    emit changed(instanceId);
    m_sessions->openAhead(instance, databaseNames(instanceId));
}

void InstanceList::close(const QString &instanceId)
{
    Entry *known = entry(instanceId);
    if (!known) {
        return;
    }
    ++known->generation;
    known->state = State::Closed;
    known->databases.clear();
    known->server.reset();
    m_sessions->forget(instanceId);
    emit changed(instanceId);
}

void InstanceList::setClock(const InstanceClock &clock)
{
    m_clock = clock;
    m_sessions->setClock(clock);
    QStringList ids;
    for (const Entry &known : std::as_const(m_entries)) {
        ids += known.instance.id;
    }
    for (const QString &id : std::as_const(ids)) {
        emit changed(id);
    }
}

void InstanceList::setPractice(Practice practice, const ConnectionSpec &spec)
{
    m_practice = practice;
    Entry *known = entry(Instance::practiceId());
    if (practice == Practice::Running) {
        known->instance.profile.parameters = spec.parameters;
        m_sessions->setSpec(known->instance.id, spec);
    } else if (known->state != State::Closed) {
        close(known->instance.id);
    }
    emit practiceChanged();
    emit changed(Instance::practiceId());
}

} // namespace Roost
