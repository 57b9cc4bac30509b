#include "operations/accountprofiles.h"
#include "operations/expiry.h"
#include "operations/instanceconnection.h"
#include "operations/migrationreport.h"
#include "operations/migrationservices.h"
#include "postgres/databaseconnection.h"
#include "storage/keychain.h"

#include <QCoreApplication>
#include <QFile>
#include <QSaveFile>

#include <algorithm>
#include <cerrno>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationEnding)
};

/// The saved connection of the old instance becomes that of the new one.
class ConnectionsRun
{
public:
    explicit ConnectionsRun(MigrationWork &work)
        : m_work(work)
        , m_isInPlace(work.plan().path == MigrationPath::UpgradeInPlace)
        , m_newId(m_isInPlace ? work.plan().source.id : work.state().newInstanceId())
    {
    }

    Result<StepOutcome> run();

private:
    bool isSaved() const
    {
        return m_work.state().facts.value(MigrationStep::Connections)[u"state"].toString() == u"saved";
    }
    Result<ConnectionSpec> target();
    Result<Profile> profileNow() const;
    Result<Profile> withExpiry(Profile profile);
    Result<Profile> pointed(Profile profile, const ConnectionParameters &parameters);
    Result<bool> keepPassword(const Secret &password);
    Result<void> save(Profile profile);
    Result<void> checkSaved();
    Result<void> removeOthers();
    Result<void> forget(const QString &secretId);

    MigrationWork &m_work;
    const bool m_isInPlace;
    const QString m_newId; ///< empty: by hand, and the host does not tell
    QString m_name;
    QStringList m_told;
};

/// As Render says it now; without an account, as it was pasted.
Result<ConnectionSpec> ConnectionsRun::target()
{
    if (m_isInPlace) {
        return m_work.source();
    }
    if (m_work.plan().isByHand() || m_newId.isEmpty()) {
        return m_work.target();
    }
    const auto access = m_work.access();
    if (!access) {
        return failure(access.error());
    }
    return connectionOf(*access, m_newId, m_work.context(), m_work.environment().patience.times);
}

/// As it is saved now; as it was, when it was removed meanwhile.
Result<Profile> ConnectionsRun::profileNow() const
{
    const MigrationPlan &plan = m_work.plan();
    const auto all = m_work.environment().profiles.all();
    if (!all) {
        return failure(all.error());
    }
    QStringList taken;
    for (const Profile &each : *all) {
        if (each.id == plan.profileId) {
            return each;
        }
        taken += each.name;
    }
    Profile restored;
    restored.id = plan.profileId;
    restored.name = freeProfileName(plan.profileName.isEmpty() ? plan.source.name : plan.profileName, taken);
    restored.parameters = plan.connection;
    restored.accountId = plan.accountId;
    return restored;
}

Result<Profile> ConnectionsRun::withExpiry(Profile profile)
{
    const MigrationPlan &plan = m_work.plan();
    profile.expiresAt = {};
    profile.createdOn = {};
    profile.lifetimeDays = 0; // of the old one, if the user corrected it
    if (!plan.isByHand() && !m_newId.isEmpty()) {
        const auto access = m_work.access();
        if (!access) {
            return failure(access.error());
        }
        RenderClient client(*access, m_work.context(), m_work.environment().patience.times);
        const auto instance = client.instance(m_newId);
        if (!instance) {
            return failure(instance.error());
        }
        takeExpiry(profile, *instance);
        if (instance->isFree()) {
            profile.createdOn = instance->createdAt.toUTC().date();
        }
    } else if (plan.draft.plan == u"free" && !m_isInPlace) {
        profile.createdOn = m_work.state().step(MigrationStep::CreateNew).endedAt.toLocalTime().date();
    }
    return profile;
}

Result<Profile> ConnectionsRun::pointed(Profile profile, const ConnectionParameters &parameters)
{
    const MigrationPlan &plan = m_work.plan();
    if (profile.accountId.isEmpty()) {
        profile.accountId = plan.accountId;
    }
    profile.renderId = m_newId;
    if (m_isInPlace) { // an account's instance may never have been connected to
        return withExpiry(profile.parameters.host.isEmpty() ? withConnection(profile, parameters) : profile);
    }
    profile = withConnection(profile, parameters);
    const QString database = profile.parameters.database;
    const bool hasMoved = std::any_of(plan.databases.begin(), plan.databases.end(), [&](const auto &each) {
        return each.properties.name == database || databaseOnNew(m_work.state(), each.properties.name) == database;
    });
    profile.parameters.database = hasMoved ? databaseOnNew(m_work.state(), database) : parameters.database;
    return withExpiry(profile);
}

/// False: there is no keychain, and Roost asks again the next time.
Result<bool> ConnectionsRun::keepPassword(const Secret &password)
{
    const QString id = m_work.plan().profileId;
    const auto stored = m_work.environment().keychain.store(id, password, m_work.stopToken());
    if (!stored && stored.error().code == ErrorCode::KeychainAbsent) {
        m_told += Text::tr("there is no keychain, so Roost asks for the password the next time");
        return false;
    }
    if (!stored) {
        return failure(stored.error());
    }
    const auto read = m_work.environment().keychain.load(id, m_work.stopToken());
    if (!read || !read->isSameAs(password)) {
        return failure(read
                           ? Error{ErrorCode::KeychainRefused,
                                   Text::tr("The keychain took the new password and then gave another one. Try again."),
                                   {},
                                   {}}
                           : read.error());
    }
    return true;
}

Result<void> ConnectionsRun::save(Profile profile)
{
    const auto spec = target();
    if (!spec) {
        return failure(spec.error());
    }
    auto now = pointed(std::move(profile), spec->parameters);
    if (!now) {
        return failure(now.error());
    }
    // What is saved has to work.
    const auto opened = DatabaseConnection::open({now->parameters, spec->password}, m_work.stopToken());
    if (!opened) {
        return failure(opened.error());
    }
    const auto kept = keepPassword(spec->password);
    if (!kept) {
        return failure(kept.error());
    }
    now->secretIsStored = *kept;
    if (const auto saved = m_work.environment().profiles.save(*now); !saved) {
        return saved;
    }
    const Expiry expiry = expiryOf(*now);
    return m_work.note(MigrationStep::Connections,
                       {{QStringLiteral("profile"), now->id},
                        {QStringLiteral("name"), now->name},
                        {QStringLiteral("host"), now->parameters.host},
                        {QStringLiteral("expiresAt"),
                         expiry.isKnown() ? expiry.stopsAt.toUTC().toString(Qt::ISODateWithMs) : QString()},
                        {QStringLiteral("state"), QStringLiteral("saved")}});
}

Result<void> ConnectionsRun::checkSaved()
{
    const auto profile = profileNow();
    if (!profile) {
        return failure(profile.error());
    }
    m_name = profile->name;
    const QString host = m_work.state().facts.value(MigrationStep::Connections)[u"host"].toString();
    return profile->renderId == m_newId && profile->parameters.host == host
               ? Result<void>()
               : failure(ErrorCode::Conflict,
                         Text::tr("The saved connection %1 was changed by somebody else meanwhile. Try again.")
                             .arg(profile->name));
}

/// Those that the account's synchronisation made for the new instance before the old one's was pointed at it.
Result<void> ConnectionsRun::removeOthers()
{
    if (m_newId.isEmpty() || m_isInPlace) {
        return {};
    }
    const auto all = m_work.environment().profiles.all();
    if (!all) {
        return failure(all.error());
    }
    for (const Profile &each : *all) {
        if (each.id == m_work.plan().profileId || each.renderId != m_newId || each.accountId.isEmpty()) {
            continue;
        }
        const auto removed = forget(each.id).and_then([&] { return m_work.environment().profiles.remove(each.id); });
        if (!removed) {
            return removed;
        }
        m_work.context().log(Text::tr("The second saved connection to the new instance, %1, is removed: %2 is that one "
                                      "now.")
                                 .arg(each.name, m_work.plan().profileName));
    }
    return {};
}

Result<void> ConnectionsRun::forget(const QString &secretId)
{
    const auto removed = m_work.environment().keychain.remove(secretId, m_work.stopToken());
    const bool wasNone = !removed && (removed.error().code == ErrorCode::SecretMissing ||
                                      removed.error().code == ErrorCode::KeychainAbsent);
    return wasNone ? Result<void>() : removed;
}

Result<StepOutcome> ConnectionsRun::run()
{
    m_work.context().report({Text::tr("Updating the saved connection"), 0, 0, {}, -1});
    // First, so that their names are free; and once more, as synchronisation may have been under way.
    if (const auto removed = removeOthers(); !removed) {
        return failure(removed.error());
    }
    if (!isSaved() || !checkSaved()) {
        auto profile = profileNow();
        if (!profile) {
            return failure(profile.error());
        }
        if (const auto saved = save(std::move(*profile)); !saved) {
            return failure(saved.error());
        }
    }
    const auto checked = removeOthers().and_then([this] { return checkSaved(); }).and_then([this] {
        return m_isInPlace ? Result<void>() : forget(m_work.state().newSecretId());
    });
    if (!checked) {
        return failure(checked.error());
    }
    m_told.prepend(
        m_isInPlace ? Text::tr("the connection %1 is as it was").arg(m_name)
                    : Text::tr("the connection %1 leads to the new instance, %2").arg(m_name, newInstanceName(m_work)));
    m_work.setSummary(m_told.join(QStringLiteral("; ")));
    return StepOutcome();
}

Result<void> writePrivately(const QString &file, const QString &text)
{
    QSaveFile out(file);
    const QByteArray bytes = text.toUtf8();
    errno = 0;
    const bool isWritten = out.open(QIODevice::WriteOnly) && out.setPermissions(QFile::ReadOwner | QFile::WriteOwner) &&
                           out.write(bytes) == bytes.size() && out.commit();
    if (isWritten) {
        return {};
    }
    return failure(errno == ENOSPC ? ErrorCode::DiskFull : ErrorCode::FileFailed,
                   Text::tr("The report could not be written to %1. All else is done; make room or look at the "
                            "permissions there, and go on.")
                       .arg(file),
                   out.errorString());
}

} // namespace

Result<StepOutcome> updateConnections(MigrationWork &work)
{
    return ConnectionsRun(work).run();
}

Result<StepOutcome> finishReport(MigrationWork &work)
{
    QString stem = work.journalFile();
    stem.truncate(stem.lastIndexOf(u'.'));
    const QString markdown = stem + QStringLiteral(".md");
    const QString html = stem + QStringLiteral(".html");
    const auto done = writePrivately(markdown, reportAsMarkdown(work.state()))
                          .and_then([&] { return writePrivately(html, reportAsHtml(work.state())); })
                          .and_then([&] {
                              return work.note(MigrationStep::Report, {{QStringLiteral("markdown"), markdown},
                                                                       {QStringLiteral("html"), html}});
                          });
    if (!done) {
        return failure(done.error());
    }
    work.setSummary(html);
    return StepOutcome();
}

} // namespace Roost
