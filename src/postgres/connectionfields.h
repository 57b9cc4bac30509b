#pragma once

#include "postgres/connectionstring.h"

#include <QCoreApplication>
#include <QSet>

namespace Roost {

/// The translation context of all that is said about a pasted connection.
struct ConnectionText
{
    Q_DECLARE_TR_FUNCTIONS(ConnectionText)
};

/// Shorthand: nothing but InvalidInput comes from reading a pasted text, and never a detail.
[[nodiscard]] inline tl::unexpected<Error> badConnection(const QString &message)
{
    return failure(ErrorCode::InvalidInput, message);
}

/// What a pasted text says, field by field under libpq's names, each accepted once and only when it is on the allow
/// list. The one gate that every form passes: what it does not take never reaches a connection.
class ConnectionFields
{
public:
    /// Whether an unknown key may be quoted: not where it could be a piece of a password with a blank in it.
    enum class Unknown { Name, Hide };

    [[nodiscard]] Result<void> add(const QString &key, const QString &value, Unknown unknown = Unknown::Name);
    /// Checks what is missing, and settles TLS and Render's particulars.
    [[nodiscard]] Result<ParsedConnection> finish(ConnectionStringForm form);
    void notice(const QString &text) { m_notices += text; }
    bool has(const QString &key) const { return m_seen.contains(key); }

private:
    Result<void> takeHost(const QString &host);
    Result<void> takePort(const QString &port);
    Result<void> takeSslMode(const QString &mode);
    Result<void> takeUser(const QString &user);
    Result<void> takeDatabase(const QString &database);
    Result<void> takePassword(const QString &password);
    void settleTls();
    QString missing() const;

    ConnectionParameters m_parameters;
    Secret m_password;
    QString m_sslMode;
    QSet<QString> m_seen;
    QStringList m_notices;
};

} // namespace Roost
