#include "storage/backupcatalog.h"

#include "storage/statefile.h"

#include <QCoreApplication>

#include <utility>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(BackupCatalog)
};

constexpr qsizetype longestLog = 64 * 1024;
constexpr int failuresKept = 200;

const QString columns = QStringLiteral(
    "origin, file, instance_id, instance_name, host, database, taken_at, size_bytes, sha256,"
    " server_version, tool_version, tables, row_count, proof, proven_at, note, second_copy, problem, log");

template <class T>
using Words = QList<std::pair<T, QString>>;

const Words<BackupRecord::Origin> originWords = {{BackupRecord::Origin::Made, QStringLiteral("made")},
                                                 {BackupRecord::Origin::Safety, QStringLiteral("safety")},
                                                 {BackupRecord::Origin::Scheduled, QStringLiteral("scheduled")},
                                                 {BackupRecord::Origin::Imported, QStringLiteral("imported")}};
const Words<BackupRecord::Proof> proofWords = {{BackupRecord::Proof::None, QStringLiteral("none")},
                                               {BackupRecord::Proof::Read, QStringLiteral("read")},
                                               {BackupRecord::Proof::Restored, QStringLiteral("restored")},
                                               {BackupRecord::Proof::Broken, QStringLiteral("broken")}};

template <class T>
QString wordOf(const Words<T> &words, T value)
{
    for (const auto &[each, word] : words) {
        if (each == value) {
            return word;
        }
    }
    return words.first().second;
}

/// An unknown word, of a later Roost, counts as the first: the one that promises least.
template <class T>
T valueOf(const Words<T> &words, const QString &word)
{
    for (const auto &[value, each] : words) {
        if (each == word) {
            return value;
        }
    }
    return words.first().first;
}

QString notNull(const QString &text)
{
    return text.isNull() ? QStringLiteral("") : text;
}

QString timeText(const QDateTime &time)
{
    return time.isValid() ? time.toUTC().toString(Qt::ISODateWithMs) : QStringLiteral("");
}

QVariantList valuesOf(const BackupRecord &record)
{
    return {wordOf(originWords, record.origin),
            notNull(record.file),
            notNull(record.instanceId),
            notNull(record.instanceName),
            notNull(record.host),
            notNull(record.database),
            timeText(record.takenAt),
            record.sizeBytes,
            notNull(QString::fromLatin1(record.sha256)),
            notNull(record.serverVersion),
            notNull(record.toolVersion),
            record.tables,
            record.rows,
            wordOf(proofWords, record.proof),
            timeText(record.provenAt),
            notNull(record.note),
            notNull(record.secondCopy),
            notNull(record.problem),
            notNull(record.log.right(longestLog))};
}

BackupRecord recordFrom(const QSqlQuery &row)
{
    const auto text = [&row](int column) { return row.value(column).toString(); };
    BackupRecord record;
    record.number = row.value(0).toLongLong();
    record.origin = valueOf(originWords, text(1));
    record.file = text(2);
    record.instanceId = text(3);
    record.instanceName = text(4);
    record.host = text(5);
    record.database = text(6);
    record.takenAt = QDateTime::fromString(text(7), Qt::ISODateWithMs);
    record.sizeBytes = row.value(8).toLongLong();
    record.sha256 = text(9).toLatin1();
    record.serverVersion = text(10);
    record.toolVersion = text(11);
    record.tables = row.value(12).toInt();
    record.rows = row.value(13).toLongLong();
    record.proof = valueOf(proofWords, text(14));
    record.provenAt = QDateTime::fromString(text(15), Qt::ISODateWithMs);
    record.note = text(16);
    record.secondCopy = text(17);
    record.problem = text(18);
    record.log = text(19);
    return record;
}

Error notThere(qint64 number)
{
    return {ErrorCode::NotFound,
            Text::tr("There is no backup b%1 in the list. Perhaps it was removed meanwhile.").arg(number),
            {},
            {}};
}

} // namespace

QString BackupRecord::id() const
{
    return QStringLiteral("b%1").arg(number);
}

qint64 BackupRecord::numberOf(const QString &id)
{
    bool isNumber = false;
    const qint64 number = id.startsWith(u'b') ? id.mid(1).toLongLong(&isNumber) : 0;
    return isNumber && number > 0 && id == QStringLiteral("b%1").arg(number) ? number : 0;
}

BackupCatalog::BackupCatalog(QString file)
    : m_file(std::move(file))
{
}

Result<QList<BackupRecord>> BackupCatalog::all() const
{
    const auto state = StateFile::open(m_file, StateFile::Purpose::Read);
    if (!state) {
        return failure(state.error());
    }
    QList<BackupRecord> records;
    if (!*state) {
        return records;
    }
    auto rows = (*state)->run(QStringLiteral("SELECT number, %1 FROM backup ORDER BY number DESC").arg(columns));
    if (!rows) {
        return failure(rows.error());
    }
    while (rows->next()) {
        records += recordFrom(*rows);
    }
    return records;
}

Result<BackupRecord> BackupCatalog::byNumber(qint64 number) const
{
    const auto state = StateFile::open(m_file, StateFile::Purpose::Read);
    if (!state) {
        return failure(state.error());
    }
    if (!*state) {
        return failure(notThere(number));
    }
    auto rows = (*state)->run(QStringLiteral("SELECT number, %1 FROM backup WHERE number = ?").arg(columns), {number});
    if (!rows) {
        return failure(rows.error());
    }
    return rows->next() ? Result<BackupRecord>(recordFrom(*rows)) : failure(notThere(number));
}

Result<qint64> BackupCatalog::add(const BackupRecord &record) const
{
    const auto state = StateFile::open(m_file, StateFile::Purpose::Write);
    if (!state) {
        return failure(state.error());
    }
    if (!record.isFailure()) {
        const auto forgotten = (*state)->run(QStringLiteral("DELETE FROM backup WHERE file = ?"), {record.file});
        if (!forgotten) {
            return failure(forgotten.error());
        }
    }
    const auto added = (*state)->run(QStringLiteral("INSERT INTO backup (%1) VALUES"
                                                    " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                                         .arg(columns),
                                     valuesOf(record));
    if (!added) {
        return failure(added.error());
    }
    if (record.isFailure()) {
        const auto swept = (*state)->run(
            QStringLiteral("DELETE FROM backup WHERE file = '' AND number NOT IN (SELECT number FROM backup"
                           " WHERE file = '' ORDER BY number DESC LIMIT %1)")
                .arg(failuresKept));
        if (!swept) {
            return failure(swept.error());
        }
    }
    return added->lastInsertId().toLongLong();
}

Result<void> BackupCatalog::update(const BackupRecord &record) const
{
    const auto state = StateFile::open(m_file, StateFile::Purpose::Write);
    if (!state) {
        return failure(state.error());
    }
    const auto done =
        (*state)->run(QStringLiteral("UPDATE backup SET file = ?, size_bytes = ?, sha256 = ?, proof = ?,"
                                     " proven_at = ?, note = ?, second_copy = ?, problem = ?"
                                     " WHERE number = ?"),
                      {notNull(record.file), record.sizeBytes, notNull(QString::fromLatin1(record.sha256)),
                       wordOf(proofWords, record.proof), timeText(record.provenAt), notNull(record.note),
                       notNull(record.secondCopy), notNull(record.problem), record.number});
    if (!done) {
        return failure(done.error());
    }
    return done->numRowsAffected() == 1 ? Result<void>() : failure(notThere(record.number));
}

Result<void> BackupCatalog::remove(qint64 number) const
{
    const auto state = StateFile::open(m_file, StateFile::Purpose::Read);
    if (!state) {
        return failure(state.error());
    }
    if (!*state) {
        return {};
    }
    const auto done = (*state)->run(QStringLiteral("DELETE FROM backup WHERE number = ?"), {number});
    return done ? Result<void>() : failure(done.error());
}

} // namespace Roost
