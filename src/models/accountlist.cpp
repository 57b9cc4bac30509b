#include "models/accountlist.h"

#include "jobs/jobrunner.h"
#include "operations/accountprofiles.h"
#include "storage/secretstore.h"

#include <QPointer>

#include <algorithm>

namespace Roost {

AccountList::AccountList(const AccountStore *store, SecretStore *secrets, JobRunner *jobs, QObject *parent)
    : QObject(parent)
    , m_store(store)
    , m_secrets(secrets)
    , m_jobs(jobs)
{
}

const AccountList::Entry *AccountList::find(const QString &accountId) const
{
    const auto found = std::find_if(m_entries.cbegin(), m_entries.cend(),
                                    [&](const Entry &entry) { return entry.account.id == accountId; });
    return found == m_entries.cend() ? nullptr : &*found;
}

AccountList::Entry *AccountList::entry(const QString &accountId)
{
    return const_cast<Entry *>(std::as_const(*this).find(accountId));
}

std::pair<const AccountList::Entry *, const PostgresInstance *> AccountList::instance(const QString &renderId) const
{
    for (const Entry &entry : m_entries) {
        if (const PostgresInstance *found = entry.overview ? entry.overview->instance(renderId) : nullptr) {
            return {&entry, found};
        }
    }
    return {nullptr, nullptr};
}

void AccountList::reload()
{
    const int generation = ++m_listGeneration;
    m_jobs->runQuietly<QList<Account>>([store = m_store](JobContext &) { return store->all(); }, this,
                                       [this, generation](const Result<QList<Account>> &accounts) {
                                           if (generation != m_listGeneration) {
                                               return;
                                           }
                                           m_isLoaded = true;
                                           m_loadError = accounts ? std::nullopt : std::optional(accounts.error());
                                           take(accounts ? *accounts : QList<Account>());
                                       });
}

void AccountList::take(const QList<Account> &accounts)
{
    QList<Entry> entries;
    for (const Account &account : accounts) {
        const Entry *known = find(account.id);
        Entry next = known ? *known : Entry{};
        if (known && known->account.api != account.api) {
            next = Entry{};
            next.generation = known->generation + 1;
        }
        next.account = account;
        entries += next;
    }
    m_entries = entries;
    emit listed();
    for (const Account &account : accounts) {
        refresh(account.id);
    }
}

void AccountList::refresh(const QString &accountId)
{
    Entry *known = entry(accountId);
    if (!known || known->isReading) {
        return;
    }
    known->isReading = true;
    const int generation = ++known->generation;
    emit changed(accountId);
    access(accountId, this, [this, accountId, generation](const Result<RenderAccess> &access) {
        if (access) {
            read(accountId, generation, *access);
        } else {
            finish(accountId, generation, failure(access.error()));
        }
    });
}

void AccountList::read(const QString &accountId, int generation, const RenderAccess &access)
{
    m_jobs->runQuietly<Reading>(
        [access, accountId, profiles = m_profiles](JobContext &context) -> Result<Reading> {
            Reading reading;
            auto overview = readAccount(access, context);
            if (!overview) {
                return failure(overview.error());
            }
            reading.overview = std::move(*overview);
            if (profiles && reading.overview.instancesAreKnown) {
                const Result<bool> saved = saveAccountProfiles(*profiles, accountId, reading.overview);
                if (saved) {
                    reading.profilesChanged = *saved;
                } else {
                    reading.overview.gaps += saved.error().message;
                }
            }
            return reading;
        },
        this,
        [this, accountId, generation](const Result<Reading> &reading) { finish(accountId, generation, reading); });
}

void AccountList::finish(const QString &accountId, int generation, const Result<Reading> &reading)
{
    Entry *known = entry(accountId);
    if (!known || known->generation != generation) {
        return;
    }
    known->isReading = false;
    if (reading) {
        known->overview = reading->overview;
        known->hasFailed = false;
        known->error = {};
    } else if (!reading.error().isCancelled()) {
        known->hasFailed = true;
        known->error = reading.error();
    }
    emit changed(accountId);
    if (reading && reading->profilesChanged) {
        emit profilesChanged();
    }
}

void AccountList::access(const QString &accountId, QObject *receiver,
                         std::function<void(const Result<RenderAccess> &)> done)
{
    const Entry *known = find(accountId);
    if (!known) {
        done(failure(ErrorCode::NotFound, tr("There is no such account any more.")));
        return;
    }
    const QUrl api = known->account.api.isEmpty() ? defaultRenderApi() : known->account.api;
    m_secrets->load(accountId, receiver, [api, done = std::move(done)](const Result<Secret> &key) {
        if (key) {
            done(RenderAccess{api, *key});
        } else {
            done(failure(key.error()));
        }
    });
}

} // namespace Roost
