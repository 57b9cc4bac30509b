#include "operations/expirylist.h"

#include "postgres/renderhost.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(ExpiryList)
};

/// Those who end first, then the erased, then the unknown.
int groupOf(const ExpiringInstance &instance)
{
    if (!instance.expiry.isKnown()) {
        return 2;
    }
    return instance.expiry.stage(instance.now) == Expiry::Stage::Gone ? 1 : 0;
}

bool isBefore(const ExpiringInstance &a, const ExpiringInstance &b)
{
    if (groupOf(a) != groupOf(b)) {
        return groupOf(a) < groupOf(b);
    }
    if (a.expiry.stopsAt != b.expiry.stopsAt) {
        return a.expiry.stopsAt < b.expiry.stopsAt;
    }
    return a.profile.name.localeAwareCompare(b.profile.name) < 0;
}

bool isSaved(const PostgresInstance &instance, const QList<Profile> &profiles)
{
    return std::any_of(profiles.begin(), profiles.end(), [&instance](const Profile &profile) {
        return profile.renderId == instance.id || profile.parameters.host.startsWith(instance.id);
    });
}

} // namespace

ProvenState provenState(const QList<ListedBackup> &backups, const QString &instanceId, const QStringList &databases)
{
    ProvenState state;
    state.hasDatabases = !databases.isEmpty();
    for (const QString &database : databases) {
        const BackupRecord last = lastProven(backups, instanceId, database);
        if (last.number == 0) {
            state.without += database;
        } else if (state.oldest.number == 0 || last.takenAt < state.oldest.takenAt) {
            state.oldest = last;
        }
    }
    return state;
}

QList<ExpiringInstance> expiringInstances(const QList<Profile> &profiles, const QList<AccountOverview> &accounts,
                                          const InstanceClock &clock)
{
    QList<ExpiringInstance> instances;
    for (const Profile &profile : profiles) {
        ExpiringInstance one{profile, true, expiryOf(profile), clock.now(profile)};
        // Of an account's instance Render knows: without an end it is a paid one.
        const bool isAsked = profile.accountId.isEmpty() && isRenderHost(profile.parameters.host);
        if (one.expiry.isKnown() || isAsked) {
            instances += one;
        }
    }
    for (const AccountOverview &account : accounts) {
        for (const PostgresInstance &instance : account.instances) {
            ExpiringInstance one;
            one.isSaved = false;
            one.profile.id = instance.id;
            one.profile.renderId = instance.id;
            one.profile.name = instance.name;
            takeExpiry(one.profile, instance);
            one.expiry = expiryOf(one.profile);
            one.now = account.now();
            if (one.expiry.isKnown() && !isSaved(instance, profiles)) {
                instances += one;
            }
        }
    }
    std::sort(instances.begin(), instances.end(), isBefore);
    return instances;
}

QString sourceText(const ExpiringInstance &instance)
{
    switch (instance.expiry.source) {
    case Expiry::Source::Api:
        return Text::tr("Render says so");
    case Expiry::Source::CreationDate: {
        const Profile &profile = instance.profile;
        const int days = profile.lifetimeDays > 0 ? profile.lifetimeDays : Expiry::usualLifetimeDays;
        return Text::tr("counted: %1 and %2 days")
            .arg(QLocale().toString(profile.createdOn, Text::tr("d MMM yyyy")))
            .arg(days);
    }
    case Expiry::Source::None:
        break;
    }
    return Text::tr("nobody said when it was created");
}

} // namespace Roost
