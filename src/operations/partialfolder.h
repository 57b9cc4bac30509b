#pragma once

#include "core/result.h"

#include <QLockFile>
#include <QString>

#include <memory>

namespace Roost {

/// The private folder beside a backup's final place in which it is made: `name.partial-<uuid>`, 0700, locked while its
/// maker lives. It ends with this object, and whatever is in it with it, unless the archive was published before.
class PartialFolder
{
public:
    /// Makes the folder and an empty archive in it, 0600. FileFailed, NotAllowed, DiskFull.
    [[nodiscard]] static Result<std::unique_ptr<PartialFolder>> createBeside(const QString &finalFile);
    ~PartialFolder();
    PartialFolder(const PartialFolder &) = delete;
    PartialFolder &operator=(const PartialFolder &) = delete;

    QString archivePath() const;
    int archiveDescriptor() const { return m_descriptor; } ///< of the archive's inode, whatever the path says later
    qint64 archiveSize() const;

    /// What goes with the archive: it gets the archive's name and this ending ("b.dump.json"). Flushed here.
    [[nodiscard]] Result<void> addCompanion(const QByteArray &content, const QString &ending);
    /// Flushes the archive, gives it its final name, its companion first, and flushes the folder. Never over anything:
    /// AlreadyExists.
    [[nodiscard]] Result<void> publish();

    /// Removes the partial folders in `folder` whose makers are dead.
    static void sweepAbandoned(const QString &folder);

private:
    PartialFolder(QString finalFile, QString path);
    bool archiveIsOurs() const;
    QString companionPath() const;
    [[nodiscard]] Result<void> giveName(const QString &path, const QString &finalFile) const;

    QString m_finalFile;
    QString m_path;
    std::unique_ptr<QLockFile> m_lock;
    int m_descriptor = -1;
    QString m_companionEnding; ///< empty: there is none
};

} // namespace Roost
