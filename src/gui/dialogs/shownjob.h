#pragma once

#include "gui/actions.h"
#include "gui/dialogs/joboutcome.h"
#include "gui/services.h"
#include "jobs/jobrunner.h"

#include <QPointer>

namespace Roost {

/// Visible work with what there is to say after it.
template <class T>
struct ShownJob
{
    QString title;
    std::function<Result<T>(JobContext &)> work;
    std::function<QString(const T &)> summary;            ///< on the job's thread
    std::function<JobOutcome(const T &)> succeeded;       ///< in the GUI thread
    std::function<JobOutcome(const Error &)> failed = {}; ///< in the GUI thread; may be missing
};

/// Starts visible work whose outcome is attached to its job, and opens its dialog. No receiver: the outcome belongs to
/// the job, whoever looks at it.
template <class T>
Job *startShown(Services &services, QWidget *parent, const ShownJob<T> &shown)
{
    auto holder = std::make_shared<QPointer<Job>>();
    *holder = services.jobs->start<T>(
        shown.title, shown.work, nullptr,
        [holder, succeeded = shown.succeeded, failed = shown.failed](const Result<T> &result) {
            if (!result && !failed) {
                return;
            }
            const JobOutcome outcome = result ? succeeded(*result) : failed(result.error());
            if (*holder) {
                JobOutcome::attach(*holder, outcome);
            }
        },
        shown.summary);
    Actions::showJob(services, parent, *holder);
    return *holder;
}

/// "Show in its folder", for an outcome that is a file.
[[nodiscard]] JobOutcome::Action revealAction(const QString &file);

} // namespace Roost
