#pragma once

#include "core/result.h"
#include "postgres/catalog.h"

#include <QByteArray>
#include <QList>

#include <optional>
#include <stop_token>
#include <vector>

namespace Roost {

class DatabaseConnection;

/// A column of a result, as the result itself names it.
struct ResultColumn
{
    QString name;
    QString type; ///< the short name: "int4", "varchar", "timestamptz"
    unsigned typeOid = 0;
    bool isNumeric = false; ///< shown at the right
};

/// Rows held compactly: one buffer of UTF-8 and one offset a cell. Cheap to move; safe to hand between threads.
class RowPage
{
public:
    QList<ResultColumn> columns;

    qsizetype rowCount() const { return columns.isEmpty() ? 0 : qsizetype(m_ends.size()) / columns.size(); }
    bool isNull(qsizetype row, qsizetype column) const;
    QByteArrayView utf8(qsizetype row, qsizetype column) const;
    QString text(qsizetype row, qsizetype column) const; ///< empty for NULL: ask isNull() first
    void append(std::optional<QByteArrayView> cell);     ///< cell after cell, row after row; 2 GB in all at most
    qsizetype byteCount() const { return m_bytes.size(); }
    /// The values of these columns in a row, as TableQuery::after wants them.
    QStringList texts(qsizetype row, const QStringList &columnNames) const;

    bool hasMore = false; ///< there are rows after this page

private:
    QByteArray m_bytes;
    std::vector<quint32> m_ends; ///< end offset; the top bit marks NULL
};

/// What to read of a table.
struct TableQuery
{
    TableId table;
    QStringList keyColumns; ///< from RelationInfo; empty: pages by offset
    int limit = 200;        ///< rows a page
    QStringList after;      ///< the key of the last row seen, as text; empty for the first page
    qint64 offset = 0;      ///< only used without a key

    /// The statement; its parameters are `after`. It asks for one row more than `limit`, to know of more. Without a key
    /// it names no order, as that would read the whole table for the first page.
    [[nodiscard]] QString sql() const;
};

/// Reads one page: one round trip (a second one the first time that a type of the database's own comes up, unless
/// CatalogReader has listed the table before). Blocking.
[[nodiscard]] Result<RowPage> fetchPage(DatabaseConnection &connection, const TableQuery &query,
                                        const std::stop_token &stop = {});

} // namespace Roost
