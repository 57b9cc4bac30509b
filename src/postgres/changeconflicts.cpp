// What became of the rows that a change did not meet.

#include "postgres/changeoutcomes.h"
#include "postgres/changestatements.h"

#include "postgres/libpq.h"

namespace Roost {

namespace {

bool stillHolds(const RowChange &change, const CellValues &now)
{
    for (auto before = change.before.cbegin(); before != change.before.cend(); ++before) {
        const CellValue value = now.value(before.key());
        const bool isSame = change.shortened.contains(before.key()) && value && before.value()
                                ? value->startsWith(*before.value())
                                : value == before.value();
        // How large their value is stored cannot be seen in it: its size is taken for what is different, then.
        if (!isSame || change.storedBytes.contains(before.key())) {
            return false;
        }
    }
    return true;
}

ChangeConflict conflictOf(const ChangeTarget &target, const RowChange &change, const PGresult *found)
{
    ChangeConflict conflict;
    conflict.change = change;
    if (PQntuples(found) == 0) {
        conflict.kind = ChangeConflict::Kind::Gone;
        return conflict;
    }
    conflict.theirs = rowOf(target, found, 0);
    conflict.kind =
        stillHolds(change, conflict.theirs) ? ChangeConflict::Kind::Swallowed : ChangeConflict::Kind::Changed;
    return conflict;
}

} // namespace

CellValues rowOf(const ChangeTarget &target, const PGresult *result, int row)
{
    CellValues values;
    const int count = PQnfields(result);
    for (int i = 0; i < count; ++i) {
        const QString name =
            i < target.columns.size() ? target.columns.at(i).name : QString::fromUtf8(PQfname(result, i));
        values.insert(name, PQgetisnull(result, row, i) ? CellValue()
                                                        : CellValue(QString::fromUtf8(PQgetvalue(result, row, i),
                                                                                      PQgetlength(result, row, i))));
    }
    return values;
}

Result<QList<ChangeConflict>> findConflicts(PostgresLink &link, const ChangeTarget &target,
                                            const QList<RowChange> &missed, const std::stop_token &stop)
{
    const ChangeStatements statements(target);
    std::vector<SqlStatement> pipeline = {{QStringLiteral("ROLLBACK"), {}}};
    for (const RowChange &change : missed) {
        if (change.kind != RowChange::Kind::Insert) {
            pipeline.push_back(statements.rowOf(change.key));
        }
    }
    const Result<std::vector<PostgresLink::Answer>> answers =
        link.runPipeline(pipeline, PostgresLink::OnError::GoOn, stop);
    if (!answers) {
        return failure(answers.error());
    }
    QList<ChangeConflict> conflicts;
    size_t next = 1;
    for (const RowChange &change : missed) {
        if (change.kind == RowChange::Kind::Insert) {
            conflicts += ChangeConflict{ChangeConflict::Kind::Swallowed, change, {}};
            continue;
        }
        const PostgresLink::Answer &answer = answers->at(next++);
        if (answer.error) {
            return failure(*answer.error);
        }
        conflicts += conflictOf(target, change, answer.rows.get());
    }
    return conflicts;
}

} // namespace Roost
