#include "postgres/pageorder.h"

namespace Roost {

namespace {

const QString separator = QStringLiteral(", ");

} // namespace

/// A column of the order with the value to stand behind; an empty `value` is NULL.
struct PageOrder::Place
{
    Column column;
    QString value;

    QString equal() const
    {
        return value.isEmpty() ? nullTest(column.column, column.reference)
                               : QStringLiteral("%1 = %2").arg(column.reference, value);
    }
    /// Behind by this column alone; `withNulls` false where the caller gets the rows with NULL in another way.
    QString behind(bool withNulls = true) const
    {
        if (value.isEmpty()) {
            return column.isDescending ? nullTest(column.column, column.reference, false) : QStringLiteral("false");
        }
        const QString sign = column.isDescending ? QStringLiteral("<") : QStringLiteral(">");
        const QString compared = QStringLiteral("%1 %2 %3").arg(column.reference, sign, value);
        return withNulls && column.mayBeNull && !column.isDescending
                   ? QStringLiteral("(%1 OR %2)").arg(compared, nullTest(column.column, column.reference))
                   : compared;
    }
};

PageOrder::PageOrder(const TableQuery &query)
{
    const bool byPlace = query.paging() == Paging::ByPlace;
    for (const SortColumn &one : query.order()) {
        Column column;
        column.column = columnNamed(query, one.column);
        column.reference = referenceTo(query, one.column);
        column.isDescending = one.descending;
        column.mayBeNull = !column.column.notNull && !query.keyColumns.contains(one.column);
        m_columns += column;
    }
    if (byPlace && !m_columns.isEmpty()) {
        m_columns.last().column.castType = QStringLiteral("pg_catalog.tid");
        m_columns.last().mayBeNull = false;
    }
}

PageOrder PageOrder::reversed() const
{
    PageOrder other = *this;
    for (Column &column : other.m_columns) {
        column.isDescending = !column.isDescending;
    }
    return other;
}

QString PageOrder::clause() const
{
    QStringList parts;
    for (const Column &column : m_columns) {
        parts += column.reference + (column.isDescending ? QStringLiteral(" DESC") : QString());
    }
    return parts.isEmpty() ? QString() : QStringLiteral(" ORDER BY ") + parts.join(separator);
}

QString PageOrder::chain(const QList<Place> &places, qsizetype from, bool isInclusive)
{
    if (from == places.size()) {
        return isInclusive ? QStringLiteral("true") : QStringLiteral("false");
    }
    const Place &place = places.at(from);
    if (from == places.size() - 1) {
        return isInclusive ? QStringLiteral("(%1 OR %2)").arg(place.behind(), place.equal()) : place.behind();
    }
    return QStringLiteral("(%1 OR (%2 AND %3))")
        .arg(place.behind(), place.equal(), chain(places, from + 1, isInclusive));
}

/// "(a, b) > ($1, $2)": what an index on both finds at once. Empty when the directions differ or NULL plays a part
/// behind the first column (the first one's NULLs are not among the rows that this finds).
QString PageOrder::rowComparison(const QList<Place> &places, bool isInclusive)
{
    QStringList references;
    QStringList values;
    for (qsizetype i = 0; i < places.size(); ++i) {
        const Place &place = places.at(i);
        if (place.value.isEmpty() || (i > 0 && place.column.mayBeNull) ||
            place.column.isDescending != places.constFirst().column.isDescending) {
            return {};
        }
        references += place.column.reference;
        values += place.value;
    }
    QString sign = places.constFirst().column.isDescending ? QStringLiteral("<") : QStringLiteral(">");
    if (isInclusive) {
        sign += u'=';
    }
    const QString form = places.size() == 1 ? QStringLiteral("%1 %2 %3") : QStringLiteral("(%1) %2 (%3)");
    return form.arg(references.join(separator), sign, values.join(separator));
}

QStringList PageOrder::behind(const QList<CellValue> &bound, bool isInclusive, StatementValues &values) const
{
    QList<Place> places;
    for (qsizetype i = 0; i < qMin(bound.size(), m_columns.size()); ++i) {
        const Column &column = m_columns.at(i);
        places += Place{column, bound.at(i) ? values.add(bound.at(i), column.column.castType) : QString()};
    }
    if (places.isEmpty()) {
        return {};
    }
    const Place &first = places.constFirst();
    const QString firstIsNull = nullTest(first.column.column, first.column.reference);
    if (first.value.isEmpty()) {
        const QString among = QStringLiteral("%1 AND %2").arg(firstIsNull, chain(places, 1, isInclusive));
        QStringList parts(among);
        if (first.column.isDescending) {
            parts += nullTest(first.column.column, first.column.reference, false);
        }
        return parts;
    }
    QString among = rowComparison(places, isInclusive);
    if (among.isEmpty()) {
        const QString sign = first.column.isDescending ? QStringLiteral("<=") : QStringLiteral(">=");
        among = QStringLiteral("%1 %2 %3 AND (%4 OR (%5 AND %6))")
                    .arg(first.column.reference, sign, first.value, first.behind(false), first.equal(),
                         chain(places, 1, isInclusive));
    }
    QStringList parts(among);
    if (first.column.mayBeNull && !first.column.isDescending) {
        parts += firstIsNull;
    }
    return parts;
}

} // namespace Roost
