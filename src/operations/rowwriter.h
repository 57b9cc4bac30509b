#pragma once

#include "core/result.h"
#include "operations/copytext.h"
#include "operations/jsontext.h"
#include "operations/tableexport.h"

#include <QByteArray>

#include <memory>
#include <vector>

namespace Roost {

/// A column of what is written out.
struct WrittenColumn
{
    QString name;
    unsigned typeOid = 0;
    bool isNumeric = false;
};

/// What a file is written for.
struct WrittenTable
{
    TableId id; ///< for INSERT
    QList<WrittenColumn> columns;
    bool hasHeader = true;
    bool overridesIdentity = false; ///< INSERT: an identity column that is always generated is among them
    QString closing;                ///< INSERT: statements for the end
};

/// Turns rows into one format, row by row; what it writes is appended to a buffer that the caller empties.
class RowWriter
{
public:
    virtual ~RowWriter() = default;
    virtual void begin(QByteArray &out) = 0;
    /// InvalidInput when the format cannot hold the row.
    [[nodiscard]] virtual Result<void> row(const std::vector<CopyTextLine::Cell> &cells, QByteArray &out) = 0;
    [[nodiscard]] virtual Result<void> end(QByteArray &out) = 0;
};

/// Of any format but Xlsx.
[[nodiscard]] std::unique_ptr<RowWriter> makeRowWriter(ExportFormat format, const WrittenTable &table);
/// Writes the file at `path` by itself, in constant memory.
[[nodiscard]] std::unique_ptr<RowWriter> makeXlsxWriter(const WrittenTable &table, const QString &path);

} // namespace Roost
