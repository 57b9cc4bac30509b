#pragma once

#include "core/result.h"
#include "models/instance.h"

#include <QList>
#include <QStringList>

#include <functional>
#include <optional>

class QAction;
class QWidget;

namespace Roost {

class Job;
struct CompareSide;
struct Services;
struct TableId;
struct TableQuery;

/// The verbs that need a dialog. The main window's menus call them; each opens its dialog without blocking and calls
/// `done` only after success. Sessions of ours on a database that is dropped, renamed or reset are closed first through
/// SessionPool::close().
namespace Actions {

// Connections: gui/connection
void addConnection(Services &services, QWidget *parent, std::function<void(const Profile &)> done);
void editConnection(Services &services, QWidget *parent, const Profile &profile,
                    std::function<void(const Profile &)> done);
void removeConnection(Services &services, QWidget *parent, const Profile &profile, std::function<void()> done);
/// The keychain did not give the password (`why`), or the server refused it. Always answers; nothing when given up.
void askPassword(Services &services, QWidget *parent, const Instance &instance, const Error &why,
                 std::function<void(const std::optional<Secret> &)> done);
enum class CopyForm { ExternalUrl, PsqlCommand, DatabaseUri, EnvLine };
void copyConnection(Services &services, QWidget *parent, const DatabaseRef &database, CopyForm form);

// Why a connection does not work: gui/doctor. `mended` is called with each change of the saved connection.
void examineConnection(Services &services, QWidget *parent, const Instance &instance,
                       std::function<void(const QString &instanceId)> mended);
/// Of a connection that is not saved; `use` gets what it should be instead.
void examineDraft(Services &services, QWidget *parent, const ConnectionSpec &spec,
                  std::function<void(const ConnectionParameters &)> use);

// Databases: gui/database. `existing`: the names taken on the instance.
void createDatabase(Services &services, QWidget *parent, const DatabaseRef &instance, const QStringList &existing,
                    std::function<void(const QString &name)> done);
void renameDatabase(Services &services, QWidget *parent, const DatabaseRef &database, const QStringList &existing,
                    std::function<void(const QString &name)> done);
void dropDatabase(Services &services, QWidget *parent, const DatabaseRef &database, std::function<void()> done);

// Backups: gui/backup
void backUpDatabase(Services &services, QWidget *parent, const DatabaseRef &database);
/// All databases of the instance, after a question that names them.
void backUpInstance(Services &services, QWidget *parent, const DatabaseRef &instance, const QStringList &databases);
/// `file` may be empty: it is then chosen in the dialog. `done` gets the database that was filled.
void restoreDatabase(Services &services, QWidget *parent, const DatabaseRef &target, const QStringList &existing,
                     const QString &file, std::function<void(const QString &database)> done);
void resetDatabase(Services &services, QWidget *parent, const DatabaseRef &database, std::function<void()> done);
/// Asks how deep to look, holds the backup against its proof, and shows the verdict.
void verifyBackup(Services &services, QWidget *parent, const QString &file);
/// `instance` may be empty: it is then chosen in the dialog.
void scheduleBackups(Services &services, QWidget *parent, const QString &instance);

// Comparing: gui/compare
/// A tab of the main window that `widget` is in. Where both sides are known it begins at once; a null side is chosen in
/// the tab.
void openCompare(QWidget *widget, const CompareSide &first, const CompareSide &second);

// Tables out and in: gui/inout
/// The rows of a query, into a file; `expectedRows` is an estimate or -1.
void exportRows(Services &services, QWidget *parent, const DatabaseRef &database, const TableQuery &query,
                qint64 expectedRows);
/// `file` may be empty: it is then chosen in the dialog.
void importRows(Services &services, QWidget *parent, const DatabaseRef &database, const TableId &table,
                const QString &file, std::function<void()> done);

// The bird API: gui/birdapp
void newBirdApp(Services &services, QWidget *parent, std::function<void(const QString &folder)> done);
void chooseBirdApp(Services &services, QWidget *parent, std::function<void(const QString &folder)> done);
/// The page for a folder, for a tab. It stops its app when it is destroyed. `database` is preselected when given.
[[nodiscard]] QWidget *createBirdAppPage(Services &services, const QString &folder,
                                         const std::optional<DatabaseRef> &database, QWidget *parent);
/// What the bird apps print, for the dock; made when it is first shown.
[[nodiscard]] QWidget *createBirdAppLog(Services &services, QWidget *parent);

// The rest: gui/jobs (the progress dialog of one job), gui/about
void showJob(Services &services, QWidget *parent, Job *job);
void showAbout(QWidget *parent);
/// All actions with a shortcut, by menu.
void showShortcuts(QWidget *parent, const QList<QAction *> &actions);

} // namespace Actions

} // namespace Roost
