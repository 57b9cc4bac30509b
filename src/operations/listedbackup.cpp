#include "operations/listedbackup.h"

#include <QCoreApplication>

#include <algorithm>

namespace Roost {

namespace {

constexpr qsizetype logKept = 400;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(ListedBackup)
};

/// Passes a job's log on, and keeps the last lines of it.
class KeptLog
{
public:
    explicit KeptLog(JobContext &context)
        : m_context(
              context.stopToken(), [&context](const Progress &progress) { context.report(progress); },
              [this, &context](const QString &line) {
                  context.log(line);
                  m_lines += line;
                  if (m_lines.size() > 2 * logKept) {
                      m_lines = m_lines.last(logKept);
                  }
              })
    {
    }

    JobContext &context() { return m_context; }
    QString text() const { return m_lines.last(qMin(m_lines.size(), logKept)).join(u'\n'); }

private:
    QStringList m_lines;
    JobContext m_context;
};

BackupRecord recordOf(const ListedBackupRequest &request)
{
    BackupRecord record;
    record.origin = request.origin;
    record.instanceId = request.instanceId;
    record.instanceName = request.instanceName;
    record.host = request.backup.source.parameters.host;
    record.database = request.backup.source.parameters.database;
    record.note = request.note;
    return record;
}

void describe(BackupRecord &record, const Backup &backup)
{
    record.file = backup.file;
    record.takenAt = backup.takenAt;
    record.sizeBytes = backup.sizeBytes;
    record.sha256 = backup.sha256;
    record.serverVersion = backup.serverVersion;
    record.toolVersion = backup.toolVersion;
    record.tables = backup.tables;
    record.rows = backup.rows;
    record.proof = BackupRecord::Proof::Read;
    record.provenAt = QDateTime::currentDateTimeUtc();
}

/// True when an error says something about the backup, not about this attempt to look at it.
bool isAboutTheFile(const Error &error)
{
    return error.code == ErrorCode::InvalidInput || error.code == ErrorCode::NotFound;
}

void recordVerification(const VerifyRequest &request, const Result<Verification> &verification,
                        const BackupCatalog &catalog, JobContext &context)
{
    const auto records = catalog.all();
    if (!records) {
        context.log(records.error().message);
        return;
    }
    const auto found = std::find_if(records->begin(), records->end(),
                                    [&request](const BackupRecord &record) { return record.file == request.file; });
    if (found == records->end() || (!verification && !isAboutTheFile(verification.error()))) {
        return;
    }
    BackupRecord record = *found;
    const bool isGood = verification && verification->isProven();
    if (!isGood) {
        record.proof = BackupRecord::Proof::Broken;
        record.problem = verification ? Text::tr("A restored copy differed from what the source held.")
                                      : verification.error().message;
    } else if (verification->wasRestored) {
        record.proof = BackupRecord::Proof::Restored;
        record.problem.clear();
    } else if (record.proof == BackupRecord::Proof::Restored) {
        return; // more was shown before: that day stays
    } else {
        record.proof = BackupRecord::Proof::Read;
        record.problem.clear();
    }
    record.provenAt = QDateTime::currentDateTimeUtc();
    if (const auto updated = catalog.update(record); !updated) {
        context.log(updated.error().message);
    }
}

} // namespace

Result<Backup> backUpListed(const ListedBackupRequest &request, const BackupCatalog &catalog, JobContext &context)
{
    KeptLog log(context);
    Result<Backup> backup = backUp(request.backup, log.context());
    BackupRecord record = recordOf(request);
    if (backup) {
        describe(record, *backup);
    } else if (backup.error().isCancelled()) {
        return backup;
    } else {
        record.takenAt = QDateTime::currentDateTimeUtc();
        record.problem = backup.error().message;
        record.log = log.text() + u'\n' + backup.error().detail;
    }
    const auto added = catalog.add(record);
    if (!added && backup) {
        backup->warnings +=
            Text::tr("The backup is made, but the list of backups could not be written: %1").arg(added.error().message);
    } else if (!added) {
        context.log(added.error().message);
    }
    return backup;
}

Result<Verification> verifyListed(const VerifyRequest &request, const BackupCatalog &catalog, JobContext &context)
{
    Result<Verification> verification = verifyBackup(request, context);
    recordVerification(request, verification, catalog, context);
    return verification;
}

} // namespace Roost
