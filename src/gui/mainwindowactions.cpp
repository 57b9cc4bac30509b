#include "gui/mainwindowactions.h"

#include <QActionGroup>
#include <QMenu>
#include <QMenuBar>

namespace Roost {

MainWindowActions::MainWindowActions(QWidget *window)
    : QObject(window)
    , m_window(window)
{
    makeFile();
    makeEdit();
    makeView();
    makeDatabase();
    makeRender();
    makeRest();
    window->addActions(m_all); // shortcuts work while the menu bar is hidden, too
    m_all += table->all();
}

QAction *MainWindowActions::make(const char *name, const QString &text, const QString &hint, const QKeySequence &key,
                                 const char *icon)
{
    auto *action = new QAction(text, this);
    action->setObjectName(QString::fromLatin1(name));
    action->setShortcut(key);
    action->setToolTip(key.isEmpty() ? hint
                                     : QStringLiteral("%1 (%2)").arg(hint, key.toString(QKeySequence::NativeText)));
    action->setStatusTip({});
    if (icon) {
        action->setIcon(Theme::icon(QString::fromLatin1(icon)));
    }
    m_all += action;
    return action;
}

void MainWindowActions::makeFile()
{
    addConnection =
        make("actionAddConnection", tr("&Add a connection…"), tr("Paste how a database is reached, and save it"),
             QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_N), "list-add");
    editConnection = make("actionEditConnection", tr("&Edit connection…"), tr("Change the chosen connection"),
                          QKeySequence(Qt::Key_F4), "configure");
    disconnectInstance = make("actionDisconnect", tr("&Disconnect"), tr("Close all connections to the chosen instance"),
                              {}, "network-disconnect");
    removeConnection = make("actionRemoveConnection", tr("&Remove connection…"),
                            tr("Forget the chosen connection and its password; the databases stay"), {}, "edit-delete");
    newApp = make("actionNewApp", tr("New &bird app…"), tr("Copy a small Flask app into a folder"), {}, "folder-new");
    openApp = make("actionOpenApp", tr("&Open app folder…"), tr("Open the folder of a Flask app"),
                   QKeySequence(Qt::CTRL | Qt::Key_O), "document-open-folder");
    openBackup = make("actionOpenBackup", tr("Open &backup…"), tr("Look into a dump file, without a server"),
                      QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_O), "archive-insert");
    closeTab =
        make("actionCloseTab", tr("&Close tab"), tr("Close the tab in front"), QKeySequence(Qt::CTRL | Qt::Key_W));
    quit = make("actionQuit", tr("&Quit"), tr("End Roost"), QKeySequence(Qt::CTRL | Qt::Key_Q));
    quit->setMenuRole(QAction::QuitRole);
}

void MainWindowActions::makeEdit()
{
    table = new TableActions(m_window);
    copyAs[Actions::CopyForm::ExternalUrl] =
        make("actionCopyUrl", tr("&External URL"),
             tr("postgresql://…, with the password; cleared from the clipboard after a minute"));
    copyAs[Actions::CopyForm::PsqlCommand] =
        make("actionCopyPsql", tr("&PSQL Command"), tr("For a terminal, with the password"));
    copyAs[Actions::CopyForm::DatabaseUri] =
        make("actionCopyUri", tr("&DATABASE_URI"), tr("What an app takes, with the password"));
    copyAs[Actions::CopyForm::EnvLine] =
        make("actionCopyEnv", tr("Line for a .en&v file"), tr("DATABASE_URI=…, with the password"));
    copyAsMenu = new QMenu(tr("Copy co&nnection as"), m_window);
    copyAsMenu->setObjectName(QStringLiteral("menuCopyAs"));
    copyAsMenu->setIcon(Theme::icon(QStringLiteral("edit-copy")));
    for (QAction *action : std::as_const(copyAs)) {
        copyAsMenu->addAction(action);
    }
    find = make("actionFind", tr("&Find a database or table"), tr("Show only what holds the typed letters"),
                QKeySequence(Qt::CTRL | Qt::Key_P), "edit-find");
}

void MainWindowActions::makeView()
{
    refresh = make("actionRefresh", tr("&Refresh"), tr("Read again what is in front"), QKeySequence(Qt::Key_F5),
                   "view-refresh");
    const auto toggle = [this](const char *name, const QString &text, const QString &hint, const QKeySequence &key) {
        QAction *action = make(name, text, hint, key);
        action->setCheckable(true);
        return action;
    };
    showSidebar =
        toggle("actionShowSidebar", tr("&Side bar"), tr("Connections, databases and tables"), QKeySequence(Qt::Key_F9));
    showJobs =
        toggle("actionShowJobs", tr("&Jobs"), tr("What runs and what ended"), QKeySequence(Qt::CTRL | Qt::Key_J));
    showLens = toggle("actionShowLens", tr("&Terminal lens"), tr("What each click is in a terminal"),
                      QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_L));
    showAppLog = toggle("actionShowAppLog", tr("Bird app &log"), tr("What the bird apps print"),
                        QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_G));
    showSystem =
        toggle("actionShowSystem", tr("S&ystem databases"), tr("Show postgres, template0 and template1 too"), {});
    auto *group = new QActionGroup(this);
    const auto theme = [&](Theme::Mode mode, const char *name, const QString &text, const QString &hint) {
        QAction *action = toggle(name, text, hint, {});
        group->addAction(action);
        themes[mode] = action;
    };
    theme(Theme::Mode::System, "actionThemeSystem", tr("&Follow the system"), tr("Light or dark as the desktop says"));
    theme(Theme::Mode::Light, "actionThemeLight", tr("&Light"), tr("Always light"));
    theme(Theme::Mode::Dark, "actionThemeDark", tr("&Dark"), tr("Always dark"));
    zoomIn = make("actionZoomIn", tr("Zoom &in"), tr("Larger text"), QKeySequence(Qt::CTRL | Qt::Key_Plus));
    zoomIn->setShortcuts({QKeySequence(Qt::CTRL | Qt::Key_Plus), QKeySequence(Qt::CTRL | Qt::Key_Equal)});
    zoomOut = make("actionZoomOut", tr("Zoom &out"), tr("Smaller text"), QKeySequence(Qt::CTRL | Qt::Key_Minus));
    zoomReset = make("actionZoomReset", tr("&Normal size"), tr("The system's text size"));
    fullScreen = toggle("actionFullScreen", tr("F&ull screen"), tr("The whole screen"), QKeySequence(Qt::Key_F11));
    resetLayout = make("actionResetLayout", tr("R&eset layout"), tr("Side bar and panels as at the first start"));
}

void MainWindowActions::makeDatabase()
{
    open = make("actionOpen", tr("&Open"), tr("Open the chosen instance or table in a tab"));
    structure = make("actionStructure", tr("Open s&tructure"),
                     tr("Columns, indexes and constraints of the chosen table"), {}, "view-list-details");
    createDatabase = make("actionCreateDatabase", tr("&Create database…"),
                          tr("A new, empty database on the chosen instance"), {}, "list-add");
    backUp = make("actionBackUp", tr("&Back up…"), tr("Write the chosen database to a file, and read it back"),
                  QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_B), "document-save");
    backUpAll = make("actionBackUpAll", tr("Back &up all databases…"),
                     tr("Each database of the chosen instance into a file of its own"));
    restore = make("actionRestore", tr("&Restore…"), tr("Fill a database from a backup"),
                   QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O), "document-import");
    compare = make("actionCompare", tr("Co&mpare with…"),
                   tr("Say in what the chosen database differs from a backup or another database"),
                   QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E), "vcs-diff");
    renameDatabase = make("actionRenameDatabase", tr("Re&name…"), tr("Give the chosen database another name"),
                          QKeySequence(Qt::Key_F2), "edit-rename");
    resetDatabase = make("actionResetDatabase", tr("Rese&t…"),
                         tr("Empty the chosen database: drop it and create it again"), {}, "edit-clear-all");
    dropDatabase = make("actionDropDatabase", tr("&Drop…"), tr("Delete the chosen database with everything in it"), {},
                        "edit-delete");
}

void MainWindowActions::makeRest()
{
    backups = make("actionBackups", tr("&Backups"), tr("All backups, what was proven of them, and what failed"),
                   QKeySequence(Qt::CTRL | Qt::Key_B), "archive-insert");
    expiry = make("actionExpiry", tr("&Expiry"), tr("When free instances stop working and are erased"),
                  QKeySequence(Qt::CTRL | Qt::Key_E), "view-calendar-day");
    startPractice = make("actionStartPractice", tr("Start &practice"), tr("A private PostgreSQL on this computer"), {},
                         "media-playback-start");
    stopPractice =
        make("actionStopPractice", tr("&Stop practice"), tr("Its databases are kept"), {}, "media-playback-stop");
    doctor = make("actionDoctor", tr("Connection &doctor…"),
                  tr("Say why the chosen connection does not work, step by step, and mend it"),
                  QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_H), "dialog-information");
    scheduleBackups = make("actionScheduleBackups", tr("Sche&dule backups…"),
                           tr("Let the computer back up an instance every day or week"), {}, "view-calendar-day");
    nextTab =
        make("actionNextTab", tr("&Next tab"), tr("The tab to the right"), QKeySequence(Qt::CTRL | Qt::Key_PageDown));
    nextTab->setShortcuts({QKeySequence(Qt::CTRL | Qt::Key_PageDown), QKeySequence(Qt::CTRL | Qt::Key_Tab)});
    previousTab = make("actionPreviousTab", tr("&Previous tab"), tr("The tab to the left"),
                       QKeySequence(Qt::CTRL | Qt::Key_PageUp));
    previousTab->setShortcuts(
        {QKeySequence(Qt::CTRL | Qt::Key_PageUp), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Backtab)});
    shortcuts = make("actionShortcuts", tr("&Keyboard shortcuts"), tr("All keys at a glance"), QKeySequence(Qt::Key_F1),
                     "help-keybord-shortcuts");
    about = make("actionAbout", tr("&About Roost"), tr("Version and licence"), {}, "help-about");
    about->setMenuRole(QAction::AboutRole);
    aboutQt = make("actionAboutQt", tr("About &Qt"), tr("The toolkit that Roost is built with"));
    aboutQt->setMenuRole(QAction::AboutQtRole);
}

void MainWindowActions::nameDatabase(const QString &database)
{
    QString name = database;
    name.replace(u'&', QStringLiteral("&&"));
    const auto say = [&name](QAction *action, const QString &plain, const QString &named) {
        action->setText(name.isEmpty() ? plain : named.arg(name));
    };
    say(backUp, tr("&Back up…"), tr("&Back up %1…"));
    say(restore, tr("&Restore…"), tr("&Restore into %1…"));
    say(compare, tr("Co&mpare with…"), tr("Co&mpare %1 with…"));
    say(renameDatabase, tr("Re&name…"), tr("Re&name %1…"));
    say(resetDatabase, tr("Rese&t…"), tr("Rese&t %1…"));
    say(dropDatabase, tr("&Drop…"), tr("&Drop %1…"));
}

void MainWindowActions::fillMenuBar(QMenuBar *bar)
{
    const auto menu = [bar](const char *name, const QString &title) {
        QMenu *made = bar->addMenu(title);
        made->setObjectName(QString::fromLatin1(name));
        made->setToolTipsVisible(true);
        return made;
    };
    QMenu *file = menu("menuFile", tr("&File"));
    file->addActions({addAccount, addConnection, editConnection, disconnectInstance});
    file->addSeparator();
    file->addActions({newApp, openApp});
    file->addSeparator();
    file->addAction(openBackup);
    file->addSeparator();
    file->addAction(closeTab);
    file->addSeparator();
    file->addAction(removeConnection);
    file->addSeparator();
    file->addAction(quit);

    QMenu *edit = menu("menuEdit", tr("&Edit"));
    table->fillEditMenu(edit);
    edit->addSeparator();
    edit->addMenu(copyAsMenu);
    edit->addAction(find);

    QMenu *view = menu("menuView", tr("&View"));
    view->addAction(refresh);
    view->addSeparator();
    view->addActions({showSidebar, showJobs, showLens, showAppLog});
    view->addSeparator();
    view->addAction(showSystem);
    view->addSeparator();
    QMenu *themeMenu = view->addMenu(tr("T&heme"));
    themeMenu->setObjectName(QStringLiteral("menuTheme"));
    for (QAction *action : std::as_const(themes)) {
        themeMenu->addAction(action);
    }
    view->addActions({zoomIn, zoomOut, zoomReset});
    view->addSeparator();
    view->addActions({fullScreen, resetLayout});

    table->fillDataMenu(menu("menuData", tr("D&ata")));
    QMenu *database = menu("menuDatabase", tr("&Database"));
    database->addActions({open, structure});
    database->addSeparator();
    database->addActions({createDatabase, backUp, backUpAll, restore, compare, renameDatabase});
    database->addSeparator();
    database->addActions({resetDatabase, dropDatabase});

    renderMenu = menu("menuRender", tr("&Render"));
    fillRenderMenu(renderMenu);
    QMenu *tools = menu("menuTools", tr("&Tools"));
    tools->addActions({backups, expiry});
    tools->addSeparator();
    tools->addActions({startPractice, stopPractice});
    tools->addSeparator();
    tools->addAction(scheduleBackups);
    tools->addSeparator();
    tools->addAction(doctor);
    QMenu *window = menu("menuWindow", tr("&Window"));
    window->addActions({nextTab, previousTab});
    QMenu *help = menu("menuHelp", tr("&Help"));
    help->addAction(shortcuts);
    help->addSeparator();
    help->addActions({about, aboutQt});
}

} // namespace Roost
