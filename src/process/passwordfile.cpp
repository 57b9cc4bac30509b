#include "process/passwordfile.h"

#include <QCoreApplication>
#include <QFile>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#ifdef Q_OS_LINUX
#include <sys/mman.h>
#endif

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(PasswordFile)
};

tl::unexpected<Error> cannotWrite(int systemError)
{
    return failure(ErrorCode::FileFailed,
                   Text::tr("The password could not be handed to the PostgreSQL tool: the system gave no private place "
                            "for it. Nothing was started."),
                   QString::fromLocal8Bit(std::strerror(systemError)));
}

/// `*:*:*:*:password`: the child has one server to talk to, so the line need not name it.
QByteArray lineFor(const Secret &password)
{
    QByteArray plain = password.revealUtf8();
    QByteArray line = "*:*:*:*:";
    line.reserve(line.size() + 2 * plain.size() + 1); // no copies of the password left behind by growing
    for (const char c : std::as_const(plain)) {
        if (c == ':' || c == '\\') {
            line += '\\';
        }
        line += c;
    }
    line += '\n';
    plain.fill('\0');
    return line;
}

bool writeAll(int descriptor, const QByteArray &bytes)
{
    qsizetype written = 0;
    while (written < bytes.size()) {
        const ssize_t count = ::write(descriptor, bytes.constData() + written, size_t(bytes.size() - written));
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return false;
        }
        written += count;
    }
    return true;
}

} // namespace

PasswordFile::~PasswordFile()
{
    if (m_descriptor >= 0) {
        ::close(m_descriptor);
    } else if (!m_path.isEmpty()) {
        QFile::remove(m_path);
    }
}

PasswordFile::PasswordFile(PasswordFile &&other) noexcept
    : m_path(std::exchange(other.m_path, {}))
    , m_descriptor(std::exchange(other.m_descriptor, -1))
{
}

PasswordFile &PasswordFile::operator=(PasswordFile &&other) noexcept
{
    std::swap(m_path, other.m_path);
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

bool PasswordFile::canHold(const Secret &password)
{
    QByteArray plain = password.revealUtf8();
    const bool hasLineEnd = plain.contains('\n') || plain.contains('\r');
    plain.fill('\0');
    return !hasLineEnd;
}

Result<PasswordFile> PasswordFile::create(const Secret &password, const QString &privateFolder)
{
    PasswordFile file;
    int descriptor = -1;
#ifdef Q_OS_LINUX
    Q_UNUSED(privateFolder)
    const int first = ::memfd_create("roost", MFD_CLOEXEC);
    if (first < 0) {
        return cannotWrite(errno);
    }
    // Above the standard channels, which the child replaces.
    descriptor = ::fcntl(first, F_DUPFD_CLOEXEC, 3);
    const int duplicateError = errno;
    ::close(first);
    if (descriptor < 0) {
        return cannotWrite(duplicateError);
    }
    file.m_descriptor = descriptor;
    file.m_path = QStringLiteral("/proc/self/fd/%1").arg(descriptor);
#else
    file.m_path = privateFolder + QStringLiteral("/pgpass");
    descriptor = ::open(QFile::encodeName(file.m_path).constData(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        const int openError = errno;
        file.m_path.clear(); // not ours to remove
        return cannotWrite(openError);
    }
#endif
    // libpq ignores a password file that others could read, and a memfd starts as 0777.
    QByteArray line = lineFor(password);
    const bool written = ::fchmod(descriptor, 0600) == 0 && writeAll(descriptor, line);
    const int writeError = errno;
    line.fill('\0');
#ifndef Q_OS_LINUX
    ::close(descriptor);
#endif
    if (!written) {
        return cannotWrite(writeError);
    }
    return file;
}

} // namespace Roost
