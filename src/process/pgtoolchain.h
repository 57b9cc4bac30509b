#pragma once

#include "core/jobcontext.h"
#include "core/result.h"

#include <QList>
#include <QString>
#include <QVersionNumber>

namespace Roost {

/// PostgreSQL's client tools of one installation.
struct PgToolchain
{
    QString folder;         ///< holds pg_dump, pg_restore; never Debian's wrapper in /usr/bin
    QVersionNumber version; ///< 15.20

    [[nodiscard]] QString tool(const QString &name) const; ///< absolute path
};

/// Every installation in the usual places (/usr/lib/postgresql/*/bin, /usr/pgsql-*/bin, /opt, Homebrew, PATH), newest
/// first.
[[nodiscard]] QList<PgToolchain> findToolchains(const JobContext &context);

/// The one to use with a server of this version (PQserverVersion): at least its major version, the closest above.
/// ToolMissing or ToolTooOld, naming the package to install.
[[nodiscard]] Result<PgToolchain> toolchainFor(int serverVersion, const JobContext &context);

/// True when this version holds the fix for archives that run code in pg_restore (18.7, 17.12, 16.16, 15.20, 14.25).
[[nodiscard]] bool isSafeForForeignArchives(const QVersionNumber &version);

/// The folder with initdb and postgres, for practice mode. ToolMissing naming the package.
[[nodiscard]] Result<PgToolchain> serverToolchain(const JobContext &context);

} // namespace Roost
