// The part of MainWindow about the end of free instances: the cockpit, reminders, the tray.
#include "gui/account/accountverbs.h"
#include "gui/expiry/expirypage.h"
#include "gui/expiry/expirywatch.h"
#include "gui/expiry/reminderdialog.h"
#include "gui/expiry/trayicon.h"
#include "gui/mainwindow.h"
#include "gui/mainwindowactions.h"
#include "gui/mainwindowstatus.h"
#include "gui/mainwindowtabs.h"
#include "gui/mainwindowverbs.h"
#include "gui/navigator/navigatorpanel.h"
#include "models/instancelist.h"

#include <QSystemTrayIcon>

namespace Roost {

void MainWindow::connectExpiry()
{
    new ExpiryWatch(m_services, this);
    m_tray = new TrayIcon(m_services, this);
    connect(m_tray, &TrayIcon::openWanted, this, &MainWindow::comeForward);
    connect(m_tray, &TrayIcon::quitWanted, this, &MainWindow::quit);
    connect(m_tray, &TrayIcon::expiryWanted, this, [this] {
        comeForward();
        openExpiry();
    });
    connect(m_actions->expiry, &QAction::triggered, this, &MainWindow::openExpiry);
}

void MainWindow::comeForward()
{
    show();
    raise();
    activateWindow();
}

void MainWindow::quit()
{
    m_isQuitting = true;
    close();
}

bool MainWindow::hidesInTray()
{
    if (m_isQuitting || !m_tray || !m_tray->keepsRunning()) {
        m_isQuitting = false; // the next close may mean the window again
        return false;
    }
    saveLook();
    hide();
    return true;
}

void MainWindow::openExpiry()
{
    m_tabs->open(QStringLiteral("expiry"), QStringLiteral("view-calendar-day"), tr("Expiry"), [this] {
        auto *page = new ExpiryPage(m_services);
        connect(page, &ExpiryPage::instanceOpened, this, [this](const QString &instanceId) {
            m_navigator->reveal(instanceId);
            openInstance(instanceId);
        });
        connect(page, &ExpiryPage::backUpWanted, this, &MainWindow::backUpWhenOpen);
        connect(page, &ExpiryPage::creationDateWanted, m_verbs, &MainWindowVerbs::askCreationDate);
        connectMigration(page);
        connect(page, &ExpiryPage::addWanted, m_verbs, &MainWindowVerbs::addConnection);
        connect(page, &ExpiryPage::remindersWanted, this, [this] {
            auto *dialog = new ReminderDialog(m_services, ScheduleHost::ofThisComputer(),
                                              QSystemTrayIcon::isSystemTrayAvailable(), this);
            connect(dialog, &ReminderDialog::saved, m_tray, &TrayIcon::update);
            dialog->open();
        });
        if (m_accountVerbs) {
            connect(page, &ExpiryPage::dashboardWanted, m_accountVerbs, &AccountVerbs::openDashboard);
        }
        connect(page, &Page::statusChanged, this, [this, page] {
            if (m_tabs->currentPage() == page) {
                m_status->showPage(page);
            }
        });
        return page;
    });
    m_tabs->current()->setFocus();
}

void MainWindow::backUpWhenOpen(const QString &instanceId)
{
    const InstanceList::Entry *entry = m_services.instances->find(instanceId);
    if (!entry) {
        return;
    }
    if (entry->state == InstanceList::State::Open) {
        m_verbs->backUpAll(instanceId);
        return;
    }
    // Which databases it has is known once it is open; why it cannot be opened, its own page says.
    auto *waiting = new QObject(this);
    connect(m_services.instances, &InstanceList::changed, waiting, [this, waiting, instanceId](const QString &changed) {
        const InstanceList::Entry *now = m_services.instances->find(instanceId);
        if (changed != instanceId || (now && now->state == InstanceList::State::Opening)) {
            return;
        }
        waiting->deleteLater();
        waiting->disconnect(m_services.instances);
        m_services.instances->disconnect(waiting);
        if (now && now->state == InstanceList::State::Open) {
            m_verbs->backUpAll(instanceId);
        } else if (now && now->state == InstanceList::State::Failed) {
            openInstance(instanceId);
        }
    });
    m_services.instances->open(instanceId);
}

} // namespace Roost
