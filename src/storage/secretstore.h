#pragma once

#include "core/result.h"
#include "core/secret.h"

#include <QHash>
#include <QObject>
#include <QPointer>

#include <chrono>
#include <functional>

namespace QKeychain {
class Job;
}

namespace Roost {

/// Passwords in the OS keychain and nowhere else; without a keychain they stay in this object until the program ends.
/// Asynchronous, in the thread with the event loop that made it (the GUI's, or main() of the CLI). A call's answer is
/// not given once its receiver is gone. Locked, absent and refusing keychains are told apart by asking the Secret
/// Service, not by error texts; an answer that does not come within 60 seconds ends as TimedOut.
class SecretStore : public QObject
{
    Q_OBJECT

public:
    using Stored = std::function<void(const Result<void> &)>;
    using Loaded = std::function<void(const Result<Secret> &)>;

    explicit SecretStore(QObject *parent = nullptr);
    ~SecretStore() override;

    /// Writes, reads back and compares. In any case the secret is kept for this session; an error says why it will be
    /// asked for again next time (KeychainLocked, KeychainAbsent, KeychainRefused, TimedOut).
    void store(const QString &id, const Secret &secret, QObject *receiver, Stored done);
    /// From this session's memory, else from the keychain. SecretMissing when the keychain is open and holds none.
    void load(const QString &id, QObject *receiver, Loaded done);
    /// Removes it from both, and checks by reading.
    void remove(const QString &id, QObject *receiver, Stored done);
    /// Only in memory, for this session.
    void keepForSession(const QString &id, const Secret &secret);

    /// How long the keychain may take; the user may be looking at its question.
    void setPatience(std::chrono::milliseconds patience) { m_patience = patience; }

private:
    enum class Verb { Store, Load, Remove };
    using Finished = std::function<void(const Result<void> &)>;

    void run(QKeychain::Job *job, Verb verb, const QString &id, Finished finished);
    void readFromKeychain(const QString &id, Verb verb, Loaded loaded);
    void verifyStored(const QString &id, const Secret &secret, Stored done);
    void verifyRemoved(const QString &id, Stored done);

    QHash<QString, Secret> m_session;
    std::chrono::milliseconds m_patience = std::chrono::seconds(60);
};

} // namespace Roost
