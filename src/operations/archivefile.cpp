#include "operations/archivefile.h"

#include "operations/archivereading.h"
#include "operations/copytextcounter.h"
#include "operations/sha256.h"

#include <QCoreApplication>
#include <QFile>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace Roost {

namespace {

constexpr qsizetype headSize = 512;
constexpr qsizetype formatByte = 10; ///< after the magic, three version numbers and two sizes
constexpr char customFormat = 1;
constexpr double guessedUnpacking = 4; ///< how many times longer the text is than its archive

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(ArchiveFile)
};

Error cannotRead(const QString &path, int systemError)
{
    const QString detail = QString::fromLocal8Bit(std::strerror(systemError));
    if (systemError == ENOENT || systemError == ENOTDIR) {
        return {ErrorCode::NotFound, Text::tr("There is no file %1. Nothing was changed.").arg(path), detail, {}};
    }
    if (systemError == EACCES || systemError == EPERM) {
        return {ErrorCode::NotAllowed,
                Text::tr("You may not read %1. Nothing was changed. Check the file's permissions.").arg(path),
                detail,
                {}};
    }
    return {ErrorCode::FileFailed,
            Text::tr("Reading %1 failed. Nothing was changed. Check the disk.").arg(path),
            detail,
            {}};
}

bool looksLikeText(const QByteArray &head)
{
    return std::none_of(head.begin(), head.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f';
    });
}

/// What a file is that is no archive in the custom format, by its first bytes.
QString whatItIs(const QByteArray &head)
{
    if (head.isEmpty()) {
        return Text::tr("It is empty. The program that made it probably failed, or the disk was full.");
    }
    if (head.startsWith("PGDMP")) {
        return Text::tr("It is a part of a backup in another format than the one that Roost works with.");
    }
    if (head.startsWith("\x1f\x8b")) {
        return Text::tr("It is compressed with gzip. Unpack it first. An export from Render's dashboard (.dir.tar.gz) "
                        "is a folder in the end, which Roost does not restore.");
    }
    if (head.startsWith("PK\x03\x04")) {
        return Text::tr("It is a ZIP file. Unpack it first.");
    }
    if (head.startsWith("SQLite format 3")) {
        return Text::tr("It is an SQLite database, not one of PostgreSQL.");
    }
    if (head.size() > 262 && QByteArrayView(head).sliced(257, 5) == QByteArrayView("ustar")) {
        return Text::tr("It is a tar file.");
    }
    if (!looksLikeText(head)) {
        return Text::tr("It is no file of PostgreSQL's at all, or it is damaged.");
    }
    if (head.contains("PostgreSQL database dump") || head.contains("SET ") || head.contains("CREATE ") ||
        head.contains("INSERT ") || head.contains("COPY ") || head.startsWith("--")) {
        return Text::tr("It is a plain SQL script. Roost does not run such scripts: they can hold commands that run "
                        "programs on this computer.");
    }
    return Text::tr("It is a text file.");
}

} // namespace

ArchiveFile::ArchiveFile(QString path, int descriptor, bool isOwned)
    : m_path(std::move(path))
    , m_descriptor(descriptor)
    , m_isOwned(isOwned)
{
}

ArchiveFile::ArchiveFile(ArchiveFile &&other) noexcept
    : m_path(std::move(other.m_path))
    , m_descriptor(std::exchange(other.m_descriptor, -1))
    , m_isOwned(other.m_isOwned)
{
}

ArchiveFile::~ArchiveFile()
{
    if (m_isOwned && m_descriptor >= 0) {
        ::close(m_descriptor);
    }
}

ArchiveFile ArchiveFile::borrowed(const QString &path, int descriptor)
{
    return ArchiveFile(path, descriptor, false);
}

Result<ArchiveFile> ArchiveFile::open(const QString &path)
{
    // Not blocking, so that a pipe with nobody at its other end does not hold us.
    const int descriptor = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        return failure(cannotRead(path, errno));
    }
    ArchiveFile file(path, descriptor, true);
    struct stat status = {};
    if (::fstat(descriptor, &status) != 0) {
        return failure(cannotRead(path, errno));
    }
    const QString wanted = Text::tr("Choose a file that “pg_dump --format=custom” or Roost itself made.");
    if (!S_ISREG(status.st_mode)) {
        return failure(ErrorCode::InvalidInput,
                       Text::tr("%1 is no file. Nothing was changed.").arg(path) + u' ' + wanted);
    }
    QByteArray head(headSize, '\0');
    const ssize_t count = ::pread(descriptor, head.data(), size_t(head.size()), 0);
    if (count < 0) {
        return failure(cannotRead(path, errno));
    }
    head.truncate(count);
    if (!head.startsWith("PGDMP") || head.size() <= formatByte || head.at(formatByte) != customFormat) {
        return failure(ErrorCode::InvalidInput, Text::tr("%1 is no backup that Roost can restore.").arg(path) + u' ' +
                                                    whatItIs(head) + u' ' + Text::tr("Nothing was changed.") + u' ' +
                                                    wanted);
    }
    return file;
}

qint64 ArchiveFile::size() const
{
    struct stat status = {};
    return ::fstat(m_descriptor, &status) == 0 ? qint64(status.st_size) : -1;
}

void ArchiveFile::handTo(ProcessCommand &command) const
{
#ifdef Q_OS_LINUX
    command.arguments += QStringLiteral("/proc/self/fd/%1").arg(m_descriptor);
    command.childModifier = [descriptor = m_descriptor] { ::fcntl(descriptor, F_SETFD, 0); };
#else
    command.arguments += m_path;
#endif
}

Result<QByteArray> ArchiveFile::list(const PgToolchain &toolchain, const JobContext &context) const
{
    return listing({QStringLiteral("--list")}, toolchain, context);
}

Result<QByteArray> ArchiveFile::listWithNeeds(const PgToolchain &toolchain, const JobContext &context) const
{
    return listing({QStringLiteral("--list"), QStringLiteral("--verbose")}, toolchain, context);
}

Result<QByteArray> ArchiveFile::listing(const QStringList &options, const PgToolchain &toolchain,
                                        const JobContext &context) const
{
    QByteArray contents;
    ToolMessages messages(QStringLiteral("pg_restore"));
    ProcessCommand command;
    command.program = toolchain.tool(QStringLiteral("pg_restore"));
    command.arguments = options;
    command.onOutput = [&](QByteArrayView piece) { contents += piece; };
    command.onErrorLine = [&](const QString &line) { messages.add(line); };
    handTo(command);
    const auto outcome = runProcess(command, context);
    if (!outcome) {
        return tl::unexpected(outcome.error());
    }
    if (!toolSucceeded(*outcome, messages)) {
        return failure(explainToolFailure(ToolTask::Read, *outcome, messages, {}));
    }
    return contents;
}

Result<QList<ArchivedTable>> ArchiveFile::readWhole(const PgToolchain &toolchain, const JobContext &context,
                                                    const ReadProgress &onProgress) const
{
    if (auto tables = readArchiveBlocks(m_descriptor, size(), context, onProgress)) {
        return std::move(*tables);
    }
    if (context.isCancelled()) {
        return failure(Error::cancelled());
    }
    return readByTool(toolchain, context, onProgress);
}

/// pg_restore knows more forms of archives, and says what is wrong with a damaged one.
Result<QList<ArchivedTable>> ArchiveFile::readByTool(const PgToolchain &toolchain, const JobContext &context,
                                                     const ReadProgress &onProgress) const
{
    CopyTextCounter counter;
    ToolMessages messages(QStringLiteral("pg_restore"));
    ProcessCommand command;
    command.program = toolchain.tool(QStringLiteral("pg_restore"));
    // The statements that make the objects stand in the table of contents, which is read whole in any case.
    command.arguments = QStringList{QStringLiteral("--data-only"), QStringLiteral("--file=-")};
    command.onOutput = [&](QByteArrayView piece) { counter.add(piece); };
    command.onErrorLine = [&](const QString &line) { messages.add(line); };
    command.onTick = [&] {
        if (onProgress) {
            onProgress(std::min(double(counter.totalBytes()) / guessedUnpacking / double(size() + 1), 0.99),
                       counter.totalBytes());
        }
    };
    handTo(command);
    const auto outcome = runProcess(command, context);
    if (!outcome) {
        return tl::unexpected(outcome.error());
    }
    if (!toolSucceeded(*outcome, messages)) {
        return failure(explainToolFailure(ToolTask::Read, *outcome, messages, {}));
    }
    if (!counter.isComplete()) {
        return failure(ErrorCode::InvalidInput,
                       Text::tr("The file %1 is damaged: it ends in the middle of a table. Use another "
                                "copy of it.")
                           .arg(m_path));
    }
    return counter.tables();
}

Result<QByteArray> ArchiveFile::sha256(const JobContext &context,
                                       const std::function<void(double fraction)> &onProgress) const
{
    Sha256 hash;
    QByteArray block(qsizetype(1) << 20, Qt::Uninitialized);
    const qint64 total = size();
    qint64 done = 0;
    for (;;) {
        if (context.isCancelled()) {
            return failure(Error::cancelled());
        }
        const ssize_t count = ::pread(m_descriptor, block.data(), size_t(block.size()), done);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return failure(cannotRead(m_path, errno));
        }
        if (count == 0) {
            break;
        }
        hash.add(QByteArrayView(block).first(count));
        done += count;
        if (onProgress && total > 0) {
            onProgress(double(done) / double(total));
        }
    }
    const QByteArray sum = hash.result();
    return sum.isEmpty() ? Result<QByteArray>(failure(ErrorCode::Internal, Text::tr("The checksum of %1 could not be "
                                                                                    "computed.")
                                                                               .arg(m_path)))
                         : sum;
}

} // namespace Roost
