#pragma once

#include "gui/services.h"
#include "models/navigatornode.h"

#include <QMainWindow>

#include <functional>
#include <optional>

class QMenu;
class QSplitter;

namespace Roost {

class AccountConnections;
class AccountVerbs;
class ExpiryPage;
class InstancePage;
class Job;
class MainWindowActions;
class MainWindowBottom;
class MainWindowPractice;
class MainWindowStatus;
class MainWindowTabs;
class MainWindowVerbs;
class MigrationPage;
class NavigatorPanel;
class TrayIcon;
class Page;
class ServicesPage;
class TablePage;
class UnfinishedMigrations;
struct CompareSide;
struct DatabaseRef;
struct TableLink;

/// Roost's window: side bar, tabs, panels, status bar. It puts the parts together and routes actions between them. The
/// frame comes first and is shown; begin() fills it; what is not in sight is made when it is first looked at.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    explicit MainWindow(const Services &services, QWidget *parent = nullptr);
    ~MainWindow() override;

    NavigatorPanel *navigator() const { return m_navigator; }
    MainWindowTabs *tabs() const { return m_tabs; }

public slots:
    /// Fills the window, and asks for what is not in memory: saved connections, a practice server left running. Once,
    /// after show(), so that the window is there first.
    void begin();
    void openInstance(const QString &instanceId);
    void openTable(const QString &instanceId, const QString &database, const Roost::RelationInfo &relation);
    void openFunction(const QString &instanceId, const QString &database, const Roost::FunctionInfo &function);
    void openBirdApp(const QString &folder);
    void openBackups();
    void openExpiry();
    /// A plan in a tab; or the move of it that is not finished.
    void moveInstance(const QString &instanceId);
    /// Ends the program, also when closing the window would only hide it.
    void quit();
    void openAccount(const QString &accountId);
    /// `serviceId` may be empty. Null when there is no such account.
    ServicesPage *openServices(const QString &accountId, const QString &serviceId);
    /// Inside a backup: any dump file, in a tab.
    void openBackup(const QString &file);
    /// Where both sides are known it begins at once.
    void openCompare(const Roost::CompareSide &first, const Roost::CompareSide &second);

signals:
    /// The window is closed, nothing runs any more, practice is stopped: the application may end.
    void finished();

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    /// What a verb works on.
    struct Target
    {
        QString instanceId;
        QString database;
    };

    void build();
    void connectNavigator();
    void connectFile();
    void connectView();
    void connectDatabase();
    void connectBackups();
    void connectAccounts();
    void connectServices();
    void connectExpiry();
    void connectAccountCard(InstancePage *page);
    void connectMigrations();
    void connectMigration(InstancePage *page);
    void connectMigration(ExpiryPage *page);
    QWidget *makeMigrationBanner(const QString &profileId);
    void fillUnfinishedMenu();
    void rehearse(MigrationPage *page);
    void openRehearsal(const QString &renderId);
    void openMigration(const QString &id, int then); ///< MigrationPage::Then
    MigrationPage *migrationTab(const QString &key, const QString &profileId, const QString &name);
    void connectVerbs();
    void connectTabs();
    void loadLook();
    void saveLook();
    void resetLayout();

    Target target() const;
    QString targetAccount() const;  ///< empty when none is meant
    QString targetRenderId() const; ///< of the instance that is meant; empty when no account has it
    void updateAccountActions();
    void fillAccountMenu(QMenu *menu, const NavigatorNode &node);
    bool mayConnect(const QString &instanceId) const;
    void openNode(const NavigatorNode &node);
    void showNodeMenu(const QPoint &globalPosition);
    void openCurrentNode(bool structure);
    void openSequence(const Instance &instance, const QString &database, const RelationInfo &relation);
    TablePage *makeTablePage(const Instance &instance, const QString &database, const RelationInfo &relation);
    /// The rows that a row of `from` leads to, in their table's tab.
    void openLink(const Page *from, const TableLink &link);
    /// Asks page after page that holds edits which are not applied, of a database or of a whole instance (or of all)
    /// what is to become of them; false when the user wants to stay.
    void settle(const Target &where, const std::function<void(bool)> &done);
    void whenSettled(const Target &where, const std::function<void()> &then);
    void updateActions();
    void updateTitle();
    void updateApps();
    void updateTableActions();
    void refresh();
    void restoreFrom(const QString &file);
    void refreshDatabase(const QString &instanceId, const QString &database);
    void makeBirdPage(const QString &folder, const std::optional<DatabaseRef> &database);
    void applyTheme(int mode);
    void jobAdded(Job *job);

    void comeForward();
    void backUpWhenOpen(const QString &instanceId);
    bool hidesInTray(); ///< instead of being closed
    void askToEnd();
    void askAboutJobs();
    void end();
    void jobsEnded();

    Services m_services;
    MainWindowActions *m_actions = nullptr;
    MainWindowVerbs *m_verbs = nullptr;
    MainWindowPractice *m_practice = nullptr;
    AccountConnections *m_connections = nullptr;
    AccountVerbs *m_accountVerbs = nullptr; ///< null where there are no accounts
    NavigatorPanel *m_navigator = nullptr;
    TrayIcon *m_tray = nullptr;
    UnfinishedMigrations *m_unfinished = nullptr;
    MainWindowTabs *m_tabs = nullptr;
    MainWindowBottom *m_bottom = nullptr;
    MainWindowStatus *m_status = nullptr;
    QSplitter *m_across = nullptr;
    QSplitter *m_down = nullptr;
    bool m_isQuitting = false;
    enum class Ending { No, Asking, Waiting, Done } m_ending = Ending::No;
};

} // namespace Roost
