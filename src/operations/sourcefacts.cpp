#include "operations/sourcefacts.h"

#include "postgres/identifier.h"

#include <QElapsedTimer>

#include <algorithm>
#include <limits>

namespace Roost {

namespace {

/// Sizes need a lock on each table, which a session that holds one exclusively does not give; pages are what the last
/// ANALYZE saw.
QString factsStatement(bool withSizes)
{
    const QString size = withSizes ? QStringLiteral("pg_catalog.pg_table_size(c.oid)")
                                   : QStringLiteral("(c.relpages + coalesce(t.relpages, 0))::bigint * 8192");
    return QStringLiteral("SELECT n.nspname, c.relname, c.oid, "
                          "CASE WHEN c.relkind = 'r' THEN %1 ELSE 0 END, "
                          "greatest(c.reltuples::bigint, pg_catalog.pg_stat_get_live_tuples(c.oid), 0), "
                          "c.relkind <> 'S' AND pg_catalog.row_security_active(c.oid), "
                          "pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND CASE c.relkind "
                          "WHEN 'S' THEN pg_catalog.has_sequence_privilege(c.oid, 'SELECT') "
                          "ELSE pg_catalog.has_table_privilege(c.oid, 'SELECT') END "
                          "FROM pg_catalog.pg_class c "
                          "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
                          "LEFT JOIN pg_catalog.pg_class t ON t.oid = c.reltoastrelid "
                          "WHERE c.relkind IN ('r', 'p', 'S') AND c.relpersistence <> 't' "
                          "AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' "
                          "AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d "
                          "WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')")
        .arg(size);
}

/// How long rows are as text, from a few of them: numbers may be shorter and bytes twice as long as in the table, and
/// long values are packed there. What cannot be sampled keeps its size in the table.
void measureTexts(DatabaseConnection &connection, SourceFacts &facts, const QHash<QString, QString> &quoted,
                  const std::stop_token &stop)
{
    constexpr qint64 smallestBytes = qint64(1) << 20;
    constexpr double sampledRows = 500;
    constexpr qsizetype mostTables = 100;
    QStringList samples;
    for (auto table = facts.tables.begin(); table != facts.tables.end(); ++table) {
        table->textBytes = table->bytes;
        if (table->bytes >= smallestBytes && table->rows > 0 && samples.size() < mostTables) {
            const double percent = std::clamp(100 * sampledRows / double(table->rows), 1e-4, 100.0);
            samples += QStringLiteral("SELECT '%1', (SELECT pg_catalog.avg(pg_catalog.octet_length(ROW(t.*)::text)) "
                                      "FROM ONLY %2 t TABLESAMPLE SYSTEM (%3))")
                           .arg(table->oid)
                           .arg(quoted.value(table.key()))
                           .arg(percent, 0, 'f', 4);
        }
    }
    QHash<quint32, double> lengths;
    auto rows = samples.isEmpty() ? Result<QSqlQuery>(QSqlQuery())
                                  : connection.query(samples.join(QStringLiteral(" UNION ALL ")), {}, stop);
    while (rows && rows->next()) {
        lengths.insert(rows->value(0).toUInt(), rows->value(1).toDouble());
    }
    for (TableWeight &table : facts.tables) {
        if (const double length = lengths.value(table.oid); length > 0) {
            table.textBytes = std::max<qint64>(qint64(length * double(table.rows)), 1);
        }
        facts.textBytes += table.textBytes;
    }
}

} // namespace

Result<SourceFacts> readSourceFacts(const ConnectionSpec &spec, const JobContext &context)
{
    auto connection = DatabaseConnection::open(spec, context.stopToken());
    if (!connection) {
        return tl::unexpected(connection.error());
    }
    SourceFacts facts;
    facts.server = (*connection)->server();
    Result<qint64> limited = 0;
    facts.roundTripMs = std::numeric_limits<int>::max();
    // Twice where it is long: once may be a busy moment.
    for (int i = 0; i < 2 && facts.roundTripMs >= SourceFacts::farMs; ++i) {
        QElapsedTimer roundTrip;
        roundTrip.start();
        limited = (*connection)->execute(QStringLiteral("SET lock_timeout = '2s'"), {}, context.stopToken());
        facts.roundTripMs = std::min(facts.roundTripMs, int(roundTrip.elapsed()));
    }
    auto rows = limited ? (*connection)->query(factsStatement(true), {}, context.stopToken())
                        : Result<QSqlQuery>(tl::unexpected(limited.error()));
    if (!rows && rows.error().sqlState == "55P03") {
        rows = (*connection)->query(factsStatement(false), {}, context.stopToken());
    }
    if (!rows) {
        return tl::unexpected(rows.error());
    }
    QHash<QString, QString> quoted;
    while (rows->next()) {
        const QString name = rows->value(0).toString() + u'.' + rows->value(1).toString();
        quoted.insert(name, TableId{rows->value(0).toString(), rows->value(1).toString()}.quoted());
        const TableWeight weight{rows->value(2).toUInt(), std::max<qint64>(rows->value(3).toLongLong(), 1),
                                 rows->value(4).toLongLong()};
        facts.tables.insert(name, weight);
        facts.bytes += weight.bytes;
        if (rows->value(5).toString() == u"t") {
            facts.hiddenRows += name;
        }
        if (rows->value(6).toString() != u"t") {
            facts.unreadable += name;
        }
    }
    if (facts.hiddenRows.isEmpty() && facts.unreadable.isEmpty()) {
        measureTexts(**connection, facts, quoted, context.stopToken());
    }
    facts.hiddenRows.sort();
    facts.unreadable.sort();
    return facts;
}

} // namespace Roost
