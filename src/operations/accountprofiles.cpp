#include "operations/accountprofiles.h"

#include <QCoreApplication>
#include <QUuid>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(AccountProfiles)
};

/// The id that the host begins with; empty for hosts outside Render.
QString idInHost(const QString &host)
{
    const QString label = host.section(u'.', 0, 0).toLower();
    return isRenderId(label, "dpg") ? label : QString();
}

const Profile *profileOf(const PostgresInstance &instance, const QList<Profile> &saved)
{
    // A link that was made once holds; a host is only the way to find what was saved without one.
    const auto linked = std::find_if(saved.cbegin(), saved.cend(),
                                     [&](const Profile &profile) { return profile.renderId == instance.id; });
    if (linked != saved.cend()) {
        return &*linked;
    }
    const auto byHost = std::find_if(saved.cbegin(), saved.cend(), [&](const Profile &profile) {
        return profile.renderId.isEmpty() && idInHost(profile.parameters.host) == instance.id;
    });
    return byHost == saved.cend() ? nullptr : &*byHost;
}

/// What the API knows better than what was saved.
Profile withFacts(Profile profile, const QString &accountId, const PostgresInstance &instance)
{
    if (profile.accountId.isEmpty()) { // two keys may see the same workspace: the first one has it
        profile.accountId = accountId;
    }
    profile.renderId = instance.id;
    profile.expiresAt = instance.expiresAt;
    // The day from which a free instance's life counts; the others live on.
    profile.createdOn = instance.isFree() ? instance.createdAt.toUTC().date() : QDate();
    return profile;
}

bool hasSameFacts(const Profile &left, const Profile &right)
{
    return left.accountId == right.accountId && left.renderId == right.renderId && left.expiresAt == right.expiresAt &&
           left.createdOn == right.createdOn;
}

} // namespace

QString freeProfileName(const QString &wanted, const QStringList &taken)
{
    constexpr qsizetype longest = 56; // leaves room for a number
    QString base;
    for (const QChar c : wanted) {
        base += c == u'/' ? u'-' : c.isPrint() ? c : u' ';
    }
    base = base.simplified();
    while (base.startsWith(u'-') || base.startsWith(u'.')) {
        base.remove(0, 1);
    }
    base = base.left(longest).trimmed();
    if (!profileNameProblem(base).isEmpty()) {
        base = base.isEmpty() ? Text::tr("instance") : Text::tr("Render %1").arg(QString(base).replace(u':', u' '));
    }
    QString name = base;
    for (int number = 2; taken.contains(name, Qt::CaseInsensitive); ++number) {
        name = QStringLiteral("%1 %2").arg(base).arg(number);
    }
    return name;
}

ProfileChanges reconcileProfiles(const QString &accountId, const AccountOverview &overview, const QList<Profile> &saved)
{
    ProfileChanges changes;
    QStringList names;
    for (const Profile &profile : saved) {
        names += profile.name;
    }
    for (const PostgresInstance &instance : overview.instances) {
        if (instance.role == u"replica" || !isRenderId(instance.id, "dpg")) {
            continue;
        }
        if (const Profile *known = profileOf(instance, saved)) {
            const Profile next = withFacts(*known, accountId, instance);
            if (!hasSameFacts(*known, next)) {
                changes.changed += next;
            }
            continue;
        }
        Profile added;
        added.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
        added.name = freeProfileName(instance.name, names);
        added.parameters.database = instance.databaseName;
        added.parameters.user = instance.databaseUser;
        names += added.name;
        changes.added += withFacts(added, accountId, instance);
    }
    return changes;
}

Profile withConnection(Profile profile, const ConnectionParameters &parameters)
{
    const ConnectionParameters before = profile.parameters;
    profile.parameters = parameters;
    if (!before.host.isEmpty() && !parameters.isLoopback()) {
        profile.parameters.tls = before.tls;
        profile.parameters.rootCertificateFile = before.rootCertificateFile;
    }
    if (!before.host.isEmpty() && !before.database.isEmpty()) {
        profile.parameters.database = before.database;
    }
    return profile;
}

Result<bool> saveAccountProfiles(const ProfileStore &profiles, const QString &accountId,
                                 const AccountOverview &overview)
{
    const Result<QList<Profile>> saved = profiles.all();
    if (!saved) {
        return failure(saved.error());
    }
    const ProfileChanges changes = reconcileProfiles(accountId, overview, *saved);
    for (const Profile &profile : changes.changed + changes.added) {
        if (const Result<void> done = profiles.save(profile); !done) {
            return failure(done.error());
        }
    }
    return !changes.isEmpty();
}

} // namespace Roost
