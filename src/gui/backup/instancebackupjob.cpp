// Backs up all databases of an instance in one job.
#include "gui/actions.h"
#include "gui/dialogs/shownjob.h"
#include "gui/dialogs/terminalline.h"
#include "gui/prompts.h"
#include "gui/services.h"
#include "models/activitylog.h"
#include "models/plaintext.h"
#include "operations/listedbackup.h"
#include "storage/paths.h"

#include <QCoreApplication>
#include <QDir>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(InstanceBackupJob)
};

/// As the command line names it; a name that could lead out of the folder has been refused when it was saved.
QString folderOf(const Instance &instance)
{
    return Paths::backups() + u'/' + instance.name;
}

QString summary(const InstanceBackup &report)
{
    qint64 bytes = 0;
    for (const Backup &backup : report.made) {
        bytes += backup.sizeBytes;
    }
    const QString made =
        Text::tr("%n database(s) backed up and read back: %1.", nullptr, int(report.made.size())).arg(sizeText(bytes));
    return report.failed.isEmpty()
               ? made
               : made + u' ' + Text::tr("%n failed, see below.", nullptr, int(report.failed.size()));
}

JobOutcome outcomeOf(const InstanceBackup &report, const QString &folder)
{
    JobOutcome outcome;
    outcome.text = summary(report) + u'\n' + folder;
    for (const InstanceBackup::Failed &one : report.failed) {
        outcome.notes += Text::tr("%1 is not backed up: %2").arg(one.database, one.error.message);
    }
    outcome.notes += report.skipped;
    for (const Backup &backup : report.made) {
        outcome.notes += backup.warnings;
    }
    if (!report.made.isEmpty()) {
        outcome.next = {revealAction(report.made.first().file)};
    }
    return outcome;
}

void start(Services &services, QWidget *parent, const DatabaseRef &instance, const QStringList &databases)
{
    const InstanceBackupRequest request{instance.spec, folderOf(instance.instance), BackupRecord::Origin::Made,
                                        instance.instance.id, instance.instance.name};
    ShownJob<InstanceBackup> shown;
    shown.title = Text::tr("Back up all of %1").arg(instance.instance.name);
    shown.work = [request, catalog = *services.backups](JobContext &context) -> Result<InstanceBackup> {
        if (!Paths::ensureFolder(request.folder)) {
            return failure(
                ErrorCode::FileFailed,
                Text::tr("The folder %1 could not be made. Check that you may write there.").arg(request.folder));
        }
        Result<InstanceBackup> report = backUpInstance(request, catalog, context);
        if (report && report->made.isEmpty()) {
            return failure(report->failed.first().error);
        }
        return report;
    };
    shown.summary = summary;
    shown.succeeded = [folder = request.folder](const InstanceBackup &report) { return outcomeOf(report, folder); };
    QStringList lines;
    for (const QString &database : databases) {
        lines += TerminalLine::backUp(instance.spec.withDatabase(database).parameters,
                                      QDir(request.folder).filePath(database + QStringLiteral(".dump")));
    }
    services.activity->add(shown.title, lines.join(u'\n'));
    startShown(services, parent, shown);
}

} // namespace

void Actions::backUpInstance(Services &services, QWidget *parent, const DatabaseRef &instance,
                             const QStringList &databases)
{
    Prompts::Question question;
    question.title = Text::tr("Back up all of %1").arg(instance.instance.name);
    question.text =
        Text::tr("Each database goes into a file of its own, one after the other: %1.\nThey are written to %2.")
            .arg(databases.join(QStringLiteral(", ")), folderOf(instance.instance));
    question.accept = Text::tr("Back up %n database(s)", nullptr, int(databases.size()));
    services.prompts->ask(parent, question, [&services, parent, instance, databases](bool accepted) {
        if (accepted) {
            start(services, parent, instance, databases);
        }
    });
}

} // namespace Roost
