#include "operations/safetybackup.h"

#include "operations/listedbackup.h"

#include <QCoreApplication>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(SafetyBackup)
};

} // namespace

Result<Backup> takeSafetyBackup(const ConnectionSpec &source, const QString &file,
                                const std::optional<SafetyListing> &listing, PhasedProgress &progress,
                                const JobContext &context)
{
    JobContext inner(
        context.stopToken(),
        [&progress](const Progress &step) {
            progress.report(Text::tr("Safety backup: %1").arg(step.step), step.fraction(), step.amount);
        },
        [&context](const QString &line) { context.log(line); });
    BackupRequest request;
    request.source = source;
    request.file = file;
    if (!listing) {
        return backUp(request, inner);
    }
    return backUpListed({request, BackupRecord::Origin::Safety, listing->instanceId, listing->instanceName, {}},
                        listing->catalog, inner);
}

} // namespace Roost
