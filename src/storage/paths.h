#pragma once

#include <QString>

namespace Roost {

/// Where Roost keeps its things. ROOST_HOME in the environment moves all of it into one folder; otherwise the
/// platform's data folder. Folders are made on request, for their owner only (0700).
namespace Paths {

QString home();
QString database(); ///< the SQLite file with the saved connections
QString settings(); ///< the INI file of Settings
QString backups();
QString practice();
QString logs();
QString migrations(); ///< a journal for each migration
QString runtime();    ///< for what must not outlive the process: XDG_RUNTIME_DIR, or a folder in home()
/// Makes the folder and its missing parents with 0700; leaves the mode of those that are there. False when that fails
/// (errno says why).
bool ensureFolder(const QString &folder);

} // namespace Paths

} // namespace Roost
