#pragma once

#include "core/error.h"

#include <QByteArray>
#include <QStringList>

#include <limits>
#include <optional>
#include <vector>

namespace Roost {

/// What a scanner is to make of a file's records.
struct ScanPlan
{
    QStringList fields;     ///< their names, for what is said; as many as each record must have
    std::vector<bool> sent; ///< as many: which of them COPY gets
    bool hasHeader = false;
    bool usesCarriageReturns = false; ///< lines end with one alone
    qint64 skipRecords = 0;           ///< this many records are checked and not sent
    // To find a record again: scanning stops behind it.
    qint64 untilRecord = std::numeric_limits<qint64>::max();   ///< counted from 1, skipped ones too
    qint64 untilCopyLine = std::numeric_limits<qint64>::max(); ///< the line of the data sent, as COPY counts them
};

/// Checks the records of a file while they pass, and makes of them what COPY takes. Blocks are whole lines; fields of
/// many lines go through in as many blocks as they come in.
class RecordScanner
{
public:
    virtual ~RecordScanner() = default;

    /// `block` holds afterwards what COPY gets. False when something is wrong, or the record looked for was found; what
    /// comes before that is still in `block`.
    [[nodiscard]] virtual bool scan(QByteArray &block) = 0;
    /// After the last block: false when something is missing.
    [[nodiscard]] virtual bool finish() = 0;

    const std::optional<Error> &problem() const { return m_problem; }
    qint64 problemLine() const { return m_problemLine; }
    /// What was looked for: the line that the record begins in.
    std::optional<qint64> foundLine() const { return m_foundLine; }
    qint64 records() const { return m_records; } ///< without the header, skipped ones too
    qint64 line() const { return m_line; }       ///< of the file, from 1: where scanning stands

protected:
    bool fail(qint64 line, const QString &reason);

    std::optional<Error> m_problem;
    std::optional<qint64> m_foundLine;
    qint64 m_problemLine = 0;
    qint64 m_records = 0;
    qint64 m_line = 1;
};

/// Records of fields with a delimiter between them, a line each or more. What COPY takes as it stands is passed through
/// without a copy.
class SeparatedScanner : public RecordScanner
{
public:
    bool scan(QByteArray &block) override;
    bool finish() override;

protected:
    SeparatedScanner(ScanPlan plan, char delimiter);

    /// Scans from m_at to m_end, as far as it goes.
    virtual void run() = 0;
    void beginField()
    {
        m_fieldStart = m_at;
        if (m_dropsAny) {
            beginDropping();
        }
    }
    /// At a delimiter or line end. False when the block ended, or something is wrong.
    bool endField()
    {
        const bool isDelimiter = *m_at == m_delimiter;
        if (m_dropsAny) {
            endDropping(isDelimiter);
        }
        if (!isDelimiter) {
            return endRecord();
        }
        ++m_field;
        ++m_at;
        return true;
    }
    bool isSending() const { return m_isSending; }
    /// Sends `text` instead of what stands from `from` to `to`.
    void replace(const char *from, const char *to, QByteArrayView text);
    QString fieldName(qsizetype field) const;
    /// What begins at `text`, as far as a message has room.
    QString excerpt(const char *text) const;

    const ScanPlan m_plan;
    const char m_delimiter;
    const char *m_at = nullptr;
    const char *m_end = nullptr;
    const char *m_fieldStart = nullptr; ///< null when it began in an earlier block
    qsizetype m_field = 0;              ///< the one that m_at is in
    qint64 m_recordLine = 1;            ///< where the record began
    qint64 m_copyLine = 0;              ///< lines sent, as COPY counts them
    char m_copyLineEnd = 0;             ///< of the first record sent: '\n', '\r', or 'B' for both
    qsizetype m_sentFields = 0;
    bool m_isHeader = false;

private:
    void beginDropping();
    void endDropping(bool isDelimiter);
    bool endRecord();
    void flushTo(const char *upTo);
    bool checkCount();
    bool passLineEnd(const char **after);
    void unifyLineEnd(const char *after);
    bool isBlankRecord();
    void startSending(const char *from);
    void markRecord();
    void takeOutput(QByteArray &block);

    std::vector<bool> m_keepsDelimiter; ///< behind each field
    QByteArray m_out;
    const char *m_kept = nullptr; ///< from here on nothing is sent yet
    // The same where the record begins, null when that was in an earlier block: of a bad record nothing is sent.
    const char *m_recordStart = nullptr;
    const char *m_recordKept = nullptr;
    qsizetype m_recordOut = 0;
    qint64 m_blankLine = 0; ///< the first of the empty lines just passed; 0 when there is none
    bool m_isEdited = false;
    bool m_isAtRecord = true;  ///< the block ended where a record does
    bool m_isDropping = false; ///< the field is not sent
    bool m_isSending = true;   ///< false in the header, and while records are skipped
    bool m_dropsAny = false;   ///< not every field is sent
};

} // namespace Roost
