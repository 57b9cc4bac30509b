#pragma once

#include "core/result.h"

#include <QDateTime>
#include <QJsonObject>
#include <QList>
#include <QString>

#include <functional>
#include <memory>
#include <mutex>

namespace Roost {

/// One line of a journal: what was about to be done, or was done, or was learned.
struct MigrationEvent
{
    qint64 sequence = 0; ///< from 1; orders events, whatever a clock said
    QDateTime at;        ///< UTC, of this computer
    QString step;        ///< MigrationStep's key; "plan" for the first
    QString kind;        ///< "plan", "begin", "note", "ask", "answer", "done", "failed", "reopened", "undone",
                         ///< "end"
    QJsonObject data;    ///< without secrets
};

/// The journal of one migration: a file of JSON lines, each with its sequence number and checksum, only ever added to,
/// and on the disk before append() returns. Whoever has it open holds its lock. Used by one thread at a time, but for
/// events(), which any may call. The lock is the kernel's, so it ends with its holder, however that ends.
class MigrationJournal
{
public:
    using Appended = std::function<void(const MigrationEvent &event)>;

    /// A new one, with its plan as the first event. AlreadyExists, DiskFull, FileFailed.
    [[nodiscard]] static Result<std::unique_ptr<MigrationJournal>> create(const QString &folder, const QString &id,
                                                                          const QJsonObject &plan);
    /// One that is there, to go on with. A last line that was cut off while it was written is taken away: what it said
    /// was not done yet. Conflict when another program has it open (its process is named); InvalidInput when a line in
    /// the middle is damaged; NotFound.
    [[nodiscard]] static Result<std::unique_ptr<MigrationJournal>> open(const QString &folder, const QString &id);
    /// Its events without the right to add any; also while another program has it open.
    [[nodiscard]] static Result<QList<MigrationEvent>> read(const QString &folder, const QString &id);
    /// Ids of all journals in the folder, the newest first.
    [[nodiscard]] static QStringList all(const QString &folder);
    /// The process that has it open; 0: none. Takes no lock itself, so nobody is kept out by asking.
    [[nodiscard]] static qint64 holder(const QString &folder, const QString &id);
    ~MigrationJournal();
    Q_DISABLE_COPY_MOVE(MigrationJournal)

    const QString &id() const { return m_id; }
    QString file() const;
    [[nodiscard]] QList<MigrationEvent> events() const;
    /// On the disk when it returns. DiskFull, FileFailed: nothing may be done then that the event announces.
    [[nodiscard]] Result<void> append(const QString &step, const QString &kind, const QJsonObject &data = {});
    /// Is told of each event, on the thread that appends it.
    void setOnAppended(Appended appended) { m_onAppended = std::move(appended); }

private:
    MigrationJournal(QString folder, QString id);
    Result<void> lock();
    Result<void> openFile(const QString &file, int moreFlags);
    int write(const QByteArray &line, bool beginsSomething);

    const QString m_folder;
    const QString m_id;
    int m_lock = -1;
    int m_descriptor = -1;
    qint64 m_wholeBytes = 0; ///< of the lines that are on the disk
    mutable std::mutex m_mutex;
    QList<MigrationEvent> m_events;
    Appended m_onAppended;
};

} // namespace Roost
