#include "operations/birdapptemplate.h"

#include "operations/birdapp.h"
#include "postgres/identifier.h"
#include "storage/paths.h"

#include <QCoreApplication>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

#include <cerrno>
#include <cstring>

// Outside of every namespace, as Q_INIT_RESOURCE needs it.
static void initialiseTemplate()
{
    Q_INIT_RESOURCE(birdapp);
}

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(BirdApp)
};

const QString templateFolder = QStringLiteral(":/birdapp");

Result<void> cannotWrite(const QString &path, const QString &reason)
{
    return failure(ErrorCode::FileFailed,
                   Text::tr("The bird app could not be written to %1: %2. Choose a folder where you may write.")
                       .arg(path, reason));
}

Result<void> copyTemplate(const QString &target)
{
    QDirIterator files(templateFolder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString source = files.next();
        const QString copy = target + source.mid(templateFolder.size());
        QFile file(source);
        if (!QDir().mkpath(QFileInfo(copy).path()) || !file.copy(copy)) {
            return cannotWrite(copy, file.errorString());
        }
        // Files of a resource are read-only.
        if (!QFile::setPermissions(copy, QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup | QFile::ReadOther)) {
            return cannotWrite(copy, Text::tr("its permissions cannot be set"));
        }
    }
    return {};
}

} // namespace

Result<BirdApp> createBirdApp(const QString &folder)
{
    initialiseTemplate();
    const QString target = QDir::cleanPath(QDir(folder).absolutePath());
    const QFileInfo info(target);
    const bool holdsSomething =
        info.isDir() && !QDir(target).isEmpty(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
    if ((info.exists() && !info.isDir()) || holdsSomething) {
        return failure(ErrorCode::AlreadyExists,
                       Text::tr("%1 is there already and is not empty. Nothing was changed. Name a new folder, or open "
                                "this one as it is.")
                           .arg(target));
    }
    const QString parent = info.path();
    if (!QDir().mkpath(parent)) {
        return failure(cannotWrite(parent, Text::tr("the folder cannot be made")).error());
    }
    // Beside it first, so that a half-written app never stands under its name.
    QTemporaryDir draft(parent + QStringLiteral("/.roost-birdapp-XXXXXX"));
    if (!draft.isValid()) {
        return failure(cannotWrite(parent, draft.errorString()).error());
    }
    if (auto copied = copyTemplate(draft.path()); !copied) {
        return failure(copied.error());
    }
    QFile::setPermissions(draft.path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner | QFile::ReadGroup |
                                            QFile::ExeGroup | QFile::ReadOther | QFile::ExeOther);
    // rename() takes the place of an empty folder, and of nothing else.
    if (::rename(QFile::encodeName(draft.path()).constData(), QFile::encodeName(target).constData()) != 0) {
        return failure(cannotWrite(target, QString::fromLocal8Bit(std::strerror(errno))).error());
    }
    draft.setAutoRemove(false);
    return inspectBirdApp(target);
}

QStringList birdDatabaseStatements()
{
    initialiseTemplate();
    QStringList statements{
        QStringLiteral("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
                       "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"),
        QStringLiteral("CREATE TABLE birds (id SERIAL NOT NULL, name VARCHAR NOT NULL, species VARCHAR NOT NULL, "
                       "PRIMARY KEY (id))"),
    };
    const QString versions = templateFolder + QStringLiteral("/migrations/versions");
    const QString revision = QDir(versions).entryList(QDir::Files).value(0).section(u'_', 0, 0);
    statements << QStringLiteral("INSERT INTO alembic_version VALUES (%1)").arg(quoteLiteral(revision));

    QFile file(templateFolder + QStringLiteral("/birds.csv"));
    const bool isOpen = file.open(QIODevice::ReadOnly | QIODevice::Text);
    Q_ASSERT(isOpen);
    const QStringList lines = QString::fromUtf8(file.readAll()).split(u'\n', Qt::SkipEmptyParts);
    for (const QString &line : lines.mid(1)) {
        statements << QStringLiteral("INSERT INTO birds (name, species) VALUES (%1, %2)")
                          .arg(quoteLiteral(line.section(u',', 0, 0)), quoteLiteral(line.section(u',', 1, 1)));
    }
    return statements;
}

Result<QString> writeLaunchSettings(const QString &folder)
{
    initialiseTemplate();
    const QString name = QStringLiteral("gunicorn.conf.py");
    QFile file(QStringLiteral(":/birdapp-launch/") + name);
    const QString copy = folder + u'/' + name;
    if (!file.copy(copy)) {
        return failure(ErrorCode::FileFailed,
                       Text::tr("The settings for gunicorn could not be written to %1: %2. Check the space there.")
                           .arg(copy, file.errorString()));
    }
    return copy;
}

} // namespace Roost
