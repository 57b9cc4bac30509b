#pragma once

#include "core/connectionparameters.h"
#include "core/jobcontext.h"
#include "core/result.h"
#include "postgres/manifest.h"

#include <QDateTime>
#include <QString>
#include <QStringList>

namespace Roost {

struct BackupRequest
{
    ConnectionSpec source;
    QString file;            ///< absolute; must not exist. Its folder must.
    int lockWaitMs = 60'000; ///< how long to wait for a table that another session has locked
};

/// A dump that was read back whole.
struct Backup
{
    QString file;
    qint64 sizeBytes = 0;
    QByteArray sha256; ///< hexadecimal
    QString database;
    QString serverVersion; ///< "15.18"
    QString toolVersion;
    QDateTime takenAt; ///< UTC
    int tables = 0;    ///< with data in the dump, as counted by reading it back
    qint64 rows = 0;
    QStringList warnings; ///< translated
    Manifest manifest;    ///< what it holds; lies beside it, see manifestFileOf()
};

/// `pg_dump --format=custom` of one database into a new file: dumped into a private folder beside the target, read back
/// whole
/// (`pg_restore` to nothing), held against the manifest that was taken in the same snapshot, hashed, flushed, and only
/// then renamed; never over an existing file. Progress is the
/// server's own (pg_stat_progress_copy). Cancel or failure leave nothing behind. Blocking, on a worker thread.
[[nodiscard]] Result<Backup> backUp(const BackupRequest &request, JobContext &context);

/// A name for a backup of this database in this folder that is not taken: `bird_app_db-20261122-184512.dump`; UTC.
[[nodiscard]] QString suggestedBackupFile(const QString &folder, const QString &database);

/// Where the manifest of a backup lies: beside it.
[[nodiscard]] QString manifestFileOf(const QString &backup);
/// NotFound when there is none; InvalidInput when it is damaged.
[[nodiscard]] Result<Manifest> manifestOf(const QString &backup);

/// The top of the git work tree that holds the folder, or empty. Dumps there get committed by accident; the fix is a
/// line in .gitignore, which ignoreInGit() adds.
[[nodiscard]] QString gitWorkTree(const QString &folder);
/// True when git would not commit this file (a .gitignore line covers it), or there is no work tree.
[[nodiscard]] bool isIgnoredByGit(const QString &file);
/// Adds the pattern `*.dump` to the .gitignore of the work tree. FileFailed.
[[nodiscard]] Result<void> ignoreDumpsInGit(const QString &workTree);

/// What a dump says of itself.
struct DumpFile
{
    QString database;      ///< as the archive says
    QString serverVersion; ///< that it was dumped from
    QString toolVersion;
    QDateTime takenAt;  ///< UTC
    QStringList tables; ///< schema.name of tables with data
    int entries = 0;
};
/// What a file is, by its content (`PGDMP`), never by its name; reads the table of contents with `pg_restore --list`.
/// InvalidInput when it is no archive, saying what it is instead. ToolTooOld when the installed pg_restore has a known
/// hole that files of others could use.
[[nodiscard]] Result<DumpFile> inspectDump(const QString &file, JobContext &context);

} // namespace Roost
