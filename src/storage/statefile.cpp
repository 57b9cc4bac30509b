#include "storage/statefile.h"

#include "core/redact.h"
#include "storage/paths.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QFile>
#include <QFileInfo>
#include <QLockFile>
#include <QUuid>

#include <cerrno>
#include <cstring>
#include <iterator>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(StateFile)
};

constexpr int busyTimeoutMs = 5000;
constexpr int lockTimeoutMs = 5000;

// SQLite's primary result codes; the Qt driver reports the extended ones as text.
constexpr int sqliteReadOnly = 8;
constexpr int sqliteBusy = 5;
constexpr int sqliteLocked = 6;
constexpr int sqliteCorrupt = 11;
constexpr int sqliteFull = 13;
constexpr int sqliteNotADatabase = 26;

int primaryCode(const QSqlError &error)
{
    return error.nativeErrorCode().toInt() & 0xff;
}

/// A step a version: what is set down here was written by some Roost, so it never changes, only grows.
const char *const schema[] = {
    "CREATE TABLE profile ("
    " id TEXT PRIMARY KEY NOT NULL,"
    " name TEXT NOT NULL UNIQUE,"
    " host TEXT NOT NULL,"
    " port INTEGER NOT NULL,"
    " user TEXT NOT NULL,"
    " database TEXT NOT NULL,"
    " tls TEXT NOT NULL,"
    " root_certificate_file TEXT NOT NULL,"
    " secret_is_stored INTEGER NOT NULL,"
    " created_on TEXT)",
    // AUTOINCREMENT: a number is never given twice, so that later backups have higher ones.
    "CREATE TABLE backup ("
    " number INTEGER PRIMARY KEY AUTOINCREMENT,"
    " origin TEXT NOT NULL,"
    " file TEXT NOT NULL,"
    " instance_id TEXT NOT NULL,"
    " instance_name TEXT NOT NULL,"
    " host TEXT NOT NULL,"
    " database TEXT NOT NULL,"
    " taken_at TEXT NOT NULL,"
    " size_bytes INTEGER NOT NULL,"
    " sha256 TEXT NOT NULL,"
    " server_version TEXT NOT NULL,"
    " tool_version TEXT NOT NULL,"
    " tables INTEGER NOT NULL,"
    " row_count INTEGER NOT NULL,"
    " proof TEXT NOT NULL,"
    " proven_at TEXT NOT NULL,"
    " note TEXT NOT NULL,"
    " second_copy TEXT NOT NULL,"
    " problem TEXT NOT NULL,"
    " log TEXT NOT NULL)",
    "CREATE TABLE account ("
    " id TEXT PRIMARY KEY NOT NULL,"
    " name TEXT NOT NULL UNIQUE,"
    " email TEXT NOT NULL,"
    " api TEXT NOT NULL,"
    " is_practice INTEGER NOT NULL,"
    " secret_is_stored INTEGER NOT NULL)",
    "ALTER TABLE profile ADD COLUMN account_id TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE profile ADD COLUMN render_id TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE profile ADD COLUMN expires_at TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE profile ADD COLUMN lifetime_days INTEGER NOT NULL DEFAULT 0",
    // Which reminders of an instance's end were shown, so that none is shown twice, whoever shows them.
    "CREATE TABLE expiry_notice ("
    " profile_id TEXT NOT NULL,"
    " ends_at TEXT NOT NULL,"
    " notice TEXT NOT NULL,"
    " shown_at TEXT NOT NULL,"
    " PRIMARY KEY (profile_id, ends_at, notice))",
    // Values of environment variables that were replaced; the values themselves are in the keychain, under `id`.
    "CREATE TABLE kept_variable ("
    " id TEXT PRIMARY KEY NOT NULL,"
    " account_id TEXT NOT NULL,"
    " holder_id TEXT NOT NULL,"
    " key TEXT NOT NULL,"
    " existed INTEGER NOT NULL,"
    " replaced_at TEXT NOT NULL)",
};
constexpr int currentSchema = std::size(schema);

/// An empty file that only its owner can read, before SQLite makes one that everybody can.
Result<void> makePrivateFile(const QString &file)
{
    if (!Paths::ensureFolder(QFileInfo(file).path())) {
        const int reason = errno;
        return failure(reason == ENOSPC ? ErrorCode::DiskFull : ErrorCode::FileFailed,
                       Text::tr("Roost cannot make its folder %1. Check that you may write there, or set ROOST_HOME to "
                                "a folder of your own.")
                           .arg(QFileInfo(file).path()),
                       QString::fromLocal8Bit(std::strerror(reason)));
    }
    QFile handle(file);
    if (handle.exists() ||
        handle.open(QIODevice::WriteOnly | QIODevice::NewOnly, QFileDevice::ReadOwner | QFileDevice::WriteOwner)) {
        return {};
    }
    if (QFileInfo::exists(file)) { // another process was faster
        return {};
    }
    return failure(ErrorCode::FileFailed,
                   Text::tr("Roost cannot make its file %1. Check that you may write to that folder and that the disk "
                            "is not full, or set ROOST_HOME to a folder of your own.")
                       .arg(file),
                   handle.errorString());
}

/// A message of damage is only believed when the file, opened anew, is still damaged: another process may have set it
/// aside meanwhile.
bool isDamaged(const QString &file)
{
    const QString name = QUuid::createUuid().toString();
    bool damaged = false;
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), name);
        database.setDatabaseName(file);
        database.setConnectOptions(QStringLiteral("QSQLITE_OPEN_READONLY;QSQLITE_BUSY_TIMEOUT=%1").arg(busyTimeoutMs));
        if (database.open()) {
            QSqlQuery query(database);
            if (!query.exec(QStringLiteral("PRAGMA quick_check(1)")) || !query.next()) {
                const int code = primaryCode(query.lastError());
                damaged = code == sqliteCorrupt || code == sqliteNotADatabase;
            } else {
                damaged = query.value(0).toString() != u"ok";
            }
        }
    }
    QSqlDatabase::removeDatabase(name);
    return damaged;
}

/// Renames the damaged file, and its journal with it: SQLite would roll that one back into the next file.
Error setAside(const QString &file)
{
    const QString kept =
        file + QStringLiteral(".damaged-") + QDateTime::currentDateTimeUtc().toString(u"yyyyMMdd'T'HHmmss'Z'");
    QLockFile lock(file + QStringLiteral(".lock"));
    if (!lock.tryLock(lockTimeoutMs) || !isDamaged(file)) {
        return {ErrorCode::Conflict,
                Text::tr("The file with your saved connections was being repaired by another Roost. Try again."),
                {},
                {}};
    }
    QString free = kept;
    for (int n = 2; QFileInfo::exists(free); ++n) {
        free = kept + u'-' + QString::number(n);
    }
    if (!QFile::rename(file, free)) {
        return {ErrorCode::FileFailed,
                Text::tr("The file with your saved connections, %1, is damaged, and Roost cannot set it aside. Move it "
                         "to another place yourself; your passwords are not in it.")
                    .arg(file),
                {},
                {}};
    }
    for (const QStringView suffix : {QStringView(u"-journal"), QStringView(u"-wal"), QStringView(u"-shm")}) {
        QFile::rename(file + suffix.toString(), free + suffix.toString());
    }
    return {ErrorCode::FileFailed,
            Text::tr("The file with your saved connections is damaged. Roost has kept it as %1 and begins a new, empty "
                     "one. Add your connections again; their passwords were never in this file.")
                .arg(free),
            {},
            {}};
}

} // namespace

Result<std::unique_ptr<StateFile>> StateFile::open(const QString &file, Purpose purpose)
{
    if (purpose == Purpose::Read && !QFileInfo::exists(file)) {
        return nullptr;
    }
    if (purpose == Purpose::Write) {
        if (const Result<void> made = makePrivateFile(file); !made) {
            return failure(made.error());
        }
    }
    std::unique_ptr<StateFile> state(new StateFile);
    state->m_file = file;
    state->m_connection = QUuid::createUuid().toString();
    if (const Result<void> prepared = state->prepare(); !prepared) {
        const bool damaged = prepared.error().code == ErrorCode::Internal;
        state.reset();
        return failure(damaged ? setAside(file) : prepared.error());
    }
    return state;
}

StateFile::~StateFile()
{
    QSqlDatabase::removeDatabase(m_connection);
}

Result<void> StateFile::prepare()
{
    QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), m_connection);
    database.setDatabaseName(m_file);
    database.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=%1").arg(busyTimeoutMs));
    if (!database.open()) {
        return failure(errorFrom(database.lastError()));
    }
    // Cheap: the file has a few pages. Without it damage in the middle is met only when that page is read.
    Result<QSqlQuery> check = run(QStringLiteral("PRAGMA quick_check(1)"));
    if (!check) {
        return failure(check.error());
    }
    if (!check->next() || check->value(0).toString() != u"ok") {
        return failure(ErrorCode::Internal, {});
    }
    check->finish();
    return bringUpToDate();
}

Result<int> StateFile::schemaVersion()
{
    Result<QSqlQuery> query = run(QStringLiteral("PRAGMA user_version"));
    if (!query) {
        return failure(query.error());
    }
    return query->next() ? query->value(0).toInt() : 0;
}

Result<void> StateFile::bringUpToDate()
{
    Result<int> version = schemaVersion();
    if (!version) {
        return failure(version.error());
    }
    if (*version > currentSchema) {
        return failure(ErrorCode::Conflict, Text::tr("%1 was written by a newer version of Roost. Update Roost; the "
                                                     "file was left as it is.")
                                                .arg(m_file));
    }
    if (*version == currentSchema) {
        return {};
    }
    // Two programs may start at once: the second finds the work done after it got the lock.
    if (const Result<QSqlQuery> begun = run(QStringLiteral("BEGIN IMMEDIATE")); !begun) {
        return failure(begun.error());
    }
    version = schemaVersion();
    Result<void> changed;
    for (int step = version ? *version : currentSchema; changed && step < currentSchema; ++step) {
        if (const Result<QSqlQuery> done = run(QString::fromLatin1(schema[step])); !done) {
            changed = failure(done.error());
        }
    }
    for (const QString &last :
         {QStringLiteral("PRAGMA user_version = %1").arg(currentSchema), QStringLiteral("COMMIT")}) {
        if (!changed) {
            break;
        }
        if (const Result<QSqlQuery> done = run(last); !done) {
            changed = failure(done.error());
        }
    }
    if (!changed) {
        (void)run(QStringLiteral("ROLLBACK")); // the error that matters is the first one
    }
    return changed;
}

Result<QSqlQuery> StateFile::run(const QString &sql, const QVariantList &values)
{
    QSqlQuery query(QSqlDatabase::database(m_connection));
    query.setForwardOnly(true);
    if (!query.prepare(sql)) {
        return failure(errorFrom(query.lastError()));
    }
    for (const QVariant &value : values) {
        query.addBindValue(value);
    }
    if (!query.exec()) {
        return failure(errorFrom(query.lastError()));
    }
    return query;
}

Error StateFile::errorFrom(const QSqlError &error) const
{
    const QString detail = redact(error.text());
    switch (primaryCode(error)) {
    case sqliteCorrupt:
    case sqliteNotADatabase:
        return {ErrorCode::Internal,
                Text::tr("The file with your saved connections, %1, is damaged.").arg(m_file),
                detail,
                {}};
    case sqliteFull:
        return {ErrorCode::DiskFull,
                Text::tr("The disk is full: %1 could not be written and is as it was before. Make room and try again.")
                    .arg(m_file),
                detail,
                {}};
    case sqliteReadOnly:
        return {ErrorCode::FileFailed,
                Text::tr("%1 cannot be written. Check that the file and its folder belong to you, or set ROOST_HOME to "
                         "a folder of your own.")
                    .arg(m_file),
                detail,
                {}};
    case sqliteBusy:
    case sqliteLocked:
        return {ErrorCode::Conflict,
                Text::tr("%1 is in use by another program. Close the other Roost, or try again.").arg(m_file),
                detail,
                {}};
    default:
        return {ErrorCode::FileFailed,
                Text::tr("%1 could not be read or written. Check that it belongs to you and that the disk is not full.")
                    .arg(m_file),
                detail,
                {}};
    }
}

} // namespace Roost
