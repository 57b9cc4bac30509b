#pragma once

#include "core/result.h"

#include <QList>
#include <QString>
#include <QUrl>

namespace Roost {

/// An account at Render whose API key Roost has in the keychain, under `id`.
struct Account
{
    QString id;   ///< a UUID; names the keychain entry
    QString name; ///< unique, as the user sees it
    QString email;
    QUrl api;                    ///< empty: Render's
    bool isPractice = false;     ///< the stand-in on this computer
    bool secretIsStored = false; ///< the keychain took the key
};

/// The accounts in Roost's SQLite file, without keys. Each call opens the file in the calling thread: not on the GUI
/// thread.
class AccountStore
{
public:
    explicit AccountStore(QString file);

    [[nodiscard]] Result<QList<Account>> all() const; ///< by name
    /// NotFound, naming the ones that exist.
    [[nodiscard]] Result<Account> byName(const QString &name) const;
    /// Adds or replaces by id. AlreadyExists when another account has the name.
    [[nodiscard]] Result<void> save(const Account &account) const;
    /// Connections that came from it stay, and belong to no account then.
    [[nodiscard]] Result<void> remove(const QString &id) const;

private:
    QString m_file;
};

} // namespace Roost
