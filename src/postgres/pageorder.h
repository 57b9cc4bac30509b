#pragma once

#include "postgres/tablequery.h"
#include "postgres/whereclause.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace Roost {

/// The order of a query's rows as SQL: how it is written, and which rows come behind a place in it. NULL stands where
/// the server puts it: above every value.
class PageOrder
{
public:
    explicit PageOrder(const TableQuery &query);

    bool isEmpty() const { return m_columns.isEmpty(); }
    /// The same upside down: what was before a place is now behind it.
    [[nodiscard]] PageOrder reversed() const;
    /// " ORDER BY …", or nothing.
    [[nodiscard]] QString clause() const;
    /// The rows behind `bound` (with those equal to it, when `isInclusive`), as one condition or two. Each is a range
    /// that an index which begins with the first column can find and walk in this order; the rows of the second come
    /// behind all those of the first. A bound may be shorter than the order.
    [[nodiscard]] QStringList behind(const QList<CellValue> &bound, bool isInclusive, StatementValues &values) const;

private:
    struct Column
    {
        RowColumn column;
        QString reference;
        bool isDescending = false;
        bool mayBeNull = true;
    };
    struct Place;
    static QString chain(const QList<Place> &places, qsizetype from, bool isInclusive);
    static QString rowComparison(const QList<Place> &places, bool isInclusive);
    QList<Column> m_columns;
};

} // namespace Roost
