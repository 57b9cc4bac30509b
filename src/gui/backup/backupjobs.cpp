#include "gui/backup/backupjobs.h"

#include "gui/backup/reseed.h"
#include "gui/dialogs/shownjob.h"
#include "gui/dialogs/terminalline.h"
#include "gui/services.h"
#include "models/activitylog.h"
#include "models/plaintext.h"
#include "models/sessionpool.h"
#include "operations/listedbackup.h"
#include "storage/paths.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QWidget>

#include <optional>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(BackupJobs)
};

QString backupSummary(const Backup &backup)
{
    return Text::tr("%1 is backed up: %2, read back whole, with its proof beside it.")
        .arg(backup.database, sizeText(backup.sizeBytes));
}

QString resetSummary(const ResetReport &report)
{
    return Text::tr("%1 is empty again.").arg(report.database);
}

JobOutcome resetOutcome(const DatabaseRef &database, const ResetReport &report,
                        const std::function<void(QWidget *owner, const RestoreRequest &)> &undo,
                        const std::optional<JobOutcome::Action> &seed)
{
    JobOutcome outcome;
    outcome.text = resetSummary(report);
    if (report.safetyBackupFile.isEmpty()) {
        outcome.next = seed ? QList{*seed} : QList<JobOutcome::Action>();
        return outcome;
    }
    outcome.text +=
        u'\n' + Text::tr("What was in it: %1 (%2)").arg(report.safetyBackupFile, sizeText(report.safetyBackupBytes));
    RestoreRequest request;
    request.file = report.safetyBackupFile;
    request.target = database.spec;
    RestoreRequest structure = request;
    structure.structureOnly = true;
    outcome.next = {{QStringLiteral("undoResetButton"), Text::tr("&Undo the reset"),
                     [undo, request](QWidget *owner) { undo(owner, request); }},
                    {QStringLiteral("structureButton"), Text::tr("Put the &structure back, empty"),
                     [undo, structure](QWidget *owner) { undo(owner, structure); }},
                    seed ? *seed : revealAction(report.safetyBackupFile)};
    return outcome;
}

QString resetLines(const ConnectionParameters &parameters, const QString &safetyBackupFile)
{
    QStringList lines;
    if (!safetyBackupFile.isEmpty()) {
        lines += TerminalLine::backUp(parameters, safetyBackupFile);
    }
    lines += TerminalLine::tool(QStringLiteral("dropdb"), parameters, {parameters.database});
    lines += TerminalLine::tool(QStringLiteral("createdb"), parameters, {parameters.database});
    return lines.join(u'\n');
}

} // namespace

SafetyListing safetyListing(const Services &services, const Instance &instance)
{
    return {*services.backups, instance.id, instance.name};
}

Result<void> ensureOwnFolder(const QString &file)
{
    const QString folder = QFileInfo(file).absolutePath();
    if (folder == Paths::backups() && !Paths::ensureFolder(folder)) {
        return failure(ErrorCode::FileFailed,
                       Text::tr("The folder %1 could not be made. Choose another one.").arg(folder));
    }
    return {};
}

void startBackup(Services &services, QWidget *parent, const DatabaseRef &database, const QString &file)
{
    const ListedBackupRequest request{
        {database.spec, file}, BackupRecord::Origin::Made, database.instance.id, database.instance.name, {}};
    ShownJob<Backup> shown;
    shown.title = Text::tr("Back up %1").arg(database.database());
    shown.work = [request, catalog = *services.backups](JobContext &context) -> Result<Backup> {
        if (const Result<void> folder = ensureOwnFolder(request.backup.file); !folder) {
            return failure(folder.error());
        }
        return backUpListed(request, catalog, context);
    };
    shown.summary = backupSummary;
    shown.succeeded = [](const Backup &backup) {
        return JobOutcome{backupSummary(backup) + u'\n' + backup.file, backup.warnings, {revealAction(backup.file)}};
    };
    services.activity->add(shown.title, TerminalLine::backUp(database.spec.parameters, file));
    startShown(services, parent, shown);
}

void startReset(Services &services, QWidget *parent, const DatabaseRef &database, const ResetRequest &request,
                std::function<void()> done)
{
    const ConnectionParameters &parameters = request.target.parameters;
    ShownJob<ResetReport> shown;
    shown.title = Text::tr("Reset %1").arg(parameters.database);
    shown.work = [request,
                  listing = safetyListing(services, database.instance)](JobContext &context) -> Result<ResetReport> {
        if (!request.safetyBackupFile.isEmpty()) {
            if (const Result<void> folder = ensureOwnFolder(request.safetyBackupFile); !folder) {
                return failure(folder.error());
            }
        }
        ResetRequest told = request;
        told.safetyListing = listing;
        return reset(told, context);
    };
    shown.summary = resetSummary;
    shown.succeeded = [&services, database, done = std::move(done),
                       guard = QPointer<QWidget>(parent)](const ResetReport &report) {
        if (done && guard) {
            done();
        }
        const auto undo = [&services, database, done](QWidget *owner, const RestoreRequest &restoreRequest) {
            startRestore(services, owner, database, restoreRequest, [done](const QString &) {
                if (done) {
                    done();
                }
            });
        };
        std::optional<JobOutcome::Action> seed;
        if (const auto app = seededAppFor(guard ? guard->window() : nullptr, database)) {
            seed = {QStringLiteral("seedsButton"), Text::tr("&Run its seeds"),
                    [&services, database, done, app = *app](QWidget *owner) {
                        startReseed(services, owner, database, app, done);
                    }};
        }
        return resetOutcome(database, report, undo, seed);
    };
    services.activity->add(shown.title, resetLines(parameters, request.safetyBackupFile));
    services.sessions->hold(database.instance.id, parameters.database, startShown(services, parent, shown));
}

} // namespace Roost
