#include "gui/backup/backupjobs.h"
#include "gui/backup/restoreoutcome.h"
#include "gui/dialogs/shownjob.h"
#include "gui/dialogs/terminalline.h"
#include "gui/services.h"
#include "models/activitylog.h"
#include "models/sessionpool.h"
#include "postgres/identifier.h"

#include <QCoreApplication>
#include <QWidget>

#include <memory>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(BackupJobs)
};

QString undoLine(const UndoRestoreRequest &request)
{
    const QString database = request.target.parameters.database;
    return QStringLiteral("ALTER DATABASE %1 RENAME TO …; ALTER DATABASE %2 RENAME TO %1;")
        .arg(quoteIdentifier(database), quoteIdentifier(request.retired));
}

} // namespace

void startRestore(Services &services, QWidget *parent, const DatabaseRef &target, const RestoreRequest &request,
                  std::function<void(const QString &database)> done)
{
    const ConnectionParameters &parameters = request.target.parameters;
    // Filled on the job's thread, read once the job has ended.
    const auto messages = std::make_shared<QList<RestoreMessage>>();
    ShownJob<RestoreReport> shown;
    shown.title = Text::tr("Restore %1").arg(parameters.database);
    shown.work = [request, messages,
                  listing = safetyListing(services, target.instance)](JobContext &context) -> Result<RestoreReport> {
        if (!request.safetyBackupFile.isEmpty()) {
            if (const Result<void> folder = ensureOwnFolder(request.safetyBackupFile); !folder) {
                return failure(folder.error());
            }
        }
        RestoreRequest told = request;
        told.safetyListing = listing;
        told.onMessages = [messages](const QList<RestoreMessage> &all) { *messages = all; };
        return restore(told, context);
    };
    shown.summary = [request](const RestoreReport &report) { return restoreSummary(request, report); };
    shown.failed = [messages](const Error &) {
        JobOutcome outcome;
        outcome.groups = messageGroups(*messages, true);
        return outcome;
    };
    shown.succeeded = [&services, target, request, done,
                       guard = QPointer<QWidget>(parent)](const RestoreReport &report) {
        if (done && guard) {
            done(report.database);
        }
        const auto undo = [&services, target, request, done, retired = report.retiredDatabase](QWidget *owner) {
            startUndoRestore(services, owner, target, {request.target, retired, request.endSessions}, done);
        };
        return restoreOutcome(request, report, undo);
    };
    services.activity->add(shown.title, TerminalLine::restore(parameters, request.file));
    Job *job = startShown(services, parent, shown);
    if (request.mode != RestoreMode::IntoNew) {
        services.sessions->hold(target.instance.id, parameters.database, job);
    }
}

void startUndoRestore(Services &services, QWidget *parent, const DatabaseRef &target, const UndoRestoreRequest &request,
                      std::function<void(const QString &database)> done)
{
    ShownJob<UndoRestoreReport> shown;
    shown.title = Text::tr("Undo the restore of %1").arg(request.target.parameters.database);
    shown.work = [request](JobContext &context) { return undoRestore(request, context); };
    shown.summary = undoSummary;
    shown.succeeded = [done = std::move(done), guard = QPointer<QWidget>(parent)](const UndoRestoreReport &report) {
        if (done && guard) {
            done(report.database);
        }
        return JobOutcome{undoSummary(report), {}, {}, {}};
    };
    services.activity->add(shown.title, undoLine(request));
    Job *job = startShown(services, parent, shown);
    services.sessions->hold(target.instance.id, request.target.parameters.database, job);
    services.sessions->hold(target.instance.id, request.retired, job);
}

} // namespace Roost
