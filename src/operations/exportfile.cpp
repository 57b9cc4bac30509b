#include "operations/exportfile.h"

#include "operations/publishfile.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QUuid>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace Roost {

namespace {

constexpr qsizetype bufferBytes = qsizetype(256) * 1024;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(ExportFile)
};

} // namespace

ExportFile::ExportFile(QString finalFile, bool overwrite)
    : m_finalFile(std::move(finalFile))
    , m_overwrite(overwrite)
{
    m_buffer.reserve(bufferBytes);
}

ExportFile::~ExportFile()
{
    if (!m_partialPath.isEmpty()) {
        m_file.close();
        QFile::remove(m_partialPath);
    }
}

Error ExportFile::errorOf(int systemError) const
{
    const QString folder = QFileInfo(m_finalFile).absolutePath();
    const QString detail = QString::fromLocal8Bit(std::strerror(systemError));
    switch (systemError) {
    case EACCES:
    case EPERM:
    case EROFS:
        return {
            ErrorCode::NotAllowed,
            Text::tr("You may not write in the folder %1. Nothing was exported. Choose another folder.").arg(folder),
            detail,
            {}};
    case ENOSPC:
    case EDQUOT:
        return {ErrorCode::DiskFull,
                Text::tr("There is no room left in %1. Nothing was exported. Make room, or choose a folder on another "
                         "disk.")
                    .arg(folder),
                detail,
                {}};
    case ENOENT:
    case ENOTDIR:
        return {ErrorCode::NotFound,
                Text::tr("There is no folder %1. Nothing was exported. Make it, or choose another.").arg(folder),
                detail,
                {}};
    default:
        return {ErrorCode::FileFailed,
                Text::tr("Writing %1 failed. Nothing was exported. Choose another folder, or check the disk.")
                    .arg(m_finalFile),
                detail,
                {}};
    }
}

Error ExportFile::error() const
{
    return errorOf(m_systemError);
}

Result<void> ExportFile::create()
{
    const auto isTaken = [this] { return QFileInfo::exists(m_finalFile) || QFileInfo(m_finalFile).isSymLink(); };
    if (!m_overwrite && isTaken()) {
        return failure(ErrorCode::AlreadyExists,
                       Text::tr("There is a file %1 already. It was left as it is. Choose another name, or allow it to "
                                "be replaced.")
                           .arg(m_finalFile));
    }
    if (QFileInfo(m_finalFile).isDir()) {
        return failure(ErrorCode::InvalidInput, Text::tr("%1 is a folder. Name a file.").arg(m_finalFile));
    }
    const QString path = m_finalFile + QStringLiteral(".partial-") + QUuid::createUuid().toString(QUuid::WithoutBraces);
    constexpr mode_t everybody = 0666; // less the user's umask, as every program's files
    const int descriptor =
        ::open(QFile::encodeName(path).constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, everybody);
    if (descriptor < 0) {
        return failure(errorOf(errno));
    }
    m_partialPath = path;
    m_file.open(descriptor, QIODevice::WriteOnly | QIODevice::Unbuffered, QFileDevice::AutoCloseHandle);
    return {};
}

bool ExportFile::flushBuffer()
{
    qsizetype done = 0;
    while (done < m_buffer.size()) {
        const ssize_t put = ::write(m_file.handle(), m_buffer.constData() + done, size_t(m_buffer.size() - done));
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put <= 0) {
            m_systemError = put < 0 ? errno : ENOSPC;
            return false;
        }
        done += put;
    }
    m_buffer.resize(0);
    return true;
}

bool ExportFile::write(QByteArrayView bytes)
{
    m_written += bytes.size();
    m_buffer.append(bytes);
    return m_buffer.size() < bufferBytes || flushBuffer();
}

Result<void> ExportFile::publish()
{
    if (!flushBuffer()) {
        return failure(error());
    }
    if (::fsync(m_file.handle()) != 0) {
        return failure(errorOf(errno));
    }
    m_file.close();
    const QByteArray from = QFile::encodeName(m_partialPath);
    const QByteArray to = QFile::encodeName(m_finalFile);
    const int problem = m_overwrite ? renameOver(from, to) : renameExclusively(from, to);
    if (problem == EEXIST) {
        return failure(ErrorCode::AlreadyExists,
                       Text::tr("Meanwhile there is a file %1. It was left as it is, and nothing was exported. Choose "
                                "another name.")
                           .arg(m_finalFile));
    }
    if (problem != 0) {
        return failure(errorOf(problem));
    }
    m_partialPath.clear();
    if (!flushFolder(QFileInfo(m_finalFile).absolutePath())) {
        return failure(ErrorCode::FileFailed,
                       Text::tr("%1 is complete, but the system did not confirm that it is on the disk for good. Check "
                                "the disk.")
                           .arg(m_finalFile),
                       QString::fromLocal8Bit(std::strerror(errno)));
    }
    return {};
}

} // namespace Roost
