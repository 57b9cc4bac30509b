#include "practice/clusterfolder.h"

#include "practice/abandonedclusters.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QMessageAuthenticationCode>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QSaveFile>
#include <QUuid>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(LocalCluster)
};

constexpr int longestSocketAddress = 107;
constexpr int keyLength = 32;

Result<void> fileFailure(const QString &path)
{
    const int reason = errno;
    return failure(reason == ENOSPC ? ErrorCode::DiskFull : ErrorCode::FileFailed,
                   Text::tr("The files of the practice server could not be made in %1: %2. Check the space and the "
                            "permissions there.")
                       .arg(path, QString::fromLocal8Bit(std::strerror(reason))));
}

/// Makes one folder with 0700, or leaves one that is there.
bool makeFolder(const QString &path)
{
    return ::mkdir(QFile::encodeName(path).constData(), 0700) == 0 || (errno == EEXIST && QFileInfo(path).isDir());
}

bool makeFolderWithParents(const QString &path)
{
    const QString parent = QFileInfo(path).path();
    return QFileInfo(path).isDir() ||
           ((QFileInfo(parent).isDir() || makeFolderWithParents(parent)) && makeFolder(path));
}

Result<void> writeFile(const QString &path, const QByteArray &content, QFile::Permissions permissions)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || !file.setPermissions(permissions) ||
        file.write(content) != content.size() || !file.commit()) {
        return fileFailure(path);
    }
    return {};
}

QByteArray readFile(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Lets the group of the server's user pass through a folder of ours, and nobody else.
bool openForServer(const QString &path, const ServerUser &user)
{
    const QByteArray name = QFile::encodeName(path);
    return ::chown(name.constData(), uid_t(-1), user.gid) == 0 && ::chmod(name.constData(), 0710) == 0;
}

bool giveToServer(const QString &path, const ServerUser &user)
{
    return !user.isAnother || ::lchown(QFile::encodeName(path).constData(), user.uid, user.gid) == 0;
}

QString quotedSetting(QString value)
{
    value.replace(u'\\', QStringLiteral("\\\\")).replace(u'\'', QStringLiteral("''"));
    return u'\'' + value + u'\'';
}

/// libpq and the server split such a path at commas.
bool fitsSocket(const QString &folder)
{
    return QFile::encodeName(folder + QStringLiteral("/.s.PGSQL.65535")).size() <= longestSocketAddress &&
           !folder.contains(u',') && !folder.contains(u'"');
}

/// A folder that is the server's alone: nobody could have put another one in its place.
bool isPrivate(const QString &folder, const ServerUser &user)
{
    struct stat info = {};
    return ::lstat(QFile::encodeName(folder).constData(), &info) == 0 && S_ISDIR(info.st_mode) &&
           info.st_uid == user.uid && (info.st_mode & 07777) == 0700;
}

} // namespace

Result<ServerUser> ServerUser::choose()
{
    if (::geteuid() != 0) {
        return ServerUser{::geteuid(), ::getegid(), false};
    }
    for (const char *name : {"postgres", "nobody"}) {
        struct passwd entry = {};
        struct passwd *found = nullptr;
        std::vector<char> buffer(16384);
        if (::getpwnam_r(name, &entry, buffer.data(), buffer.size(), &found) == 0 && found && found->pw_uid != 0) {
            return ServerUser{found->pw_uid, found->pw_gid, true};
        }
    }
    return failure(ErrorCode::NotAllowed,
                   Text::tr("PostgreSQL does not run as root, and this system has neither a user \"postgres\" nor a "
                            "user \"nobody\". Start Roost as an ordinary user."));
}

ClusterFolder::ClusterFolder(const QString &folder, const QString &home)
    : m_folder(QDir::cleanPath(QDir(folder).absolutePath()))
    , m_home(home.isEmpty() ? m_folder : QDir::cleanPath(QDir(home).absolutePath()))
{
}

QString ClusterFolder::base() const
{
    const QString elsewhere = QFile::decodeName(readFile(m_folder + QStringLiteral("/location"))).trimmed();
    return elsewhere.isEmpty() ? m_folder : elsewhere;
}

bool ClusterFolder::isInitialised() const
{
    return QFileInfo::exists(data() + QStringLiteral("/PG_VERSION"));
}

int ClusterFolder::majorVersion() const
{
    return readFile(data() + QStringLiteral("/PG_VERSION")).trimmed().toInt();
}

int ClusterFolder::lastPort() const
{
    static const QRegularExpression line(QStringLiteral("^port = '(\\d+)'$"), QRegularExpression::MultilineOption);
    return line.match(QString::fromUtf8(readFile(configFile()))).captured(1).toInt();
}

bool ClusterFolder::isReachable(const ServerUser &user) const
{
    for (QString path = m_folder;; path = QFileInfo(path).path()) {
        struct stat info = {};
        if (::stat(QFile::encodeName(path).constData(), &info) != 0) {
            return false;
        }
        const mode_t needed = info.st_uid == user.uid ? S_IXUSR : info.st_gid == user.gid ? S_IXGRP : S_IXOTH;
        if (!(info.st_mode & needed)) {
            return false;
        }
        if (path == u"/") {
            return true;
        }
    }
}

Result<void> ClusterFolder::prepare(const ServerUser &user) const
{
    if (m_folder.contains(u'\n')) {
        return failure(ErrorCode::InvalidInput,
                       Text::tr("The practice server cannot be kept in a folder with a line break in its name."));
    }
    if (!makeFolderWithParents(m_folder)) {
        return fileFailure(m_folder);
    }
    if (!user.isAnother || QFileInfo::exists(m_folder + QStringLiteral("/location"))) {
        return {};
    }
    for (QString path = m_folder; path == m_home || path.startsWith(m_home + u'/'); path = QFileInfo(path).path()) {
        if (!openForServer(path, user)) {
            return fileFailure(path);
        }
    }
    if (isReachable(user)) {
        return {};
    }
    // A folder above, not ours to open, is closed to the server's user: /root, say.
    removeAbandonedClusters();
    const QString shared = sharedClusterRoot();
    const QString elsewhere =
        shared + QStringLiteral("/practice-") + QUuid::createUuid().toString(QUuid::Id128).left(12);
    if (!makeFolder(shared) || ::chmod(QFile::encodeName(shared).constData(), 0711) != 0 || !makeFolder(elsewhere) ||
        !openForServer(elsewhere, user)) {
        return fileFailure(elsewhere);
    }
    const auto ours = QFile::ReadOwner | QFile::WriteOwner;
    return writeFile(elsewhere + QStringLiteral("/belongs-to"), QFile::encodeName(m_folder), ours).and_then([&] {
        return writeFile(m_folder + QStringLiteral("/location"), QFile::encodeName(elsewhere), ours);
    });
}

Result<QString> ClusterFolder::makeNewData(const ServerUser &user) const
{
    const QString path = data() + QStringLiteral(".new");
    if ((QFileInfo::exists(path) && !QDir(path).removeRecursively()) || !makeFolder(path) ||
        !giveToServer(path, user)) {
        return failure(fileFailure(path).error());
    }
    return path;
}

Result<void> ClusterFolder::adoptNewData() const
{
    const QByteArray path = QFile::encodeName(data());
    if (::rename((path + ".new").constData(), path.constData()) != 0) {
        return fileFailure(data());
    }
    return {};
}

Result<QString> ClusterFolder::socketFolder(const ServerUser &user) const
{
    const QString beside = base() + QStringLiteral("/s");
    if (fitsSocket(beside)) {
        if (!makeFolder(beside) || !giveToServer(beside, user)) {
            return failure(fileFailure(beside).error());
        }
        return beside;
    }
    const QString note = m_folder + QStringLiteral("/socket-folder");
    const QString recorded = QFile::decodeName(readFile(note)).trimmed();
    if (!recorded.isEmpty() && isPrivate(recorded, user)) {
        return recorded;
    }
    QByteArray pattern("/tmp/roost-XXXXXX");
    if (!::mkdtemp(pattern.data()) || !giveToServer(QFile::decodeName(pattern), user)) {
        return failure(fileFailure(QStringLiteral("/tmp")).error());
    }
    if (auto written = writeFile(note, pattern, QFile::ReadOwner | QFile::WriteOwner); !written) {
        return failure(written.error());
    }
    return QFile::decodeName(pattern);
}

Result<void> ClusterFolder::writeConfiguration(const ServerUser &user, const QMap<QString, QString> &settings) const
{
    QByteArray configuration("# Written by Roost at each start; changes are lost.\n");
    for (auto it = settings.begin(); it != settings.end(); ++it) {
        configuration += (it.key() + QStringLiteral(" = ") + quotedSetting(it.value()) + u'\n').toUtf8();
    }
    // The superuser only over the private socket, everybody else only over loopback with a password.
    const QByteArray access("# Written by Roost at each start; changes are lost.\n"
                            "local all postgres trust\n"
                            "host all postgres 127.0.0.1/32 reject\n"
                            "host all all 127.0.0.1/32 scram-sha-256\n");
    const auto permissions = QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup;
    for (const auto &[path, content] : {std::pair(configFile(), configuration), std::pair(accessFile(), access)}) {
        if (auto written = writeFile(path, content, user.isAnother ? permissions : permissions & ~QFile::ReadGroup);
            !written) {
            return written;
        }
        if (user.isAnother && ::chown(QFile::encodeName(path).constData(), uid_t(-1), user.gid) != 0) {
            return fileFailure(path);
        }
    }
    return {};
}

Result<void> ClusterFolder::ensureKey() const
{
    const QString path = m_folder + QStringLiteral("/key");
    if (readFile(path).size() == keyLength) {
        return {};
    }
    QByteArray key(keyLength, Qt::Uninitialized);
    for (char &byte : key) {
        byte = char(QRandomGenerator::system()->bounded(256));
    }
    return writeFile(path, key, QFile::ReadOwner | QFile::WriteOwner);
}

Result<Secret> ClusterFolder::password(const QString &role) const
{
    const QByteArray key = readFile(m_folder + QStringLiteral("/key"));
    if (key.size() != keyLength) {
        return failure(ErrorCode::NotFound,
                       Text::tr("The practice server in %1 has no key. Stop it and start it again.").arg(m_folder));
    }
    const QByteArray derived =
        QMessageAuthenticationCode::hash("Roost practice role " + role.toUtf8(), key, QCryptographicHash::Sha256);
    return Secret(
        QString::fromLatin1(derived.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals)));
}

QString ClusterFolder::preparedRun() const
{
    return QString::fromUtf8(readFile(m_folder + QStringLiteral("/prepared")));
}

Result<void> ClusterFolder::setPrepared(const QString &run) const
{
    return writeFile(m_folder + QStringLiteral("/prepared"), run.toUtf8(), QFile::ReadOwner | QFile::WriteOwner);
}

Result<void> ClusterFolder::remove() const
{
    const QString socket = QFile::decodeName(readFile(m_folder + QStringLiteral("/socket-folder"))).trimmed();
    const QStringList folders{socket.startsWith(QStringLiteral("/tmp/roost-")) ? socket : QString(), base(), m_folder};
    for (const QString &path : folders) {
        if (!path.isEmpty() && QFileInfo::exists(path) && !QDir(path).removeRecursively()) {
            return failure(ErrorCode::FileFailed,
                           Text::tr("The practice server's files in %1 could not all be removed.").arg(path));
        }
    }
    return {};
}

} // namespace Roost
