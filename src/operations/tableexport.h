#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "postgres/statement.h"
#include "postgres/tablequery.h"

#include <QIODevice>
#include <QString>

namespace Roost {

class DatabaseConnection;

enum class ExportFormat { Csv, Tsv, Json, NdJson, SqlInsert, SqlCopy, Xlsx, Markdown };
/// By a file's name: "birds.csv"; Csv when it says nothing.
[[nodiscard]] ExportFormat exportFormatOf(const QString &file);

/// What to write where.
struct ExportRequest
{
    TableQuery query;    ///< table, columns, sort, filter; its limit and bound do not count
    QString sql;         ///< a query instead of a table, when not empty
    QStringList columns; ///< which, in which order; empty: all
    ExportFormat format = ExportFormat::Csv;
    QString file; ///< absolute; written under another name and renamed when whole
    bool overwrite = false;
    bool header = true;       ///< Csv, Tsv, Xlsx
    QChar delimiter;          ///< Csv; null: a comma
    qint64 expectedRows = -1; ///< for the progress; an estimate will do
};

struct ExportReport
{
    QString file;
    qint64 rows = 0;
    qint64 bytes = 0;
    bool hasFormulas = false; ///< Csv, Tsv: a value starts with = + - @, which spreadsheets run
};

/// Writes the rows. CSV, TSV and SQL COPY are the server's own COPY, byte for byte; memory does not grow with the rows
/// (XLSX: constant-memory mode). The number of rows written is compared with what the server says before the file gets
/// its name. AlreadyExists, FileFailed, DiskFull, InvalidInput (XLSX: more than 1,048,575 rows or a text longer than
/// 32,767 characters), and what the server refuses.
[[nodiscard]] Result<ExportReport> exportTable(DatabaseConnection &connection, const ExportRequest &request,
                                               JobContext &context);

/// The same formats for a few rows in memory: the clipboard. Xlsx is not one of them.
[[nodiscard]] QString formatRows(ExportFormat format, const TableId &table, const QList<RowColumn> &columns,
                                 const QList<QList<CellValue>> &rows, bool header);

} // namespace Roost
