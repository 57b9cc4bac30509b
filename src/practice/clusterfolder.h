#pragma once

#include "core/result.h"
#include "core/secret.h"

#include <QMap>
#include <QString>

#include <sys/types.h>

namespace Roost {

/// Whom the server runs as: ourselves, or, as PostgreSQL refuses to run as root, somebody else.
struct ServerUser
{
    uid_t uid = 0;
    gid_t gid = 0;
    bool isAnother = false; ///< not the user of this process

    [[nodiscard]] static Result<ServerUser> choose();
};

/// Where the parts of a private cluster lie, and who may reach them. Blocking file access.
///
/// `key`, `lock` and `prepared` are in the cluster's folder; so are the configuration, the log, `data` and `s` (the
/// socket), unless the server's user cannot get there: then those are under /var/lib/roost, named by `location`.
class ClusterFolder
{
public:
    ClusterFolder(const QString &folder, const QString &home);

    QString lockFile() const { return m_folder + QStringLiteral("/lock"); }
    QString data() const { return base() + QStringLiteral("/data"); }
    QString configFile() const { return base() + QStringLiteral("/postgresql.conf"); }
    QString accessFile() const { return base() + QStringLiteral("/pg_hba.conf"); }
    QString logFile() const { return base() + QStringLiteral("/server.log"); }
    bool isInitialised() const;
    int majorVersion() const; ///< of the cluster's files; 0 when there are none
    int lastPort() const;     ///< as the configuration has it; 0 when there is none

    /// Makes the folders, and decides where the server's files go.
    [[nodiscard]] Result<void> prepare(const ServerUser &user) const;
    /// An empty folder of the server's user beside data(), to be renamed to it.
    [[nodiscard]] Result<QString> makeNewData(const ServerUser &user) const;
    [[nodiscard]] Result<void> adoptNewData() const;
    /// The folder for the server's socket: short enough for a socket's address (107 bytes). Made when missing.
    [[nodiscard]] Result<QString> socketFolder(const ServerUser &user) const;
    [[nodiscard]] Result<void> writeConfiguration(const ServerUser &user, const QMap<QString, QString> &settings) const;

    /// Makes a random key when there is none.
    [[nodiscard]] Result<void> ensureKey() const;
    /// Derived from the key: every process of the same user can log in, and the password stands in no file.
    [[nodiscard]] Result<Secret> password(const QString &role) const;

    /// For which run of the server the role and databases were checked; see setPrepared().
    QString preparedRun() const;
    [[nodiscard]] Result<void> setPrepared(const QString &run) const;
    [[nodiscard]] Result<void> remove() const;

private:
    QString base() const;
    [[nodiscard]] bool isReachable(const ServerUser &user) const;
    QString m_folder;
    QString m_home;
};

} // namespace Roost
