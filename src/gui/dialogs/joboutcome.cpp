#include "gui/dialogs/joboutcome.h"

#include "gui/dialogs/shownjob.h"
#include "jobs/job.h"

#include <QCoreApplication>
#include <QDesktopServices>
#include <QFileInfo>
#include <QUrl>
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

JobOutcome::Action revealAction(const QString &file)
{
    return {QStringLiteral("revealButton"), QCoreApplication::translate("JobOutcome", "Show in its &folder"),
            [file](QWidget *) { QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(file).absolutePath())); }};
}

} // namespace Roost
