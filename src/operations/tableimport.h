#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "postgres/catalog.h"
#include "postgres/cellvalue.h"

#include <QString>

#include <optional>

namespace Roost {

class DatabaseConnection;

/// Csv: with quotes, whatever the delimiter, so a spreadsheet's tabs are Csv too. Tsv: as COPY writes it in its text
/// format, with `\t` and `\N`. NdJson: an object a line.
enum class ImportFormat { Csv, Tsv, NdJson };

/// How a file is written: recognised by inspectImport(), changed by the user.
struct ImportDialect
{
    ImportFormat format = ImportFormat::Csv;
    QString encoding = QStringLiteral("UTF-8"); ///< UTF-8, UTF-16LE, UTF-16BE, windows-1252 (ISO-8859-1)
    bool hasByteOrderMark = false;
    QChar delimiter = u',';
    QChar quote = u'"'; ///< null: there are none
    bool hasHeader = true;
    QString nullText; ///< besides an empty unquoted field, which is NULL (Csv); Tsv: instead of `\N`
    bool operator==(const ImportDialect &) const = default;
};
[[nodiscard]] QString importFormatName(ImportFormat format);

/// What a file looks like, before anything is read in.
struct ImportPreview
{
    ImportDialect dialect;
    QStringList header;           ///< names of the fields; "1", "2" … without a header line; the keys of NdJson
    QList<QList<CellValue>> rows; ///< the first 100, also of a file with a problem
    QList<qint64> lines;          ///< where each of them begins
    qint64 fileBytes = 0;
    qint64 estimatedRows = 0;     ///< exact when `isWhole`
    bool isWhole = false;         ///< the file was looked at to its end
    std::optional<Error> problem; ///< the first thing wrong in what was looked at, with its line
    qint64 problemLine = 0;
    QString likelyNull; ///< a text that looks as if it stood for NULL ("\N", "NULL"), if nullText is not that
};

/// Looks at a file's beginning (1 MB at most; the keys of NdJson in 16 MB). `known` is taken as it is; otherwise
/// format, encoding, delimiter, quote and header are recognised, with the help of the table's column names if there are
/// any. NotFound, FileFailed; InvalidInput for a file that is none of these formats at all, or empty.
[[nodiscard]] Result<ImportPreview> inspectImport(const QString &file, const std::optional<ImportDialect> &known = {},
                                                  const QStringList &columnNames = {});

enum class OnConflict {
    Fail,  ///< a row whose key is there already ends the import
    Skip,  ///< it is left as it is
    Update ///< it takes the file's values
};

struct ImportRequest
{
    QString file;
    ImportDialect dialect;
    TableId table;
    QList<QString> mapping; ///< for each field of the file the column it goes to; empty: left out
    /// What the mapping's fields are called, as ImportPreview::header: a file whose header is another one is refused.
    /// NdJson: every key that may occur. Empty: as inspectImport() finds them.
    QStringList fields = {};
    OnConflict onConflict = OnConflict::Fail;
};

struct ImportReport
{
    qint64 rowsRead = 0;
    qint64 inserted = 0;
    qint64 updated = 0;
    qint64 skipped = 0;       ///< for their key, or by a trigger of the table
    QStringList sequencesSet; ///< "birds_id_seq: 42"
};

/// Fields to columns by name (case, blanks and underscores aside); what fits nowhere, or twice, is empty. Without a
/// header ("1", "2" …) in order, if there are as many fields as columns that can be filled.
[[nodiscard]] QStringList suggestMapping(const QStringList &header, const TableDescription &table);

/// Reads the file into the table: all of it in one transaction, or nothing. Every line is checked on the way (its
/// number of fields, quotes, encoding, NUL) and sent by COPY; memory does not grow with the file, one field may be 50
/// MB. The rows copied are compared with the rows read before COMMIT. Sequences of the columns that got explicit values
/// are set behind the highest. A missing key of NdJson takes the column's default, null is NULL.
///
/// An error names the line (counted from 1, as an editor shows it), the column where it is known, and the reason:
/// InvalidInput for the file, ServerRefused for a value or constraint. The table is then unchanged. When the connection
/// is lost during COMMIT, a new one asks what became of it; only if that fails too, the error (ConnectionLost) says
/// that it is unknown. On a connection without an open transaction.
[[nodiscard]] Result<ImportReport> importTable(DatabaseConnection &connection, const ImportRequest &request,
                                               JobContext &context);

/// Reads the whole file and checks each value against its column's type on the server, without changing anything: the
/// dialog's "Check". Keys, references and other constraints are not checked. Several wrong values are found: the first
/// is the error's message, the others are lines of its detail.
[[nodiscard]] Result<ImportReport> checkImport(DatabaseConnection &connection, const ImportRequest &request,
                                               JobContext &context);

} // namespace Roost
