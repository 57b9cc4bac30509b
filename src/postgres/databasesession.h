#pragma once

#include "postgres/databaseconnection.h"

#include <QObject>
#include <QPointer>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

namespace Roost {

/// One connection with one thread of its own, for the GUI: work is handed over, runs there in order, and its result
/// comes back in the caller's thread unless the receiver is gone. Opens itself with the first work. A connection that
/// died while idle is opened again, once; a read() is then repeated, a write() never is. Lives in the GUI thread.
class DatabaseSession : public QObject
{
    Q_OBJECT

public:
    explicit DatabaseSession(ConnectionSpec spec, QObject *parent = nullptr);
    ~DatabaseSession() override; ///< cancels what runs, and ends the thread after it

    template <class T>
    using Work = std::function<Result<T>(DatabaseConnection &, const std::stop_token &)>;
    template <class T>
    using Done = std::function<void(const Result<T> &)>;

    /// For statements that only read. `work` runs in the session's thread (twice, when the connection turns out to be
    /// dead), `done` in this one, also after the session's end (as Cancelled), but not when the receiver is gone.
    /// A task that fails is followed by a ROLLBACK if it left a transaction open.
    template <class T>
    void read(QObject *receiver, Work<T> work, Done<T> done)
    {
        submit<T>(receiver, std::move(work), std::move(done), true);
    }
    /// For everything else: never sent twice.
    template <class T>
    void write(QObject *receiver, Work<T> work, Done<T> done)
    {
        submit<T>(receiver, std::move(work), std::move(done), false);
    }

    /// Cancels the running work on the server and drops what is queued (each ends as Cancelled).
    void cancelAll();
    bool isBusy() const; ///< work is running, queued, or done and not yet delivered
    /// Waits for the threads of sessions that have ended. The last thing in main(): a thread that is still closing its
    /// connection must not outlive the libraries that it uses. False when the time runs out.
    static bool waitForEnded(std::chrono::milliseconds patience);
    const ConnectionParameters &parameters() const { return m_spec.parameters; }
    const ConnectionSpec &spec() const { return m_spec; }

signals:
    void opened(const Roost::ServerInfo &server); ///< also after each reopening
    void lost();
    void busyChanged(bool busy);

private:
    struct Private;
    template <class T>
    void submit(QObject *receiver, Work<T> work, Done<T> done, bool repeatable)
    {
        auto result = std::make_shared<Result<T>>(tl::unexpected<Error>(Error::cancelled()));
        submitErased(
            receiver,
            [work = std::move(work), result](DatabaseConnection &connection, const std::stop_token &stop) {
                *result = work(connection, stop);
                return result->has_value() ? std::optional<Error>() : std::optional<Error>(result->error());
            },
            [done = std::move(done), result](const std::optional<Error> &error) {
                if (error) {
                    *result = tl::unexpected<Error>(*error);
                }
                done(*result);
            },
            repeatable);
    }
    using ErasedWork = std::function<std::optional<Error>(DatabaseConnection &, const std::stop_token &)>;
    using ErasedDone = std::function<void(const std::optional<Error> &)>;
    void submitErased(QObject *receiver, ErasedWork work, ErasedDone done, bool repeatable);

    ConnectionSpec m_spec;
    std::unique_ptr<Private> d;
};

} // namespace Roost

Q_DECLARE_METATYPE(Roost::ServerInfo)
