#pragma once

#include "postgres/cellvalue.h"

#include <QHash>
#include <QList>
#include <QString>

#include <optional>
#include <vector>

namespace Roost {

/// A row that is staged to be changed: one statement, later.
struct RowChange
{
    enum class Kind { Update, Insert, Delete };
    Kind kind = Kind::Update;
    RowKey key;        ///< Update, Delete: the row, by the key it was read with
    int newRow = -1;   ///< Insert: its number in the ChangeSet, never used twice
    CellValues before; ///< Update: what the changed columns held when read; Delete: all that was read of the row
    CellValues values; ///< Update: the new values; Insert: those that are set, every other takes its default
    bool operator==(const RowChange &) const = default;
};

/// The staged edits of one table: what differs from the database and is not in it yet, with undo and redo. A plain
/// value: copy it to hand it to another thread. Edits belong to rows by key, so they outlive sorting, filtering, paging
/// and reconnecting.
class ChangeSet
{
public:
    /// Stages one cell. `before` is what the database holds as far as it was read; setting that value again takes the
    /// edit back. A row staged for deletion does not change.
    void setCell(const RowKey &key, const QString &column, const CellValue &before, const CellValue &value);
    /// Stages a new row; returns its number.
    int addRow(const CellValues &values = {});
    /// A cell of a new row; setDefault() leaves it to the server again.
    void setNewCell(int newRow, const QString &column, const CellValue &value);
    void setDefault(int newRow, const QString &column);
    /// Stages a deletion; edits of the row come back when it is restored.
    void removeRow(const RowKey &key, const CellValues &before);
    void restoreRow(const RowKey &key);
    void removeNewRow(int newRow);
    /// Takes back one cell, or every edit of one row.
    void revertCell(const RowKey &key, const QString &column);
    void revertRow(const RowKey &key);
    /// After a conflict: the row now stands like this in the database, so that is what the edit starts from. Keeps the
    /// staged values; an edit to what is there already vanishes. Not undone.
    void rebase(const RowKey &key, const CellValues &now);

    /// What is done between these is one step of undo(). They nest.
    void beginStep(const QString &title);
    void endStep();
    bool canUndo() const;
    bool canRedo() const;
    QString undoTitle() const; ///< translated: "Change name"
    QString redoTitle() const;
    void undo();
    void redo();
    /// Forgets edits and history: after they were applied, or discarded.
    void clear();

    bool isEmpty() const;
    struct Counts
    {
        int changed = 0;
        int added = 0;
        int removed = 0;
        int total() const { return changed + added + removed; }
    };
    Counts counts() const;
    /// The change of a row; null when it has none. Valid until the next edit.
    const RowChange *find(const RowKey &key) const;
    const RowChange *findNew(int newRow) const;
    QList<int> newRows() const; ///< in the order they were added
    /// Every change, in the order to apply: deletions, updates, then insertions, each in the order they were made.
    QList<RowChange> changes() const;

private:
    struct Entry
    {
        RowKey key;
        int newRow = -1;
        std::optional<RowChange> before;
        std::optional<RowChange> after;
    };
    struct Step
    {
        QString title;
        std::vector<Entry> entries;
    };
    void record(const QString &title, Entry entry);
    void put(const Entry &entry, bool forward);

    QList<RowChange> m_changes; ///< in the order they were first made
    std::vector<Step> m_steps;
    size_t m_done = 0; ///< how many of m_steps are in effect
    int m_depth = 0;   ///< of beginStep()
    int m_nextNewRow = 0;
};

} // namespace Roost
