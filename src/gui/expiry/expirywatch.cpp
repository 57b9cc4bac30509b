#include "gui/expiry/expirywatch.h"

#include "gui/services.h"
#include "jobs/jobrunner.h"
#include "models/accountclock.h"
#include "models/accountlist.h"
#include "models/instancelist.h"
#include "operations/expiry.h"
#include "operations/expirynotices.h"
#include "storage/settings.h"

#include <algorithm>

namespace Roost {

namespace {

constexpr int lookEveryMs = 60'000;
constexpr int againAfterSeconds = 15 * 60;

QList<Profile> profilesOf(const InstanceList &instances)
{
    QList<Profile> profiles;
    for (const InstanceList::Entry &entry : instances.entries()) {
        if (!entry.instance.isPractice) {
            profiles += entry.instance.profile;
        }
    }
    return profiles;
}

QList<NoticeKey> keysOf(const QList<ExpiryNotice> &notices)
{
    QList<NoticeKey> keys;
    for (const ExpiryNotice &notice : notices) {
        keys += notice.key;
    }
    return keys;
}

} // namespace

ExpiryWatch::ExpiryWatch(Services &services, QObject *parent)
    : QObject(parent)
    , m_services(services)
{
    connect(&m_timer, &QTimer::timeout, this, &ExpiryWatch::check);
    connect(services.instances, &InstanceList::listed, this, &ExpiryWatch::check);
    if (services.accounts) {
        connect(services.accounts, &AccountList::changed, this, &ExpiryWatch::check);
        connect(services.accounts, &AccountList::listed, this, &ExpiryWatch::check);
    }
    m_timer.start(lookEveryMs);
}

void ExpiryWatch::check()
{
    takeClock();
    remind();
}

void ExpiryWatch::takeClock()
{
    InstanceClock clock = m_services.accounts ? clockOf(*m_services.accounts) : m_services.instances->clock();
    if (const auto elsewhere = m_services.instances->clock().offset({})) {
        clock.setOffset({}, *elsewhere);
    }
    QStringList badges;
    const QList<Profile> profiles = profilesOf(*m_services.instances);
    for (const Profile &profile : profiles) {
        badges += expiryOf(profile).badge(clock.now(profile));
    }
    const bool isChanged = badges != m_badges || !(clock == m_services.instances->clock());
    m_badges = badges;
    if (isChanged) {
        m_services.instances->setClock(clock);
    }
}

bool ExpiryWatch::accountsAreSettled() const
{
    if (!m_services.accounts) {
        return true;
    }
    const auto &entries = m_services.accounts->entries();
    return m_services.accounts->isLoaded() &&
           std::none_of(entries.begin(), entries.end(),
                        [](const AccountList::Entry &entry) { return entry.isReading; });
}

void ExpiryWatch::remind()
{
    const bool isWanted = m_services.expiryNotices && (!m_services.settings || m_services.settings->remindsOfExpiry());
    if (!isWanted || m_isReminding || !m_services.instances->isLoaded() || !accountsAreSettled() ||
        (m_notBefore.isValid() && QDateTime::currentDateTimeUtc() < m_notBefore)) {
        return;
    }
    const QList<Profile> profiles = profilesOf(*m_services.instances);
    const InstanceClock clock = m_services.instances->clock();
    const QList<NoticeKey> due = keysOf(dueNotices(profiles, m_settled, clock));
    if (due.isEmpty()) {
        return;
    }
    m_isReminding = true;
    m_services.jobs->runQuietly<QList<ExpiryNotice>>(
        [profiles, clock, store = *m_services.expiryNotices](JobContext &context) {
            return showDueNotices(profiles, store, clock, context);
        },
        this,
        [this, due](const Result<QList<ExpiryNotice>> &shown) {
            m_isReminding = false;
            if (!shown) {
                m_notBefore = QDateTime::currentDateTimeUtc().addSecs(againAfterSeconds);
                return;
            }
            m_notBefore = {};
            m_settled += due;
            emit reminded(int(shown->size()));
            remind(); // the day may have changed meanwhile
        });
}

} // namespace Roost
