#include "operations/backup.h"
#include "process/processrunner.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QStandardPaths>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(GitWorkTree)
};

const QByteArray dumpPattern = "*.dump";

} // namespace

QString gitWorkTree(const QString &folder)
{
    const QString path = QFileInfo(folder).canonicalFilePath();
    if (path.isEmpty()) { // not there; for QDir that would be the working directory
        return {};
    }
    QDir directory(path);
    do {
        if (directory.exists(QStringLiteral(".git"))) { // a folder, or a file in linked work trees and submodules
            return directory.absolutePath();
        }
    } while (directory.cdUp());
    return {};
}

bool isIgnoredByGit(const QString &file)
{
    const QString workTree = gitWorkTree(QFileInfo(file).absolutePath());
    if (workTree.isEmpty()) {
        return true;
    }
    const QString git = QStandardPaths::findExecutable(QStringLiteral("git"));
    if (git.isEmpty()) {
        return false;
    }
    ProcessCommand command;
    command.program = git;
    // A repository's own configuration may name a program to run as its file monitor.
    command.arguments = {QStringLiteral("-c"),           QStringLiteral("core.fsmonitor=false"),
                         QStringLiteral("-C"),           workTree,
                         QStringLiteral("check-ignore"), QStringLiteral("--quiet"),
                         QStringLiteral("--"),           QFileInfo(file).absoluteFilePath()};
    command.timeoutMs = 5000;
    const auto outcome = runProcess(command, JobContext());
    return outcome && outcome->succeeded();
}

Result<void> ignoreDumpsInGit(const QString &workTree)
{
    const QString path = QDir(workTree).filePath(QStringLiteral(".gitignore"));
    const auto cannotWrite = [&](const QString &detail) {
        return failure(ErrorCode::FileFailed,
                       Text::tr("%1 could not be changed. Add a line “*.dump” to it yourself, or choose a folder for "
                                "backups that is outside of the project.")
                           .arg(path),
                       detail);
    };
    QByteArray contents;
    QFile existing(path);
    if (existing.exists()) {
        if (!existing.open(QIODevice::ReadOnly)) {
            return cannotWrite(existing.errorString());
        }
        contents = existing.readAll();
        existing.close();
    }
    if (contents.split('\n').contains(dumpPattern)) {
        return {};
    }
    if (!contents.isEmpty() && !contents.endsWith('\n')) {
        contents += '\n';
    }
    contents += dumpPattern + '\n';
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(contents) != contents.size() || !file.commit()) {
        return cannotWrite(file.errorString());
    }
    return {};
}

} // namespace Roost
