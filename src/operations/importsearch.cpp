#include "operations/importsearch.h"

#include "postgres/databaseconnection.h"

namespace Roost {

namespace {

/// More tuples than fit into a page of any size.
constexpr qint64 tuplesOfPage = 4096;

QString placeOf(qint64 page, qint64 tuple)
{
    return QStringLiteral("'(%1,%2)'::pg_catalog.tid").arg(page).arg(tuple);
}

} // namespace

ImportSearch::ImportSearch(DatabaseConnection &connection, const ImportTarget &target, const QStringList &columns,
                           const ImportLoad &load, const std::stop_token &stop)
    : m_connection(connection)
    , m_target(target)
    , m_columns(columns)
    , m_load(load)
    , m_stop(stop)
{
}

qint64 ImportSearch::number(const QString &sql, const QVariantList &parameters)
{
    Result<QSqlQuery> rows = m_connection.query(sql, parameters, m_stop);
    return rows && rows->next() ? rows->value(0).toLongLong() : 0;
}

/// COPY filled the stage from its beginning: places are in the order of the file.
qint64 ImportSearch::recordAt(const QString &place)
{
    return number(
        QStringLiteral("SELECT pg_catalog.count(*) FROM %1 WHERE ctid <= %2").arg(ImportLoad::stage(), place));
}

qint64 ImportSearch::dangling(const ServerMessage &message)
{
    Result<QSqlQuery> columns = m_connection.query(
        QStringLiteral("SELECT a.attname, f.attname, c.confrelid::pg_catalog.regclass,"
                       " c.confrelid = c.conrelid FROM pg_catalog.pg_constraint c"
                       " JOIN pg_catalog.pg_class r ON r.oid = c.conrelid"
                       " JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace,"
                       " ROWS FROM (pg_catalog.unnest(c.conkey), pg_catalog.unnest(c.confkey)) u (mine, theirs)"
                       " JOIN pg_catalog.pg_attribute a ON a.attnum = u.mine"
                       " JOIN pg_catalog.pg_attribute f ON f.attnum = u.theirs"
                       " WHERE c.conname = $1 AND n.nspname = $2 AND r.relname = $3 AND c.contype = 'f'"
                       " AND a.attrelid = c.conrelid AND f.attrelid = c.confrelid"),
        {message.constraint, message.schema, message.table}, m_stop);
    QStringList known;
    QStringList same;
    QString other;
    bool refersToItself = false;
    while (columns && columns->next()) {
        const QString mine = columns->value(0).toString();
        if (!m_columns.contains(mine)) {
            return 0;
        }
        known += QStringLiteral("s.%1 IS NOT NULL").arg(quoteIdentifier(mine));
        same += QStringLiteral("o.%1 = s.%2").arg(quoteIdentifier(columns->value(1).toString()), quoteIdentifier(mine));
        other = columns->value(2).toString();
        refersToItself = columns->value(3).toString() == u"t";
    }
    if (known.isEmpty()) {
        return 0;
    }
    const QString match = same.join(QStringLiteral(" AND "));
    QString sql = QStringLiteral("SELECT s.ctid FROM %1 s WHERE %2 AND NOT EXISTS (SELECT FROM %3 o WHERE %4)")
                      .arg(ImportLoad::stage(), known.join(QStringLiteral(" AND ")), other, match);
    if (refersToItself) {
        sql += QStringLiteral(" AND NOT EXISTS (SELECT FROM %1 o WHERE %2)").arg(ImportLoad::stage(), match);
    }
    Result<QSqlQuery> place = m_connection.query(sql + QStringLiteral(" ORDER BY s.ctid LIMIT 1"), {}, m_stop);
    return place && place->next()
               ? recordAt(quoteLiteral(place->value(0).toString()) + QStringLiteral("::pg_catalog.tid"))
               : 0;
}

bool ImportSearch::takes(const QString &tail, const QString &range)
{
    if (!m_connection.execute(QStringLiteral("SAVEPOINT roost_try"), {}, m_stop)) {
        return false;
    }
    // What was taken stays: the rows that come later may need it.
    const bool isTaken = m_connection.execute(m_load.insertSql(tail, range), {}, m_stop).has_value();
    static_cast<void>(m_connection.execute(
        isTaken ? QStringLiteral("RELEASE roost_try") : QStringLiteral("ROLLBACK TO roost_try"), {}, m_stop));
    return isTaken;
}

qint64 ImportSearch::refused(const QString &tail)
{
    // First the page, then the row in it. Everything before `low` is taken.
    const auto halve = [this, &tail](qint64 low, qint64 high, const std::function<QString(qint64)> &place) {
        while (high - low > 1 && !m_stop.stop_requested()) {
            const qint64 middle = low + (high - low) / 2;
            const QString range = QStringLiteral("s.ctid >= %1 AND s.ctid < %2").arg(place(low), place(middle));
            (takes(tail, range) ? low : high) = middle;
        }
        return low;
    };
    const qint64 pages = number(QStringLiteral("SELECT pg_catalog.pg_relation_size('%1')"
                                               " / pg_catalog.current_setting('block_size')::pg_catalog.int8")
                                    .arg(ImportLoad::stage()));
    const qint64 page = halve(0, pages, [](qint64 at) { return placeOf(at, 0); });
    const qint64 tuple = halve(0, tuplesOfPage, [page](qint64 at) { return placeOf(page, at); });
    if (m_stop.stop_requested() || takes(tail, QStringLiteral("s.ctid = %1").arg(placeOf(page, tuple)))) {
        return 0;
    }
    return recordAt(placeOf(page, tuple));
}

std::optional<ImportSearch::Twins> ImportSearch::twins(const QStringList &key)
{
    const QString columns = quotedList(key);
    QStringList present;
    for (const QString &column : key) {
        present += quoteIdentifier(column) + QStringLiteral(" IS NOT NULL");
    }
    Result<QSqlQuery> rows = m_connection.query(
        QStringLiteral("WITH n AS (SELECT ROW(%1)::pg_catalog.text AS key, pg_catalog.row_number() OVER (ORDER BY ctid)"
                       " AS number, %1 FROM %2),"
                       " d AS (SELECT key, number, pg_catalog.lag(number) OVER (PARTITION BY %1 ORDER BY number)"
                       " AS before FROM n WHERE %3)"
                       " SELECT key, before, number FROM d WHERE before IS NOT NULL ORDER BY number LIMIT 1")
            .arg(columns, ImportLoad::stage(), present.join(QStringLiteral(" AND "))),
        {}, m_stop);
    if (!rows || !rows->next()) {
        return std::nullopt;
    }
    return Twins{rows->value(1).toLongLong(), rows->value(2).toLongLong(), rows->value(0).toString()};
}

} // namespace Roost
