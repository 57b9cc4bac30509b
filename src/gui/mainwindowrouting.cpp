// The part of MainWindow that says which action does what, and on what.
#include "gui/actions.h"
#include "gui/compare/comparepage.h"
#include "gui/mainwindow.h"
#include "gui/mainwindowactions.h"
#include "gui/mainwindowbottom.h"
#include "gui/mainwindowpractice.h"
#include "gui/mainwindowstatus.h"
#include "gui/mainwindowtabs.h"
#include "gui/mainwindowverbs.h"
#include "gui/navigator/navigatorpanel.h"
#include "gui/overview/instancepage.h"
#include "gui/table/tablepage.h"
#include "models/sessionpool.h"
#include "storage/settings.h"

#include <QApplication>
#include <QClipboard>
#include <QMenu>
#include <QShortcut>
#include <QSignalBlocker>

namespace Roost {

void MainWindow::connectFile()
{
    const MainWindowActions &a = *m_actions;
    connect(a.addConnection, &QAction::triggered, m_verbs, &MainWindowVerbs::addConnection);
    connect(a.editConnection, &QAction::triggered, this, [this] { m_verbs->editConnection(target().instanceId); });
    connect(a.removeConnection, &QAction::triggered, this, [this] {
        const QString id = target().instanceId;
        whenSettled({id, {}}, [this, id] { m_verbs->removeConnection(id); });
    });
    connect(a.doctor, &QAction::triggered, this, [this] { m_verbs->examine(target().instanceId); });
    connect(m_verbs, &MainWindowVerbs::connectionMended, this, [this](const QString &instanceId) {
        connect(
            m_services.instances, &InstanceList::listed, this,
            [this, instanceId] { m_services.instances->open(instanceId); }, Qt::SingleShotConnection);
        m_services.instances->reload();
    });
    connect(a.disconnectInstance, &QAction::triggered, this,
            [this] { m_verbs->disconnectInstance(target().instanceId); });
    const auto opener = [this](const QString &folder) { openBirdApp(folder); };
    connect(a.newApp, &QAction::triggered, this, [this, opener] { Actions::newBirdApp(m_services, this, opener); });
    connect(a.openApp, &QAction::triggered, this, [this, opener] { Actions::chooseBirdApp(m_services, this, opener); });
    connect(a.closeTab, &QAction::triggered, this, [this] {
        if (m_tabs->current()) {
            m_tabs->askToClose(m_tabs->current());
        }
    });
    connect(a.quit, &QAction::triggered, this, &MainWindow::quit);
    connect(a.table, &TableActions::triggered, this, [this](TableVerb verb) {
        if (auto *page = qobject_cast<TablePage *>(m_tabs->currentPage())) {
            page->run(verb);
        }
    });
    for (auto it = a.copyAs.begin(); it != a.copyAs.end(); ++it) {
        connect(it.value(), &QAction::triggered, this, [this, form = it.key()] {
            const Target where = target();
            m_verbs->copyConnection(where.instanceId, where.database, form);
        });
    }
    connect(a.find, &QAction::triggered, this, [this] {
        m_actions->showSidebar->setChecked(true);
        m_navigator->focusFilter();
    });
}

void MainWindow::connectView()
{
    const MainWindowActions &a = *m_actions;
    connect(a.refresh, &QAction::triggered, this, &MainWindow::refresh);
    connect(a.showSidebar, &QAction::toggled, m_navigator, &QWidget::setVisible);
    const auto panel = [this](QAction *action, MainWindowBottom::Panel which) {
        connect(action, &QAction::triggered, this,
                [this, which](bool wanted) { wanted ? m_bottom->showPanel(which) : m_bottom->hide(); });
        connect(m_bottom, &MainWindowBottom::changed, action,
                [this, action, which] { action->setChecked(m_bottom->shown() == which); });
    };
    panel(a.showJobs, MainWindowBottom::Jobs);
    panel(a.showLens, MainWindowBottom::Lens);
    panel(a.showAppLog, MainWindowBottom::AppLog);
    connect(a.showSystem, &QAction::toggled, this, [this](bool shows) {
        m_navigator->setShowsSystem(shows);
        for (QWidget *widget : m_tabs->all()) {
            if (auto *page = qobject_cast<InstancePage *>(widget)) {
                page->setShowsSystem(shows);
            }
        }
        if (m_services.settings) {
            m_services.settings->setShowsSystemDatabases(shows);
        }
    });
    for (auto it = a.themes.begin(); it != a.themes.end(); ++it) {
        it.value()->setChecked(it.key() == Theme::instance().mode());
        connect(it.value(), &QAction::triggered, this, [this, mode = it.key()] { applyTheme(int(mode)); });
    }
    const auto zoom = [this](int percent) {
        Theme::instance().setZoom(percent);
        if (m_services.settings) {
            m_services.settings->setZoom(Theme::instance().zoom());
        }
    };
    constexpr int step = 10;
    constexpr int normal = 100;
    connect(a.zoomIn, &QAction::triggered, this, [zoom] { zoom(Theme::instance().zoom() + step); });
    connect(a.zoomOut, &QAction::triggered, this, [zoom] { zoom(Theme::instance().zoom() - step); });
    connect(a.zoomReset, &QAction::triggered, this, [zoom] { zoom(normal); });
    connect(a.fullScreen, &QAction::triggered, this, [this](bool wanted) { wanted ? showFullScreen() : showNormal(); });
    connect(a.resetLayout, &QAction::triggered, this, [this] {
        m_bottom->hide();
        m_actions->showSidebar->setChecked(true);
        resetLayout();
    });
    connect(a.nextTab, &QAction::triggered, this, [this] { m_tabs->step(1); });
    connect(a.previousTab, &QAction::triggered, this, [this] { m_tabs->step(-1); });
    constexpr int numbered = 9;
    for (int i = 0; i < numbered; ++i) {
        auto *key = new QShortcut(QKeySequence(QKeyCombination(Qt::AltModifier, Qt::Key(Qt::Key_1 + i))), this);
        connect(key, &QShortcut::activated, this, [this, i] { m_tabs->choose(i); });
    }
}

void MainWindow::connectDatabase()
{
    const MainWindowActions &a = *m_actions;
    connect(a.open, &QAction::triggered, this, [this] { openCurrentNode(false); });
    connect(a.structure, &QAction::triggered, this, [this] { openCurrentNode(true); });
    connect(a.createDatabase, &QAction::triggered, this, [this] { m_verbs->createDatabase(target().instanceId); });
    const auto onDatabase = [this](QAction *action, void (MainWindowVerbs::*verb)(const QString &, const QString &)) {
        connect(action, &QAction::triggered, this, [this, verb] {
            // Edits of its tables that are not applied would be gone with it.
            const Target where = target();
            whenSettled(where, [this, where, verb] { (m_verbs->*verb)(where.instanceId, where.database); });
        });
    };
    connect(a.backUp, &QAction::triggered, this, [this] {
        const Target where = target();
        m_verbs->backUp(where.instanceId, where.database);
    });
    connect(a.backUpAll, &QAction::triggered, this, [this] { m_verbs->backUpAll(target().instanceId); });
    connect(a.compare, &QAction::triggered, this, [this] {
        const Target where = target();
        openCompare({}, CompareSide::ofDatabase(where.instanceId, where.database));
    });
    onDatabase(a.renameDatabase, &MainWindowVerbs::renameDatabase);
    onDatabase(a.resetDatabase, &MainWindowVerbs::resetDatabase);
    onDatabase(a.dropDatabase, &MainWindowVerbs::dropDatabase);
    connect(a.restore, &QAction::triggered, this, [this] {
        const Target where = target();
        whenSettled(where, [this, where] { m_verbs->restore(where.instanceId, where.database); });
    });
    connect(a.backups, &QAction::triggered, this, &MainWindow::openBackups);
    connect(a.startPractice, &QAction::triggered, m_practice, &MainWindowPractice::start);
    connect(a.stopPractice, &QAction::triggered, m_practice, &MainWindowPractice::stop);
    connect(a.shortcuts, &QAction::triggered, this, [this] { Actions::showShortcuts(this, m_actions->all()); });
    connect(a.about, &QAction::triggered, this, [this] { Actions::showAbout(this); });
    connect(a.aboutQt, &QAction::triggered, qApp, &QApplication::aboutQt);
}

void MainWindow::openCompare(const CompareSide &first, const CompareSide &second)
{
    const auto words = [](const CompareSide &side) {
        return side.isFile() ? side.file : side.instanceId + u'/' + side.database;
    };
    QWidget *tab = m_tabs->open(
        QStringLiteral("compare:%1|%2").arg(words(first), words(second)), QStringLiteral("vcs-diff"),
        second.database.isEmpty() ? tr("Compare") : tr("Compare %1").arg(second.database), [this, first, second] {
            auto *page = new ComparePage(m_services, first, second);
            connect(page, &Page::statusChanged, this, [this, page] {
                if (m_tabs->currentPage() == page) {
                    m_status->showPage(page);
                }
            });
            return page;
        });
    tab->setFocus();
}

MainWindow::Target MainWindow::target() const
{
    const NavigatorNode *node = m_navigator->current();
    const Page *page = m_tabs->currentPage();
    const bool isInSidebar = m_navigator->isAncestorOf(QApplication::focusWidget());
    if (page && !page->instanceId().isEmpty() && (!isInSidebar || node->instanceId.isEmpty())) {
        // An overview stands for its instance; which database is meant, the tree says.
        if (qobject_cast<const InstancePage *>(page) && node->instanceId == page->instanceId()) {
            return {node->instanceId, node->database};
        }
        return {page->instanceId(), qobject_cast<const InstancePage *>(page) ? QString() : page->database()};
    }
    return {node->instanceId, node->database};
}

void MainWindow::openNode(const NavigatorNode &node)
{
    switch (node.kind) {
    case NodeKind::Account:
        openAccount(node.accountId);
        break;
    case NodeKind::Instance:
        openInstance(node.instanceId);
        break;
    case NodeKind::Relation:
        openTable(node.instanceId, node.database, node.relation);
        break;
    case NodeKind::Function:
        openFunction(node.instanceId, node.database, node.function);
        break;
    case NodeKind::App:
        openBirdApp(node.folder);
        break;
    default:
        break;
    }
    // The next key is meant for what was opened, not for its place in the tree.
    const bool isRead = node.kind == NodeKind::Relation || node.kind == NodeKind::Function;
    if (QWidget *page = m_tabs->current(); isRead && page) {
        page->setFocus();
    }
}

void MainWindow::openCurrentNode(bool structure)
{
    openNode(*m_navigator->current());
    auto *page = qobject_cast<TablePage *>(m_tabs->currentPage());
    if (structure && page) {
        page->showStructure();
    }
}

void MainWindow::showNodeMenu(const QPoint &globalPosition)
{
    const MainWindowActions &a = *m_actions;
    const NavigatorNode *node = m_navigator->current();
    auto *menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("nodeMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setToolTipsVisible(true);
    switch (node->kind) {
    case NodeKind::Instance:
        menu->addActions({a.open, a.refresh});
        menu->addSeparator();
        if (node->instanceId == Instance::practiceId()) {
            menu->addActions({a.startPractice, a.createDatabase, a.backUpAll, a.doctor});
            menu->addMenu(a.copyAsMenu);
            menu->addSeparator();
            menu->addAction(a.stopPractice);
        } else {
            menu->addActions({a.createDatabase, a.backUpAll});
            menu->addMenu(a.copyAsMenu);
            menu->addActions({a.moveInstance, a.editConnection, a.doctor, a.disconnectInstance});
            fillAccountMenu(menu, *node);
            menu->addSeparator();
            menu->addAction(a.removeConnection);
        }
        break;
    case NodeKind::Database:
    case NodeKind::Schema:
        menu->addActions({a.backUp, a.restore, a.compare, a.renameDatabase});
        menu->addMenu(a.copyAsMenu);
        menu->addAction(a.refresh);
        menu->addSeparator();
        menu->addActions({a.resetDatabase, a.dropDatabase});
        break;
    case NodeKind::Function:
    case NodeKind::Relation: {
        menu->addAction(a.open);
        if (node->kind == NodeKind::Relation && node->relation.kind != RelationKind::Sequence) {
            menu->addAction(a.structure);
        }
        menu->addAction(a.refresh);
        QAction *copyName = menu->addAction(Theme::icon(QStringLiteral("edit-copy")), tr("Copy name"));
        connect(copyName, &QAction::triggered, this, [name = node->name] { QApplication::clipboard()->setText(name); });
        break;
    }
    case NodeKind::App:
        menu->addAction(a.open);
        break;
    default:
        fillAccountMenu(menu, *node);
        break;
    }
    menu->popup(globalPosition);
}

void MainWindow::updateActions()
{
    const MainWindowActions &a = *m_actions;
    const Target where = target();
    const NavigatorNode *node = m_navigator->current();
    const InstanceList::Entry *entry = m_services.instances->find(where.instanceId);
    const bool isSaved = entry && !entry->instance.isPractice;
    const bool isOpen = entry && !entry->databases.isEmpty();
    const bool hasDatabase = isOpen && !where.database.isEmpty();
    const InstanceList::Practice practice = m_services.instances->practice();
    const bool isTable = node->kind == NodeKind::Relation && node->relation.kind != RelationKind::Sequence;
    a.editConnection->setEnabled(isSaved);
    a.removeConnection->setEnabled(isSaved);
    a.moveInstance->setEnabled(isSaved);
    a.disconnectInstance->setEnabled(isSaved && entry->state != InstanceList::State::Closed);
    a.closeTab->setEnabled(m_tabs->current());
    updateTableActions();
    a.copyAsMenu->setEnabled(isSaved || isOpen);
    for (QAction *action : a.copyAs) {
        action->setEnabled(isSaved || isOpen);
    }
    updateAccountActions();
    a.open->setEnabled(node->kind == NodeKind::Instance || node->kind == NodeKind::Account ||
                       node->kind == NodeKind::App || node->kind == NodeKind::Relation ||
                       node->kind == NodeKind::Function);
    a.structure->setEnabled(isTable);
    a.createDatabase->setEnabled(isOpen);
    a.backUpAll->setEnabled(isOpen);
    m_actions->nameDatabase(hasDatabase ? where.database : QString());
    for (QAction *action : {a.backUp, a.restore, a.compare, a.renameDatabase, a.resetDatabase, a.dropDatabase}) {
        action->setEnabled(hasDatabase);
    }
    // By F2, whatever is chosen: so a table in the tree must not stand for its database.
    a.renameDatabase->setEnabled(hasDatabase && node->kind == NodeKind::Database);
    a.startPractice->setEnabled(practice == InstanceList::Practice::Stopped);
    a.stopPractice->setEnabled(practice == InstanceList::Practice::Running);
    a.doctor->setEnabled(isSaved || (entry && practice == InstanceList::Practice::Running));
}

void MainWindow::updateTitle()
{
    QStringList parts;
    if (const Page *page = m_tabs->currentPage()) {
        parts += m_tabs->titleOf(page);
        if (qobject_cast<const TablePage *>(page)) {
            parts += page->database();
        }
    } else if (m_tabs->current()) {
        parts += m_tabs->titleOf(m_tabs->current());
    }
    parts += QStringLiteral("Roost");
    setWindowTitle(parts.join(QStringLiteral(" – ")));
}

void MainWindow::refresh()
{
    Page *page = m_tabs->currentPage();
    if (page && !m_navigator->isAncestorOf(QApplication::focusWidget())) {
        page->refresh();
    } else {
        m_navigator->refreshCurrent();
    }
}

void MainWindow::applyTheme(int mode)
{
    const auto chosen = Theme::Mode(mode);
    Theme::instance().setMode(chosen);
    if (m_services.settings) {
        m_services.settings->setTheme(chosen == Theme::Mode::Light  ? ThemeChoice::Light
                                      : chosen == Theme::Mode::Dark ? ThemeChoice::Dark
                                                                    : ThemeChoice::System);
    }
}

} // namespace Roost
