#include "storage/migrationjournal.h"

#include "core/redact.h"
#include "storage/paths.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QJsonDocument>

#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationJournal)
};

constexpr qint64 reservedBytes = qint64(64) << 10; ///< so that a disk that fills up is noticed before a step begins
const QString suffix = QStringLiteral(".journal");

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
    if (line.size() <= prefix || checksum(line.sliced(prefix)) != line.first(prefix - 1)) {
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
        MigrationEvent event;
        if (end < 0 || !readLine(QByteArrayView(all).sliced(content.wholeBytes, end - content.wholeBytes),
                                 content.events.size() + 1, event)) {
            if (end >= 0 && end + 1 < all.size()) {
                return failure(ErrorCode::InvalidInput,
                               Text::tr("The journal of the migration is damaged in line %1, so Roost does not go on "
                                        "by itself. Nothing is lost by that: the backups and their proofs lie where "
                                        "they were made. The journal: %2")
                                   .arg(content.events.size() + 1)
                                   .arg(file));
            }
            break;
        }
        content.events += event;
        content.wholeBytes = end + 1;
    }
    return content;
}

Error fileError(const QString &what, int code)
{
    return {code == ENOSPC || code == EDQUOT ? ErrorCode::DiskFull : ErrorCode::FileFailed,
            what,
            QString::fromLocal8Bit(std::strerror(code)),
            {},
            0};
}

} // namespace

MigrationJournal::MigrationJournal(QString folder, QString id)
    : m_folder(std::move(folder))
    , m_id(std::move(id))
{
}

MigrationJournal::~MigrationJournal()
{
    if (m_descriptor >= 0) {
        ::close(m_descriptor);
    }
}

QString MigrationJournal::file() const
{
    return fileOf(m_folder, m_id);
}

Result<void> MigrationJournal::lock()
{
    m_lock = std::make_unique<QLockFile>(file() + QStringLiteral(".lock"));
    m_lock->setStaleLockTime(0);
    if (m_lock->tryLock(0)) {
        return {};
    }
    qint64 process = 0;
    QString host;
    QString program;
    m_lock->getLockInfo(&process, &host, &program);
    return failure(ErrorCode::Conflict,
                   Text::tr("Another window or program of Roost is at work on this migration (%1, process %2). Go on "
                            "there, or end it first.")
                       .arg(program)
                       .arg(process));
}

Result<void> MigrationJournal::openFile(bool isNew)
{
    const int flags = O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW | (isNew ? O_CREAT | O_EXCL : 0);
    m_descriptor = ::open(QFile::encodeName(file()).constData(), flags, 0600);
    if (m_descriptor < 0) {
        return failure(fileError(Text::tr("The journal of the migration cannot be written: %1").arg(file()), errno));
    }
    return {};
}

Result<std::unique_ptr<MigrationJournal>> MigrationJournal::create(const QString &folder, const QString &id,
                                                                   const QJsonObject &plan)
{
    if (!Paths::ensureFolder(folder)) {
        return failure(fileError(Text::tr("The folder for journals cannot be made: %1").arg(folder), errno));
    }
    std::unique_ptr<MigrationJournal> journal(new MigrationJournal(folder, id));
    const auto made = journal->lock().and_then([&] { return journal->openFile(true); }).and_then([&] {
        return journal->append(QStringLiteral("plan"), QStringLiteral("plan"), plan);
    });
    if (!made) {
        return failure(made.error());
    }
    return journal;
}

Result<std::unique_ptr<MigrationJournal>> MigrationJournal::open(const QString &folder, const QString &id)
{
    if (!QFile::exists(fileOf(folder, id))) {
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
    if (const auto opened = journal->openFile(false); !opened) {
        return failure(opened.error());
    }
    if (::ftruncate(journal->m_descriptor, content->wholeBytes) != 0) {
        return failure(
            fileError(Text::tr("The journal of the migration cannot be written: %1").arg(journal->file()), errno));
    }
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
    QLockFile lock(fileOf(folder, id) + QStringLiteral(".lock"));
    lock.setStaleLockTime(0);
    if (lock.tryLock(0)) {
        return 0;
    }
    qint64 process = 0;
    QString host;
    QString program;
    lock.getLockInfo(&process, &host, &program);
    return process;
}

QList<MigrationEvent> MigrationJournal::events() const
{
    const std::scoped_lock lock(m_mutex);
    return m_events;
}

Result<void> MigrationJournal::append(const QString &step, const QString &kind, const QJsonObject &data)
{
    MigrationEvent event{m_events.size() + 1, QDateTime::currentDateTimeUtc(), step, kind, data};
    const QByteArray line = lineOf(event);
    const off_t before = ::lseek(m_descriptor, 0, SEEK_END);
    int code =
        ::fallocate(m_descriptor, FALLOC_FL_KEEP_SIZE, before, reservedBytes) != 0 && errno != EOPNOTSUPP ? errno : 0;
    if (code == 0 &&
        (::write(m_descriptor, line.constData(), size_t(line.size())) != line.size() || ::fsync(m_descriptor) != 0)) {
        code = errno != 0 ? errno : ENOSPC;
        (void)!::ftruncate(m_descriptor, before);
    }
    if (code != 0) {
        return failure(fileError(Text::tr("What the migration was about to do could not be written down in %1, so it "
                                          "was not begun. Make room on this disk, then go on.")
                                     .arg(file()),
                                 code));
    }
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
