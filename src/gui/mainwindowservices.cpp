// The part of MainWindow about services at Render: their tab.
#include "gui/mainwindow.h"
#include "gui/mainwindowactions.h"
#include "gui/mainwindowstatus.h"
#include "gui/mainwindowtabs.h"
#include "gui/services/servicespage.h"
#include "gui/services/serviceverbs.h"
#include "models/accountlist.h"

namespace Roost {

void MainWindow::connectServices()
{
    connect(m_actions->services, &QAction::triggered, this, [this] { openServices(targetAccount(), {}); });
    connect(m_actions->deployApp, &QAction::triggered, this, [this] {
        if (ServicesPage *page = openServices(targetAccount(), {})) {
            page->verbs()->deployApp();
        }
    });
}

ServicesPage *MainWindow::openServices(const QString &accountId, const QString &serviceId)
{
    const AccountList::Entry *entry = m_services.accounts ? m_services.accounts->find(accountId) : nullptr;
    if (!entry) {
        return nullptr;
    }
    auto *page = qobject_cast<ServicesPage *>(
        m_tabs->open(QStringLiteral("services:") + accountId, QStringLiteral("internet-services"),
                     tr("Services of %1").arg(entry->account.name), [this, accountId] {
                         auto *made = new ServicesPage(m_services, accountId);
                         connect(made, &ServicesPage::closeWanted, this, [this, made] { m_tabs->close(made); });
                         connect(made, &Page::statusChanged, this, [this, made] {
                             if (m_tabs->currentPage() == made) {
                                 m_status->showPage(made);
                             }
                         });
                         return made;
                     }));
    if (page && !serviceId.isEmpty()) {
        page->choose(serviceId);
    }
    return page;
}

} // namespace Roost
