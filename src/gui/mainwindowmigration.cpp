// The part of MainWindow about moving instances: the wizard's tabs, and the offer of what is unfinished.
#include "gui/account/accountverbs.h"
#include "gui/expiry/expirypage.h"
#include "gui/mainwindow.h"
#include "gui/mainwindowactions.h"
#include "gui/mainwindowstatus.h"
#include "gui/mainwindowtabs.h"
#include "gui/migration/migrationpage.h"
#include "gui/migration/rehearsing.h"
#include "gui/migration/unfinishednotices.h"
#include "gui/navigator/navigatorpanel.h"
#include "gui/overview/instancepage.h"
#include "gui/overview/welcomepage.h"
#include "models/accountlist.h"
#include "models/instancelist.h"
#include "models/unfinishedmigrations.h"
#include "storage/paths.h"

#include <QGuiApplication>
#include <QMenu>

namespace Roost {

namespace {

QString tabKey(const QString &id)
{
    return QStringLiteral("migration:") + id;
}

QString plain(QString name)
{
    return name.replace(u'&', QStringLiteral("&&"));
}

} // namespace

void MainWindow::connectMigrations()
{
    m_unfinished = new UnfinishedMigrations(m_services.jobs, Paths::migrations(), this);
    connect(m_actions->moveInstance, &QAction::triggered, this, [this] { moveInstance(target().instanceId); });
    connect(m_unfinished, &UnfinishedMigrations::changed, this, &MainWindow::fillUnfinishedMenu);
    if (auto *welcome = findChild<WelcomePage *>(QStringLiteral("welcomePage"))) {
        welcome->addBanner(makeMigrationBanner({}));
    }
    fillUnfinishedMenu();
    m_unfinished->reload();
    // roost-cli may have gone on with one meanwhile.
    connect(m_tabs, &MainWindowTabs::currentChanged, m_unfinished, &UnfinishedMigrations::reload);
    connect(qApp, &QGuiApplication::applicationStateChanged, m_unfinished, [this](Qt::ApplicationState state) {
        if (state == Qt::ApplicationActive) {
            m_unfinished->reload();
        }
    });
}

void MainWindow::connectMigration(InstancePage *page)
{
    page->addBanner(makeMigrationBanner(page->instanceId()));
    connect(page, &InstancePage::migrationWanted, this, &MainWindow::moveInstance);
}

void MainWindow::connectMigration(ExpiryPage *page)
{
    page->addBanner(makeMigrationBanner({}));
    page->setCanMove(true);
    connect(page, &ExpiryPage::migrationWanted, this, &MainWindow::moveInstance);
}

QWidget *MainWindow::makeMigrationBanner(const QString &profileId)
{
    auto *notices = new UnfinishedNotices(m_unfinished, profileId);
    using Then = MigrationPage::Then;
    const auto open = [this](Then then) { return [this, then](const QString &id) { openMigration(id, int(then)); }; };
    connect(notices, &UnfinishedNotices::goOnWanted, this, open(Then::GoOn));
    connect(notices, &UnfinishedNotices::giveUpWanted, this, open(Then::GiveUp));
    connect(notices, &UnfinishedNotices::showWanted, this, open(Then::Look));
    return notices;
}

void MainWindow::fillUnfinishedMenu()
{
    QMenu *menu = m_actions->unfinishedMoves;
    menu->clear();
    for (const UnfinishedMigration &one : m_unfinished->all()) {
        const QString text = one.problem.isEmpty()
                                 ? tr("%1: %2 of %3 steps").arg(plain(one.name)).arg(one.done).arg(one.total)
                                 : tr("%1: cannot be read", "id of a journal").arg(one.id);
        QAction *action = menu->addAction(text);
        action->setObjectName(QStringLiteral("actionUnfinished-") + one.id);
        action->setToolTip(tr("Opens it in a tab; nothing goes on by itself"));
        connect(action, &QAction::triggered, this,
                [this, id = one.id] { openMigration(id, int(MigrationPage::Then::Look)); });
    }
    menu->menuAction()->setVisible(!menu->isEmpty());
}

void MainWindow::moveInstance(const QString &instanceId)
{
    const InstanceList::Entry *entry = m_services.instances->find(instanceId);
    if (!entry || entry->instance.isPractice) {
        return;
    }
    if (const UnfinishedMigration *begun = m_unfinished->ofProfile(instanceId)) {
        openMigration(begun->id, int(MigrationPage::Then::Look)); // a second one would be refused
        return;
    }
    const Profile &profile = entry->instance.profile;
    MigrationPage *page = migrationTab(tabKey(instanceId), instanceId, profile.name);
    const MigrationRunner::Stage stage = page->runner()->stage();
    if (!page->property("isPlanned").toBool() || stage == MigrationRunner::Stage::GivenUp ||
        stage == MigrationRunner::Stage::Finished) {
        if (stage != MigrationRunner::Stage::Nothing) { // that one is over: a new page for a new move
            m_tabs->close(page);
            page = migrationTab(tabKey(instanceId), instanceId, profile.name);
        }
        page->setProperty("isPlanned", true);
        MigrationPlanRequest request;
        request.profileId = profile.id;
        const bool hasAccount = m_services.accounts && m_services.accounts->find(profile.accountId);
        request.accountId = hasAccount ? profile.accountId : QString();
        page->plan(request);
    }
    page->setFocus();
}

void MainWindow::openMigration(const QString &id, int then)
{
    const UnfinishedMigration *begun = m_unfinished->find(id);
    if (!begun) {
        return;
    }
    for (QWidget *widget : m_tabs->all()) { // also one that was planned in its tab
        auto *open = qobject_cast<MigrationPage *>(widget);
        if (open && open->journalId() == id) {
            m_tabs->show(open);
            if (!open->runner()->job() && open->runner()->stage() != MigrationRunner::Stage::Asking) {
                open->openJournal(id, MigrationPage::Then(then));
            }
            return;
        }
    }
    const QString profileId = begun->profileId;
    MigrationPage *page = migrationTab(profileId.isEmpty() ? tabKey(id) : tabKey(profileId), profileId,
                                       begun->name.isEmpty() ? id : begun->name);
    page->setProperty("isPlanned", true);
    page->openJournal(id, MigrationPage::Then(then));
    page->setFocus();
}

void MainWindow::rehearse(MigrationPage *page)
{
    startRehearsal(m_services, page, page->plannedMove(), page->runner()->ground(),
                   [this](const QString &renderId) { openRehearsal(renderId); });
}

void MainWindow::openRehearsal(const QString &renderId)
{
    if (!m_accountVerbs) {
        return;
    }
    // The account's next reading saves a connection to the instance; only then can it be moved.
    auto *waiting = new QObject(this);
    const auto open = [this, waiting, renderId] {
        const QString known = m_accountVerbs->connectionOf(renderId);
        if (!known.isEmpty()) {
            waiting->deleteLater();
            disconnect(m_services.instances, nullptr, waiting, nullptr);
            m_navigator->reveal(known);
            moveInstance(known);
        }
    };
    connect(m_services.instances, &InstanceList::listed, waiting, open);
    m_accountVerbs->usePractice();
}

MigrationPage *MainWindow::migrationTab(const QString &key, const QString &profileId, const QString &name)
{
    return qobject_cast<MigrationPage *>(
        m_tabs->open(key, QStringLiteral("go-next"), tr("Move %1").arg(plain(name)), [&] {
            auto *page = new MigrationPage(m_services, profileId, name);
            connect(page, &MigrationPage::backupsWanted, this, &MainWindow::openBackups);
            connect(page, &MigrationPage::closeWanted, this, [this, page] { m_tabs->close(page); });
            connect(page, &MigrationPage::moved, m_unfinished, &UnfinishedMigrations::reload);
            connect(page, &MigrationPage::rehearsalWanted, this, [this, page] { rehearse(page); });
            connect(page, &MigrationPage::planWanted, this, &MainWindow::moveInstance);
            connect(page, &MigrationPage::instanceWanted, this, [this](const QString &id) {
                m_navigator->reveal(id);
                openInstance(id);
            });
            connect(page, &QObject::destroyed, m_unfinished, &UnfinishedMigrations::reload);
            connect(page, &Page::statusChanged, this, [this, page] {
                if (m_tabs->currentPage() == page) {
                    m_status->showPage(page);
                }
            });
            return page;
        }));
}

} // namespace Roost
