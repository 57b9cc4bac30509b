#include "gui/actions.h"
#include "gui/backup/verdictdialog.h"
#include "gui/backup/verifydialog.h"
#include "gui/compare/compareside.h"
#include "gui/dialogs/jobprogressdialog.h"
#include "gui/dialogs/shownjob.h"
#include "gui/prompts.h"
#include "models/activitylog.h"
#include "models/instancelist.h"
#include "models/sessionpool.h"
#include "operations/listedbackup.h"
#include "practice/localcluster.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <algorithm>
#include <atomic>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(VerifyActions)
};

const QString practiceDatabase = QStringLiteral("my_database");

/// Verifies on practice; a server that was started only for this is stopped again, unless the window took it meanwhile.
Result<Verification> verifyOnPractice(const QString &file, const BackupCatalog &catalog,
                                      const std::atomic<bool> &isTaken, JobContext &context)
{
    const LocalCluster cluster = practiceCluster();
    const bool wasRunning = cluster.status().isRunning;
    if (!wasRunning) {
        context.report({Text::tr("Starting the practice server"), 0, 0, {}});
        JobContext inner(context.stopToken()); // whose progress is not this job's
        if (const Result<void> started = startPractice(inner); !started) {
            return failure(started.error());
        }
    }
    const auto spec = cluster.connection(practiceDatabase);
    auto verification =
        spec ? verifyListed(VerifyRequest{file, *spec}, catalog, context) : Result<Verification>(failure(spec.error()));
    if (!wasRunning && !isTaken) {
        JobContext uncancelled;
        LocalCluster ours = practiceCluster();
        [[maybe_unused]] const Result<void> stopped = ours.stop(uncancelled); // its failure says nothing of the backup
    }
    return verification;
}

JobOutcome outcomeOf(const QString &file, const Verification &verification)
{
    JobOutcome outcome{VerdictDialog::summary(verification), {}, {}};
    if (!verification.isProven()) {
        outcome.notes += Text::tr("The verdict lists what differs, and says what to do.");
    }
    outcome.next = {{QStringLiteral("showVerdictButton"), Text::tr("Show the &verdict"),
                     [file, verification](QWidget *owner) { (new VerdictDialog(file, verification, owner))->open(); }},
                    revealAction(file)};
    return outcome;
}

void startVerify(Services &services, QWidget *parent, const QString &file,
                 std::function<Result<Verification>(JobContext &)> work)
{
    auto job = std::make_shared<QPointer<Job>>();
    auto progress = std::make_shared<QPointer<JobProgressDialog>>();
    const QString title = Text::tr("Verify %1").arg(QFileInfo(file).fileName());
    *job = services.jobs->start<Verification>(
        title, std::move(work), nullptr,
        [file, job, progress](const Result<Verification> &result) {
            if (result && *job) {
                JobOutcome::attach(*job, outcomeOf(file, *result));
            }
            const bool isCancelled = !result && result.error().isCancelled();
            if (*progress && !isCancelled) { // still looked at: the verdict takes its place
                QWidget *owner = (*progress)->parentWidget();
                (*progress)->close();
                (new VerdictDialog(file, result, owner))->open();
            }
        },
        &VerdictDialog::summary);
    *progress = new JobProgressDialog(*job, parent);
    (*progress)->open();
}

/// What the backup is of, as the list of backups says; a side that is not known is chosen in the comparison's tab.
void compareWithNow(Services &services, QWidget *parent, const QString &file)
{
    services.jobs->runQuietly<CompareSide>(
        [file, catalog = *services.backups](JobContext &) {
            return catalog.all().map([&file](const QList<BackupRecord> &records) {
                const auto found = std::find_if(records.begin(), records.end(),
                                                [&file](const BackupRecord &record) { return record.file == file; });
                return found == records.end() ? CompareSide()
                                              : CompareSide::ofDatabase(found->instanceId, found->database);
            });
        },
        parent,
        [&services, parent, file](const Result<CompareSide> &side) {
            const bool isKnown = side && services.instances->find(side->instanceId);
            Actions::openCompare(parent, CompareSide::ofFile(file), isKnown ? *side : CompareSide());
        });
}

void verifyOn(Services &services, QWidget *parent, const QString &file, const VerifyChoice &choice)
{
    const BackupCatalog catalog = *services.backups;
    if (choice.depth == VerifyDepth::File) {
        startVerify(services, parent, file, [file, catalog](JobContext &context) {
            return verifyListed(VerifyRequest{file, std::nullopt}, catalog, context);
        });
        return;
    }
    if (choice.depth == VerifyDepth::Live) {
        compareWithNow(services, parent, file);
        return;
    }
    if (choice.instanceId == Instance::practiceId()) {
        auto isTaken = std::make_shared<std::atomic<bool>>(false);
        QObject::connect(
            services.instances, &InstanceList::practiceChanged, services.instances, [isTaken] { *isTaken = true; },
            Qt::SingleShotConnection);
        startVerify(services, parent, file, [file, catalog, isTaken](JobContext &context) {
            return verifyOnPractice(file, catalog, *isTaken, context);
        });
        return;
    }
    const InstanceList::Entry *entry = services.instances->find(choice.instanceId);
    if (!entry) {
        return;
    }
    services.sessions->withSpec(
        entry->instance, parent,
        [&services, parent, file, catalog, name = entry->instance.name](const Result<ConnectionSpec> &spec) {
            if (!spec) {
                services.prompts->showError(parent, Text::tr("No connection to %1").arg(name), spec.error());
                return;
            }
            startVerify(services, parent, file, [file, catalog, spec = *spec](JobContext &context) {
                return verifyListed(VerifyRequest{file, spec}, catalog, context);
            });
        });
}

} // namespace

void Actions::verifyBackup(Services &services, QWidget *parent, const QString &file)
{
    auto *dialog = new VerifyDialog(services, file, parent);
    QObject::connect(dialog, &QDialog::accepted, dialog,
                     [&services, dialog, file] { verifyOn(services, dialog->parentWidget(), file, dialog->choice()); });
    dialog->open();
}

} // namespace Roost
