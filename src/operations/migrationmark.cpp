#include "operations/migrationmark.h"

#include "operations/sha256.h"
#include "postgres/databaseconnection.h"

namespace Roost {

namespace {

const QString counter =
    QStringLiteral(R"(SELECT pg_catalog.txid_snapshot_xmin(s.now), pg_catalog.txid_snapshot_xmax(s.now),
       EXTRACT(epoch FROM pg_catalog.pg_postmaster_start_time())
  FROM (SELECT pg_catalog.txid_current_snapshot() AS now) s)");

/// A sequence gives out numbers without a transaction of its own now and then.
const QString sequences = QStringLiteral(R"(SELECT pg_catalog.string_agg(
       pg_catalog.format('%I.%I %s', s.schemaname, s.sequencename, s.last_value), ', '
       ORDER BY s.schemaname, s.sequencename) FROM pg_catalog.pg_sequences s)");

} // namespace

Result<QString> readQuietMark(const ConnectionSpec &server, const QStringList &databases, const std::stop_token &stop)
{
    // The counter first: what is written while the sequences are read makes the mark an earlier one.
    QString mark;
    Sha256 sum;
    for (const QString &database : databases) {
        const auto connection = DatabaseConnection::open(server.withDatabase(database), stop);
        if (!connection) {
            return failure(connection.error());
        }
        if (mark.isEmpty()) {
            auto now = (*connection)->query(counter, {}, stop);
            if (!now || !now->next()) {
                return now ? QString() : Result<QString>(failure(now.error()));
            }
            if (now->value(0).toString() != now->value(1).toString()) {
                return QString();
            }
            mark = now->value(1).toString() + u' ' + now->value(2).toString();
        }
        auto states = (*connection)->query(sequences, {}, stop);
        if (!states) {
            return failure(states.error());
        }
        sum.add((states->next() ? states->value(0).toString() : QString()).toUtf8() + '\n');
    }
    return mark.isEmpty() ? QString() : mark + u' ' + QString::fromLatin1(sum.result());
}

} // namespace Roost
