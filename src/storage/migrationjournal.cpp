#include "storage/migrationjournal.h"

#include "storage/paths.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QJsonDocument>

#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationJournal)
};

constexpr qint64 reservedBytes = qint64(64) << 10; ///< so that a disk that fills up is noticed before a step begins
const QString suffix = QStringLiteral(".journal");
const QString newSuffix = QStringLiteral(".new");
const QString lockSuffix = QStringLiteral(".lock");

QString fileOf(const QString &folder, const QString &id)
{
    return folder + u'/' + id + suffix;
}

QByteArray checksum(QByteArrayView text)
{
    const uLong sum = ::crc32(0, reinterpret_cast<const Bytef *>(text.data()), uInt(text.size()));
    return QByteArray::number(qulonglong(sum), 16).rightJustified(8, '0');
}

/// "checksum JSON" and a line feed.
QByteArray lineOf(const MigrationEvent &event)
{
    const QJsonObject object{{QStringLiteral("seq"), event.sequence},
                             {QStringLiteral("at"), event.at.toString(Qt::ISODateWithMs)},
                             {QStringLiteral("step"), event.step},
                             {QStringLiteral("kind"), event.kind},
                             {QStringLiteral("data"), event.data}};
    const QByteArray text = QJsonDocument(object).toJson(QJsonDocument::Compact);
    return checksum(text) + ' ' + text + '\n';
}

bool readLine(QByteArrayView line, qint64 sequence, MigrationEvent &event)
{
    constexpr qsizetype prefix = 9;
    if (line.size() <= prefix || line.at(prefix - 1) != ' ' ||
        checksum(line.sliced(prefix)) != line.first(prefix - 1)) {
        return false;
    }
    const QJsonObject object = QJsonDocument::fromJson(line.sliced(prefix).toByteArray()).object();
    event.sequence = object[u"seq"].toInteger();
    event.at = QDateTime::fromString(object[u"at"].toString(), Qt::ISODateWithMs);
    event.step = object[u"step"].toString();
    event.kind = object[u"kind"].toString();
    event.data = object[u"data"].toObject();
    return event.sequence == sequence;
}

struct Content
{
    QList<MigrationEvent> events;
    qint64 wholeBytes = 0; ///< of lines that are whole; what follows was cut off while it was written
};

Result<Content> contentOf(const QString &file)
{
    QFile from(file);
    if (!from.open(QIODevice::ReadOnly)) {
        return failure(from.exists() ? ErrorCode::FileFailed : ErrorCode::NotFound,
                       Text::tr("The journal of the migration cannot be read: %1").arg(file), from.errorString());
    }
    const QByteArray all = from.readAll();
    Content content;
    while (content.wholeBytes < all.size()) {
        const qsizetype end = all.indexOf('\n', content.wholeBytes);
        if (end < 0) {
            break; // cut off while it was written
        }
        const QByteArrayView line = QByteArrayView(all).sliced(content.wholeBytes, end - content.wholeBytes);
        MigrationEvent event;
        if (!readLine(line, content.events.size() + 1, event)) {
            if (end + 1 == all.size() && line.contains('\0')) {
                break; // its beginning never reached the disk
            }
            return failure(ErrorCode::InvalidInput,
                           Text::tr("The journal of the migration is damaged in line %1, so Roost does not go on by "
                                    "itself. Nothing is lost by that: the backups and their proofs lie where they were "
                                    "made. The journal: %2")
                               .arg(content.events.size() + 1)
                               .arg(file));
        }
        content.events += event;
        content.wholeBytes = end + 1;
    }
    return content;
}

Error fileError(const QString &what, int code)
{
    const bool isFull = code == ENOSPC || code == EDQUOT || code == EFBIG;
    return {
        isFull ? ErrorCode::DiskFull : ErrorCode::FileFailed, what, QString::fromLocal8Bit(std::strerror(code)), {}, 0};
}

/// An id is a part of a file's name, and comes from command lines, too.
bool isId(const QString &id)
{
    return !id.isEmpty() && !id.contains(u'/') && !id.startsWith(u'.') && !id.contains(QChar(0));
}

struct flock wholeFile(short type)
{
    struct flock lock = {};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    return lock;
}

/// Who wrote their name into the lock's file last: "process program".
std::pair<qint64, QString> nameIn(int lock)
{
    QByteArray text(256, Qt::Uninitialized);
    const ssize_t count = ::pread(lock, text.data(), size_t(text.size()), 0);
    const QString name = QString::fromUtf8(text.first(std::max<ssize_t>(count, 0))).trimmed();
    return {name.section(u' ', 0, 0).toLongLong(), name.section(u' ', 1)};
}

/// 0, or errno.
int writeAll(int descriptor, const QByteArray &bytes)
{
    for (qsizetype written = 0; written < bytes.size();) {
        const ssize_t one = ::write(descriptor, bytes.constData() + written, size_t(bytes.size() - written));
        if (one < 0 && errno != EINTR) {
            return errno;
        }
        if (one == 0) {
            return ENOSPC;
        }
        written += std::max<ssize_t>(one, 0);
    }
    return 0;
}

/// 0, or errno. Where the file system cannot do that, nothing is reserved.
int reserve(int descriptor, qint64 from)
{
    int code = 0;
    do {
        code = ::fallocate(descriptor, FALLOC_FL_KEEP_SIZE, from, reservedBytes) == 0 ? 0 : errno;
    } while (code == EINTR);
    return code == EOPNOTSUPP || code == ENOSYS ? 0 : code;
}

/// Makes the names in a folder last: 0, or errno.
int flushNames(const QString &folder)
{
    const int descriptor = ::open(QFile::encodeName(folder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) {
        return errno;
    }
    const int code = ::fsync(descriptor) == 0 || errno == EINVAL ? 0 : errno;
    ::close(descriptor);
    return code;
}

} // namespace

MigrationJournal::MigrationJournal(QString folder, QString id)
    : m_folder(std::move(folder))
    , m_id(std::move(id))
{
}

MigrationJournal::~MigrationJournal()
{
    for (const int descriptor : {m_descriptor, m_lock}) {
        if (descriptor >= 0) {
            ::close(descriptor);
        }
    }
}

QString MigrationJournal::file() const
{
    return fileOf(m_folder, m_id);
}

Result<void> MigrationJournal::lock()
{
    const QString file = fileOf(m_folder, m_id) + lockSuffix;
    m_lock = ::open(QFile::encodeName(file).constData(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (m_lock < 0) {
        return failure(fileError(Text::tr("The journal of the migration cannot be locked: %1").arg(file), errno));
    }
    struct flock lock = wholeFile(F_WRLCK);
    if (::fcntl(m_lock, F_OFD_SETLK, &lock) != 0) {
        if (errno != EAGAIN && errno != EACCES) {
            return failure(fileError(Text::tr("The journal of the migration cannot be locked: %1").arg(file), errno));
        }
        const auto [process, program] = nameIn(m_lock);
        return failure(ErrorCode::Conflict, Text::tr("Another window or program of Roost is at work on this migration "
                                                     "(%1, process %2). Go on there, or end it first.")
                                                .arg(program)
                                                .arg(process));
    }
    // Only for people to read; a disk that is full must not keep anybody from what is written already.
    const QString name =
        QStringLiteral("%1 %2\n").arg(QCoreApplication::applicationPid()).arg(QCoreApplication::applicationName());
    if (writeAll(m_lock, name.toUtf8()) == 0) {
        (void)!::ftruncate(m_lock, name.toUtf8().size());
    }
    return {};
}

Result<void> MigrationJournal::openFile(const QString &file, int moreFlags)
{
    const int flags = O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW | moreFlags;
    m_descriptor = ::open(QFile::encodeName(file).constData(), flags, 0600);
    if (m_descriptor < 0) {
        return failure(fileError(Text::tr("The journal of the migration cannot be written: %1").arg(file), errno));
    }
    return {};
}

Result<std::unique_ptr<MigrationJournal>> MigrationJournal::create(const QString &folder, const QString &id,
                                                                   const QJsonObject &plan)
{
    if (!isId(id)) {
        return failure(ErrorCode::InvalidInput, Text::tr("“%1” cannot be a migration's name.").arg(id));
    }
    if (!Paths::ensureFolder(folder)) {
        return failure(fileError(Text::tr("The folder for journals cannot be made: %1").arg(folder), errno));
    }
    std::unique_ptr<MigrationJournal> journal(new MigrationJournal(folder, id));
    if (const auto locked = journal->lock(); !locked) {
        return failure(locked.error());
    }
    const QString file = journal->file();
    if (QFile::exists(file)) {
        return failure(ErrorCode::AlreadyExists, Text::tr("There is already a journal %1.").arg(file));
    }
    // It gets its name when the plan is in it: a journal without a plan would be a riddle.
    const QByteArray made = QFile::encodeName(file + newSuffix);
    const auto written = journal->openFile(file + newSuffix, O_CREAT | O_TRUNC).and_then([&] {
        return journal->append(QStringLiteral("plan"), QStringLiteral("plan"), plan);
    });
    int code = 0;
    if (written) {
        code = ::rename(made.constData(), QFile::encodeName(file).constData()) == 0 ? flushNames(folder) : errno;
    }
    if (!written || code != 0) {
        ::unlink(made.constData());
        return written
                   ? failure(fileError(Text::tr("The journal of the migration cannot be written: %1").arg(file), code))
                   : failure(written.error());
    }
    return journal;
}

Result<std::unique_ptr<MigrationJournal>> MigrationJournal::open(const QString &folder, const QString &id)
{
    if (!isId(id) || !QFile::exists(fileOf(folder, id))) {
        return failure(ErrorCode::NotFound, Text::tr("There is no migration %1.").arg(id));
    }
    std::unique_ptr<MigrationJournal> journal(new MigrationJournal(folder, id));
    const auto locked = journal->lock();
    if (!locked) {
        return failure(locked.error());
    }
    auto content = contentOf(journal->file());
    if (!content) {
        return failure(content.error());
    }
    if (const auto opened = journal->openFile(journal->file(), 0); !opened) {
        return failure(opened.error());
    }
    if (::ftruncate(journal->m_descriptor, content->wholeBytes) != 0) {
        return failure(
            fileError(Text::tr("The journal of the migration cannot be written: %1").arg(journal->file()), errno));
    }
    journal->m_wholeBytes = content->wholeBytes;
    journal->m_events = std::move(content->events);
    return journal;
}

Result<QList<MigrationEvent>> MigrationJournal::read(const QString &folder, const QString &id)
{
    return contentOf(fileOf(folder, id)).map([](Content content) { return content.events; });
}

QStringList MigrationJournal::all(const QString &folder)
{
    QStringList ids;
    const QStringList files = QDir(folder).entryList({u'*' + suffix}, QDir::Files, QDir::Time);
    for (const QString &name : files) {
        ids += name.chopped(suffix.size());
    }
    return ids;
}

qint64 MigrationJournal::holder(const QString &folder, const QString &id)
{
    const QByteArray file = QFile::encodeName(fileOf(folder, id) + lockSuffix);
    const int descriptor = ::open(file.constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor < 0) {
        return 0;
    }
    struct flock lock = wholeFile(F_RDLCK);
    const bool isHeld = ::fcntl(descriptor, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    const qint64 process = isHeld ? nameIn(descriptor).first : 0;
    ::close(descriptor);
    return process;
}

QList<MigrationEvent> MigrationJournal::events() const
{
    const std::scoped_lock lock(m_mutex);
    return m_events;
}

/// 0, or errno; the file is then as it was before.
int MigrationJournal::write(const QByteArray &line, bool beginsSomething)
{
    struct stat status = {};
    if (::fstat(m_descriptor, &status) != 0) {
        return errno;
    }
    if (status.st_nlink == 0) {
        return ENOENT; // what is written into a file without a name is written nowhere
    }
    if (status.st_size != m_wholeBytes && ::ftruncate(m_descriptor, m_wholeBytes) != 0) {
        return errno; // a piece of a line that could not be taken away before; nothing may stand behind it
    }
    // Whoever begins something makes sure that its end will find room; then the end takes that.
    int code = reserve(m_descriptor, m_wholeBytes);
    if (code == 0 || !beginsSomething) {
        code = writeAll(m_descriptor, line);
        if (code == 0) {
            code = ::fsync(m_descriptor) == 0 ? 0 : errno;
        }
    }
    if (code != 0) {
        (void)!::ftruncate(m_descriptor, m_wholeBytes);
    }
    return code;
}

Result<void> MigrationJournal::append(const QString &step, const QString &kind, const QJsonObject &data)
{
    MigrationEvent event{m_events.size() + 1, QDateTime::currentDateTimeUtc(), step, kind, data};
    const QByteArray line = lineOf(event);
    const bool beginsSomething = kind == u"begin" || kind == u"plan";
    if (const int code = write(line, beginsSomething); code != 0) {
        const bool isFull = fileError({}, code).code == ErrorCode::DiskFull;
        return failure(
            fileError(isFull ? Text::tr("What the migration was about to do could not be written down in %1, so it was "
                                        "not begun. Make room on this disk, then go on.")
                                   .arg(file())
                             : Text::tr("What the migration was about to do could not be written down in %1, so it was "
                                        "not begun. Check that the file is there and its disk works, then go on.")
                                   .arg(file()),
                      code));
    }
    m_wholeBytes += line.size();
    {
        const std::scoped_lock lock(m_mutex);
        m_events += event;
    }
    if (m_onAppended) {
        m_onAppended(event);
    }
    return {};
}

} // namespace Roost
