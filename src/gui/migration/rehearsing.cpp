#include "gui/migration/rehearsing.h"

#include "gui/account/practiceaccount.h"
#include "gui/dialogs/jobprogressdialog.h"
#include "gui/services.h"
#include "jobs/jobrunner.h"
#include "practice/rehearsal.h"
#include "storage/keychain.h"

#include <QCoreApplication>
#include <QPointer>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Rehearsing)
};

Result<Rehearsal> rehearse(const MigrationPlan &plan, const MigrationEnvironment &environment, JobContext &context)
{
    const auto password = environment.keychain.load(plan.profileId, context.stopToken());
    if (!password) {
        return failure(password.error());
    }
    context.report({Text::tr("Starting the practice account"), 0, 0, {}, -1});
    const auto access = startPracticeAccount(context); // this program ends it with itself
    if (!access) {
        return failure(access.error());
    }
    RehearsalRequest request;
    request.access = *access;
    request.name = plan.source.name + QStringLiteral("-rehearsal");
    request.region = plan.source.region;
    request.live = ConnectionSpec{plan.connection, *password};
    request.liveId = plan.profileId;
    request.liveName = plan.profileName;
    request.backupFolder = plan.backupFolder;
    return prepareRehearsal(request, environment.backups, context);
}

} // namespace

bool canRehearse()
{
    return true;
}

void startRehearsal(Services &services, QWidget *parent, const MigrationPlan &plan,
                    const std::shared_ptr<MigrationGround> &ground, std::function<void(const QString &)> done)
{
    auto dialog = std::make_shared<QPointer<JobProgressDialog>>();
    Job *job = services.jobs->start<Rehearsal>(
        Text::tr("Prepare a rehearsal of moving %1").arg(plan.source.name),
        [plan, ground](JobContext &context) { return rehearse(plan, ground->environment(), context); }, parent,
        [dialog, done = std::move(done)](const Result<Rehearsal> &rehearsal) {
            if (!rehearsal) {
                return;
            }
            if (*dialog) {
                (*dialog)->close();
            }
            done(rehearsal->instanceId);
        },
        [](const Rehearsal &rehearsal) {
            return Text::tr("%1 is ready on the practice account.").arg(rehearsal.instanceName);
        });
    *dialog = new JobProgressDialog(job, parent);
    (*dialog)->open();
}

} // namespace Roost
