#pragma once

#include "operations/tableimport.h"

#include <QByteArray>

namespace Roost {

/// The beginning of a separated file, taken apart without complaint: for recognising how it is written, and for showing
/// it.
struct ImportSample
{
    struct Cell
    {
        QByteArray text; ///< without quotes
        bool isQuoted = false;
        bool isProper = true; ///< its quotes, if any, are as they should be
    };
    struct Record
    {
        qint64 line = 0; ///< where it begins
        QList<Cell> cells;
        bool isBlank() const { return cells.size() == 1 && cells.first().text.isEmpty() && !cells.first().isQuoted; }
    };
    QList<Record> records;

    /// `quote` 0: none. At most so many records.
    static ImportSample split(QByteArrayView text, char delimiter, char quote, qsizetype most);
    /// COPY's text format; a NULL's text is null.
    static ImportSample splitCopyText(QByteArrayView text, qsizetype most);
};

/// How the text of a separated file is written: format, delimiter, quote, header. The encoding is not its business.
[[nodiscard]] ImportDialect recogniseSeparated(QByteArrayView text, const QStringList &columnNames);
/// True when the first record looks like names and not like a row.
[[nodiscard]] bool looksLikeHeader(const ImportSample &sample, const QStringList &columnNames);
/// For comparing names: in lower case, without blanks, hyphens and underscores.
[[nodiscard]] QString plainName(const QString &name);

} // namespace Roost
