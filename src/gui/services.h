#pragma once

namespace Roost {

class AccountList;
class AccountStore;
class BackupCatalog;
class ExpiryNoticeStore;
class JobRunner;
class SecretStore;
class ProfileStore;
class Prompts;
class SessionPool;
class ActivityLog;
class InstanceList;
class Settings;

/// What the windows work with; owned by main() (or a test), which outlives every window.
struct Services
{
    JobRunner *jobs = nullptr;
    SecretStore *secrets = nullptr;
    ProfileStore *profiles = nullptr;
    Prompts *prompts = nullptr;
    SessionPool *sessions = nullptr;   ///< models/sessionpool.h
    ActivityLog *activity = nullptr;   ///< models/activitylog.h: what the terminal lens shows
    Settings *settings = nullptr;      ///< storage/settings.h
    InstanceList *instances = nullptr; ///< models/instancelist.h: saved connections and practice, with their databases
    BackupCatalog *backups = nullptr;  ///< storage/backupcatalog.h
    AccountStore *accountStore = nullptr;       ///< storage/accountstore.h
    AccountList *accounts = nullptr;            ///< models/accountlist.h: accounts at Render and what each holds
    ExpiryNoticeStore *expiryNotices = nullptr; ///< storage/expirynoticestore.h; without it nobody is reminded
};

} // namespace Roost
