#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "operations/backup.h"
#include "operations/toolmessages.h"
#include "process/pgtoolchain.h"
#include "process/processrunner.h"

#include <QList>
#include <QString>

#include <functional>

namespace Roost {

/// The data of one table in an archive, as a full read found it.
struct ArchivedTable
{
    QString schema;
    QString name;
    qint64 rows = 0;
    qint64 bytes = 0; ///< as text, the way the server counts them in pg_stat_progress_copy
};

/// An archive of pg_dump, opened once: every later look at it is at the same inode, whatever stands at the path by
/// then.
class ArchiveFile
{
public:
    /// By its content, never by its name. NotFound, NotAllowed, FileFailed; InvalidInput saying what it is instead.
    [[nodiscard]] static Result<ArchiveFile> open(const QString &path);
    /// Takes a file that is open already; it stays the caller's to close.
    [[nodiscard]] static ArchiveFile borrowed(const QString &path, int descriptor);
    ~ArchiveFile();
    ArchiveFile(ArchiveFile &&other) noexcept;
    ArchiveFile &operator=(ArchiveFile &&) = delete;
    ArchiveFile(const ArchiveFile &) = delete;
    ArchiveFile &operator=(const ArchiveFile &) = delete;

    const QString &path() const { return m_path; }
    qint64 size() const;
    /// Appends the archive as pg_restore's file argument and lets this child have the descriptor.
    void handTo(ProcessCommand &command) const;

    /// The table of contents, byte for byte as `pg_restore --list` writes it.
    [[nodiscard]] Result<QByteArray> list(const PgToolchain &toolchain, const JobContext &context) const;
    /// The same with `--verbose`: it says as well what each entry needs.
    [[nodiscard]] Result<QByteArray> listWithNeeds(const PgToolchain &toolchain, const JobContext &context) const;
    /// How much of the file was read (0 … 1), and how many bytes of text that gave.
    using ReadProgress = std::function<void(double fraction, qint64 bytes)>;
    /// Reads every byte of the data, unpacks it and counts. InvalidInput when it cannot be read to its end.
    [[nodiscard]] Result<QList<ArchivedTable>> readWhole(const PgToolchain &toolchain, const JobContext &context,
                                                         const ReadProgress &onProgress = {}) const;
    /// SHA-256 in hexadecimal. FileFailed, Cancelled.
    [[nodiscard]] Result<QByteArray> sha256(const JobContext &context,
                                            const std::function<void(double fraction)> &onProgress = {}) const;

private:
    Result<QList<ArchivedTable>> readByTool(const PgToolchain &toolchain, const JobContext &context,
                                            const ReadProgress &onProgress) const;
    Result<QByteArray> listing(const QStringList &options, const PgToolchain &toolchain,
                               const JobContext &context) const;
    ArchiveFile(QString path, int descriptor, bool isOwned);

    QString m_path;
    int m_descriptor = -1;
    bool m_isOwned = true;
};

} // namespace Roost
