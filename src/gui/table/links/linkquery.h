#pragma once

#include "postgres/catalog.h"
#include "postgres/cellvalue.h"
#include "postgres/statement.h"

namespace Roost {

/// The list of rows that a foreign key may refer to: what is shown of them and how they are searched.
struct LinkQuery
{
    static constexpr int pageSize = 100;

    ForeignKey key;
    QList<RowColumn> keyColumns; ///< the columns referred to, in the key's order
    QList<RowColumn> telling;    ///< what tells the rows apart for a person: a name, a title …

    /// Chooses the columns from all of the referred table's. Empty keyColumns when one of them is missing there.
    [[nodiscard]] static LinkQuery make(const ForeignKey &key, const QList<RowColumn> &columns);

    /// Rows whose telling columns contain `search` (case alike) or whose key starts with it, by key: the columns
    /// keyColumns, then telling. One more than pageSize tells that there are more. With `current` (a key) that row
    /// comes first, whatever is searched for; with `after` (a key) the page behind it, without `current`.
    [[nodiscard]] SqlStatement statement(const QString &search, const RowKey &current, const RowKey &after) const;
};

/// The statement that reads the columns of a table for make(); parameters: the schema, the table. Its answer is read by
/// linkColumn(), one row a column.
[[nodiscard]] SqlStatement linkColumnsStatement(const TableId &table);

} // namespace Roost
