#pragma once

#include <QString>

namespace Roost {

/// Where Roost keeps its things. ROOST_HOME in the environment moves all of it into one folder; otherwise the
/// platform's data folder. Folders are made on request, for their owner only (0700).
namespace Paths {

QString home();
QString database(); ///< the SQLite file with profiles and settings
QString backups();
QString practice();
QString logs();
QString runtime(); ///< for what must not outlive the process: XDG_RUNTIME_DIR, or a folder in home()
/// Makes the folder and its parents with 0700; false when that fails.
bool ensureFolder(const QString &folder);

} // namespace Paths

} // namespace Roost
