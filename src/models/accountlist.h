#pragma once

#include "core/result.h"
#include "operations/accountoverview.h"
#include "storage/accountstore.h"

#include <QList>
#include <QObject>

#include <functional>
#include <optional>

namespace Roost {

class JobRunner;
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
    };

    AccountList(const AccountStore *store, SecretStore *secrets, JobRunner *jobs, QObject *parent = nullptr);

    const QList<Entry> &entries() const { return m_entries; }
    const Entry *find(const QString &accountId) const; ///< null when there is none
    /// Reads the saved accounts again, and then what each holds.
    void reload();
    /// Reads what the account holds again; does nothing while that is under way.
    void refresh(const QString &accountId);
    /// Address and key, for a job. The answer is not given once the receiver is gone.
    void access(const QString &accountId, QObject *receiver, std::function<void(const Result<RenderAccess> &)> done);

signals:
    void listed();                          ///< the set of accounts changed
    void changed(const QString &accountId); ///< its overview, state or error

private:
    const AccountStore *m_store;
    SecretStore *m_secrets;
    JobRunner *m_jobs;
    QList<Entry> m_entries;
};

} // namespace Roost
