#pragma once

#include "postgres/statement.h"
#include "postgres/tablequery.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace Roost {

/// The statement of a page, and how its result is laid out: the columns that are shown; then for each of longColumns
/// "size:beginning" where the value was too long, else NULL; then the place or the number, if there is one.
struct PageStatement
{
    SqlStatement statement;
    QList<qsizetype> longColumns;
    bool hasPlace = false;   ///< the row's ctid
    bool hasNumber = false;  ///< the row's number from 0
    bool isReversed = false; ///< the rows come last first
};

/// What a search adds to a page.
struct RowSearch
{
    QString text;
    QStringList columns; ///< where to look; empty: everywhere
    bool backward = false;
};

/// `reach`: when rows are found by place and backwards, how many times the usual number of blocks to look into.
[[nodiscard]] PageStatement pageStatement(const TableQuery &query, qint64 reach = 1);
/// The next row that matches, and nothing else.
[[nodiscard]] PageStatement searchStatement(const TableQuery &query, const RowSearch &search);
/// The block of a ctid "(12,3)"; -1 when it is none.
[[nodiscard]] qint64 blockOf(const QString &place);
/// An expression for how many blocks the table has.
[[nodiscard]] QString blockCount(const TableId &table);

} // namespace Roost
