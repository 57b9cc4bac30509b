#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "postgres/catalog.h"
#include "postgres/cellvalue.h"

#include <QString>

#include <optional>

namespace Roost {

class DatabaseConnection;

enum class ImportFormat { Csv, Tsv, NdJson };

/// How a file is written: recognised by inspectImport(), changed by the user.
struct ImportDialect
{
    ImportFormat format = ImportFormat::Csv;
    QString encoding = QStringLiteral("UTF-8"); ///< UTF-8, UTF-16LE, UTF-16BE, windows-1252 (ISO-8859-1)
    bool hasByteOrderMark = false;
    QChar delimiter = u',';
    QChar quote = u'"';
    bool hasHeader = true;
    QString nullText; ///< besides an empty unquoted field, which is NULL (Csv); `\N` (Tsv as COPY writes it)
};

/// What a file looks like, before anything is read in.
struct ImportPreview
{
    ImportDialect dialect;
    QStringList header;           ///< names of the fields; "1", "2" … without a header line; the keys of NdJson
    QList<QList<CellValue>> rows; ///< the first 100
    qint64 fileBytes = 0;
    std::optional<Error> problem; ///< the first thing wrong in what was looked at, with its line
};

/// Looks at a file's beginning (1 MB at most). `known` overrides what would be recognised.
[[nodiscard]] Result<ImportPreview> inspectImport(const QString &file, const std::optional<ImportDialect> &known = {});

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
    OnConflict onConflict = OnConflict::Fail;
};

struct ImportReport
{
    qint64 rowsRead = 0;
    qint64 inserted = 0;
    qint64 updated = 0;
    qint64 skipped = 0;
    QStringList sequencesSet; ///< "birds_id_seq: 42"
};

/// Fields to columns by name (case, blanks and underscores aside); what fits nowhere is empty.
[[nodiscard]] QStringList suggestMapping(const QStringList &header, const TableDescription &table);

/// Reads the file into the table: all of it in one transaction, or nothing. Every line is checked on the way (its
/// number of fields, quotes, encoding, NUL) and sent by COPY; memory does not grow with the file, one field may be 50
/// MB. The rows copied are compared with the rows read before COMMIT. Sequences of the columns that got explicit values
/// are set behind the highest. An error names the line (counted from 1, as an editor shows it), the column where it is
/// known, and the reason: InvalidInput for the file, ServerRefused for a value or constraint.
[[nodiscard]] Result<ImportReport> importTable(DatabaseConnection &connection, const ImportRequest &request,
                                               JobContext &context);

/// Reads the whole file and checks each value against its column's type on the server, without changing anything: the
/// dialog's "Check".
[[nodiscard]] Result<ImportReport> checkImport(DatabaseConnection &connection, const ImportRequest &request,
                                               JobContext &context);

} // namespace Roost
