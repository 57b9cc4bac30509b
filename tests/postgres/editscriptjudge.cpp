// What an edit script expects, and what it says when something else happened.

#include "editscript.h"
#include "postgres/changestatements.h"

namespace Roost::Testing {

namespace {

using Kind = RowChange::Kind;
using Conflict = ChangeConflict::Kind;

const QString idColumn = QStringLiteral("id");
const QString nameColumn = QStringLiteral("name");

bool stillHolds(const CellValues &before, const CellValues &row)
{
    for (auto value = before.cbegin(); value != before.cend(); ++value) {
        if (row.value(value.key()) != value.value()) {
            return false;
        }
    }
    return true;
}

CellValues withDefaults(CellValues values, const ChangeTarget &target)
{
    for (const RowColumn &column : target.columns) {
        if (!values.contains(column.name)) {
            values[column.name] = column.name == nameColumn                ? CellValue(QStringLiteral("unnamed"))
                                  : column.name == QLatin1String("amount") ? CellValue(QStringLiteral("0.00"))
                                                                           : CellValue();
        }
    }
    return values;
}

QString dump(const CellValues &row)
{
    QStringList parts;
    for (auto value = row.cbegin(); value != row.cend(); ++value) {
        parts += value.key() + u'=' + value.value().value_or(QStringLiteral("NULL"));
    }
    return parts.join(u' ');
}

} // namespace

EditScript::Prediction EditScript::predict() const
{
    const QList<RowChange> changes = m_staged.changes();
    Prediction prediction;
    Table &table = prediction.after;
    table = m_truth;
    for (const qsizetype place : applyOrder(m_target, changes)) {
        const RowChange &change = changes.at(place);
        const QString id = change.kind == Kind::Insert ? QString() : change.key.constFirst();
        const QString newId = change.values.value(idColumn, id).value_or(QString());
        const auto row = table.find(id);
        if (change.kind != Kind::Insert) {
            const bool isSwallowed = change.values.value(nameColumn) == CellValue(QStringLiteral("never"));
            if (row == table.end()) {
                prediction.conflicts[id] = Conflict::Gone;
                continue;
            }
            if (!stillHolds(change.before, row->second) || isSwallowed) {
                prediction.conflicts[id] =
                    stillHolds(change.before, row->second) ? Conflict::Swallowed : Conflict::Changed;
                continue;
            }
        }
        if (change.kind != Kind::Delete && newId != id && table.contains(newId)) {
            prediction.expected = Expected::Refused;
            prediction.refused = change;
            return prediction;
        }
        CellValues values = row == table.end() ? withDefaults(change.values, m_target) : row->second;
        if (row != table.end()) {
            values.insert(change.values);
            table.erase(row);
        }
        if (change.kind != Kind::Delete) {
            table[newId] = values;
        }
    }
    prediction.expected = prediction.conflicts.isEmpty() ? Expected::Applied : Expected::Conflicts;
    return prediction;
}

QString EditScript::compareTable() const
{
    const QMap<QString, CellValues> rows = rowsOf(*m_server.other, QStringLiteral("SELECT * FROM edited"));
    for (const auto &[id, row] : m_truth) {
        if (rows.value(id) != row) {
            return QStringLiteral("row %1 is\n%2\nand should be\n%3").arg(id, dump(rows.value(id)), dump(row));
        }
    }
    return rows.size() == qsizetype(m_truth.size())
               ? QString()
               : QStringLiteral("there are %1 rows, and should be %2").arg(rows.size()).arg(m_truth.size());
}

void EditScript::finish(const Table &after)
{
    m_truth = after;
    m_isDone = true;
}

QString EditScript::judge(const Result<ApplyOutcome> &outcome)
{
    if (!outcome) {
        m_counts.add("lost before the COMMIT");
        const bool isCut = !m_mayCut && outcome.error().code == ErrorCode::ConnectionLost && !m_connection->isOpen();
        return isCut ? QString() : wordsOf(outcome);
    }
    const Prediction prediction = predict();
    const auto unless = [&](Expected expected, const QString &problem) {
        return prediction.expected == expected ? problem : QStringLiteral("not expected: ") + wordsOf(outcome);
    };
    switch (outcome->state) {
    case ApplyOutcome::State::Applied: {
        m_counts.add("applied");
        const QString problem = unless(Expected::Applied, judgeStored(*outcome, prediction));
        finish(prediction.after);
        return problem;
    }
    case ApplyOutcome::State::Unknown:
        return unless(Expected::Applied, judgeUnknown(outcome->unknown, prediction));
    case ApplyOutcome::State::Conflicts:
        return unless(Expected::Conflicts, judgeConflicts(*outcome, prediction));
    case ApplyOutcome::State::Refused:
        return unless(Expected::Refused, judgeRefusal(*outcome->refusal, prediction));
    }
    return {};
}

QString EditScript::judgeStored(const ApplyOutcome &outcome, const Prediction &prediction) const
{
    const QList<RowChange> changes = m_staged.changes();
    for (qsizetype i = 0; i < changes.size(); ++i) {
        const CellValues stored = outcome.stored.value(i);
        if (changes.at(i).kind == Kind::Delete ? !stored.isEmpty()
                                               : prediction.after.at(*stored.value(idColumn)) != stored) {
            return QStringLiteral("stored is said to be ") + dump(stored);
        }
    }
    return outcome.stored.size() == changes.size() ? QString() : QStringLiteral("not every change has its stored row");
}

/// The truth is what the server's own record says, whatever findOut() makes of it; the table is then compared.
QString EditScript::judgeUnknown(const UnknownCommit &commit, const Prediction &prediction)
{
    Result<CommitState> state = CommitState::InProgress;
    while (state && *state == CommitState::InProgress) {
        state = findOut(*m_server.other, commit);
    }
    const auto record =
        rowsOf(*m_server.other, QStringLiteral("SELECT pg_xact_status('%1')").arg(commit.transactionId));
    const bool isCommitted = record.contains(QStringLiteral("committed"));
    m_counts.add(isCommitted ? "unknown, and committed" : "unknown, and rolled back");
    if (!state || *state != (isCommitted ? CommitState::Committed : CommitState::Aborted)) {
        return QStringLiteral("findOut() says something else than pg_xact_status()");
    }
    if (isCommitted) {
        finish(prediction.after);
    }
    return {};
}

QString EditScript::judgeConflicts(const ApplyOutcome &outcome, const Prediction &prediction)
{
    QMap<QString, Conflict> kinds;
    for (const ChangeConflict &conflict : outcome.conflicts) {
        const QString id = conflict.change.key.value(0);
        kinds[id] = conflict.kind;
        const RowChange *staged = m_changes.find(conflict.change.key);
        if (!staged || !(*staged == conflict.change)) {
            return QStringLiteral("the conflict of row %1 is about another change").arg(id);
        }
        const auto row = m_truth.find(id);
        if (conflict.theirs != (row == m_truth.end() ? CellValues() : row->second)) {
            return QStringLiteral("theirs of row %1 is said to be %2").arg(id, dump(conflict.theirs));
        }
    }
    if (kinds != prediction.conflicts) {
        return QStringLiteral("%1 conflicts, or other kinds than expected").arg(kinds.size());
    }
    for (const ChangeConflict &conflict : outcome.conflicts) {
        resolve(conflict);
    }
    return {};
}

void EditScript::resolve(const ChangeConflict &conflict)
{
    const RowKey key = conflict.change.key;
    const bool mine = oneIn(2);
    const bool isUpdate = conflict.change.kind == Kind::Update;
    switch (conflict.kind) {
    case Conflict::Changed:
        m_counts.add(mine ? "changed by both: mine" : "changed by both: theirs");
        break;
    case Conflict::Gone:
        m_counts.add("gone");
        break;
    case Conflict::Swallowed:
        m_counts.add("swallowed");
        break;
    }
    if (conflict.kind == Conflict::Changed && mine) {
        m_changes.rebase(key, conflict.theirs);
        m_staged.rebase(key, conflict.theirs);
        return;
    }
    m_staged.step([&] {
        m_changes.beginStep(QStringLiteral("Resolve"));
        m_changes.revertRow(key);
        m_staged.now.rows.erase(key);
        if (conflict.kind == Conflict::Gone && isUpdate && mine) {
            CellValues values = m_seen.at(key.constFirst());
            values.insert(conflict.change.values);
            if (values.value(nameColumn) == CellValue(QStringLiteral("never"))) {
                values[nameColumn] = std::nullopt;
            }
            m_staged.now.added[m_changes.addRow(values)] = values;
        }
        m_changes.endStep();
    });
}

QString EditScript::judgeRefusal(const ChangeRefusal &refusal, const Prediction &prediction)
{
    m_counts.add("refused");
    // Cut while it was explained, the column is not known.
    const QString column = m_connection->isOpen() ? idColumn : QString();
    if (refusal.error.sqlState != "23505" || refusal.column != column || !(refusal.change == prediction.refused)) {
        return QStringLiteral("the refusal is about column \"%1\": %2").arg(refusal.column, refusal.error.detail);
    }
    m_staged.step([&] {
        if (refusal.change.kind == Kind::Insert) {
            const QString id = freshId();
            m_changes.setNewCell(refusal.change.newRow, idColumn, id);
            m_staged.now.added[refusal.change.newRow][idColumn] = id;
        } else {
            m_changes.revertCell(refusal.change.key, idColumn);
            m_staged.revertCell(refusal.change.key, idColumn);
        }
    });
    return {};
}

QString EditScript::run()
{
    fill();
    edit();
    if (oneIn(2)) {
        interfere(1 + below(6));
    }
    constexpr int mostRounds = 30;
    for (int round = 0; round < mostRounds && !m_isDone && !m_changes.isEmpty(); ++round) {
        if (m_changes.changes() != m_staged.changes()) {
            return QStringLiteral("what is staged is not what was typed");
        }
        const Result<ApplyOutcome> outcome = apply();
        if (const QString problem = judge(outcome); !problem.isEmpty()) {
            return problem;
        }
        if (const QString problem = compareTable(); !problem.isEmpty()) {
            return wordsOf(outcome) + QStringLiteral(", but ") + problem;
        }
        if (!m_isDone && round < 3 && oneIn(3)) {
            interfere(1 + below(3));
        }
    }
    if (!m_isDone && !m_changes.isEmpty()) {
        return QStringLiteral("it never came to an end");
    }
    return compareTable();
}

} // namespace Roost::Testing
