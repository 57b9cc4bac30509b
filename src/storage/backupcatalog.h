#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QString>

namespace Roost {

/// What Roost remembers of a backup, or of the attempt to make one. No secrets.
struct BackupRecord
{
    enum class Origin {
        Made,      ///< somebody asked for it
        Safety,    ///< before a reset or a restore
        Scheduled, ///< by a timer, or with a number of backups to keep: retention may remove it
        Imported   ///< made elsewhere
    };
    /// What was shown so far, each with all before it.
    enum class Proof {
        None,     ///< nothing says what the source held
        Read,     ///< read back whole and counted against the manifest of its snapshot, when it was made
        Restored, ///< restored, and every table, sequence and object compared
        Broken    ///< the last look found another content than was made, or a copy that differs
    };

    qint64 number =
        0; ///< counts up; later backups have higher ones whatever the clock said. 0: not in the catalogue yet
    Origin origin = Origin::Made;
    QString file;       ///< absolute; empty when none was made
    QString instanceId; ///< of the saved connection, `practice`, `env:VARIABLE`; empty when unknown
    QString instanceName;
    QString host;
    QString database;
    QDateTime takenAt; ///< UTC; of a failure: when it ended
    qint64 sizeBytes = 0;
    QByteArray sha256; ///< hexadecimal; empty when unknown
    QString serverVersion;
    QString toolVersion;
    int tables = 0;
    qint64 rows = -1; ///< -1: unknown
    Proof proof = Proof::None;
    QDateTime provenAt; ///< UTC, when `proof` was found out; null for None
    QString note;       ///< the user's
    QString secondCopy; ///< absolute, of a copy that was read back; empty when there is none
    QString problem;    ///< of a failure or of Proof::Broken: what happened, translated
    QString log;        ///< of a failure

    bool isFailure() const { return file.isEmpty(); }
    /// What commands and windows call it: "b12".
    QString id() const;
    /// The number of such an id, or 0.
    static qint64 numberOf(const QString &id);
};

/// The list of all backups, in Roost's SQLite file. Each call opens the file in the calling thread and closes it, as
/// ProfileStore does: short, but not on the GUI thread. It holds what was found out; whether a file is still there is
/// for the caller to look.
class BackupCatalog
{
public:
    explicit BackupCatalog(QString file);

    /// The latest first.
    [[nodiscard]] Result<QList<BackupRecord>> all() const;
    /// NotFound.
    [[nodiscard]] Result<BackupRecord> byNumber(qint64 number) const;
    /// Adds the record; its number. A file that is listed already is replaced: names are used again only when the old
    /// file is gone.
    [[nodiscard]] Result<qint64> add(const BackupRecord &record) const;
    /// Everything but number, origin and source. NotFound.
    [[nodiscard]] Result<void> update(const BackupRecord &record) const;
    [[nodiscard]] Result<void> remove(qint64 number) const;

private:
    QString m_file;
};

} // namespace Roost
