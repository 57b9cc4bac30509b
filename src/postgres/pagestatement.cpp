#include "postgres/pagestatement.h"

#include "postgres/longvalues.h"
#include "postgres/pageorder.h"
#include "postgres/whereclause.h"

namespace Roost {

namespace {

using From = TableQuery::From;
const QString separator = QStringLiteral(", ");
/// Names with a blank, for what stands beside the user's own columns.
const QString placeName = QStringLiteral("\"row place\"");
const QString numberName = QStringLiteral("\"row number\"");

/// Always true, and keeps helper processes away, with which a scan would not go in the order of the file: the planner
/// gives them no statement with this function, and nobody ever calls it.
const QString alone = QStringLiteral("(true OR pg_catalog.lastval() IS NULL)");

QString where(const QStringList &conditions)
{
    QStringList given = conditions;
    given.removeAll(QString());
    return given.isEmpty() ? QString() : QStringLiteral(" WHERE ") + given.join(QStringLiteral(" AND "));
}

QString limitClause(qint64 limit, qint64 offset = 0)
{
    return QStringLiteral(" LIMIT ") + QString::number(limit) +
           (offset > 0 ? QStringLiteral(" OFFSET ") + QString::number(offset) : QString());
}

/// Builds one statement: first the rows as they are (`rows()`), which are found and limited; then, where there is
/// something to shorten or to join, what is made of these few (`finished()`).
class PageWriter
{
public:
    explicit PageWriter(const TableQuery &query)
        : m_query(query)
        , m_table(query.table.quoted())
        , m_order(query)
        , m_paging(query.paging())
        , m_filter(whereClause(query, m_values))
    {
        for (const RowColumn &column : query.columns) {
            m_references += referenceTo(query, column.name);
        }
    }

    PageStatement byOrder();
    PageStatement byPlace(qint64 reach);
    PageStatement byOffset();
    PageStatement search(const RowSearch &search);
    PageStatement searchCounted(const RowSearch &search, const QString &matching);

private:
    QString columns() const;
    QString rows(const QStringList &conditions, const PageOrder &order, qint64 limit, qint64 offset = 0) const;
    QString joined(const QStringList &parts) const;
    QString match(const RowSearch &search);
    QString blockStart(const QString &last, qint64 reach) const;
    PageStatement finished(const QString &rows, const QString &order, bool mustWrap = false);

    const TableQuery &m_query;
    QString m_table;
    PageOrder m_order;
    Paging m_paging;
    StatementValues m_values;
    QString m_filter;
    QStringList m_references; ///< to the query's columns
};

/// All of the row, and where it stands when that will be asked.
QString PageWriter::columns() const
{
    QStringList names = m_references;
    if (names.isEmpty()) {
        names += QStringLiteral("*");
    }
    if (m_paging == Paging::ByPlace) {
        names += QStringLiteral("%1.ctid").arg(quoteIdentifier(m_query.table.name));
    }
    return names.join(separator);
}

QString PageWriter::rows(const QStringList &conditions, const PageOrder &order, qint64 limit, qint64 offset) const
{
    return QStringLiteral("SELECT ") + columns() + QStringLiteral(" FROM ") + m_table + where(conditions) +
           order.clause() + limitClause(limit, offset);
}

QString PageWriter::joined(const QStringList &parts) const
{
    return parts.size() == 1 ? parts.constFirst() : u'(' + parts.join(QStringLiteral(")\nUNION ALL\n(")) + u')';
}

/// Long values are shortened, and rows in several parts joined, after the rows were found: a long value is looked at
/// only in the rows of the page, and a view's expression is evaluated once.
PageStatement PageWriter::finished(const QString &rows, const QString &order, bool mustWrap)
{
    PageStatement page;
    page.hasPlace = m_paging == Paging::ByPlace;
    page.hasNumber = m_paging == Paging::ByOffset && mustWrap;
    QStringList shown;
    QStringList hidden;
    for (qsizetype i = 0; i < m_query.columns.size(); ++i) {
        const RowColumn &column = m_query.columns.at(i);
        const QString &reference = m_references.at(i);
        if (LongValues::isShortened(m_query, column)) {
            shown += LongValues::shortValue(column, reference) + QStringLiteral(" AS ") + quoteIdentifier(column.name);
            hidden += LongValues::beginning(column, reference);
            page.longColumns += i;
        } else {
            shown += reference;
        }
    }
    page.statement.parameters = m_values.values();
    if (page.longColumns.isEmpty() && !mustWrap) {
        page.statement.sql = rows;
        return page;
    }
    if (shown.isEmpty()) {
        shown += QStringLiteral("*"); // with the place or the number at its end
    } else if (page.hasPlace) {
        hidden += referenceTo(m_query, QStringLiteral("ctid"));
    } else if (page.hasNumber) {
        hidden += numberName;
    }
    page.statement.sql = QStringLiteral("SELECT %1 FROM (\n%2\n) AS %3%4")
                             .arg((shown + hidden).join(separator), rows, quoteIdentifier(m_query.table.name), order);
    return page;
}

PageStatement PageWriter::byOrder()
{
    const bool isReversed = m_query.from == From::Before || m_query.from == From::Last;
    const PageOrder order = isReversed ? m_order.reversed() : m_order;
    const qint64 limit = qint64(m_query.limit) + 1;
    QStringList ranges;
    if (m_query.from == From::After || m_query.from == From::Before || m_query.from == From::At) {
        ranges = order.behind(m_query.bound, m_query.from == From::At, m_values);
    }
    QStringList parts;
    for (const QString &range : ranges) {
        parts += rows({m_filter, range}, order, limit);
    }
    if (parts.isEmpty()) {
        parts += rows({m_filter}, order, limit, m_query.from == From::Offset ? m_query.offset : 0);
    }
    const bool isOne = parts.size() == 1;
    PageStatement page = finished(joined(parts), order.clause() + (isOne ? QString() : limitClause(limit)), !isOne);
    page.isReversed = isReversed;
    return page;
}

/// "(block,0)" so far before block `last` that about the page's rows are between; `last` itself is SQL.
QString PageWriter::blockStart(const QString &last, qint64 reach) const
{
    return QStringLiteral("pg_catalog.format('(%s,0)', GREATEST(0, %1 - (SELECT %2 * pg_catalog.ceil(%3 * "
                          "GREATEST(c.relpages, 1) / GREATEST(c.reltuples, 1))::pg_catalog.int8 + 1 FROM "
                          "pg_catalog.pg_class c WHERE c.oid = %4::pg_catalog.regclass)))::pg_catalog.tid")
        .arg(last, QString::number(reach), QString::number(qint64(m_query.limit) + 1), quoteLiteral(m_table));
}

/// Rows by their place in the file. Forwards the scan itself is the order; backwards a few blocks are read and sorted.
PageStatement PageWriter::byPlace(qint64 reach)
{
    const PageOrder &order = m_order;
    const qint64 limit = qint64(m_query.limit) + 1;
    const QString place = referenceTo(m_query, QStringLiteral("ctid"));
    const QString bound = m_query.bound.value(0).value_or(QStringLiteral("(0,0)"));
    if (m_query.from == From::Before || m_query.from == From::Last) {
        const bool isLast = m_query.from == From::Last;
        const QString last = isLast ? blockCount(m_query.table) : QString::number(qMax<qint64>(0, blockOf(bound)));
        const QString end =
            isLast ? QString()
                   : QStringLiteral("%1 < %2").arg(place, m_values.add(bound, QStringLiteral("pg_catalog.tid")));
        const QString start = QStringLiteral("%1 >= %2").arg(place, blockStart(last, reach));
        PageStatement page = finished(rows({m_filter, end, start}, order.reversed(), limit), order.reversed().clause());
        page.isReversed = true;
        return page;
    }
    QString start;
    if (m_query.from == From::After || m_query.from == From::At) {
        start = QStringLiteral("%1 %2 %3")
                    .arg(place, m_query.from == From::At ? QStringLiteral(">=") : QStringLiteral(">"),
                         m_values.add(bound, QStringLiteral("pg_catalog.tid")));
    }
    const qint64 offset = m_query.from == From::Offset ? m_query.offset : 0;
    return finished(QStringLiteral("SELECT ") + columns() + QStringLiteral(" FROM ") + m_table +
                        where({m_filter, start, alone}) + limitClause(limit, offset),
                    QString());
}

PageStatement PageWriter::byOffset()
{
    const qint64 number = m_query.bound.value(0).value_or(QString()).toLongLong();
    const qint64 page = m_query.limit;
    switch (m_query.from) {
    case From::Last: {
        // The number of rows is what the place of the last ones is counted from.
        const QString counted = QStringLiteral("SELECT GREATEST(0, pg_catalog.count(*) - %1) AS n FROM %2%3")
                                    .arg(QString::number(page), m_table, where({m_filter}));
        const QString found =
            QStringLiteral("SELECT %1, (SELECT n FROM \"rows before\") AS %2 FROM %3%4%5 LIMIT %6 OFFSET "
                           "(SELECT n FROM \"rows before\")")
                .arg(columns(), numberName, m_table, where({m_filter}), m_order.clause(), QString::number(page));
        PageStatement statement = finished(found, m_order.clause(), true);
        statement.statement.sql.prepend(QStringLiteral("WITH \"rows before\" AS (%1)\n").arg(counted));
        return statement;
    }
    case From::Before:
        return finished(rows({m_filter}, m_order, qMin(page, number), qMax<qint64>(0, number - page)),
                        m_order.clause());
    case From::After:
        return finished(rows({m_filter}, m_order, page + 1, number + 1), m_order.clause());
    case From::At:
        return finished(rows({m_filter}, m_order, page + 1, number), m_order.clause());
    default:
        return finished(rows({m_filter}, m_order, page + 1, m_query.from == From::Offset ? m_query.offset : 0),
                        m_order.clause());
    }
}

/// "any of the columns holds the text".
QString PageWriter::match(const RowSearch &search)
{
    const QString pattern = m_values.add(u'%' + escapedForLike(search.text) + u'%', QStringLiteral("text"));
    QStringList parts;
    for (const RowColumn &column : m_query.columns) {
        if (search.columns.isEmpty() || search.columns.contains(column.name)) {
            const QString text = outputText(column, referenceTo(m_query, column.name));
            parts += QStringLiteral("%1 ILIKE %2").arg(text, pattern);
        }
    }
    return parts.isEmpty() ? QStringLiteral("false") : u'(' + parts.join(QStringLiteral(" OR ")) + u')';
}

/// Rows that have only a number: they are counted first, for that number is all that finds them again.
PageStatement PageWriter::searchCounted(const RowSearch &search, const QString &matching)
{
    const QString name = quoteIdentifier(m_query.table.name);
    QString range;
    if (m_query.from == From::Offset || m_query.bound.value(0)) {
        const bool isOffset = m_query.from == From::Offset;
        const QString number =
            isOffset ? QString::number(m_query.offset) : QString::number(m_query.bound.constFirst()->toLongLong());
        const QString sign = search.backward ? QStringLiteral("<") : QStringLiteral(">");
        const bool isInclusive = isOffset || m_query.from == From::At;
        range = QStringLiteral("%1 %2 %3").arg(numberName, isInclusive ? sign + u'=' : sign, number);
    }
    const QString all =
        QStringLiteral("SELECT %1 FROM %2%3%4").arg(columns(), m_table, where({m_filter}), m_order.clause());
    const QString counted = QStringLiteral("SELECT *, pg_catalog.row_number() OVER () - 1 AS %1 FROM (\n%2\n) AS %3")
                                .arg(numberName, all, name);
    return finished(QStringLiteral("SELECT * FROM (\n%1\n) AS %2%3 ORDER BY %4%5 LIMIT 1")
                        .arg(counted, name, where({range, matching}), numberName,
                             search.backward ? QStringLiteral(" DESC") : QString()),
                    QString(), true);
}

PageStatement PageWriter::search(const RowSearch &search)
{
    const QString matching = match(search);
    if (m_paging == Paging::ByOffset) {
        return searchCounted(search, matching);
    }
    const PageOrder order = search.backward ? m_order.reversed() : m_order;
    if (m_query.from == From::Offset && m_query.offset > 0) {
        const QString some = QStringLiteral("SELECT %1 FROM %2%3%4%5")
                                 .arg(columns(), m_table, where({m_filter}), m_order.clause(),
                                      search.backward ? limitClause(m_query.offset + 1)
                                                      : QStringLiteral(" OFFSET ") + QString::number(m_query.offset));
        return finished(QStringLiteral("SELECT * FROM (\n%1\n) AS %2%3%4 LIMIT 1")
                            .arg(some, quoteIdentifier(m_query.table.name), where({matching}), order.clause()),
                        QString());
    }
    const bool isBounded = m_query.from == From::After || m_query.from == From::Before || m_query.from == From::At;
    const QStringList ranges =
        isBounded ? order.behind(m_query.bound, m_query.from == From::At, m_values) : QStringList{QString()};
    if (m_paging == Paging::ByPlace && m_query.sort.isEmpty() && !search.backward) {
        // In the order of the file, and not further than the first match.
        return finished(QStringLiteral("SELECT %1 FROM %2%3 LIMIT 1")
                            .arg(columns(), m_table, where({m_filter, ranges.value(0), alone, matching})),
                        QString());
    }
    QStringList parts;
    for (const QString &range : ranges) {
        parts += rows({m_filter, range, matching}, order, 1);
    }
    const bool isOne = parts.size() == 1;
    return finished(joined(parts), order.clause() + (isOne ? QString() : limitClause(1)), !isOne);
}

} // namespace

PageStatement searchStatement(const TableQuery &query, const RowSearch &search)
{
    return PageWriter(query).search(search);
}

PageStatement pageStatement(const TableQuery &query, qint64 reach)
{
    PageWriter writer(query);
    switch (query.paging()) {
    case Paging::ByKey:
        return writer.byOrder();
    case Paging::ByPlace:
        return query.sort.isEmpty() ? writer.byPlace(reach) : writer.byOrder();
    case Paging::ByOffset:
        break;
    }
    return writer.byOffset();
}

qint64 blockOf(const QString &place)
{
    bool isNumber = false;
    const qint64 block = place.section(u',', 0, 0).mid(1).toLongLong(&isNumber);
    return isNumber && place.startsWith(u'(') ? block : -1;
}

QString blockCount(const TableId &table)
{
    return QStringLiteral("pg_catalog.pg_relation_size(%1::pg_catalog.regclass) / "
                          "pg_catalog.current_setting('block_size')::pg_catalog.int8")
        .arg(quoteLiteral(table.quoted()));
}

} // namespace Roost
