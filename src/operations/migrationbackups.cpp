#include "operations/migrationbackups.h"

#include "operations/archivefile.h"
#include "operations/backup.h"
#include "operations/listedbackup.h"
#include "storage/paths.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QLocale>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationBackups)
};

void describe(QJsonObject &fact, const BackupRecord &record)
{
    fact[QStringLiteral("number")] = record.number;
    fact[QStringLiteral("file")] = record.file;
    fact[QStringLiteral("sha256")] = QString::fromLatin1(record.sha256);
    fact[QStringLiteral("size")] = record.sizeBytes;
    fact[QStringLiteral("takenAt")] = record.takenAt.toUTC().toString(Qt::ISODateWithMs);
    fact[QStringLiteral("rows")] = record.rows;
    fact[QStringLiteral("tables")] = record.tables;
}

Result<void> noteBackup(MigrationWork &work, const QString &database, const BackupRecord &record)
{
    QJsonObject fact;
    describe(fact, record);
    return work.note(MigrationStep::BackUp, {{QStringLiteral("databases"), QJsonObject{{database, fact}}}});
}

/// Made for this migration after the one that is noted, by a run that was cut off before it could note it.
Result<std::optional<BackupRecord>> unnotedBackup(const MigrationWork &work, const QString &database,
                                                  const JobContext &context)
{
    const auto records = work.environment().backups.all();
    if (!records) {
        return std::optional<BackupRecord>(); // the list is a help; without it there is one backup more
    }
    const qint64 noted = work.state().backupOf(database)[u"number"].toInteger();
    for (const BackupRecord &record : *records) {
        if (record.isFailure() || record.number <= noted || record.database != database ||
            record.instanceId != work.plan().profileId || !record.note.contains(work.plan().id)) {
            continue;
        }
        const auto found = lookAtBackup(record.file, record.sha256, database, context);
        if (!found) {
            return failure(found.error());
        }
        if (found->isWhole()) {
            return std::optional(record);
        }
    }
    return std::optional<BackupRecord>();
}

QString sizeText(const MigrationState &state)
{
    qint64 bytes = 0;
    for (const MigrationDatabase &database : state.plan.databases) {
        bytes += state.backupOf(database.properties.name)[u"size"].toInteger();
    }
    return QLocale().formattedDataSize(bytes, 1, QLocale::DataSizeSIFormat);
}

} // namespace

QStringList databaseNames(const MigrationPlan &plan)
{
    QStringList names;
    for (const MigrationDatabase &database : plan.databases) {
        names += database.properties.name;
    }
    return names;
}

Result<FoundBackup> lookAtBackup(const QString &file, const QByteArray &sha256, const QString &database,
                                 const JobContext &context)
{
    FoundBackup found;
    if (file.isEmpty() || !QFileInfo(file).isFile()) {
        return found;
    }
    found.isThere = true;
    const auto archive = ArchiveFile::open(file);
    if (archive) {
        const auto sum = archive->sha256(context);
        if (!sum && sum.error().isCancelled()) {
            return failure(sum.error());
        }
        found.isRight = sum && !sha256.isEmpty() && *sum == sha256;
    }
    const auto manifest = manifestOf(file);
    found.manifestFits = manifest && manifest->dumpSha256 == sha256 && manifest->database == database;
    return found;
}

Result<FoundBackup> lookAtNotedBackup(const MigrationWork &work, const QString &database, const JobContext &context)
{
    const QJsonObject noted = work.state().backupOf(database);
    return lookAtBackup(noted[u"file"].toString(), noted[u"sha256"].toString().toLatin1(), database, context);
}

Result<void> takeMigrationBackup(MigrationWork &work, const ConnectionSpec &source, const QString &database,
                                 JobContext &context)
{
    const auto unnoted = unnotedBackup(work, database, context);
    if (!unnoted) {
        return failure(unnoted.error());
    }
    if (*unnoted) {
        return noteBackup(work, database, **unnoted);
    }
    const QString folder = work.plan().backupFolder;
    if (!Paths::ensureFolder(folder)) {
        return failure(ErrorCode::FileFailed,
                       Text::tr("The folder for backups, %1, cannot be made, so %2 was not backed up. Nothing was "
                                "changed. Check that its disk is connected and that you may write there, then go on.")
                           .arg(folder, database),
                       QString::fromLocal8Bit(std::strerror(errno)));
    }
    ListedBackupRequest request;
    request.backup.source = source.withDatabase(database);
    request.backup.file = suggestedBackupFile(folder, database);
    request.instanceId = work.plan().profileId;
    request.instanceName = work.plan().profileName;
    request.note = Text::tr("Migration %1").arg(work.plan().id);
    const auto backup = backUpListed(request, work.environment().backups, context);
    if (!backup) {
        return failure(backup.error());
    }
    for (const QString &warning : backup->warnings) {
        context.log(warning);
    }
    BackupRecord record;
    if (const auto records = work.environment().backups.all()) {
        const auto listed = std::find_if(records->begin(), records->end(),
                                         [&](const BackupRecord &each) { return each.file == backup->file; });
        record.number = listed == records->end() ? 0 : listed->number;
    }
    record.file = backup->file;
    record.sha256 = backup->sha256;
    record.sizeBytes = backup->sizeBytes;
    record.takenAt = backup->takenAt;
    record.rows = backup->rows;
    record.tables = backup->tables;
    return noteBackup(work, database, record);
}

Result<StepOutcome> backUpAll(MigrationWork &work)
{
    const QStringList names = databaseNames(work.plan());
    const auto source = work.source();
    if (!source) {
        return failure(source.error());
    }
    for (int i = 0; i < names.size(); ++i) {
        JobContext part = work.part(names.at(i), i, int(names.size()));
        const auto found = lookAtNotedBackup(work, names.at(i), part);
        if (!found) {
            return failure(found.error());
        }
        if (found->isWhole()) {
            continue;
        }
        if (const auto taken = takeMigrationBackup(work, *source, names.at(i), part); !taken) {
            return failure(taken.error());
        }
    }
    work.setSummary(Text::tr("%n database(s), %1", nullptr, int(names.size())).arg(sizeText(work.state())));
    return StepOutcome();
}

} // namespace Roost
