#pragma once

#include "core/result.h"
#include "core/secret.h"
#include "storage/secretstore.h"

#include <QObject>
#include <QString>

#include <functional>
#include <stop_token>

namespace Roost {

/// A SecretStore for code that reads top to bottom on a worker thread: each call is handed to the thread where this and
/// the store live, and waited for, or until `stop`. Never from that thread.
class Keychain : public QObject
{
    Q_OBJECT

public:
    explicit Keychain(SecretStore &store, QObject *parent = nullptr);

    [[nodiscard]] Result<Secret> load(const QString &id, const std::stop_token &stop);
    [[nodiscard]] Result<void> store(const QString &id, const Secret &secret, const std::stop_token &stop);
    [[nodiscard]] Result<void> remove(const QString &id, const std::stop_token &stop);

private:
    template <class T>
    using Done = std::function<void(const Result<T> &)>;
    template <class T>
    Result<T> await(std::function<void(Done<T>)> start, const std::stop_token &stop);

    SecretStore &m_store;
};

} // namespace Roost
