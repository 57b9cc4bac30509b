#include "operations/backup.h"
#include "operations/backupfileverbs.h"
#include "operations/migrationbackups.h"
#include "storage/paths.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

#include <cerrno>
#include <cstring>
#include <unistd.h>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationSecondCopies)
};

/// Why second copies cannot go there, translated; empty if they can. Makes the folder.
QString folderProblem(const QString &folder, const QString &backups)
{
    if (!QDir::isAbsolutePath(folder)) {
        return Text::tr("“%1” is not a whole path. Give one that begins with a slash.").arg(folder);
    }
    if (!Paths::ensureFolder(folder)) {
        return Text::tr("The folder %1 cannot be made (%2). Check that its disk is connected, or choose another.")
            .arg(folder, QString::fromLocal8Bit(std::strerror(errno)));
    }
    const QString real = QFileInfo(folder).canonicalFilePath();
    const QString first = QFileInfo(backups).canonicalFilePath();
    if (real == first || real.startsWith(first + u'/')) {
        return Text::tr("%1 is where the backups themselves are, so both would be lost together. Choose a folder "
                        "elsewhere, best on another disk.")
            .arg(folder);
    }
    if (::access(QFile::encodeName(folder).constData(), W_OK | X_OK) != 0) {
        return Text::tr("You may not write in %1 (%2). Choose another folder.")
            .arg(folder, QString::fromLocal8Bit(std::strerror(errno)));
    }
    return {};
}

MigrationPause askForFolder(const MigrationWork &work, const QStringList &problems)
{
    MigrationPause pause;
    pause.step = MigrationStep::SecondCopy;
    pause.question = MigrationQuestion::SecondFolder;
    pause.text = Text::tr("Each backup is copied once more before anything is deleted, so that no single file or disk "
                          "holds all there is. Choose a folder for the second copies, best on another disk or a USB "
                          "stick; the backups are in %1.")
                     .arg(work.plan().backupFolder);
    pause.problems = problems;
    return pause;
}

/// A copy that is damaged, or half of one, makes room under another name: nothing is deleted.
Result<void> setAside(const QString &target)
{
    for (const QString &file : {manifestFileOf(target), target}) {
        if (!QFileInfo::exists(file)) {
            continue;
        }
        QString aside;
        for (int n = 1; aside.isEmpty() || QFileInfo::exists(aside); ++n) {
            aside = QStringLiteral("%1.set-aside-%2").arg(file).arg(n);
        }
        if (!QFile::rename(file, aside)) {
            return failure(ErrorCode::FileFailed,
                           Text::tr("%1 is in the way of a second copy, and could not be renamed. Move it, then go on.")
                               .arg(file));
        }
    }
    return {};
}

Result<BackupRecord> recordOf(const MigrationWork &work, const QJsonObject &backup)
{
    const qint64 number = backup[u"number"].toInteger();
    if (number > 0) {
        if (auto record = work.environment().backups.byNumber(number);
            record && record->file == backup[u"file"].toString()) {
            return record;
        }
    }
    // The list was lost or could not be written: what the journal says is enough to copy it, and it is listed now.
    BackupRecord record = recordOfFile(backup[u"file"].toString());
    record.origin = BackupRecord::Origin::Made;
    record.instanceId = work.plan().profileId;
    record.instanceName = work.plan().profileName;
    const auto added = work.environment().backups.add(record);
    if (!added) {
        return failure(added.error());
    }
    record.number = *added;
    return record;
}

Result<void> noteCopy(MigrationWork &work, const QString &database, const QString &file)
{
    const QJsonObject fact{{QStringLiteral("file"), file},
                           {QStringLiteral("sha256"), work.state().backupOf(database)[u"sha256"]}};
    return work.note(MigrationStep::SecondCopy, {{QStringLiteral("databases"), QJsonObject{{database, fact}}}});
}

Result<void> copyOne(MigrationWork &work, const QString &database, const QString &folder, JobContext &context)
{
    const QJsonObject backup = work.state().backupOf(database);
    const QByteArray sum = backup[u"sha256"].toString().toLatin1();
    const QString target = QDir(folder).absoluteFilePath(QFileInfo(backup[u"file"].toString()).fileName());
    const auto there = lookAtBackup(target, sum, database, context);
    if (!there) {
        return failure(there.error());
    }
    if (!there->isWhole()) {
        if (const auto cleared = setAside(target); !cleared) {
            return cleared;
        }
    }
    auto record = recordOf(work, backup);
    if (!record) {
        return failure(record.error());
    }
    record->sha256 = sum;
    if (there->isWhole()) {
        record->secondCopy = target;
        if (const auto updated = work.environment().backups.update(*record); !updated) {
            context.log(updated.error().message);
        }
    } else if (const auto copied = copyBackup(work.environment().backups, *record, folder, context); !copied) {
        return failure(copied.error());
    }
    const auto now = lookAtBackup(target, sum, database, context);
    if (!now) {
        return failure(now.error());
    }
    if (!now->isWhole()) {
        return failure(ErrorCode::FileFailed,
                       Text::tr("The second copy %1 is not what was written: its disk may be failing, or there was no "
                                "proof beside the backup. Choose another folder.")
                           .arg(target));
    }
    return noteCopy(work, database, target);
}

/// The steps that make a backup whole again.
QList<MigrationStep> repairing(const MigrationPlan &plan)
{
    return stepsOf(plan.path).contains(MigrationStep::CompareLive)
               ? QList<MigrationStep>{MigrationStep::CompareLive}
               : QList<MigrationStep>{MigrationStep::BackUp, MigrationStep::Prove};
}

/// Nothing, or the pause or error that a copy that failed ends in.
Result<StepOutcome> copyOrAsk(MigrationWork &work, const QString &database, const QString &folder, JobContext &context)
{
    const auto found = lookAtNotedBackup(work, database, context);
    if (!found) {
        return failure(found.error());
    }
    if (!found->isWhole()) {
        const auto reopened = work.reopen(repairing(work.plan()));
        return reopened
                   ? failure(ErrorCode::InvalidInput,
                             Text::tr("The backup of %1 is not there as it was made and proven, so it was not "
                                      "copied. Nothing was changed on the instance. Go on, and Roost takes a fresh "
                                      "backup and proves it.")
                                 .arg(database))
                   : failure(reopened.error());
    }
    const auto copied = copyOne(work, database, folder, context);
    if (copied) {
        return StepOutcome();
    }
    const Error &error = copied.error();
    const bool isAboutTheFolder = error.code == ErrorCode::DiskFull || error.code == ErrorCode::FileFailed ||
                                  error.code == ErrorCode::NotAllowed || error.code == ErrorCode::AlreadyExists;
    return isAboutTheFolder ? Result<StepOutcome>(askForFolder(work, {error.message})) : failure(error);
}

} // namespace

Result<StepOutcome> makeSecondCopies(MigrationWork &work)
{
    const auto answer = work.takeAnswer(MigrationQuestion::SecondFolder);
    const QString noted = work.state().facts.value(MigrationStep::SecondCopy)[u"folder"].toString();
    QString folder = answer ? answer->text.trimmed() : noted.isEmpty() ? work.plan().secondFolder : noted;
    if (folder.isEmpty()) {
        return StepOutcome(askForFolder(work, {}));
    }
    if (const QString problem = folderProblem(folder, work.plan().backupFolder); !problem.isEmpty()) {
        return StepOutcome(askForFolder(work, {problem}));
    }
    folder = QDir::cleanPath(folder);
    if (folder != noted) {
        if (const auto kept = work.note(MigrationStep::SecondCopy, {{QStringLiteral("folder"), folder}}); !kept) {
            return failure(kept.error());
        }
    }
    const QStringList names = databaseNames(work.plan());
    for (int i = 0; i < names.size(); ++i) {
        const QJsonObject second = work.state().secondCopyOf(names.at(i));
        const QString sum = work.state().backupOf(names.at(i))[u"sha256"].toString();
        JobContext part = work.part(names.at(i), i, int(names.size()));
        if (second[u"sha256"].toString() == sum && QFileInfo(second[u"file"].toString()).path() == folder) {
            const auto there = lookAtBackup(second[u"file"].toString(), sum.toLatin1(), names.at(i), part);
            if (!there) {
                return failure(there.error());
            }
            if (there->isWhole()) {
                continue;
            }
        }
        auto outcome = copyOrAsk(work, names.at(i), folder, part);
        if (!outcome || *outcome) {
            return outcome;
        }
    }
    work.setSummary(Text::tr("In %1").arg(folder));
    return StepOutcome();
}

} // namespace Roost
