#include "postgres/changeset.h"

#include <QCoreApplication>

#include <algorithm>

namespace Roost {

namespace {

struct ChangeSetText
{
    Q_DECLARE_TR_FUNCTIONS(ChangeSet)
};

using Text = ChangeSetText;

} // namespace

/// One step of undo(), unless a longer one is open. The title is made only where it is used: a paste is many edits.
class ChangeSet::StepGuard
{
public:
    template <class Title>
    StepGuard(ChangeSet &changes, Title title)
        : m_changes(changes)
    {
        m_changes.beginStep(m_changes.m_depth == 0 ? title() : QString());
    }
    ~StepGuard() { m_changes.endStep(); }
    Q_DISABLE_COPY_MOVE(StepGuard)

private:
    ChangeSet &m_changes;
};

std::optional<ChangeSet::Staged> ChangeSet::staged(const RowKey &key) const
{
    const auto found = m_rows.constFind(key);
    return found == m_rows.constEnd() ? std::nullopt : std::optional(*found);
}

std::optional<RowChange> ChangeSet::stagedNew(int newRow) const
{
    const auto found = m_newRows.constFind(newRow);
    return found == m_newRows.constEnd() ? std::nullopt : std::optional(*found);
}

void ChangeSet::remember(const RowKey &key)
{
    if (!m_open.rows.contains(key)) {
        m_open.rows.insert(key, {staged(key), std::nullopt});
    }
}

void ChangeSet::rememberNew(int newRow)
{
    if (!m_open.newRows.contains(newRow)) {
        m_open.newRows.insert(newRow, {stagedNew(newRow), std::nullopt});
    }
}

void ChangeSet::put(const RowKey &key, const std::optional<Staged> &state)
{
    const auto count = [this](const RowChange &change, int by) {
        (change.kind == RowChange::Kind::Delete ? m_counts.removed : m_counts.changed) += by;
    };
    if (const auto found = m_rows.constFind(key); found != m_rows.constEnd()) {
        count(found->change, -1);
    }
    if (state) {
        count(state->change, 1);
        m_rows.insert(key, *state);
    } else {
        m_rows.remove(key);
    }
}

void ChangeSet::putNew(int newRow, const std::optional<RowChange> &state)
{
    if (state) {
        m_newRows.insert(newRow, *state);
    } else {
        m_newRows.remove(newRow);
    }
    m_counts.added = int(m_newRows.size());
}

void ChangeSet::setCell(const RowKey &key, const QString &column, const CellValue &before, const CellValue &value,
                        bool isShortened, qint64 storedBytes)
{
    auto found = m_rows.find(key);
    if (found != m_rows.end() && found->change.kind == RowChange::Kind::Delete) {
        return;
    }
    if (!isShortened && value == before) {
        revertCell(key, column);
        return;
    }
    const StepGuard step(*this, [&column] { return Text::tr("Change %1").arg(column); });
    remember(key);
    found = m_rows.find(key);
    if (found == m_rows.end()) {
        put(key, Staged{RowChange{RowChange::Kind::Update, key, -1, {}, {}, {}, {}}, m_nextOrder++, std::nullopt, 0});
        found = m_rows.find(key);
    }
    // In place: a pasted row of many columns would otherwise be copied with each of its cells. What the edit started
    // from stays, even if the row was read anew since: else a change of somebody else's would be overwritten unseen.
    if (!found->change.values.contains(column)) {
        found->change.before.insert(column, before);
        if (isShortened) {
            found->change.shortened.insert(column);
        }
        if (isShortened && storedBytes >= 0) {
            found->change.storedBytes.insert(column, storedBytes);
        }
    }
    found->change.values.insert(column, value);
}

int ChangeSet::addRow(const CellValues &values)
{
    const StepGuard step(*this, [] { return Text::tr("Add row"); });
    const int newRow = m_nextNewRow++;
    rememberNew(newRow);
    putNew(newRow, RowChange{RowChange::Kind::Insert, {}, newRow, {}, values, {}, {}});
    return newRow;
}

void ChangeSet::setNewCell(int newRow, const QString &column, const CellValue &value)
{
    if (!m_newRows.contains(newRow)) {
        return;
    }
    const StepGuard step(*this, [&column] { return Text::tr("Change %1").arg(column); });
    rememberNew(newRow);
    m_newRows.find(newRow)->values.insert(column, value);
}

void ChangeSet::setDefault(int newRow, const QString &column)
{
    if (!m_newRows.contains(newRow)) {
        return;
    }
    const StepGuard step(*this, [&column] { return Text::tr("Change %1").arg(column); });
    rememberNew(newRow);
    m_newRows.find(newRow)->values.remove(column);
}

void ChangeSet::removeRow(const RowKey &key, const CellValues &before, const QSet<QString> &shortened,
                          const QMap<QString, qint64> &storedBytes)
{
    const std::optional<Staged> now = staged(key);
    if (now && now->change.kind == RowChange::Kind::Delete) {
        return;
    }
    const StepGuard step(*this, [] { return Text::tr("Delete row"); });
    remember(key);
    Staged removal{RowChange{RowChange::Kind::Delete, key, -1, before, {}, shortened, storedBytes}, m_nextOrder++,
                   std::nullopt, 0};
    if (now) {
        removal.hidden = now->change;
        removal.hiddenOrder = now->order;
    }
    put(key, removal);
}

void ChangeSet::restoreRow(const RowKey &key)
{
    const std::optional<Staged> now = staged(key);
    if (!now || now->change.kind != RowChange::Kind::Delete) {
        return;
    }
    const StepGuard step(*this, [] { return Text::tr("Restore row"); });
    remember(key);
    put(key, now->hidden ? std::optional(Staged{*now->hidden, now->hiddenOrder, std::nullopt, 0}) : std::nullopt);
}

void ChangeSet::removeNewRow(int newRow)
{
    if (!m_newRows.contains(newRow)) {
        return;
    }
    const StepGuard step(*this, [] { return Text::tr("Delete row"); });
    rememberNew(newRow);
    putNew(newRow, std::nullopt);
}

void ChangeSet::revertCell(const RowKey &key, const QString &column)
{
    const auto now = m_rows.constFind(key);
    if (now == m_rows.constEnd() || now->change.kind != RowChange::Kind::Update ||
        !now->change.values.contains(column)) {
        return;
    }
    const StepGuard step(*this, [&column] { return Text::tr("Revert %1").arg(column); });
    remember(key);
    const auto found = m_rows.find(key);
    found->change.values.remove(column);
    found->change.before.remove(column);
    found->change.shortened.remove(column);
    found->change.storedBytes.remove(column);
    if (found->change.values.isEmpty()) {
        put(key, std::nullopt);
    }
}

void ChangeSet::revertRow(const RowKey &key)
{
    if (!m_rows.contains(key)) {
        return;
    }
    const StepGuard step(*this, [] { return Text::tr("Revert row"); });
    remember(key);
    put(key, std::nullopt);
}

void ChangeSet::beginStep(const QString &title)
{
    if (m_depth++ == 0) {
        m_open.title = title;
    }
}

void ChangeSet::endStep()
{
    if (m_depth == 0 || --m_depth > 0) {
        return;
    }
    Step step = std::exchange(m_open, {});
    for (auto turn = step.rows.begin(); turn != step.rows.end();) {
        turn->after = staged(turn.key());
        turn = turn->before == turn->after ? step.rows.erase(turn) : ++turn;
    }
    for (auto turn = step.newRows.begin(); turn != step.newRows.end();) {
        turn->after = stagedNew(turn.key());
        turn = turn->before == turn->after ? step.newRows.erase(turn) : ++turn;
    }
    if (step.isEmpty()) {
        return; // and what could be redone still can
    }
    m_steps.resize(m_done);
    m_steps.push_back(std::move(step));
    ++m_done;
}

bool ChangeSet::canUndo() const
{
    return m_depth == 0 && m_done > 0;
}

bool ChangeSet::canRedo() const
{
    return m_depth == 0 && m_done < m_steps.size();
}

QString ChangeSet::undoTitle() const
{
    return canUndo() ? m_steps.at(m_done - 1).title : QString();
}

QString ChangeSet::redoTitle() const
{
    return canRedo() ? m_steps.at(m_done).title : QString();
}

void ChangeSet::take(const Step &step, bool forward)
{
    for (auto turn = step.rows.constBegin(); turn != step.rows.constEnd(); ++turn) {
        put(turn.key(), forward ? turn->after : turn->before);
    }
    for (auto turn = step.newRows.constBegin(); turn != step.newRows.constEnd(); ++turn) {
        putNew(turn.key(), forward ? turn->after : turn->before);
    }
}

void ChangeSet::undo()
{
    if (canUndo()) {
        take(m_steps.at(--m_done), false);
    }
}

void ChangeSet::redo()
{
    if (canRedo()) {
        take(m_steps.at(m_done++), true);
    }
}

void ChangeSet::clear()
{
    // An open step goes on, from nothing. Numbers of new rows are never used again: a view may still know the old ones.
    m_open = {m_open.title, {}, {}};
    m_rows.clear();
    m_newRows.clear();
    m_counts = {};
    m_steps.clear();
    m_done = 0;
}

const RowChange *ChangeSet::find(const RowKey &key) const
{
    const auto found = m_rows.constFind(key);
    return found == m_rows.constEnd() ? nullptr : &found->change;
}

const RowChange *ChangeSet::findNew(int newRow) const
{
    const auto found = m_newRows.constFind(newRow);
    return found == m_newRows.constEnd() ? nullptr : &*found;
}

QList<int> ChangeSet::newRows() const
{
    return m_newRows.keys();
}

QList<RowChange> ChangeSet::changes() const
{
    QList<const Staged *> rows;
    rows.reserve(m_rows.size());
    for (const Staged &row : m_rows) {
        rows += &row;
    }
    const auto isEarlier = [](const Staged *left, const Staged *right) {
        const bool leftStays = left->change.kind != RowChange::Kind::Delete;
        const bool rightStays = right->change.kind != RowChange::Kind::Delete;
        return leftStays != rightStays ? rightStays : left->order < right->order;
    };
    std::sort(rows.begin(), rows.end(), isEarlier);
    QList<RowChange> changes;
    changes.reserve(rows.size() + m_newRows.size());
    for (const Staged *row : rows) {
        changes += row->change;
    }
    for (const RowChange &row : m_newRows) {
        changes += row;
    }
    return changes;
}

} // namespace Roost
