#pragma once

#include "core/connectionparameters.h"
#include "postgres/connectionstring.h"
#include "storage/profilestore.h"

#include <QCoreApplication>

#include <optional>

namespace Roost {

/// A connection that is being put together: from a pasted text, or from a saved one that is edited. No widgets.
class ConnectionDraft
{
    Q_DECLARE_TR_FUNCTIONS(ConnectionDraft)

public:
    ConnectionDraft() = default;
    explicit ConnectionDraft(const Profile &existing);

    /// Takes the text in; an error leaves the draft without an address. An empty text goes back to the saved one.
    Result<void> take(const QString &text);
    void setRegion(const QString &region) { m_region = region; }
    /// For a string that came without one.
    void setPassword(const Secret &password) { m_password = password; }
    /// As the connection doctor corrects it; the password stays.
    void setParameters(const ConnectionParameters &parameters);
    void setUnverified(bool unverified) { m_unverified = unverified; }

    bool hasAddress() const { return m_hasAddress; }
    bool needsRegion() const { return m_isInternal && m_region.isEmpty(); }
    bool isInternal() const { return m_isInternal; }
    bool hasPassword() const { return !m_password.isEmpty(); }
    bool cameWithPassword() const { return m_cameWithPassword; }
    const QStringList &notices() const { return m_notices; }
    /// As it will be saved and connected to.
    ConnectionParameters parameters() const;
    ConnectionSpec spec() const { return {parameters(), m_password}; }
    /// Safe to show: with dots for the password.
    QString maskedText() const;
    /// After the database or the instance, and not one of `taken`.
    QString suggestedName(const QStringList &taken) const;
    static QString linkText(TlsMode mode);
    static QString passwordDots();

private:
    std::optional<ConnectionParameters> m_saved;
    ConnectionParameters m_parameters;
    Secret m_password;
    QString m_region;
    QStringList m_notices;
    bool m_hasAddress = false;
    bool m_isInternal = false;
    bool m_cameWithPassword = false;
    bool m_unverified = false;
};

/// Why a connection cannot have this name, translated; empty if it can.
[[nodiscard]] QString connectionNameProblem(const QString &name, const QStringList &taken);

} // namespace Roost
