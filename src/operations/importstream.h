#pragma once

#include "core/result.h"
#include "operations/importfile.h"
#include "operations/ndjsonscanner.h"
#include "operations/recordscanner.h"
#include "operations/tableimport.h"

#include <memory>
#include <stop_token>
#include <vector>

namespace Roost {

/// A file, how it is written, and what of it is sent.
struct ImportSource
{
    QString file;
    ImportDialect dialect;
    QStringList fields;     ///< as many as each record has
    std::vector<bool> sent; ///< as many
    NdJsonForm json;        ///< NdJson only

    /// What COPY is told of the data that an ImportStream gives: "FORMAT csv, …".
    [[nodiscard]] QString copyOptions() const;
    /// Why a dialect cannot be read; nothing if it can.
    [[nodiscard]] static std::optional<Error> dialectProblem(const ImportDialect &dialect);
};

/// The data for one COPY, made from a file piece by piece. For one thread.
class ImportStream
{
public:
    /// The first `skipRecords` records are checked and not sent.
    [[nodiscard]] static Result<std::unique_ptr<ImportStream>> open(const ImportSource &source, qint64 skipRecords = 0);

    /// Empty at the end, and when all is given that comes before a problem. Valid until the next call.
    [[nodiscard]] QByteArray next();
    /// Known once next() has given everything that comes before it.
    const std::optional<Error> &problem() const { return m_problem; }
    qint64 problemLine() const { return m_problemLine; }                    ///< 0: it is not about a line
    qint64 records() const { return m_scanner ? m_scanner->records() : 0; } ///< read so far, skipped ones too
    qint64 bytesRead() const { return m_file->bytesRead(); }
    qint64 fileBytes() const { return m_file->size(); }

private:
    friend class RecordSearch;
    ImportStream() = default;
    void readBlock();
    void makeScanner();
    bool scan(QByteArray &block);

    ScanPlan m_plan;
    ImportSource m_source;
    std::unique_ptr<ImportFile> m_file;
    std::unique_ptr<RecordScanner> m_scanner;
    std::optional<Error> m_problem;
    std::optional<Error> m_found; ///< the problem, while there is something to be given
    QByteArray m_block;
    qint64 m_problemLine = 0;
    qsizetype m_given = 0; ///< of m_block
    bool m_isAtEnd = false;
};

/// Where a record stands in the file, found by reading it again.
struct RecordPlace
{
    qint64 record = 0; ///< counted from 1, without the header
    qint64 line = 0;   ///< of the file, from 1, where it begins
};
/// The record that COPY was at in line `copyLine` of its data; nothing when there is none. `skipped`: as given to
/// ImportStream::open().
[[nodiscard]] std::optional<RecordPlace> findCopyLine(const ImportSource &source, qint64 skipped, qint64 copyLine,
                                                      const std::stop_token &stop);
[[nodiscard]] std::optional<RecordPlace> findRecord(const ImportSource &source, qint64 record,
                                                    const std::stop_token &stop);

} // namespace Roost
