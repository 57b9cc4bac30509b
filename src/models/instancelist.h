#pragma once

#include "core/result.h"
#include "models/instance.h"
#include "operations/instanceclock.h"
#include "postgres/catalog.h"
#include "postgres/databaseconnection.h"

#include <QList>
#include <QObject>

#include <optional>

namespace Roost {

class ActivityLog;
class JobRunner;
class SessionPool;

/// The instances that the windows show and what is known of each: the saved connections, loaded off the GUI thread, and
/// practice. Lives in the GUI thread.
class InstanceList : public QObject
{
    Q_OBJECT

public:
    enum class State { Closed, Opening, Open, Failed };
    enum class Practice { Stopped, Starting, Running, Stopping };

    struct Entry
    {
        Instance instance;
        State state = State::Closed;
        QList<DatabaseInfo> databases; ///< `\l`, system databases included; kept while it is read again
        std::optional<ServerInfo> server;
        Error error;        ///< when Failed
        int generation = 0; ///< answers to an older one are late
    };

    InstanceList(const ProfileStore *profiles, JobRunner *jobs, SessionPool *sessions, ActivityLog *activity,
                 QObject *parent = nullptr);

    const QList<Entry> &entries() const { return m_entries; } ///< saved ones by name, practice last, also when stopped
    const Entry *find(const QString &instanceId) const;       ///< null when there is none
    /// The databases that may be connected to.
    QStringList databaseNames(const QString &instanceId, bool withSystem = false) const;
    bool hasSaved() const;
    bool isLoaded() const { return m_isLoaded; }
    const std::optional<Error> &loadError() const { return m_loadError; }

    /// Reads the saved connections again.
    void reload();
    /// Connects if need be and reads the list of databases; does nothing while that is under way.
    void open(const QString &instanceId);
    /// Ends its sessions and folds it up.
    void close(const QString &instanceId);

    /// Which time it is for the instances; tells of all of them again.
    void setClock(const InstanceClock &clock);
    const InstanceClock &clock() const { return m_clock; }
    QDateTime now(const Profile &profile) const { return m_clock.now(profile); }

    Practice practice() const { return m_practice; }
    void setPractice(Practice practice, const ConnectionSpec &spec = {}); ///< spec with Running

signals:
    void listed(); ///< the set of instances changed
    void changed(const QString &instanceId);
    void practiceChanged();

private:
    Entry *entry(const QString &instanceId);
    void take(const QList<Profile> &profiles);
    void opened(const QString &instanceId, int generation, const Result<QList<DatabaseInfo>> &databases);

    const ProfileStore *m_profiles;
    JobRunner *m_jobs;
    SessionPool *m_sessions;
    ActivityLog *m_activity;
    QList<Entry> m_entries;
    InstanceClock m_clock;
    std::optional<Error> m_loadError;
    Practice m_practice = Practice::Stopped;
    bool m_isLoaded = false;
    int m_generation = 0;
};

} // namespace Roost
