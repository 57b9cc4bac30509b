// The part of MainWindow about accounts at Render: their tab, their verbs, and where connections come from.
#include "gui/account/accountpage.h"
#include "gui/account/accountverbs.h"
#include "gui/account/instanceaccountcard.h"
#include "gui/account/practiceaccount.h"
#include "gui/account/renderlinks.h"
#include "gui/mainwindow.h"
#include "gui/mainwindowactions.h"
#include "gui/mainwindowstatus.h"
#include "gui/mainwindowtabs.h"
#include "gui/mainwindowverbs.h"
#include "gui/navigator/navigatorpanel.h"
#include "gui/overview/instancepage.h"
#include "gui/services/servicespage.h"
#include "models/accountconnections.h"
#include "models/accountlist.h"
#include "models/accountnodes.h"
#include "models/instancelist.h"
#include "models/sessionpool.h"

#include <QApplication>
#include <QMenu>
#include <QUrl>

namespace Roost {

void MainWindow::connectAccounts()
{
    if (!m_services.accounts) {
        return;
    }
    m_connections = new AccountConnections(
        {m_services.accounts, m_services.profiles, m_services.secrets, m_services.jobs, m_services.instances}, this);
    m_accountVerbs = new AccountVerbs(m_services, m_connections, this);
    m_services.accounts->setProfiles(m_services.profiles);
    m_services.sessions->setSpecSource(
        [this](const Instance &instance, const Error &why, const SessionPool::SpecReady &done) {
            return m_connections->offer(instance, why, done);
        });
    connect(m_services.accounts, &AccountList::profilesChanged, m_services.instances, &InstanceList::reload);
    connect(m_services.accounts, &AccountList::changed, this, &MainWindow::updateActions);
    connect(m_services.accounts, &AccountList::listed, this, &MainWindow::updateActions);
    connect(m_accountVerbs, &AccountVerbs::accountSaved, this, [this](const QString &accountId) {
        m_navigator->revealAccount(accountId);
        openAccount(accountId);
    });
    connect(m_accountVerbs, &AccountVerbs::backUpWanted, m_verbs, &MainWindowVerbs::backUpAll);
    const auto openByRenderId = [this](const QString &renderId) {
        const QString known = m_accountVerbs->connectionOf(renderId);
        m_navigator->reveal(known);
        openInstance(known);
    };
    connect(m_accountVerbs, &AccountVerbs::instanceOpenWanted, this, openByRenderId);

    const MainWindowActions &a = *m_actions;
    const auto onInstance = [this](QAction *action, void (AccountVerbs::*verb)(const QString &)) {
        connect(action, &QAction::triggered, this, [this, verb] { (m_accountVerbs->*verb)(targetRenderId()); });
    };
    connect(a.addAccount, &QAction::triggered, m_accountVerbs, &AccountVerbs::addAccount);
    connect(a.practiceAccount, &QAction::triggered, m_accountVerbs, &AccountVerbs::usePractice);
    connect(a.openAccount, &QAction::triggered, this, [this] { openAccount(targetAccount()); });
    connect(a.createInstance, &QAction::triggered, this, [this] {
        const NavigatorNode *node = m_navigator->current();
        const QString account = targetAccount();
        m_accountVerbs->createInstance(account, node->accountId == account ? node->ownerId : QString());
    });
    connect(a.removeAccount, &QAction::triggered, this, [this] { m_accountVerbs->removeAccount(targetAccount()); });
    onInstance(a.allowList, &AccountVerbs::editAllowList);
    onInstance(a.openDashboard, &AccountVerbs::openDashboard);
    onInstance(a.resumeInstance, &AccountVerbs::resumeInstance);
    connect(a.fetchConnection, &QAction::triggered, this,
            [this] { m_accountVerbs->fetchConnection(target().instanceId); });
    // Edits that are not applied could not be any more.
    const auto afterSettling = [this](QAction *action, void (AccountVerbs::*verb)(const QString &)) {
        connect(action, &QAction::triggered, this, [this, verb] {
            const QString renderId = targetRenderId();
            whenSettled({target().instanceId, {}}, [this, renderId, verb] { (m_accountVerbs->*verb)(renderId); });
        });
    };
    afterSettling(a.suspendInstance, &AccountVerbs::suspendInstance);
    afterSettling(a.deleteInstance, &AccountVerbs::deleteInstance);

    findPracticeAccount(m_services, this, [this] { m_services.accounts->reload(); });
}

void MainWindow::connectAccountCard(InstancePage *page)
{
    if (!m_accountVerbs) {
        return;
    }
    const InstanceAccountCard *card = page->accountCard();
    const QString instanceId = page->instanceId();
    const auto afterSettling = [this, instanceId](void (AccountVerbs::*verb)(const QString &)) {
        return [this, instanceId, verb](const QString &renderId) {
            whenSettled({instanceId, {}}, [this, renderId, verb] { (m_accountVerbs->*verb)(renderId); });
        };
    };
    connect(card, &InstanceAccountCard::suspendWanted, this, afterSettling(&AccountVerbs::suspendInstance));
    connect(card, &InstanceAccountCard::deleteWanted, this, afterSettling(&AccountVerbs::deleteInstance));
    connect(card, &InstanceAccountCard::resumeWanted, m_accountVerbs, &AccountVerbs::resumeInstance);
    connect(card, &InstanceAccountCard::allowListWanted, m_accountVerbs, &AccountVerbs::editAllowList);
    connect(card, &InstanceAccountCard::ownAddressWanted, m_accountVerbs, &AccountVerbs::addOwnAddress);
    connect(card, &InstanceAccountCard::fetchWanted, m_accountVerbs, &AccountVerbs::fetchConnection);
}

void MainWindow::openAccount(const QString &accountId)
{
    const AccountList::Entry *entry = m_services.accounts ? m_services.accounts->find(accountId) : nullptr;
    if (!entry) {
        return;
    }
    m_tabs->open(QStringLiteral("account:") + accountId, QStringLiteral("internet-services"), entry->account.name,
                 [this, accountId] {
                     auto *page = new AccountPage(m_services, accountId);
                     connect(page, &AccountPage::createInstanceWanted, m_accountVerbs, &AccountVerbs::createInstance);
                     connect(page, &AccountPage::instanceOpened, m_accountVerbs, &AccountVerbs::instanceOpenWanted);
                     connect(page, &AccountPage::serviceOpened, this, &MainWindow::openServices);
                     connect(page, &AccountPage::keyWanted, m_accountVerbs, &AccountVerbs::renewKey);
                     connect(page, &AccountPage::practiceWanted, m_accountVerbs, &AccountVerbs::startPractice);
                     connect(page, &AccountPage::removeWanted, m_accountVerbs, &AccountVerbs::removeAccount);
                     connect(page, &AccountPage::closeWanted, this, [this, page] { m_tabs->close(page); });
                     connect(page, &Page::statusChanged, this, [this, page] {
                         if (m_tabs->currentPage() == page) {
                             m_status->showPage(page);
                         }
                     });
                     return page;
                 });
}

QString MainWindow::targetAccount() const
{
    if (!m_services.accounts) {
        return {};
    }
    const NavigatorNode *node = m_navigator->current();
    const auto *page = qobject_cast<const AccountPage *>(m_tabs->currentPage());
    const auto *services = qobject_cast<const ServicesPage *>(m_tabs->currentPage());
    const bool isInSidebar = m_navigator->isAncestorOf(QApplication::focusWidget());
    if (page && !(isInSidebar && !node->accountId.isEmpty())) {
        return page->accountId();
    }
    if (services && !isInSidebar) {
        return services->accountId();
    }
    if (!node->accountId.isEmpty()) {
        return node->accountId;
    }
    const InstanceList::Entry *entry = m_services.instances->find(target().instanceId);
    if (entry && m_services.accounts->find(entry->instance.profile.accountId)) {
        return entry->instance.profile.accountId;
    }
    const QList<AccountList::Entry> &all = m_services.accounts->entries();
    return all.size() == 1 ? all.first().account.id : QString();
}

QString MainWindow::targetRenderId() const
{
    const InstanceList::Entry *entry = m_services.instances->find(target().instanceId);
    const bool isKnown =
        entry && m_services.accounts && m_services.accounts->instance(entry->instance.profile.renderId).second;
    return isKnown ? entry->instance.profile.renderId : QString();
}

bool MainWindow::mayConnect(const QString &instanceId) const
{
    const InstanceList::Entry *entry = m_services.instances->find(instanceId);
    // Of a suspended one, or one in the making, its page says so; trying would only be an error.
    return entry && Roost::mayConnect(m_services.accounts, entry->instance.profile);
}

void MainWindow::updateAccountActions()
{
    const MainWindowActions &a = *m_actions;
    const QString account = targetAccount();
    const AccountList::Entry *entry = m_services.accounts ? m_services.accounts->find(account) : nullptr;
    const PostgresInstance *instance =
        m_services.accounts ? m_services.accounts->instance(targetRenderId()).second : nullptr;
    a.addAccount->setEnabled(m_accountVerbs);
    a.practiceAccount->setEnabled(m_accountVerbs);
    a.openAccount->setEnabled(entry);
    a.removeAccount->setEnabled(entry);
    a.services->setEnabled(entry);
    a.deployApp->setEnabled(entry && entry->overview);
    a.createInstance->setEnabled(entry && entry->overview && !entry->overview->owners.isEmpty());
    a.allowList->setEnabled(instance);
    a.deleteInstance->setEnabled(instance);
    a.fetchConnection->setEnabled(instance && instance->isAvailable());
    a.suspendInstance->setEnabled(instance && instance->isAvailable());
    a.resumeInstance->setEnabled(instance && instance->isSuspended);
    a.openDashboard->setEnabled(instance && isRenderPage(QUrl(instance->dashboardUrl, QUrl::StrictMode)));
}

void MainWindow::fillAccountMenu(QMenu *menu, const NavigatorNode &node)
{
    const MainWindowActions &a = *m_actions;
    if (node.kind == NodeKind::Instance) {
        if (!targetRenderId().isEmpty()) {
            menu->addSeparator();
            menu->addActions({a.allowList, a.fetchConnection, a.openDashboard, a.resumeInstance});
            menu->addSeparator();
            menu->addActions({a.suspendInstance, a.deleteInstance});
        }
        return;
    }
    if (node.accountId.isEmpty()) {
        menu->addActions({a.addAccount, a.addConnection, a.startPractice, a.refresh});
        return;
    }
    menu->addActions({a.openAccount, a.services, a.refresh, a.createInstance, a.deployApp});
    menu->addSeparator();
    menu->addAction(a.removeAccount);
}

} // namespace Roost
