// Staged edits when somebody else has changed the row meanwhile.

#include "postgres/changeset.h"

namespace Roost {

namespace {

/// The change as it is when the row stands like `now` in the database; nothing when there is nothing left to do.
std::optional<RowChange> rebased(RowChange change, const CellValues &now)
{
    if (change.kind == RowChange::Kind::Delete) {
        change.before = now;
        change.shortened.clear();
        change.storedBytes.clear();
        return change;
    }
    for (const QString &column : change.values.keys()) {
        const auto found = now.constFind(column);
        if (found == now.constEnd()) {
            continue;
        }
        change.shortened.remove(column);
        change.storedBytes.remove(column);
        if (*found == change.values.value(column)) {
            change.values.remove(column);
            change.before.remove(column);
        } else {
            change.before.insert(column, *found);
        }
    }
    return change.values.isEmpty() ? std::nullopt : std::optional(std::move(change));
}

} // namespace

void ChangeSet::rebase(const RowKey &key, const CellValues &now)
{
    const auto rebase = [&now](std::optional<Staged> &state) {
        if (!state) {
            return;
        }
        if (state->hidden) {
            state->hidden = rebased(*state->hidden, now);
            state->hiddenOrder = state->hidden ? state->hiddenOrder : 0;
        }
        if (const std::optional<RowChange> change = rebased(state->change, now)) {
            state->change = *change;
        } else {
            state.reset();
        }
    };
    std::optional<Staged> current = staged(key);
    rebase(current);
    put(key, current);
    if (const auto open = m_open.rows.find(key); open != m_open.rows.end()) {
        rebase(open->before);
    }
    qsizetype kept = 0;
    const qsizetype done = m_done;
    for (qsizetype i = 0; i < m_steps.size(); ++i) {
        if (const auto turn = m_steps.at(i).rows.constFind(key); turn != m_steps.at(i).rows.constEnd()) {
            Turn<Staged> moved = *turn;
            rebase(moved.before);
            rebase(moved.after);
            if (moved.before == moved.after) {
                m_steps[i].rows.remove(key);
            } else {
                m_steps[i].rows.insert(key, moved);
            }
        }
        // A step that does nothing any more would make Ctrl+Z seem dead.
        if (m_steps.at(i).isEmpty()) {
            m_done -= i < done ? 1 : 0;
        } else if (kept++ != i) {
            m_steps.swapItemsAt(kept - 1, i);
        }
    }
    m_steps.resize(kept);
}

} // namespace Roost
