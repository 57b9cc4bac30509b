#pragma once

#include "postgres/cellvalue.h"

#include <QHash>
#include <QList>
#include <QMap>
#include <QSet>
#include <QString>

#include <optional>

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
    /// Columns of which `before` holds only the beginning: a value that came shortened. Only that much is compared.
    QSet<QString> shortened;
    /// Of those, RowPage::storedBytes() where it is known: compared as well.
    QMap<QString, qint64> storedBytes;
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
    /// `isShortened`: of `before`, only the beginning was read; then nothing is known to be the old value.
    /// `storedBytes`: its size then, as RowPage tells it.
    void setCell(const RowKey &key, const QString &column, const CellValue &before, const CellValue &value,
                 bool isShortened = false, qint64 storedBytes = -1);
    /// Stages a new row; returns its number.
    int addRow(const CellValues &values = {});
    /// A cell of a new row; setDefault() leaves it to the server again.
    void setNewCell(int newRow, const QString &column, const CellValue &value);
    void setDefault(int newRow, const QString &column);
    /// Stages a deletion; edits of the row come back when it is restored. `shortened`: columns of `before` that hold
    /// only the value's beginning, `storedBytes` their sizes.
    void removeRow(const RowKey &key, const CellValues &before, const QSet<QString> &shortened = {},
                   const QMap<QString, qint64> &storedBytes = {});
    void restoreRow(const RowKey &key);
    void removeNewRow(int newRow);
    /// Takes back one cell, or every edit of one row, its deletion too.
    void revertCell(const RowKey &key, const QString &column);
    void revertRow(const RowKey &key);
    /// After a conflict: the row now stands like this in the database, so that is what the edit starts from. Keeps the
    /// staged values; an edit to what is there already vanishes. Not undone: undo and redo then start from it, too.
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

    bool isEmpty() const { return m_rows.isEmpty() && m_newRows.isEmpty(); }
    struct Counts
    {
        int changed = 0;
        int added = 0;
        int removed = 0;
        int total() const { return changed + added + removed; }
    };
    Counts counts() const { return m_counts; }
    /// The change of a row; null when it has none. Valid until the next edit.
    const RowChange *find(const RowKey &key) const;
    const RowChange *findNew(int newRow) const;
    QList<int> newRows() const; ///< in the order they were added
    /// Every change, in the order to apply: deletions, updates, then insertions, each in the order they were made.
    QList<RowChange> changes() const;

private:
    /// What is staged for a row of the table.
    struct Staged
    {
        RowChange change;
        qint64 order = 0;                ///< when it was first made
        std::optional<RowChange> hidden; ///< the edits beneath a deletion
        qint64 hiddenOrder = 0;
        bool operator==(const Staged &) const = default;
    };
    template <class State>
    struct Turn
    {
        std::optional<State> before;
        std::optional<State> after;
    };
    struct Step
    {
        QString title;
        QHash<RowKey, Turn<Staged>> rows;
        QHash<int, Turn<RowChange>> newRows;
        bool isEmpty() const { return rows.isEmpty() && newRows.isEmpty(); }
    };
    class StepGuard;

    std::optional<Staged> staged(const RowKey &key) const;
    std::optional<RowChange> stagedNew(int newRow) const;
    /// Remembers how the row stood when the step began.
    void remember(const RowKey &key);
    void rememberNew(int newRow);
    void put(const RowKey &key, const std::optional<Staged> &state);
    void putNew(int newRow, const std::optional<RowChange> &state);
    void take(const Step &step, bool forward);

    QHash<RowKey, Staged> m_rows;
    QMap<int, RowChange> m_newRows; ///< their numbers grow: in the order they were added
    Counts m_counts;
    QList<Step> m_steps;
    qsizetype m_done = 0; ///< how many of m_steps are in effect
    Step m_open;          ///< what is done between beginStep() and endStep(); `after` is known at its end
    int m_depth = 0;      ///< of beginStep()
    qint64 m_nextOrder = 0;
    int m_nextNewRow = 0;
};

} // namespace Roost
