#include "models/accountconnections.h"

#include "jobs/jobrunner.h"
#include "models/accountlist.h"
#include "models/instancelist.h"
#include "operations/accountprofiles.h"
#include "operations/instanceconnection.h"
#include "storage/profilestore.h"
#include "storage/secretstore.h"

#include <algorithm>

namespace Roost {

namespace {

/// The saved connection as it is now: what it knows beyond the address may have changed meanwhile.
Result<void> saveAddress(const ProfileStore &profiles, const QString &id, const ConnectionParameters &parameters,
                         bool secretIsStored)
{
    const auto all = profiles.all();
    if (!all) {
        return failure(all.error());
    }
    const auto found =
        std::find_if(all->begin(), all->end(), [&id](const Profile &profile) { return profile.id == id; });
    if (found == all->end()) {
        return {};
    }
    Profile profile = withConnection(*found, parameters);
    profile.secretIsStored = secretIsStored;
    return profiles.save(profile);
}

} // namespace

AccountConnections::AccountConnections(const Parts &parts, QObject *parent)
    : QObject(parent)
    , m_parts(parts)
{
}

bool AccountConnections::offer(const Instance &instance, const Error &why, const SessionPool::SpecReady &done)
{
    const QByteArray wrongPassword = QByteArrayLiteral("28P01");
    if (instance.profile.renderId.isEmpty() || !m_parts.accounts->find(instance.profile.accountId)) {
        return false;
    }
    const bool isRefused = why.sqlState == wrongPassword;
    const bool isUnknown = instance.profile.parameters.host.isEmpty() || why.code == ErrorCode::SecretMissing;
    if (!isUnknown && (!isRefused || m_refused.contains(instance.id))) {
        return false;
    }
    if (isRefused) {
        m_refused += instance.id;
    }
    fetch(instance, done);
    return true;
}

void AccountConnections::fetch(const Instance &instance, const SessionPool::SpecReady &done)
{
    m_parts.accounts->access(
        instance.profile.accountId, this, [this, instance, done](const Result<RenderAccess> &access) {
            if (!access) {
                done(failure(access.error()));
                return;
            }
            m_parts.jobs->runQuietly<ConnectionSpec>(
                [access = *access, id = instance.profile.renderId](JobContext &context) {
                    return connectionOf(access, id, context);
                },
                this,
                [this, instance, done](const Result<ConnectionSpec> &spec) {
                    if (!spec) {
                        done(failure(spec.error()));
                        return;
                    }
                    const ConnectionSpec known{withConnection(instance.profile, spec->parameters).parameters,
                                               spec->password};
                    keep(instance.id, known);
                    done(known);
                });
        });
}

void AccountConnections::keep(const QString &instanceId, const ConnectionSpec &spec)
{
    // Without a keychain it is known for this session, and fetched anew in the next.
    m_parts.secrets->store(instanceId, spec.password, this,
                           [this, instanceId, parameters = spec.parameters](const Result<void> &stored) {
                               save(instanceId, parameters, stored.has_value());
                           });
}

void AccountConnections::save(const QString &instanceId, const ConnectionParameters &parameters, bool secretIsStored)
{
    m_parts.jobs->runQuietly<void>(
        [profiles = m_parts.profiles, instanceId, parameters, secretIsStored](JobContext &) {
            return saveAddress(*profiles, instanceId, parameters, secretIsStored);
        },
        this,
        [this, instanceId](const Result<void> &) {
            m_parts.instances->reload();
            emit fetched(instanceId);
        });
}

} // namespace Roost
