#pragma once

#include "core/result.h"
#include "operations/importencoding.h"

#include <QByteArray>
#include <QDateTime>
#include <QFile>
#include <QString>

#include <atomic>
#include <memory>

namespace Roost {

/// A text file, read from front to back in pieces of about a megabyte: UTF-8 whatever the file's encoding, without byte
/// order mark, each piece whole lines.
class ImportFile
{
public:
    [[nodiscard]] static Result<std::unique_ptr<ImportFile>> open(const QString &path, TextEncoding encoding);

    struct Block
    {
        QByteArray text; ///< ends with a line end, unless `problem` cuts it; empty at the file's end
        QString problem; ///< why the text that follows is none: bytes that are no characters, NUL
        bool isEnd() const { return text.isEmpty() && problem.isEmpty(); }
    };
    [[nodiscard]] Result<Block> next();

    /// The file's lines end with a carriage return alone. Known after the first next().
    bool usesCarriageReturns() const { return m_lineEnd == '\r'; }
    qint64 bytesRead() const { return m_bytesRead; } ///< any thread
    qint64 size() const { return m_size; }
    /// Conflict when the file is not what it was when it was opened.
    [[nodiscard]] Result<void> checkUnchanged() const;

private:
    explicit ImportFile(const QString &path, TextEncoding encoding);
    [[nodiscard]] Result<void> readMore();
    void findLineEnd();
    void check(Block &block) const;

    QFile m_file;
    TextEncoding m_encoding;
    TextDecoder m_decoder;
    QByteArray m_text; ///< decoded, not given out yet
    QString m_problem; ///< what ended the text
    QDateTime m_modified;
    qint64 m_size = 0;
    std::atomic<qint64> m_bytesRead = 0;
    char m_lineEnd = 0;
    bool m_isAtEnd = false;
};

} // namespace Roost
