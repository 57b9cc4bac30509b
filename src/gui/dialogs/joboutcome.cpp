#include "gui/dialogs/joboutcome.h"

#include "jobs/job.h"

#include <QVariant>

namespace Roost {

namespace {

constexpr auto propertyName = "outcome";

} // namespace

void JobOutcome::attach(Job *job, const JobOutcome &outcome)
{
    job->setProperty(propertyName, QVariant::fromValue(outcome));
}

JobOutcome JobOutcome::of(const Job *job)
{
    return job->property(propertyName).value<JobOutcome>();
}

} // namespace Roost
