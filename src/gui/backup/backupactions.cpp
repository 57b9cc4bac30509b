#include "gui/actions.h"
#include "gui/backup/backupdialog.h"
#include "gui/backup/backupjobs.h"
#include "gui/backup/resetdialog.h"
#include "gui/backup/restoredialog.h"
#include "gui/dialogs/jobprogressdialog.h"

#include <QPointer>

namespace Roost {

void Actions::backUpDatabase(Services &services, QWidget *parent, const DatabaseRef &database)
{
    auto *dialog = new BackupDialog(services, database, parent);
    QObject::connect(dialog, &QDialog::accepted, dialog, [&services, dialog, database] {
        startBackup(services, dialog->parentWidget(), database, dialog->file());
    });
    dialog->open();
}

void Actions::restoreDatabase(Services &services, QWidget *parent, const DatabaseRef &target,
                              const QStringList &existing, const QString &file,
                              std::function<void(const QString &database)> done)
{
    auto *dialog = new RestoreDialog(services, {target, existing, file}, parent);
    QObject::connect(dialog, &QDialog::accepted, dialog, [&services, dialog, target, done = std::move(done)] {
        startRestore(services, dialog->parentWidget(), target, dialog->request(), done);
    });
    dialog->open();
}

void Actions::resetDatabase(Services &services, QWidget *parent, const DatabaseRef &database,
                            std::function<void()> done)
{
    auto *dialog = new ResetDialog(services, database, parent);
    QObject::connect(dialog, &QDialog::accepted, dialog, [&services, dialog, database, done = std::move(done)] {
        startReset(services, dialog->parentWidget(), database, dialog->request(), done);
    });
    dialog->open();
}

void Actions::showJob(Services &, QWidget *parent, Job *job)
{
    (new JobProgressDialog(job, parent))->open();
}

} // namespace Roost
