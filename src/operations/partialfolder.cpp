#include "operations/partialfolder.h"

#include "operations/publishfile.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QUuid>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(PartialFolder)
};

const QString archiveName = QStringLiteral("archive.dump");
const QString companionName = QStringLiteral("companion");
const QString lockName = QStringLiteral("lock");

QString systemText(int systemError)
{
    return QString::fromLocal8Bit(std::strerror(systemError));
}

Error cannotWriteIn(const QString &folder, int systemError)
{
    switch (systemError) {
    case EACCES:
    case EPERM:
    case EROFS:
        return {ErrorCode::NotAllowed,
                Text::tr("You may not write in the folder %1. No backup was made. Choose another folder.").arg(folder),
                systemText(systemError),
                {}};
    case ENOSPC:
    case EDQUOT:
        return {ErrorCode::DiskFull,
                Text::tr("There is no room left in %1. No backup was made. Make room, or choose a folder on another "
                         "disk.")
                    .arg(folder),
                systemText(systemError),
                {}};
    default:
        return {ErrorCode::FileFailed,
                Text::tr("Writing in the folder %1 failed. No backup was made. Choose another folder, or check the "
                         "disk.")
                    .arg(folder),
                systemText(systemError),
                {}};
    }
}

void removeKnownContents(const QString &path)
{
    QFile::remove(path + u'/' + archiveName);
    QFile::remove(path + u'/' + companionName);
    QFile::remove(path + u'/' + lockName);
    QDir().rmdir(path); // fails, as it should, when there is something in it that is not ours
}

} // namespace

PartialFolder::PartialFolder(QString finalFile, QString path)
    : m_finalFile(std::move(finalFile))
    , m_path(std::move(path))
    , m_lock(std::make_unique<QLockFile>(m_path + u'/' + lockName))
{
    m_lock->setStaleLockTime(0); // a long backup is not a dead one
}

Result<std::unique_ptr<PartialFolder>> PartialFolder::createBeside(const QString &finalFile)
{
    const QFileInfo target(finalFile);
    const QString path = target.path() + u'/' + target.fileName().left(120) + QStringLiteral(".partial-") +
                         QUuid::createUuid().toString(QUuid::WithoutBraces);
    if (::mkdir(QFile::encodeName(path).constData(), 0700) != 0) {
        return failure(cannotWriteIn(target.path(), errno));
    }
    std::unique_ptr<PartialFolder> folder(new PartialFolder(finalFile, path));
    if (!folder->m_lock->tryLock(0)) {
        return failure(cannotWriteIn(target.path(), errno));
    }
    folder->m_descriptor = ::open(QFile::encodeName(folder->archivePath()).constData(),
                                  O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (folder->m_descriptor < 0) {
        return failure(cannotWriteIn(target.path(), errno));
    }
    return folder;
}

PartialFolder::~PartialFolder()
{
    if (m_descriptor >= 0) {
        ::close(m_descriptor);
    }
    QFile::remove(archivePath());
    m_lock->unlock();
    removeKnownContents(m_path);
}

QString PartialFolder::archivePath() const
{
    return m_path + u'/' + archiveName;
}

qint64 PartialFolder::archiveSize() const
{
    struct stat status = {};
    return ::fstat(m_descriptor, &status) == 0 ? qint64(status.st_size) : -1;
}

bool PartialFolder::archiveIsOurs() const
{
    struct stat byDescriptor = {};
    struct stat byPath = {};
    return ::fstat(m_descriptor, &byDescriptor) == 0 &&
           ::lstat(QFile::encodeName(archivePath()).constData(), &byPath) == 0 &&
           byDescriptor.st_ino == byPath.st_ino && byDescriptor.st_dev == byPath.st_dev;
}

Result<void> PartialFolder::publish()
{
    const QString folder = QFileInfo(m_finalFile).path();
    if (::fsync(m_descriptor) != 0) {
        return failure(cannotWriteIn(folder, errno));
    }
    if (!archiveIsOurs()) {
        return failure(
            ErrorCode::Conflict,
            Text::tr("Another program replaced the backup while it was being made. No backup was made. Choose "
                     "a folder that only you can write in."));
    }
    // The companion first: an archive that has its name is whole, and has its proof.
    const bool hasCompanion = !m_companionEnding.isEmpty();
    if (hasCompanion) {
        if (Result<void> named = giveName(companionPath(), m_finalFile + m_companionEnding); !named) {
            return named;
        }
    }
    if (Result<void> named = giveName(archivePath(), m_finalFile); !named) {
        if (hasCompanion) {
            QFile::remove(m_finalFile + m_companionEnding);
        }
        return named;
    }
    if (!flushFolder(folder)) {
        return failure(
            ErrorCode::FileFailed,
            Text::tr("The backup %1 is complete, but the system did not confirm that the folder is on the disk "
                     "for good. Check the disk.")
                .arg(m_finalFile),
            systemText(errno));
    }
    return {};
}

Result<void> PartialFolder::giveName(const QString &path, const QString &finalFile) const
{
    const int renameError = renameExclusively(QFile::encodeName(path), QFile::encodeName(finalFile));
    if (renameError == EEXIST) {
        return failure(ErrorCode::AlreadyExists,
                       Text::tr("Meanwhile there is a file %1. It was left as it is, and no backup was made. Choose "
                                "another name.")
                           .arg(finalFile));
    }
    return renameError == 0 ? Result<void>() : failure(cannotWriteIn(QFileInfo(finalFile).path(), renameError));
}

QString PartialFolder::companionPath() const
{
    return m_path + u'/' + companionName;
}

Result<void> PartialFolder::addCompanion(const QByteArray &content, const QString &ending)
{
    QFile file(companionPath());
    const bool isWritten = file.open(QIODevice::WriteOnly | QIODevice::NewOnly) &&
                           file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) &&
                           file.write(content) == content.size() && file.flush() && ::fsync(file.handle()) == 0;
    if (!isWritten) {
        return failure(cannotWriteIn(QFileInfo(m_finalFile).path(), errno));
    }
    m_companionEnding = ending;
    return {};
}

void PartialFolder::sweepAbandoned(const QString &folder)
{
    static const QRegularExpression name(QStringLiteral(R"(\.partial-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\z)"));
    const auto entries = QDir(folder).entryInfoList(
        {QStringLiteral("*.partial-*")}, QDir::Dirs | QDir::NoSymLinks | QDir::Hidden | QDir::NoDotAndDotDot);
    for (const QFileInfo &entry : entries) {
        if (!name.match(entry.fileName()).hasMatch() || entry.ownerId() != ::geteuid()) {
            continue;
        }
        const QString lockPath = entry.filePath() + u'/' + lockName;
        if (!QFile::exists(lockPath)) {
            // Just made, or left by a crash in the instant between; then there is nothing in it.
            if (entry.lastModified().secsTo(QDateTime::currentDateTime()) > 60) {
                QDir().rmdir(entry.filePath());
            }
            continue;
        }
        QLockFile lock(lockPath);
        lock.setStaleLockTime(0);
        if (lock.tryLock(0)) {
            lock.unlock();
            removeKnownContents(entry.filePath());
        }
    }
}

} // namespace Roost
