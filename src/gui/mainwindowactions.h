#pragma once

#include "gui/actions.h"
#include "gui/table/tablepageverbs.h"
#include "gui/theme/theme.h"

#include <QAction>
#include <QMap>
#include <QObject>

class QMenu;
class QMenuBar;

namespace Roost {

/// All actions of the main window, with their names, shortcuts and menus; what they do is connected by the window.
class MainWindowActions : public QObject
{
    Q_OBJECT

public:
    explicit MainWindowActions(QWidget *window);

    void fillMenuBar(QMenuBar *bar);
    /// Puts the name of the database that is meant into what works on it; none: the plain words.
    void nameDatabase(const QString &database);
    QList<QAction *> all() const { return m_all; }

    // File
    QAction *addConnection;
    QAction *editConnection;
    QAction *disconnectInstance;
    QAction *removeConnection;
    QAction *newApp;
    QAction *openApp;
    QAction *openBackup;
    QAction *closeTab;
    QAction *quit;
    // Edit and Data
    TableActions *table;
    QMap<Actions::CopyForm, QAction *> copyAs;
    QMenu *copyAsMenu;
    QAction *find;
    // View
    QAction *refresh;
    QAction *showSidebar;
    QAction *showJobs;
    QAction *showLens;
    QAction *showAppLog;
    QAction *showSystem;
    QMap<Theme::Mode, QAction *> themes;
    QAction *zoomIn;
    QAction *zoomOut;
    QAction *zoomReset;
    QAction *fullScreen;
    QAction *resetLayout;
    // Database
    QAction *open;
    QAction *structure;
    QAction *createDatabase;
    QAction *backUp;
    QAction *backUpAll;
    QAction *restore;
    QAction *compare;
    QAction *renameDatabase;
    QAction *resetDatabase;
    QAction *dropDatabase;
    // Render
    QMenu *renderMenu = nullptr; ///< where what belongs to an account is put
    QAction *addAccount;
    QAction *practiceAccount;
    QAction *openAccount;
    QAction *createInstance;
    QAction *allowList;
    QAction *fetchConnection;
    QAction *openDashboard;
    QAction *suspendInstance;
    QAction *resumeInstance;
    QAction *deleteInstance;
    QAction *removeAccount;
    QAction *services;
    QAction *deployApp;
    QAction *moveInstance;
    QMenu *unfinishedMoves; ///< filled by the window
    // Tools
    QAction *backups;
    QAction *expiry;
    QAction *startPractice;
    QAction *stopPractice;
    QAction *scheduleBackups;
    QAction *doctor;
    // Window
    QAction *nextTab;
    QAction *previousTab;
    // Help
    QAction *shortcuts;
    QAction *about;
    QAction *aboutQt;

private:
    void makeFile();
    void makeEdit();
    void makeView();
    void makeDatabase();
    void makeRender();
    void fillRenderMenu(QMenu *menu);
    void makeRest();
    QAction *make(const char *name, const QString &text, const QString &hint, const QKeySequence &key = {},
                  const char *icon = nullptr);

    QWidget *m_window;
    QList<QAction *> m_all;
};

} // namespace Roost
