// What the user wishes to see.

#include "models/rowsmodelprivate.h"

#include <algorithm>

namespace Roost {

void RowsModel::open(const Instance &instance, const QString &database, const RelationInfo &relation)
{
    stop();
    beginResetModel();
    d->instance = instance;
    d->database = database;
    d->relation = relation;
    d->columns = relation.columns;
    d->sort.clear();
    d->filter = {};
    d->shownQuery = d->query();
    d->window.reset(-1, relation.keyColumns, d->shownQuery.paging());
    d->isFirstPageHere = false;
    d->description.reset();
    d->newRows.clear();
    d->refusal.reset();
    d->unknown.reset();
    d->asker.stop();
    d->askAgain.stop();
    d->whoAsked = nullptr;
    d->fetchers.clear();
    m_changes = ChangeSet();
    m_isApplying = false;
    ++d->opened;
    endResetModel();
    d->start();
    d->isDescribeWanted = true;
}

void RowsModel::refresh()
{
    if (d->relation.id.name.isEmpty()) {
        return;
    }
    d->isDescribeWanted = true;
    d->window.doubtTotal();
    if (d->unknown && !m_isApplying) {
        d->askWhatBecame([this](std::optional<CommitState> state) {
            if (state) {
                emit commitFoundOut(*state == CommitState::Committed);
            }
        });
    }
    d->again();
}

void RowsModel::stop()
{
    d->dropWhatRuns();
    d->fetchers.clear();
    if (m_state == State::Loading) {
        d->setState(d->isFirstPageHere ? State::Ready : State::Empty);
    }
}

void RowsModel::cancel()
{
    const bool wasStarting = d->pages.isRunning() && d->loading == Private::Load::Start;
    const bool wasLoading = m_state == State::Loading;
    d->dropWhatRuns();
    d->isBlocked = true; // until the view goes elsewhere
    d->applyStop.request_stop();
    if (wasStarting && d->isFirstPageHere) {
        d->backToShown();
    }
    if (wasLoading) {
        m_error = Error::cancelled();
        d->setState(d->isFirstPageHere ? State::Ready : State::Failed);
    }
}

void RowsModel::setSort(const QList<SortColumn> &sort)
{
    if (d->sort == sort || d->relation.id.name.isEmpty()) {
        return;
    }
    d->sort = sort;
    emit sortChanged();
    d->start();
}

void RowsModel::setFilter(const RowFilter &filter)
{
    if (d->filter == filter || d->relation.id.name.isEmpty()) {
        return;
    }
    d->filter = filter;
    emit filterChanged();
    d->start();
}

void RowsModel::setVisibleRows(int first, int last)
{
    if (first == d->firstVisible && last == d->lastVisible) {
        return;
    }
    d->direction = first > d->firstVisible ? 1 : first < d->firstVisible ? -1 : d->direction;
    d->firstVisible = first;
    d->lastVisible = last;
    d->isBlocked = false;
    d->pump();
}

/// The rows that are shown belong to another order or filter than the one that was given up: back to theirs.
void RowsModel::Private::backToShown()
{
    if (sort != shownQuery.sort) {
        sort = shownQuery.sort;
        emit q->sortChanged();
    }
    if (!(filter == shownQuery.filter)) {
        filter = shownQuery.filter;
        emit q->filterChanged();
    }
}

void RowsModel::Private::beginInsert(int first, int last)
{
    q->beginInsertRows({}, first, last);
    forgetRow();
}

void RowsModel::Private::endInsert()
{
    forgetRow();
    q->endInsertRows();
}

void RowsModel::Private::beginRemove(int first, int last)
{
    q->beginRemoveRows({}, first, last);
    forgetRow();
}

void RowsModel::Private::endRemove()
{
    forgetRow();
    q->endRemoveRows();
}

void RowsModel::Private::changed(int first, int last)
{
    forgetRow();
    emit q->dataChanged(q->index(first, 0), q->index(last, int(columns.size()) - 1));
}

void RowsModel::Private::moved(int by)
{
    firstVisible = std::max(0, firstVisible + by); // what was shown may have been above the first row
    lastVisible = std::max(firstVisible, lastVisible + by);
    emit q->rowsMoved(by);
}

} // namespace Roost
