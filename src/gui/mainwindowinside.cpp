// The part of MainWindow that looks into backups.
#include "gui/actions.h"
#include "gui/backup/backupdrop.h"
#include "gui/backup/insidepage.h"
#include "gui/mainwindow.h"
#include "gui/mainwindowactions.h"
#include "gui/mainwindowstatus.h"
#include "gui/mainwindowtabs.h"
#include "gui/mainwindowverbs.h"
#include "gui/prompts.h"
#include "models/instancelist.h"
#include "storage/paths.h"
#include "storage/settings.h"

#include <QAction>
#include <QFileInfo>

namespace Roost {

void MainWindow::connectBackups()
{
    connect(m_actions->openBackup, &QAction::triggered, this, [this] {
        const QString last =
            m_services.settings ? m_services.settings->lastFolder(QStringLiteral("restore")) : QString();
        m_services.prompts->openFile(this, tr("Open a backup"), last.isEmpty() ? Paths::backups() : last,
                                     tr("Backups (*.dump);;All files (*)"),
                                     [this](const QString &file) { openBackup(file); });
    });
    connect(new BackupDrop(this), &BackupDrop::dropped, this, &MainWindow::openBackup);
    connect(m_actions->scheduleBackups, &QAction::triggered, this, [this] {
        const InstanceList::Entry *entry = m_services.instances->find(target().instanceId);
        Actions::scheduleBackups(m_services, this, entry ? entry->instance.name : QString());
    });
}

void MainWindow::openBackup(const QString &file)
{
    const QString path = QFileInfo(file).absoluteFilePath();
    m_tabs->open(QStringLiteral("backup:") + path, QStringLiteral("archive-insert"), QFileInfo(path).fileName(),
                 [this, path] {
                     auto *page = new InsidePage(m_services, path);
                     connect(page, &InsidePage::restoreWanted, this, &MainWindow::restoreFrom);
                     connect(page, &InsidePage::titleKnown, this, [this, page](const QString &title) {
                         m_tabs->setTitle(page, title);
                         updateTitle();
                     });
                     connect(page, &Page::statusChanged, this, [this, page] {
                         if (m_tabs->currentPage() == page) {
                             m_status->showPage(page);
                         }
                     });
                     return page;
                 });
    if (QWidget *page = m_tabs->current()) {
        page->setFocus();
    }
}

void MainWindow::restoreFrom(const QString &file)
{
    // Onto what is chosen in the side bar; else onto an instance that is open.
    Target where = target();
    for (const InstanceList::Entry &entry : m_services.instances->entries()) {
        if (where.instanceId.isEmpty() && entry.state == InstanceList::State::Open) {
            where.instanceId = entry.instance.id;
        }
    }
    if (where.instanceId.isEmpty()) {
        m_services.prompts->showError(
            this, tr("Restore where to?"),
            {ErrorCode::InvalidInput,
             tr("No instance is open. Choose one in the side bar, or start practice, and restore again."),
             {},
             {}});
        return;
    }
    whenSettled(where, [this, where, file] { m_verbs->restore(where.instanceId, where.database, file); });
}

} // namespace Roost
