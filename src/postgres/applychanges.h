#pragma once

#include "core/result.h"
#include "postgres/catalog.h"
#include "postgres/changeset.h"
#include "postgres/statement.h"

#include <QList>

#include <functional>
#include <optional>
#include <stop_token>

namespace Roost {

class DatabaseConnection;

/// The table that changes go to.
struct ChangeTarget
{
    TableId table;
    QList<RowColumn> columns;
    QStringList keyColumns;
    /// Generated and identity-always columns: never sent with a new row (a copy of another row has values there); an
    /// edit of one is refused.
    QStringList readOnlyColumns = {};
};

/// A change that did not meet exactly the row it was made for.
struct ChangeConflict
{
    enum class Kind {
        Changed,  ///< somebody changed what we change (or, for a deletion, anything of the row)
        Gone,     ///< the row is not there any more, or hidden by a policy
        Swallowed ///< the row stands as it did, and yet the server changed nothing: a trigger, rule or policy
    };
    Kind kind = Kind::Changed;
    RowChange change;  ///< yours, with `before`
    CellValues theirs; ///< the row as it stands now, all columns whole; empty when Gone, and for an Insert
};

/// A change that the server refused.
struct ChangeRefusal
{
    RowChange change;    ///< kind Insert and no key when it cannot be told (a deferred constraint, at COMMIT)
    QString column;      ///< where to show it; empty when it cannot be told
    QStringList columns; ///< all columns of the constraint, of this table; `column` is one that was changed
    Error error;
};

/// What a COMMIT was for whose answer never came.
struct UnknownCommit
{
    QString transactionId; ///< pg_current_xact_id() or txid_current(), as text
};

struct ApplyOutcome
{
    enum class State {
        Applied,
        Conflicts, ///< rolled back: nothing was changed
        Refused,   ///< rolled back: nothing was changed
        Unknown    ///< the connection was lost during COMMIT; see findOut()
    };
    State state = State::Applied;
    QList<ChangeConflict> conflicts; ///< all of them, not only the first
    std::optional<ChangeRefusal> refusal;
    UnknownCommit unknown;
    /// Applied: each change with the row as the server stored it (its defaults, triggers, rounding), in the same order
    /// as the changes. Empty for deletions.
    QList<CellValues> stored;
};

/// Applies all changes in one transaction, or none. An update names the key and the old values of what it changes, a
/// deletion the key and all old values; exactly one row must be met each time. Bound values only. Two round trips
/// besides the connection's own when all goes well, whatever the number of changes. An Error means that nothing was
/// changed (also ConnectionLost: it was lost before COMMIT); Cancelled likewise.
[[nodiscard]] Result<ApplyOutcome> applyChanges(DatabaseConnection &connection, const ChangeTarget &target,
                                                const QList<RowChange> &changes, const std::stop_token &stop = {});

/// The statement of one change, as applyChanges() sends it. It returns the row as the server then has it.
[[nodiscard]] SqlStatement statementOf(const ChangeTarget &target, const RowChange &change);
/// All statements as a script that a person can read and psql would run, values in their places, between BEGIN and
/// COMMIT.
[[nodiscard]] QString previewSql(const ChangeTarget &target, const QList<RowChange> &changes);

enum class CommitState {
    Committed,
    Aborted,
    InProgress, ///< ask again in a moment
    TooOld      ///< the server does not remember: look at the rows
};
/// What became of it; asked on a new connection.
[[nodiscard]] Result<CommitState> findOut(DatabaseConnection &connection, const UnknownCommit &commit,
                                          const std::stop_token &stop = {});

} // namespace Roost
