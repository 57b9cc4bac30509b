#pragma once

#include "postgres/changeset.h"

#include <map>
#include <vector>

namespace Roost::Testing {

/// The same as a ChangeSet in the plainest way: the history is a list of whole states.
class NaiveChangeSet
{
public:
    struct Row
    {
        int order = 0;
        CellValues before;
        CellValues values;
        bool isRemoved = false;
        int removedOrder = 0;
        CellValues removedBefore;
        bool operator==(const Row &) const = default;
    };
    struct State
    {
        std::map<RowKey, Row> rows;
        std::map<int, CellValues> added;
        bool operator==(const State &) const = default;
    };

    State now;
    std::vector<State> past;
    std::vector<State> future;
    int nextOrder = 0;
    int nextNew = 0;

    template <class Edit>
    void step(Edit edit)
    {
        const State before = now;
        edit();
        std::erase_if(now.rows, [](const auto &row) { return row.second.values.isEmpty() && !row.second.isRemoved; });
        if (!(now == before)) {
            past.push_back(before);
            future.clear();
        }
    }
    void setCell(const RowKey &key, const QString &column, const CellValue &before, const CellValue &value)
    {
        const auto found = now.rows.find(key);
        if (found != now.rows.end() && found->second.isRemoved) {
            return;
        }
        if (value == before) {
            revertCell(key, column);
            return;
        }
        if (found == now.rows.end()) {
            now.rows[key].order = nextOrder++;
        }
        Row &row = now.rows[key];
        if (!row.values.contains(column)) {
            row.before[column] = before;
        }
        row.values[column] = value;
    }
    void revertCell(const RowKey &key, const QString &column)
    {
        const auto found = now.rows.find(key);
        if (found != now.rows.end() && !found->second.isRemoved) {
            found->second.values.remove(column);
            found->second.before.remove(column);
            if (found->second.values.isEmpty()) {
                now.rows.erase(found);
            }
        }
    }
    void removeRow(const RowKey &key, const CellValues &before)
    {
        Row &row = now.rows[key];
        if (!row.isRemoved) {
            row.isRemoved = true;
            row.removedOrder = nextOrder++;
            row.removedBefore = before;
        }
    }
    void restoreRow(const RowKey &key)
    {
        const auto found = now.rows.find(key);
        if (found != now.rows.end() && found->second.isRemoved) {
            found->second.isRemoved = false;
            found->second.removedOrder = 0;
            found->second.removedBefore.clear();
            if (found->second.values.isEmpty()) {
                now.rows.erase(found);
            }
        }
    }
    static void rebase(State &state, const RowKey &key, const CellValues &stands)
    {
        const auto found = state.rows.find(key);
        if (found == state.rows.end()) {
            return;
        }
        Row &row = found->second;
        for (const QString &column : row.values.keys()) {
            if (stands.contains(column) && stands.value(column) == row.values.value(column)) {
                row.values.remove(column);
                row.before.remove(column);
            } else if (stands.contains(column)) {
                row.before[column] = stands.value(column);
            }
        }
        if (row.values.isEmpty()) {
            row.order = 0;
        }
        if (row.isRemoved) {
            row.removedBefore = stands;
        } else if (row.values.isEmpty()) {
            state.rows.erase(found);
        }
    }
    void rebase(const RowKey &key, const CellValues &stands)
    {
        rebase(now, key, stands);
        for (State &state : past) {
            rebase(state, key, stands);
        }
        for (State &state : future) {
            rebase(state, key, stands);
        }
        // Steps that do nothing any more are gone.
        std::vector<State> line = past;
        const size_t here = line.size();
        line.push_back(now);
        line.insert(line.end(), future.rbegin(), future.rend());
        past.clear();
        future.clear();
        for (size_t i = 0; i < here; ++i) {
            if (!(line[i] == line[i + 1])) {
                past.push_back(line[i]);
            }
        }
        for (size_t i = line.size() - 1; i > here; --i) {
            if (!(line[i] == line[i - 1])) {
                future.push_back(line[i]);
            }
        }
    }
    void undo()
    {
        if (!past.empty()) {
            future.push_back(now);
            now = past.back();
            past.pop_back();
        }
    }
    void redo()
    {
        if (!future.empty()) {
            past.push_back(now);
            now = future.back();
            future.pop_back();
        }
    }
    QList<RowChange> changes() const
    {
        std::map<int, RowChange> removed;
        std::map<int, RowChange> changed;
        for (const auto &[key, row] : now.rows) {
            if (row.isRemoved) {
                removed[row.removedOrder] = RowChange{RowChange::Kind::Delete, key, -1, row.removedBefore, {}, {}, {}};
            } else {
                changed[row.order] = RowChange{RowChange::Kind::Update, key, -1, row.before, row.values, {}, {}};
            }
        }
        QList<RowChange> all;
        for (const auto *part : {&removed, &changed}) {
            for (const auto &[order, change] : *part) {
                all += change;
            }
        }
        for (const auto &[number, values] : now.added) {
            all += RowChange{RowChange::Kind::Insert, {}, number, {}, values, {}, {}};
        }
        return all;
    }
};

} // namespace Roost::Testing
