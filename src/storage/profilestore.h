#pragma once

#include "core/connectionparameters.h"
#include "core/result.h"

#include <QDate>
#include <QDateTime>
#include <QList>
#include <QString>

namespace Roost {

/// A saved connection, without its password.
struct Profile
{
    QString id;   ///< a UUID; names the keychain entry
    QString name; ///< unique, as the user sees it
    ConnectionParameters parameters;
    bool secretIsStored = false; ///< the keychain took the password; so "not found" means locked or lost
    QDate createdOn = {};        ///< when the instance was created, if the user said so; for the expiry count
    QString accountId = {};      ///< of the account that it came from or belongs to; empty: none
    QString renderId = {};       ///< "dpg-…-a" where it is known; on Render the host begins with it, too
    QDateTime expiresAt = {};    ///< UTC; as Render's API said last; null: not told
    int lifetimeDays = 0;        ///< that the user set for a free instance; 0: the usual 30
};

/// Why a connection cannot have this name, translated; empty if fine. Names stand in the command line as
/// `NAME/DATABASE` beside `practice` and `env:VARIABLE`, and in file names of backups.
[[nodiscard]] QString profileNameProblem(const QString &name);

/// Saved connections in Roost's SQLite file. Each call opens the file in the calling thread and closes it: short, but
/// it may wait for a lock, so not on the GUI thread. A damaged file is set aside, never overwritten: the call that
/// finds it ends with an error that says so, the next one begins a new file.
class ProfileStore
{
public:
    explicit ProfileStore(QString file);

    [[nodiscard]] Result<QList<Profile>> all() const;                ///< by name
    [[nodiscard]] Result<Profile> byName(const QString &name) const; ///< NotFound, naming the ones that exist
    /// Adds or replaces by id. AlreadyExists when another profile has the name, InvalidInput for a name that cannot be.
    [[nodiscard]] Result<void> save(const Profile &profile) const;
    [[nodiscard]] Result<void> remove(const QString &id) const;

private:
    QString m_file;
};

} // namespace Roost
