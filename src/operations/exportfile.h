#pragma once

#include "core/result.h"

#include <QByteArrayView>
#include <QFile>
#include <QString>

namespace Roost {

/// The file that an export is written to: beside its final place under a name that nobody takes for the whole, removed
/// again unless publish() gave it its final name. For one thread.
class ExportFile
{
public:
    ExportFile(QString finalFile, bool overwrite);
    ~ExportFile();
    Q_DISABLE_COPY_MOVE(ExportFile)

    /// AlreadyExists, NotAllowed, FileFailed.
    [[nodiscard]] Result<void> create();
    /// Gathers small pieces. False when the disk refuses: error() says why.
    bool write(QByteArrayView bytes);
    qint64 written() const { return m_written; }
    /// For a library that writes the file by itself: its path.
    const QString &partialPath() const { return m_partialPath; }
    Error error() const; ///< of the last failure of the disk
    /// Flushes it to the disk and gives it its final name.
    [[nodiscard]] Result<void> publish();

private:
    Error errorOf(int systemError) const;
    bool flushBuffer();

    QString m_finalFile;
    QString m_partialPath;
    bool m_overwrite;
    QFile m_file;
    QByteArray m_buffer;
    qint64 m_written = 0;
    int m_systemError = 0;
};

} // namespace Roost
