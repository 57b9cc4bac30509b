#pragma once

#include "jobs/jobrunner.h"
#include "models/activitylog.h"
#include "models/instancelist.h"
#include "models/sessionpool.h"
#include "storage/profilestore.h"
#include "storage/secretstore.h"

#include <QTemporaryDir>

namespace Roost::Testing {

/// What models work with, in a home of its own.
class ModelFixture
{
public:
    ModelFixture()
        : profiles(home.filePath(QStringLiteral("roost.db")))
        , sessions(&secrets)
        , instances(&profiles, &jobs, &sessions, &activity)
    {
    }

    /// Saves a connection whose password is known for this session.
    Profile save(const QString &name, const ConnectionSpec &spec)
    {
        const Profile profile{QStringLiteral("id-") + name, name, spec.parameters, false, {}};
        secrets.keepForSession(profile.id, spec.password);
        [[maybe_unused]] const bool saved = profiles.save(profile).has_value();
        return profile;
    }
    static Instance instanceOf(const Profile &profile) { return {profile.id, profile.name, false, profile}; }

    QTemporaryDir home;
    ProfileStore profiles;
    SecretStore secrets;
    ActivityLog activity;
    SessionPool sessions;
    JobRunner jobs;
    InstanceList instances;
};

} // namespace Roost::Testing
