#include "gui/backup/targetfacts.h"

#include "gui/dialogs/notice.h"
#include "gui/services.h"
#include "jobs/jobrunner.h"
#include "operations/backup.h"
#include "storage/paths.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QObject>
#include <QPushButton>
#include <QStorageInfo>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(TargetFacts)
};

TargetFacts look(const QString &file)
{
    TargetFacts facts;
    facts.file = file;
    const QFileInfo info(file);
    const QString folder = info.absolutePath();
    // Roost's own folder is made when it is needed.
    facts.folderExists = !file.isEmpty() && info.isAbsolute() && (QDir(folder).exists() || folder == Paths::backups());
    facts.isTaken = info.exists();
    QString existing = folder;
    while (!QDir(existing).exists() && existing != QFileInfo(existing).absolutePath()) {
        existing = QFileInfo(existing).absolutePath();
    }
    const QStorageInfo storage(existing);
    facts.freeBytes = storage.isValid() ? storage.bytesAvailable() : -1;
    if (facts.folderExists && !isIgnoredByGit(file)) {
        facts.gitWorkTree = gitWorkTree(folder);
    }
    return facts;
}

} // namespace

void readTargetFacts(Services &services, const QString &file, QObject *receiver,
                     std::function<void(const TargetFacts &)> done)
{
    services.jobs->runQuietly<TargetFacts>([file](JobContext &) -> Result<TargetFacts> { return look(file); }, receiver,
                                           [done = std::move(done)](const Result<TargetFacts> &facts) {
                                               if (facts) {
                                                   done(*facts);
                                               }
                                           });
}

void suggestTarget(Services &services, const QString &folder, const QString &database, QObject *receiver,
                   std::function<void(const QString &file)> done)
{
    services.jobs->runQuietly<QString>(
        [folder, database](JobContext &) -> Result<QString> {
            return suggestedBackupFile(folder.isEmpty() ? Paths::backups() : folder, database);
        },
        receiver,
        [done = std::move(done)](const Result<QString> &file) {
            if (file) {
                done(*file);
            }
        });
}

void showTargetNotice(Notice *notice, const TargetFacts &facts, const TargetNoticeActions &actions)
{
    const bool isFine = facts.folderExists && !facts.isTaken && facts.gitWorkTree.isEmpty();
    if (facts.file.isEmpty() || isFine) {
        notice->clear();
    } else if (!facts.folderExists) {
        notice->say(Tone::Danger, Text::tr("There is no such folder"),
                    Text::tr("Choose a folder that exists, or make it first."));
    } else if (facts.isTaken) {
        notice->say(Tone::Danger, Text::tr("There is a file of this name"),
                    Text::tr("Roost never writes over a file that somebody may need."));
        QObject::connect(notice->addButton(QStringLiteral("anotherNameButton"), Text::tr("&Use another name")),
                         &QPushButton::clicked, notice, [run = actions.useAnotherName] { run(); });
    } else {
        notice->say(Tone::Warning, Text::tr("This folder is in a git work tree"),
                    Text::tr("A dump holds all the data. Here it is easily committed and pushed by accident."));
        QObject::connect(notice->addButton(QStringLiteral("ignoreDumpsButton"), Text::tr("Add *.dump to .&gitignore")),
                         &QPushButton::clicked, notice,
                         [run = actions.ignoreDumps, workTree = facts.gitWorkTree] { run(workTree); });
    }
}

} // namespace Roost
