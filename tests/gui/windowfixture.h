#pragma once

#include "gui/mainwindow.h"
#include "gui/services.h"
#include "jobs/jobrunner.h"
#include "models/accountlist.h"
#include "models/activitylog.h"
#include "models/instancelist.h"
#include "models/sessionpool.h"
#include "scriptedprompts.h"
#include "storage/accountstore.h"
#include "storage/backupcatalog.h"
#include "storage/profilestore.h"
#include "storage/secretstore.h"
#include "storage/settings.h"

#include <QTemporaryDir>

#include <functional>
#include <memory>

namespace Roost::Testing {

/// The real main window with real services, in a home of its own that is gone afterwards.
class WindowFixture
{
public:
    WindowFixture()
        : profiles(home.filePath(QStringLiteral("roost.db")))
        , backups(home.filePath(QStringLiteral("roost.db")))
        , accountStore(home.filePath(QStringLiteral("roost.db")))
        , settings(home.filePath(QStringLiteral("settings.ini")))
        , sessions(&secrets)
        , instances(&profiles, &jobs, &sessions, &activity)
        , accounts(&accountStore, &secrets, &jobs)
    {
        services.jobs = &jobs;
        services.secrets = &secrets;
        services.profiles = &profiles;
        services.prompts = &prompts;
        services.sessions = &sessions;
        services.activity = &activity;
        services.settings = &settings;
        services.instances = &instances;
        services.backups = &backups;
        services.accountStore = &accountStore;
        services.accounts = &accounts;
    }
    ~WindowFixture()
    {
        window.reset();
        jobs.shutDown();
    }

    /// Saves a connection with its password known for this session.
    Profile save(const QString &name, const ConnectionSpec &spec, const QDate &createdOn = {})
    {
        const Profile profile{QStringLiteral("id-") + name, name, spec.parameters, false, createdOn};
        secrets.keepForSession(profile.id, spec.password);
        [[maybe_unused]] const bool saved = profiles.save(profile).has_value();
        return profile;
    }
    void open()
    {
        window = std::make_unique<MainWindow>(services);
        window->show();
        window->begin();
    }
    template <class T>
    T *part(const char *name) const
    {
        return window->findChild<T *>(QString::fromLatin1(name));
    }

    QTemporaryDir home;
    ProfileStore profiles;
    BackupCatalog backups;
    AccountStore accountStore;
    Settings settings;
    SecretStore secrets;
    ScriptedPrompts prompts;
    ActivityLog activity;
    SessionPool sessions;
    JobRunner jobs;
    InstanceList instances;
    AccountList accounts;
    Services services;
    std::unique_ptr<MainWindow> window;
};

} // namespace Roost::Testing
