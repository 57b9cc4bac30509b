#include "operations/safetybackup.h"

#include <QCoreApplication>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(SafetyBackup)
};

} // namespace

Result<Backup> takeSafetyBackup(const ConnectionSpec &source, const QString &file, PhasedProgress &progress,
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
    return backUp(request, inner);
}

} // namespace Roost
