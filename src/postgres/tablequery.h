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
    void append(std::optional<QByteArrayView> cell);     ///< cell after cell, row after row

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

    /// The statement; its parameters are `after`.
    [[nodiscard]] QString sql() const;
};

/// Reads one page: one round trip. Blocking.
[[nodiscard]] Result<RowPage> fetchPage(DatabaseConnection &connection, const TableQuery &query,
                                        const std::stop_token &stop = {});

} // namespace Roost
