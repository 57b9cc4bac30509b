#pragma once

#include "core/result.h"
#include "operations/accountoverview.h"
#include "storage/accountstore.h"

#include <QList>
#include <QObject>

#include <functional>
#include <optional>
#include <utility>

namespace Roost {

class JobRunner;
class ProfileStore;
class SecretStore;

/// The accounts at Render and what was last read of each. Lives in the GUI thread; all reading is done by jobs.
class AccountList : public QObject
{
    Q_OBJECT

public:
    struct Entry
    {
        Account account;
        bool isReading = false;
        std::optional<AccountOverview> overview; ///< kept while it is read again, and when that fails
        Error error;                             ///< of the last reading; Cancelled's code never stands here
        bool hasFailed = false;
        int generation = 0; ///< answers to an older one are late
    };

    AccountList(const AccountStore *store, SecretStore *secrets, JobRunner *jobs, QObject *parent = nullptr);

    const QList<Entry> &entries() const { return m_entries; }
    const Entry *find(const QString &accountId) const; ///< null when there is none
    /// The instance with this id and the account that it belongs to; nulls when no account has it.
    std::pair<const Entry *, const PostgresInstance *> instance(const QString &renderId) const;
    bool isLoaded() const { return m_isLoaded; }
    const std::optional<Error> &loadError() const { return m_loadError; }
    /// Where each reading puts the connections of the instances that it found.
    void setProfiles(const ProfileStore *profiles) { m_profiles = profiles; }
    /// Reads the saved accounts again, and then what each holds.
    void reload();
    /// Reads what the account holds again; does nothing while that is under way.
    void refresh(const QString &accountId);
    /// Address and key, for a job. The answer is not given once the receiver is gone.
    void access(const QString &accountId, QObject *receiver, std::function<void(const Result<RenderAccess> &)> done);

signals:
    void listed();                          ///< the set of accounts changed
    void changed(const QString &accountId); ///< its overview, state or error
    void profilesChanged();                 ///< a reading linked or added saved connections

private:
    struct Reading
    {
        AccountOverview overview;
        bool profilesChanged = false;
    };
    Entry *entry(const QString &accountId);
    void take(const QList<Account> &accounts);
    void read(const QString &accountId, int generation, const RenderAccess &access);
    void finish(const QString &accountId, int generation, const Result<Reading> &reading);

    const AccountStore *m_store;
    const ProfileStore *m_profiles = nullptr;
    SecretStore *m_secrets;
    JobRunner *m_jobs;
    QList<Entry> m_entries;
    std::optional<Error> m_loadError;
    bool m_isLoaded = false;
    int m_listGeneration = 0;
};

} // namespace Roost
