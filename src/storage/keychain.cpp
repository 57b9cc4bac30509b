#include "storage/keychain.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>

namespace Roost {

Keychain::Keychain(SecretStore &store, QObject *parent)
    : QObject(parent)
    , m_store(store)
{
}

template <class T>
Result<T> Keychain::await(std::function<void(Done<T>)> start, const std::stop_token &stop)
{
    struct Waiting
    {
        std::mutex mutex;
        std::condition_variable_any answered;
        std::optional<Result<T>> answer;
    };
    auto waiting = std::make_shared<Waiting>();
    QMetaObject::invokeMethod(
        this,
        [start = std::move(start), waiting] {
            start([waiting](const Result<T> &result) {
                const std::scoped_lock lock(waiting->mutex);
                waiting->answer = result;
                waiting->answered.notify_all();
            });
        },
        Qt::QueuedConnection);

    std::unique_lock lock(waiting->mutex);
    waiting->answered.wait(lock, stop, [&waiting] { return waiting->answer.has_value(); });
    if (!waiting->answer) {
        return failure(Error::cancelled());
    }
    if (!waiting->answer->has_value() && waiting->answer->error().code == ErrorCode::TimedOut) {
        waiting->answer->error().code = ErrorCode::KeychainRefused; // the exit code would blame a server
    }
    return *waiting->answer;
}

Result<Secret> Keychain::load(const QString &id, const std::stop_token &stop)
{
    return await<Secret>([this, id](Done<Secret> done) { m_store.load(id, this, std::move(done)); }, stop);
}

Result<void> Keychain::store(const QString &id, const Secret &secret, const std::stop_token &stop)
{
    return await<void>([this, id, secret](Done<void> done) { m_store.store(id, secret, this, std::move(done)); }, stop);
}

Result<void> Keychain::remove(const QString &id, const std::stop_token &stop)
{
    return await<void>([this, id](Done<void> done) { m_store.remove(id, this, std::move(done)); }, stop);
}

} // namespace Roost
