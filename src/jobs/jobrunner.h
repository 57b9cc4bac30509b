#pragma once

#include "jobs/job.h"

#include <QList>
#include <QObject>

#include <functional>
#include <memory>
#include <optional>
#include <type_traits>

namespace Roost {

/// Runs operations off the GUI thread, each on a thread of its own, and gives their results back in the GUI thread
/// unless the receiver is gone. Lives in the GUI thread. Its end cancels every job and waits for them; call shutDown()
/// first and wait for idle() to do so without blocking.
class JobRunner : public QObject
{
    Q_OBJECT

public:
    explicit JobRunner(QObject *parent = nullptr);
    ~JobRunner() override;

    /// Starts `work`. `done` is called in the GUI thread after the job has ended, but not when the receiver is gone by
    /// then. `summary` makes the line that a success is shown with. The job belongs to the runner.
    template <class T>
    Job *start(const QString &title, std::function<Result<T>(JobContext &)> work, QObject *receiver = nullptr,
               std::function<void(const Result<T> &)> done = {}, std::function<QString(const T &)> summary = {})
    {
        return launch<T>(title, true, std::move(work), receiver, std::move(done), std::move(summary));
    }
    Job *start(const QString &title, std::function<Result<void>(JobContext &)> work, QObject *receiver = nullptr,
               std::function<void(const Result<void> &)> done = {})
    {
        return launch<void>(title, true, std::move(work), receiver, std::move(done), {});
    }

    /// As start(), for short work that nobody needs to see: no row in the Jobs dock.
    template <class T>
    Job *runQuietly(std::function<Result<T>(JobContext &)> work, QObject *receiver,
                    std::function<void(const Result<T> &)> done)
    {
        return launch<T>(QString(), false, std::move(work), receiver, std::move(done), {});
    }

    const QList<Job *> &jobs() const { return m_jobs; } ///< the visible ones, newest last, ended ones included
    int runningCount() const;                           ///< of the visible ones
    void removeEnded();
    /// Asks all to end.
    void shutDown();
    bool isIdle() const { return m_running == 0; }

signals:
    void added(Roost::Job *job);
    void removed(Roost::Job *job);
    void idle(); ///< nothing runs any more, quiet work included

private:
    struct Ending
    {
        std::optional<Error> error;
        QString summary;
    };
    template <class T>
    using SummaryArgument =
        std::conditional_t<std::is_void_v<T>, int, std::add_lvalue_reference_t<std::add_const_t<T>>>;

    template <class T>
    Job *launch(const QString &title, bool visible, std::function<Result<T>(JobContext &)> work, QObject *receiver,
                std::function<void(const Result<T> &)> done, std::function<QString(SummaryArgument<T>)> summary)
    {
        auto result = std::make_shared<std::optional<Result<T>>>();
        return launchErased(
            title, visible,
            [work = std::move(work), summary = std::move(summary), result](JobContext &context) {
                result->emplace(work(context));
                Ending ending;
                if (!(*result)->has_value()) {
                    ending.error = (*result)->error();
                } else if constexpr (!std::is_void_v<T>) {
                    ending.summary = summary ? summary(***result) : QString();
                }
                return ending;
            },
            receiver,
            [done = std::move(done), result] {
                if (done) {
                    done(**result);
                }
            });
    }
    Job *launchErased(const QString &title, bool visible, std::function<Ending(JobContext &)> work, QObject *receiver,
                      std::function<void()> done);
    void finish(Job *job, const Ending &ending, bool visible);

    QList<Job *> m_jobs;
    QList<Job *> m_all; ///< quiet ones too
    int m_running = 0;
};

} // namespace Roost
