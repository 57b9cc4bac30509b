// The part of MainWindow that opens the list of backups, and what it leads to.
#include "gui/actions.h"
#include "gui/backups/backupspage.h"
#include "gui/backups/backupverbs.h"
#include "gui/compare/compareside.h"
#include "gui/mainwindow.h"
#include "gui/mainwindowstatus.h"
#include "gui/mainwindowtabs.h"
#include "gui/mainwindowverbs.h"
#include "models/instancelist.h"

namespace Roost {

void MainWindow::openBackups()
{
    m_tabs->open(QStringLiteral("backups"), QStringLiteral("archive-insert"), tr("Backups"), [this] {
        auto *page = new BackupsPage(m_services);
        connect(page, &Page::statusChanged, this, [this, page] {
            if (m_tabs->currentPage() == page) {
                m_status->showPage(page);
            }
        });
        connect(page->verbs(), &BackupVerbs::restoreWanted, m_verbs,
                [this](const QString &instanceId, const QString &database, const QString &file) {
                    m_verbs->restore(instanceId, database, file);
                });
        connect(page->verbs(), &BackupVerbs::compareWanted, this, [this](const BackupRecord &record) {
            openCompare(CompareSide::ofFile(record.file),
                        m_services.instances->find(record.instanceId)
                            ? CompareSide::ofDatabase(record.instanceId, record.database)
                            : CompareSide());
        });
        connect(page->verbs(), &BackupVerbs::insideWanted, this, &MainWindow::openBackup);
        connect(page->verbs(), &BackupVerbs::verifyWanted, this,
                [this](const QString &file) { Actions::verifyBackup(m_services, this, file); });
        return page;
    });
    m_tabs->current()->setFocus();
}

} // namespace Roost
