// From staged edits to rows of the database.

#include "models/rowsmodelprivate.h"

#include "models/activitylog.h"

#include <algorithm>

namespace Roost {

namespace {

using namespace std::chrono_literals;
constexpr auto askingPause = 300ms;
constexpr int mostRemovedSingly = 500; ///< rows; more are found gone when the rows are read again

} // namespace

ChangeTarget RowsModel::changeTarget() const
{
    ChangeTarget target{d->relation.id, d->columns, d->relation.keyColumns};
    for (int column = 0; column < d->columns.size(); ++column) {
        if (!d->newCellReason(column).isEmpty()) {
            target.readOnlyColumns += d->columns.at(column).name;
        }
    }
    return target;
}

bool RowsModel::isCommitUnknown() const
{
    return d->unknown.has_value();
}

void RowsModel::setAskingPatience(std::chrono::milliseconds patience)
{
    d->askingPatience = patience;
}

void RowsModel::apply(QObject *receiver, std::function<void(const Result<ApplyOutcome> &)> done)
{
    const Private::Outcome tell = [guard = QPointer(receiver), hasReceiver = receiver != nullptr,
                                   done = std::move(done)](const Result<ApplyOutcome> &outcome) {
        if (!hasReceiver || guard) {
            done(outcome);
        }
    };
    if (m_isApplying) {
        tell(failure(ErrorCode::Conflict, tr("Changes are being applied already.")));
        return;
    }
    if (m_changes.isEmpty()) {
        tell(ApplyOutcome());
        return;
    }
    m_isApplying = true;
    d->refusal.reset();
    d->changesMade(-1, -1);
    if (!d->unknown) {
        d->send(tell);
        return;
    }
    // What was sent before may have arrived: it is not sent again before that is known.
    d->askWhatBecame([this, tell](std::optional<CommitState> state) {
        if (state == CommitState::Aborted) {
            d->send(tell);
        } else {
            d->endApplying(tell, d->outcomeOf(state));
        }
    });
}

void RowsModel::Private::send(const Outcome &done)
{
    const QList<RowChange> changes = q->m_changes.changes();
    const ChangeTarget target = q->changeTarget();
    if (pages.elapsedMs() > 0 && loading == Load::Scroll) {
        stopPages(); // the rows can wait
    }
    activity->add(RowsModel::tr("Changes of %1").arg(relation.id.name), QStringLiteral("BEGIN; …; COMMIT;"),
                  statementOf(target, changes.constFirst()).sql);
    applyStop = std::stop_source();
    sessions->write<ApplyOutcome>(
        instance, database, q,
        [target, changes, own = applyStop](DatabaseConnection &connection,
                                           const std::stop_token &sessionStop) -> Result<ApplyOutcome> {
            std::stop_source stop = own;
            const std::stop_callback forward(sessionStop, [&stop] { stop.request_stop(); });
            return applyChanges(connection, target, changes, stop.get_token());
        },
        [this, changes, done, table = opened](const Result<ApplyOutcome> &result) {
            if (table == opened) {
                sent(changes, result, done);
            } else {
                done(result);
            }
        });
}

void RowsModel::Private::sent(const QList<RowChange> &changes, const Result<ApplyOutcome> &result, const Outcome &done)
{
    if (!result) {
        endApplying(done, result);
        return;
    }
    switch (result->state) {
    case ApplyOutcome::State::Applied:
        tookEffect(changes, result->stored);
        break;
    case ApplyOutcome::State::Conflicts:
        break;
    case ApplyOutcome::State::Refused:
        refusal = result->refusal;
        break;
    case ApplyOutcome::State::Unknown:
        unknown = result->unknown;
        unknownChanges = changes;
        askWhatBecame([this, done](std::optional<CommitState> state) { endApplying(done, outcomeOf(state)); });
        return;
    }
    endApplying(done, result);
}

void RowsModel::Private::endApplying(const Outcome &done, const Result<ApplyOutcome> &outcome)
{
    q->m_isApplying = false;
    changesMade(-1, -1);
    done(outcome);
    pump();
}

/// In the words of an apply() what was found out of a commit.
Result<ApplyOutcome> RowsModel::Private::outcomeOf(std::optional<CommitState> state)
{
    ApplyOutcome outcome;
    if (state == CommitState::Committed) {
        outcome.stored = QList<CellValues>(unknownChanges.size());
        return outcome;
    }
    if (state == CommitState::Aborted) {
        return failure(
            ErrorCode::ConnectionLost,
            RowsModel::tr("The connection was lost while the changes were being saved. The server was asked since: it "
                          "has undone them, so nothing was changed. They are still here; apply them again."));
    }
    outcome.state = ApplyOutcome::State::Unknown;
    if (unknown) {
        outcome.unknown = *unknown;
    }
    return outcome;
}

/// Asks the server until it knows, for a while.
void RowsModel::Private::askWhatBecame(const Became &done)
{
    whoAsked = done;
    askUntil = QDeadlineTimer(askingPatience);
    askOnce();
}

void RowsModel::Private::askOnce()
{
    if (!unknown) {
        return;
    }
    asker.start<CommitState>(
        instance, database, SessionPool::Lane::Main,
        [commit = *unknown](DatabaseConnection &connection, const std::stop_token &stop) {
            return findOut(connection, commit, stop);
        },
        [this](const Result<CommitState> &state) {
            const bool isKnown = state && *state != CommitState::InProgress;
            if (isKnown || askUntil.hasExpired()) {
                became(isKnown ? std::optional(*state) : std::nullopt);
            } else {
                askAgain.start(askingPause);
            }
        });
}

void RowsModel::Private::became(std::optional<CommitState> state)
{
    if (state == CommitState::Committed) {
        unknown.reset();
        tookEffect(unknownChanges, {});
    } else if (state == CommitState::Aborted) {
        unknown.reset();
    } else if (state == CommitState::TooOld) {
        unknown.reset(); // nobody will ever know: what can be done is to look at the rows
        again(true);
    }
    if (const Became tell = std::exchange(whoAsked, nullptr)) {
        tell(state);
    }
    changesMade(-1, -1);
}

/// The changes are in the database now. `stored`: the rows as they stand there; empty when that is not known.
void RowsModel::Private::tookEffect(const QList<RowChange> &changes, const QList<CellValues> &stored)
{
    int added = 0;
    bool isOrderOther = stored.isEmpty();
    {
        const Changing hold(this);
        q->m_changes.clear();
        refusal.reset();
        syncNewRows();
        QHash<RowKey, int> rows;
        const RowCache &cache = window.cache();
        for (int row = cache.begin(); row < cache.end(); ++row) {
            rows.insert(cache.key(row), row);
        }
        QList<int> gone;
        int goneElsewhere = 0;
        for (qsizetype i = 0; i < changes.size(); ++i) {
            const RowChange &change = changes.at(i);
            const int row = rows.value(change.key, -1);
            if (change.kind == RowChange::Kind::Insert) {
                ++added;
            } else if (change.kind == RowChange::Kind::Delete) {
                row >= 0 ? gone.append(row) : void(++goneElsewhere);
            } else if (row >= 0 && i < stored.size()) {
                putStored(row, change, stored.at(i));
            }
            const QList<SortColumn> order = shownQuery.order();
            isOrderOther = isOrderOther || (change.kind == RowChange::Kind::Update &&
                                            std::any_of(order.cbegin(), order.cend(), [&change](const SortColumn &one) {
                                                return change.values.contains(one.column);
                                            }));
        }
        const qsizetype removed = gone.size() + goneElsewhere;
        removeStored(std::move(gone), goneElsewhere);
        if (relation.estimatedRows >= 0) {
            relation.estimatedRows = std::max<qint64>(0, relation.estimatedRows + added - removed);
        }
        if (added > 0) {
            window.addToTotal(added);
            addedUnseen += added;
        }
    }
    emit q->countChanged();
    if (added > 0 || isOrderOther || !shownQuery.filter.isEmpty()) {
        again(true);
    }
}

/// Shows a row as the server stored it. Values that are as they were read stay where they are.
void RowsModel::Private::putStored(int row, const RowChange &change, const CellValues &stored)
{
    for (int column = 0; column < columns.size(); ++column) {
        const auto value = stored.constFind(columns.at(column).name);
        if (value == stored.constEnd()) {
            continue;
        }
        const bool isShortened = window.cache().isShortened(row, column);
        const bool isOther =
            isShortened ? change.values.contains(value.key()) : window.cache().value(row, column) != value.value();
        if (isOther) {
            window.put(row, column, value.value());
        }
    }
}

/// Rows that were deleted vanish; `elsewhere` more were not in memory.
void RowsModel::Private::removeStored(QList<int> rows, int elsewhere)
{
    if (rows.size() > mostRemovedSingly && !window.isComplete()) {
        elsewhere += int(rows.size());
        rows.clear();
    }
    std::sort(rows.begin(), rows.end(), std::greater<int>());
    for (qsizetype at = 0; at < rows.size();) {
        qsizetype end = at + 1;
        while (end < rows.size() && rows.at(end) == rows.at(end - 1) - 1) {
            ++end;
        }
        window.removeRows(rows.at(end - 1), rows.at(at));
        at = end;
    }
    if (elsewhere > 0) {
        window.addToTotal(-elsewhere);
        again(true);
    }
}

void RowsModel::resolveConflict(const ChangeConflict &conflict, bool keepMine)
{
    if (m_isApplying) {
        return;
    }
    const RowKey &key = conflict.change.key;
    const int row = d->rowOf(key);
    if (conflict.kind == ChangeConflict::Kind::Gone) {
        const bool isMade = keepMine && conflict.change.kind == RowChange::Kind::Update;
        CellValues mine = row >= 0 ? d->storedValues(row, nullptr) : conflict.change.before;
        mine.insert(conflict.change.values);
        m_changes.beginStep(isMade ? tr("Add the row again") : tr("Give up the edits of a row"));
        m_changes.revertRow(key);
        if (isMade) {
            m_changes.addRow(mine);
        }
        m_changes.endStep();
        if (row >= 0) {
            const Private::Changing hold(d.get());
            d->window.removeRows(row, row);
        }
        d->syncNewRows();
    } else {
        if (!keepMine) {
            m_changes.revertRow(key);
        } else if (!conflict.theirs.isEmpty()) {
            m_changes.rebase(key, conflict.theirs);
        }
        if (row >= 0) {
            d->putStored(row, conflict.change, conflict.theirs);
        }
    }
    d->changesMade(-1, -1);
    d->pump();
}

} // namespace Roost
