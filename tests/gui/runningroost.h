#pragma once

#include "app/logfile.h"
#include "mainwindowdriver.h"
#include "windowfixture.h"

namespace Roost::Testing {

/// What main() does to the application before the first window; English, whatever the system speaks.
void prepareAsMain(QApplication &application);

/// Roost as main() puts it together, with its window open, in a home of its own (ROOST_HOME) that is gone afterwards,
/// and the main job's verbs as a user does them: through the tree's menu and the dialogs.
class RunningRoost
{
public:
    RunningRoost();
    ~RunningRoost(); ///< stops practice
    RunningRoost(const RunningRoost &) = delete;
    RunningRoost &operator=(const RunningRoost &) = delete;

    QString home() const { return fixture.home.path(); }
    /// A folder in the home that exists.
    QString folder(const QString &name) const;

    // Each answers with what the dialog of the job says at the end, its lead first; empty when it did not get there.
    // The dialog is closed again, unless `thenPress` is the button to leave it by.
    QStringList backUp(const QStringList &database, const QString &file);
    QStringList reset(const QStringList &database, const char *thenPress = "backgroundButton");
    QStringList restoreIntoEmpty(const QStringList &database, const QString &file);
    /// What the job whose dialog is open says at the end.
    QStringList ending(const char *thenPress = "backgroundButton");
    /// Fills in the backup dialog and starts the job; its dialog opens.
    bool startBackup(const QStringList &database, const QString &file);
    /// The window's own way out, to the end of all jobs and of practice.
    bool close();

    std::unique_ptr<LogFile> log = std::make_unique<LogFile>();
    WindowFixture fixture;
    std::unique_ptr<MainWindowDriver> window;
};

} // namespace Roost::Testing
