#include "storage/paths.h"

#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>

namespace Roost {

namespace {

/// ROOST_HOME, absolute; empty when it is not set.
QString movedHome()
{
    const QString folder = qEnvironmentVariable("ROOST_HOME");
    return folder.isEmpty() ? QString() : QDir::cleanPath(QDir::current().absoluteFilePath(folder));
}

/// The session's runtime folder, if it is what it has to be: ours, and closed to others.
QString sessionRuntimeFolder()
{
    const QByteArray folder = qgetenv("XDG_RUNTIME_DIR");
    struct stat info = {};
    if (!folder.startsWith('/') || ::stat(folder.constData(), &info) != 0) {
        return {};
    }
    const bool isPrivate = S_ISDIR(info.st_mode) && info.st_uid == ::geteuid() && (info.st_mode & 077) == 0;
    return isPrivate ? QFile::decodeName(folder) : QString();
}

} // namespace

QString Paths::home()
{
    const QString moved = movedHome();
    // Not AppDataLocation: it depends on the names that the program gives to its QCoreApplication.
    return moved.isEmpty()
               ? QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/roost")
               : moved;
}

QString Paths::database()
{
    return home() + QStringLiteral("/roost.sqlite");
}

QString Paths::settings()
{
    return home() + QStringLiteral("/settings.ini");
}

QString Paths::backups()
{
    return home() + QStringLiteral("/backups");
}

QString Paths::practice()
{
    return home() + QStringLiteral("/practice");
}

QString Paths::migrations()
{
    return home() + QStringLiteral("/migrations");
}

QString Paths::logs()
{
    return home() + QStringLiteral("/logs");
}

QString Paths::runtime()
{
    const QString session = movedHome().isEmpty() ? sessionRuntimeFolder() : QString();
    return session.isEmpty() ? home() + QStringLiteral("/run") : session + QStringLiteral("/roost");
}

bool Paths::ensureFolder(const QString &folder)
{
    const QString path = QDir::cleanPath(QDir::current().absoluteFilePath(folder));
    if (QFileInfo(path).isDir()) {
        return true;
    }
    const QString parent = QFileInfo(path).path();
    if (parent == path || !ensureFolder(parent)) {
        return false;
    }
    // mkdir() itself takes the mode: the folder is never open to others, not even for a moment.
    return ::mkdir(QFile::encodeName(path).constData(), 0700) == 0 || (errno == EEXIST && QFileInfo(path).isDir());
}

} // namespace Roost
