// Which column, and which change, the server means when it refuses.

#include "postgres/changeoutcomes.h"
#include "postgres/changestatements.h"

#include <algorithm>

#include "postgres/libpq.h"

namespace Roost {

namespace {

using Kind = RowChange::Kind;

constexpr qsizetype mostProbes = 16; // a round trip: each is planned by the server with all columns of the table

/// The columns of this table that a constraint or unique index is about. The message may name a partition, a table
/// that refers to this one, or one that a trigger wrote to: its columns are none of ours. Of a view, the columns of the
/// table behind it are taken for its own.
constexpr const char *columnsSql = R"(
WITH RECURSIVE family (oid) AS (
    SELECT pg_catalog.to_regclass($1)::pg_catalog.oid
    UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN family f ON i.inhparent = f.oid
), named AS (
    SELECT c.oid, c.oid IN (SELECT oid FROM family) OR
                  (SELECT v.relkind = 'v' FROM pg_catalog.pg_class v WHERE v.oid = pg_catalog.to_regclass($1)) AS is_ours
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $2 AND c.relname = $3
), keys (relation, attribute, place) AS (
    SELECT t.oid, k.attribute, k.place
      FROM named t JOIN pg_catalog.pg_constraint c ON c.conrelid = t.oid AND c.conname = $4,
           LATERAL pg_catalog.unnest(c.conkey) WITH ORDINALITY AS k (attribute, place)
     WHERE t.is_ours
    UNION ALL
    SELECT c.confrelid, k.attribute, 10000 + k.place
      FROM named t JOIN pg_catalog.pg_constraint c ON c.conrelid = t.oid AND c.conname = $4,
           LATERAL pg_catalog.unnest(c.confkey) WITH ORDINALITY AS k (attribute, place)
     WHERE c.confrelid IN (SELECT oid FROM family)
    UNION ALL
    SELECT t.oid, d.refobjsubid, 20000 + d.refobjsubid
      FROM named t JOIN pg_catalog.pg_index i ON i.indrelid = t.oid
           JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid AND x.relname = $4
           JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = x.oid
                AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = t.oid
     WHERE t.is_ours AND d.refobjsubid > 0
    UNION ALL
    SELECT t.oid, a.attnum, 0
      FROM named t JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attname = $5
     WHERE t.is_ours
)
SELECT a.attname FROM keys k JOIN pg_catalog.pg_attribute a ON a.attrelid = k.relation AND a.attnum = k.attribute
 GROUP BY a.attname ORDER BY pg_catalog.min(k.place))";

SqlStatement columnsStatement(const ChangeTarget &target, const ServerMessage &message)
{
    return {QString::fromLatin1(columnsSql),
            {target.table.quoted(), message.schema, message.table, message.constraint, message.column}};
}

/// A value that a column or constraint does not take.
bool isAboutAValue(const ServerMessage &message)
{
    return message.sqlState.startsWith("22") || message.sqlState.startsWith("23");
}

void takeColumns(ChangeRefusal &refusal, const PGresult *rows)
{
    for (int row = 0; row < PQntuples(rows); ++row) {
        refusal.columns += QString::fromUtf8(PQgetvalue(rows, row, 0));
    }
}

/// Of a constraint that is checked at COMMIT: the one change that can have broken it, if there is only one.
const RowChange *onlyCandidate(const QList<RowChange> &candidates, const QStringList &columns)
{
    const RowChange *found = nullptr;
    for (const RowChange &change : candidates) {
        const bool touches = change.kind != Kind::Update || columns.isEmpty() ||
                             std::any_of(columns.cbegin(), columns.cend(),
                                         [&change](const QString &column) { return change.values.contains(column); });
        if (touches && found) {
            return nullptr;
        }
        found = touches ? &change : found;
    }
    return found;
}

/// Each part by itself, the rest of the list in equal parts.
QList<QStringList> partsOf(const QStringList &columns)
{
    const qsizetype size = qMax<qsizetype>(1, (columns.size() + mostProbes - 1) / mostProbes);
    QList<QStringList> parts;
    for (qsizetype i = 0; i < columns.size(); i += size) {
        parts += columns.mid(i, size);
    }
    return parts;
}

/// Which columns of a change do not take their values: all of them, or of very many the first. `first` is sent before.
QStringList findByProbes(PostgresLink &link, const ChangeStatements &statements, const RowChange &change,
                         const ServerMessage &message, SqlStatement first, const std::stop_token &stop)
{
    QStringList columns = statements.columnsSet(change);
    while (!columns.isEmpty()) {
        const QList<QStringList> parts = partsOf(columns);
        std::vector<SqlStatement> pipeline = {std::exchange(first, SqlStatement())};
        for (const QStringList &part : parts) {
            pipeline.push_back(statements.probe(change, part));
        }
        const auto answers = link.runPipeline(pipeline, PostgresLink::OnError::GoOn, stop);
        columns.clear();
        for (qsizetype i = 0; answers && i < parts.size(); ++i) {
            if (answers->at(size_t(i) + 1).message.sqlState == message.sqlState) {
                columns += parts.at(i);
                if (parts.at(i).size() > 1) {
                    break; // looked at more closely
                }
            }
        }
        if (parts.constFirst().size() == 1) {
            break;
        }
    }
    return columns;
}

} // namespace

ChangeRefusal explainRefusal(PostgresLink &link, const ChangeTarget &target, const QList<RowChange> &candidates,
                             const PostgresLink::Answer &answer, const std::stop_token &stop)
{
    ChangeRefusal refusal;
    refusal.change.kind = Kind::Insert;
    refusal.error = *answer.error;
    const ServerMessage &message = answer.message;
    const SqlStatement rollback{QStringLiteral("ROLLBACK"), {}};
    if (message.table.isEmpty() && isAboutAValue(message) && candidates.size() == 1) {
        refusal.columns =
            findByProbes(link, ChangeStatements(target), candidates.constFirst(), message, rollback, stop);
    } else {
        const auto answers =
            link.runPipeline({rollback, columnsStatement(target, message)}, PostgresLink::OnError::GoOn, stop);
        if (answers && answers->at(1).rows) {
            takeColumns(refusal, answers->at(1).rows.get());
        }
    }
    if (refusal.columns.isEmpty() && candidates.size() == 1 && isAboutAValue(message) &&
        candidates.constFirst().values.size() == 1) {
        refusal.columns = candidates.constFirst().values.keys(); // whatever it is exactly, this edit brought it about
    }
    if (const RowChange *change = onlyCandidate(candidates, refusal.columns)) {
        refusal.change = *change;
    }
    // Shown where the user typed, if that is among them.
    const auto typed =
        std::find_if(refusal.columns.cbegin(), refusal.columns.cend(),
                     [&refusal](const QString &column) { return refusal.change.values.contains(column); });
    refusal.column = typed != refusal.columns.cend() ? *typed : refusal.columns.value(0);
    return refusal;
}

} // namespace Roost
