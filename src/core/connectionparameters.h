#pragma once

#include "core/secret.h"

#include <QMetaType>
#include <QString>

namespace Roost {

/// How the link to a server is protected.
enum class TlsMode {
    Verified,   ///< `verify-full`: encrypted, and the certificate is the host's own. The default for every remote host.
    Unverified, ///< `require`: encrypted, but nobody knows with whom. Only by the user's named choice; stays visible.
    Optional    ///< `prefer`: only for loopback, where there is nobody in between
};

/// Where a database is and who connects. Never holds a password.
struct ConnectionParameters
{
    QString host;
    int port = 5432;
    QString user;
    QString database;
    TlsMode tls = TlsMode::Verified;
    /// A PEM file with the authorities to trust instead of the system's. Only from Roost's own settings, never from a
    /// paste.
    QString rootCertificateFile;

    bool isLoopback() const;
    bool operator==(const ConnectionParameters &) const = default;
};

/// Everything that any connection to this database needs, ours or a child process's. Made in one place, so that no
/// connection is weaker than another.
struct ConnectionSpec
{
    ConnectionParameters parameters;
    Secret password;

    /// The same server and user, another database.
    ConnectionSpec withDatabase(const QString &database) const;
};

} // namespace Roost

Q_DECLARE_METATYPE(Roost::ConnectionParameters)
