#pragma once

#include "core/result.h"
#include "models/instance.h"
#include "postgres/applychanges.h"
#include "postgres/changeset.h"
#include "postgres/tablequery.h"

#include <QAbstractTableModel>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace Roost {

class ActivityLog;
class SessionPool;

/// All rows of one table as one long list, of which only what is looked at is in memory: the view says what it shows
/// (setVisibleRows()), and the pages around it are read, the far ones dropped. Staged edits lie over the rows; new rows
/// stand at the end. Nothing here waits: what is asked for arrives later, and an answer to a question that is no longer
/// of interest is dropped. Lives in the GUI thread.
///
/// Row numbers: rowCount() is the number of rows as far as it is known (exact, or the server's estimate), and a row
/// read after a jump stands where it probably is. When the true place turns out (the first or last row was reached),
/// unknown rows are inserted or removed above those in memory, as any model does it, so that selection and current cell
/// go along; rowsMoved() tells the view to scroll along. No row changes its neighbours.
class RowsModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Role {
        NullRole = Qt::UserRole + 1, ///< bool
        FullTextRole,    ///< the whole value, or its beginning when ShortenedRole; DisplayRole is cut and on one line
        NumericRole,     ///< bool, of a column too
        TypeRole,        ///< of a column: "int4"
        KeyRole,         ///< of a column: bool, part of the key
        ColumnRole,      ///< of a column: RowColumn
        LoadedRole,      ///< bool: the row is in memory; else its cells are empty and on their way
        ShortenedRole,   ///< bool: only the value's beginning is here; fetchWhole() gets the rest
        StoredBytesRole, ///< qint64: of a shortened value
        CellStateRole,   ///< CellState as int
        BeforeRole,      ///< QString or null: what the database holds, where it differs from what is staged
        RefusalRole,     ///< QString: what the server said against this cell (or row, in any of its cells); empty
        DefaultRole      ///< bool: a cell of a new row that is left to the server
    };
    enum class CellState { Plain, Changed, NewRow, DeletedRow };
    enum class State { Empty, Loading, Ready, Failed };

    RowsModel(SessionPool *sessions, ActivityLog *activity, QObject *parent = nullptr);
    ~RowsModel() override;

    /// Shows a table from its first row, whatever was shown before. Staged edits are forgotten.
    void open(const Instance &instance, const QString &database, const RelationInfo &relation);
    /// Reads again what is in sight; the rows and the staged edits stay.
    void refresh();
    /// Stops what is under way, on the server too; nothing arrives any more.
    void stop();
    /// As stop(), at the user's wish: state() is then Ready with what is here, or Failed with Cancelled.
    void cancel();

    // What is shown. Each starts again from the first row and keeps the staged edits.
    void setSort(const QList<SortColumn> &sort);
    void setFilter(const RowFilter &filter);
    const QList<SortColumn> &sort() const;
    const RowFilter &filter() const;
    Paging paging() const; ///< how pages are found: said to the user unless ByKey
    /// What the planner says of an order, before it is set.
    void estimateSort(const QList<SortColumn> &sort, QObject *receiver,
                      std::function<void(const Result<SortEstimate> &)> done);

    // Where the view is.
    /// The view shows these rows (both included). What is missing is read, the newest wish first; one page at a time is
    /// under way.
    void setVisibleRows(int first, int last);
    /// Where a row with this key (or the next one) stands; `done` gets the model's row, read by then, or an error.
    void goToKey(const RowKey &key, std::function<void(const Result<int> &)> done);
    /// The next match in the table from `fromRow` on; the answer as for goToKey(), -1 when there is none.
    void findInTable(const QString &text, int fromRow, bool backward, std::function<void(const Result<int> &)> done);
    /// The table's last row, wherever that is: rowCount() may be an estimate. `done` as for goToKey().
    void goToEnd(std::function<void(const Result<int> &)> done);
    /// Gives up what goToKey(), goToEnd() or findInTable() look for; `done` gets Cancelled.
    void cancelFind();
    bool isFinding() const;
    /// The next match in what is in memory; -1 when there is none.
    int findLoaded(const QString &text, int fromRow, int fromColumn, bool backward, int *column) const;
    /// False where a row's number is a guess: after a jump, until an end is reached.
    bool isNumberExact(int row) const;
    qint64 rowNumber(int row) const; ///< counted from 1; of a new row -1

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    /// Qt::EditRole: QString, or a null QVariant for NULL. Staged; false where the cell cannot be edited.
    bool setData(const QModelIndex &index, const QVariant &value, int role = Qt::EditRole) override;

    /// Loading while all that is shown is to be replaced (open, sort, filter, refresh); pages that come while scrolling
    /// do not change it, unless one fails. isLoading() tells of those too: cancel() ends them.
    State state() const { return m_state; }
    bool isLoading() const;
    const Error &error() const { return m_error; } ///< of the last page asked for, when Failed
    const Instance &instance() const;
    const QString &database() const;
    const RelationInfo &relation() const;
    const QList<RowColumn> &columns() const;
    int columnOf(const QString &name) const; ///< -1 when there is none
    /// What describe() says, once it is here: defaults, rights, links. describedChanged() tells.
    const TableDescription *description() const;
    bool isFirstPageHere() const;

    /// How many rows the query has: exact when counted or all here, else the server's estimate, or nothing. New rows
    /// are not counted.
    struct Count
    {
        qint64 rows = -1;
        bool isExact = false;
    };
    Count count() const;
    /// Counts on a second session; countChanged() when done. Again while it runs: nothing.
    void countExactly();
    void cancelCount();
    bool isCounting() const { return m_isCounting; }

    /// The whole value of a cell that was shortened; from then on the cell has it. Gone with the page.
    void fetchWhole(const QModelIndex &index, QObject *receiver, std::function<void(const Result<CellValue> &)> done);
    /// A cell's value as staged or read (shortened, if ShortenedRole).
    CellValue value(int row, int column) const;
    CellValues rowValues(int row) const; ///< of all columns; empty when the row is not in memory
    RowKey key(int row) const;           ///< empty for new rows, rows not in memory and tables without a key

    // Editing. All of it is staged until apply(). Nothing can be edited while isApplying().
    /// Why nothing can be edited (a view, no key, no right), translated, with what to do; empty when it can.
    QString readOnlyReason() const;
    /// Why this one column cannot be edited (generated, identity always …); empty when it can.
    QString readOnlyReason(int column) const;
    /// What speaks against a value before the server is asked: NOT NULL, enum, length, NUL … Empty: nothing.
    QString valueProblem(int column, const CellValue &value) const;
    /// As setData(), also where only the value's beginning is here (setData() takes nothing but NULL there): for what
    /// does not start from the old value, as paste, fill, load from a file.
    bool replaceValue(const QModelIndex &index, const CellValue &value);
    int addRow(const CellValues &values = {}); ///< returns the model's row; -1 when rows cannot be added
    int addRows(const QList<CellValues> &rows);
    using QAbstractTableModel::removeRows; // which do nothing here, and must not be hidden
    using QAbstractTableModel::revert;
    using QAbstractTableModel::sort;
    void removeRows(const QList<int> &rows); ///< new rows vanish, others are marked; rows not in memory stay
    void restoreRows(const QList<int> &rows);
    void revert(const QModelIndexList &cells); ///< back to what the database holds (or the default)
    void undo();
    void redo();
    void beginStep(const QString &title);
    void endStep();
    void discardChanges();
    const ChangeSet &changes() const { return m_changes; }
    ChangeTarget changeTarget() const;
    /// Applies what is staged. `done` gets the outcome; after Applied the rows show what the server stored, after a
    /// refusal its cell says so (RefusalRole), after Unknown the model has asked the server already, and the outcome
    /// says what it found.
    void apply(QObject *receiver, std::function<void(const Result<ApplyOutcome> &)> done);
    bool isApplying() const { return m_isApplying; }
    /// The last apply() ended in Unknown, and the server could not be asked yet. The edits are kept and locked;
    /// refresh() and apply() ask first.
    bool isCommitUnknown() const;
    /// How long the server is asked before that is said; ten seconds.
    void setAskingPatience(std::chrono::milliseconds patience);
    /// Of a conflict: keep mine (on top of theirs), or take theirs (mine is given up).
    void resolveConflict(const ChangeConflict &conflict, bool keepMine);

signals:
    void stateChanged();
    void loadingChanged();
    void countChanged();
    void countFailed(const Roost::Error &error);
    void describedChanged();
    void changesChanged(); ///< staged edits, undo and redo
    void sortChanged();
    void filterChanged();
    /// Rows in memory were found to stand `by` rows further down (up, if negative) than they were shown.
    void rowsMoved(int by);
    /// What became of the commit that was unknown (isCommitUnknown()), when refresh() asked.
    void commitFoundOut(bool wasApplied);

private:
    class Private;
    std::unique_ptr<Private> d;
    ChangeSet m_changes;
    State m_state = State::Empty;
    Error m_error;
    bool m_isCounting = false;
    bool m_isApplying = false;
};

} // namespace Roost
