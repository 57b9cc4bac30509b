#include "gui/backups/backupverbs.h"

#include "gui/dialogs/shownjob.h"
#include "gui/prompts.h"
#include "gui/services.h"
#include "gui/theme/theme.h"
#include "models/instancelist.h"
#include "operations/backupfileverbs.h"
#include "storage/paths.h"

#include <QAction>
#include <QDir>
#include <QFileInfo>
#include <QMenu>

namespace Roost {

BackupVerbs::BackupVerbs(Services &services, QWidget *page)
    : QObject(page)
    , inside(nullptr)
    , m_services(services)
    , m_page(page)
    , m_restoreMenu(new QMenu(tr("&Restore into"), page))
{
    m_restoreMenu->setObjectName(QStringLiteral("restoreBackupMenu"));
    m_restoreMenu->setIcon(Theme::icon(QStringLiteral("document-import")));
    connect(m_restoreMenu, &QMenu::aboutToShow, this, &BackupVerbs::fillRestoreMenu);
    inside =
        make("insideBackup", tr("&Look inside"), tr("Its tables and their rows, without a server"), "view-visible");
    verify = make("verifyBackup", tr("&Verify…"), tr("Check the file, or restore it and compare"), "dialog-ok-apply");
    compare =
        make("compareBackup", tr("Compare with &now…"), tr("What has changed in the database since"), "view-filter");
    reveal =
        make("revealBackup", tr("&Show in its folder"), tr("Open the folder with the file"), "document-open-folder");
    copyTo = make("copyBackup", tr("&Copy to…"), tr("A second copy in another place, read back"), "edit-copy");
    rename = make("renameBackup", tr("Re&name"), tr("Give the file another name"), "edit-rename");
    remove = make("removeBackup", tr("&Delete…"), tr("Move the file and its proof to the trash"), "edit-delete");
    rename->setShortcut(QKeySequence(Qt::Key_F2));
    remove->setShortcut(QKeySequence(Qt::Key_Delete));
    connect(inside, &QAction::triggered, this, [this] { emit insideWanted(m_backup->record.file); });
    connect(verify, &QAction::triggered, this, [this] { emit verifyWanted(m_backup->record.file); });
    connect(compare, &QAction::triggered, this, [this] { emit compareWanted(m_backup->record); });
    connect(reveal, &QAction::triggered, this, [this] { revealAction(m_backup->record.file).run(m_page); });
    connect(copyTo, &QAction::triggered, this, &BackupVerbs::copyToFolder);
    connect(rename, &QAction::triggered, this, &BackupVerbs::renameWanted);
    connect(remove, &QAction::triggered, this, &BackupVerbs::askToRemove);
    setBackup(nullptr);
}

QAction *BackupVerbs::make(const char *name, const QString &text, const QString &hint, const char *icon)
{
    auto *action = new QAction(Theme::icon(QString::fromLatin1(icon)), text, this);
    action->setObjectName(QString::fromLatin1(name));
    action->setToolTip(hint);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    return action;
}

QList<QAction *> BackupVerbs::all() const
{
    const auto separator = [this] {
        auto *line = new QAction(const_cast<BackupVerbs *>(this));
        line->setSeparator(true);
        return line;
    };
    return {
        m_restoreMenu->menuAction(), inside, verify, compare, separator(), reveal, copyTo, rename, separator(), remove};
}

void BackupVerbs::setBackup(const ListedBackup *backup)
{
    m_backup = backup ? std::optional(*backup) : std::nullopt;
    const bool isThere = backup && backup->isThere;
    for (QAction *action : {m_restoreMenu->menuAction(), inside, compare, copyTo, rename}) {
        action->setEnabled(isThere);
    }
    verify->setEnabled(isThere && backup->hasManifest);
    reveal->setEnabled(backup && !backup->record.isFailure());
    remove->setEnabled(backup != nullptr);
    remove->setText(backup && !isThere ? tr("Remove from the &list") : tr("&Delete…"));
}

void BackupVerbs::fillRestoreMenu()
{
    m_restoreMenu->clear();
    if (!m_backup) {
        return;
    }
    const BackupRecord record = m_backup->record;
    const auto add = [this, &record](const Instance &instance) {
        QAction *action =
            m_restoreMenu->addAction(tr("%1…").arg(QString(instance.name).replace(u'&', QStringLiteral("&&"))));
        connect(action, &QAction::triggered, this,
                [this, record, id = instance.id] { emit restoreWanted(id, record.database, record.file); });
    };
    // Where it came from first.
    for (const bool isHome : {true, false}) {
        for (const InstanceList::Entry &entry : m_services.instances->entries()) {
            if ((entry.instance.id == record.instanceId) == isHome) {
                add(entry.instance);
            }
        }
    }
}

/// Work on files and the list, whose failure is shown.
void BackupVerbs::change(const QString &failed, std::function<Result<BackupRecord>(JobContext &)> work)
{
    m_services.jobs->runQuietly<BackupRecord>(
        std::move(work), m_page, [this, failed](const Result<BackupRecord> &done) {
            if (!done) {
                m_services.prompts->showError(m_page, failed, done.error());
            }
            emit changed(done ? done->number : m_backup ? m_backup->record.number : 0);
        });
}

void BackupVerbs::setName(const BackupRecord &record, const QString &name)
{
    change(tr("The backup was not renamed"),
           [catalog = *m_services.backups, record, name](JobContext &) { return renameBackup(catalog, record, name); });
}

void BackupVerbs::setNote(const BackupRecord &record, const QString &note)
{
    change(tr("The note was not kept"), [catalog = *m_services.backups, record, note](JobContext &) {
        BackupRecord noted = record;
        noted.note = note;
        return catalog.update(noted).map([noted] { return noted; });
    });
}

void BackupVerbs::askToRemove()
{
    const ListedBackup backup = *m_backup;
    const BackupRecord &record = backup.record;
    const auto forget = [this, record] {
        change(tr("The backup was not deleted"), [catalog = *m_services.backups, record](JobContext &) {
            return removeBackup(catalog, record, Removal::ToTrash).map([record] { return record; });
        });
    };
    if (!backup.isThere) {
        forget();
        return;
    }
    Prompts::Question question;
    question.title = tr("Delete this backup?");
    question.text = tr("%1 and the proof beside it are moved to the trash.").arg(QFileInfo(record.file).fileName());
    question.text += u' ' + (record.secondCopy.isEmpty() ? tr("There is no second copy that Roost knows of.")
                                                         : tr("The second copy stays: %1").arg(record.secondCopy));
    question.accept = tr("Delete the backup of %1").arg(record.database);
    question.isDestructive = true;
    m_services.prompts->ask(m_page, question, [forget](bool accepted) {
        if (accepted) {
            forget();
        }
    });
}

void BackupVerbs::copyToFolder()
{
    const BackupRecord record = m_backup->record;
    m_services.prompts->chooseFolder(
        m_page, tr("Copy the backup to"), QDir::homePath(), [this, record](const QString &folder) {
            ShownJob<BackupRecord> shown;
            shown.title = tr("Copy %1").arg(QFileInfo(record.file).fileName());
            shown.work = [catalog = *m_services.backups, record, folder](JobContext &context) {
                return copyBackup(catalog, record, folder, context);
            };
            shown.summary = [](const BackupRecord &copied) {
                return tr("Copied and read back: %1").arg(copied.secondCopy);
            };
            shown.succeeded = [summary = shown.summary](const BackupRecord &copied) {
                return JobOutcome{summary(copied), {}, {revealAction(copied.secondCopy)}};
            };
            startShown(m_services, m_page, shown);
        });
}

void BackupVerbs::importFile()
{
    m_services.prompts->openFile(
        m_page, tr("Import a dump made elsewhere"), QDir::homePath(), tr("All files (*)"), [this](const QString &file) {
            ShownJob<BackupRecord> shown;
            shown.title = tr("Import %1").arg(QFileInfo(file).fileName());
            shown.work = [catalog = *m_services.backups, file](JobContext &context) -> Result<BackupRecord> {
                const QString folder = Paths::backups() + QStringLiteral("/imported");
                if (!Paths::ensureFolder(folder)) {
                    return failure(ErrorCode::FileFailed,
                                   tr("The folder %1 cannot be made. Check that you may write there.").arg(folder));
                }
                return importBackup(catalog, file, folder, context);
            };
            shown.summary = [](const BackupRecord &record) {
                return record.proof == BackupRecord::Proof::None ? tr("Copied into Roost's folder. There is no proof "
                                                                      "beside it, so nothing says whether it is "
                                                                      "all that its database held.")
                                                                 : tr("Copied into Roost's folder, with its proof.");
            };
            shown.succeeded = [summary = shown.summary](const BackupRecord &record) {
                return JobOutcome{summary(record), {}, {revealAction(record.file)}};
            };
            startShown(m_services, m_page, shown);
        });
}

} // namespace Roost
