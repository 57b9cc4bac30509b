#include "models/foldedtext.h"
#include "models/rowsmodelprivate.h"

#include "models/activitylog.h"

#include <algorithm>

namespace Roost {

namespace {

using From = TableQuery::From;

} // namespace

void RowsModel::estimateSort(const QList<SortColumn> &sort, QObject *receiver,
                             std::function<void(const Result<SortEstimate> &)> done)
{
    TableQuery query = d->query();
    query.sort = sort;
    d->sessions->read<SortEstimate>(
        d->instance, d->database, receiver ? receiver : this,
        [query](DatabaseConnection &connection, const std::stop_token &stop) {
            return Roost::estimateSort(connection, query, stop);
        },
        std::move(done), SessionPool::Lane::Beside);
}

void RowsModel::countExactly()
{
    if (m_isCounting || d->relation.id.name.isEmpty()) {
        return;
    }
    m_isCounting = true;
    emit countChanged();
    const TableQuery query = d->isFirstPageHere ? d->shownQuery : d->query();
    const QString sql = QStringLiteral("SELECT count(*) FROM %1").arg(query.table.quoted());
    d->activity->add(tr("Rows of %1, counted").arg(query.table.name), sql + u';', sql);
    d->counter.start<qint64>(
        d->instance, d->database, SessionPool::Lane::Beside,
        [query](DatabaseConnection &connection, const std::stop_token &stop) {
            return countRows(connection, query, stop);
        },
        [this](const Result<qint64> &count) {
            m_isCounting = false;
            if (count) {
                {
                    const Private::Changing hold(d.get());
                    d->window.setCounted(*count);
                }
                d->pump();
            } else if (!count.error().isCancelled()) {
                emit countFailed(count.error());
            }
            emit countChanged();
        });
}

void RowsModel::cancelCount()
{
    if (m_isCounting) {
        d->counter.stop();
        m_isCounting = false;
        emit countChanged();
    }
}

bool RowsModel::isFinding() const
{
    return bool(d->waiting);
}

void RowsModel::cancelFind()
{
    d->finder.stop();
    d->later = nullptr;
    if (d->waiting) {
        if (d->pages.isRunning() && d->loading == Private::Load::Place) {
            d->pages.stop();
            emit loadingChanged();
        }
        d->finish(tl::unexpected<Error>(Error::cancelled()));
    }
}

/// Tells whoever looked for a row.
void RowsModel::Private::finish(const Result<int> &row)
{
    if (const Row tell = std::exchange(waiting, nullptr)) {
        tell(row);
    }
}

/// Reads the page at a place, and tells where its first row (or, of the last page, its last) has come to stand.
void RowsModel::Private::goTo(const PageWish &place)
{
    isBlocked = false;
    load(Load::Place, place, queryFor(place));
}

void RowsModel::Private::placeReached(const PageWish &place)
{
    const RowCache &cache = window.cache();
    if (cache.isEmpty()) {
        finish(-1);
        return;
    }
    const int row = place.from == From::Last ? cache.end() - 1 : cache.begin();
    const int rows = lastVisible - firstVisible;
    // The view is still elsewhere, and would have its old place read again before it has heard of the new one.
    firstVisible = std::clamp(row - rows / 2, cache.begin(), cache.end() - 1);
    lastVisible = std::min(firstVisible + rows, cache.end() - 1);
    finish(row);
}

int RowsModel::Private::rowOf(const RowKey &key) const
{
    const RowCache &cache = window.cache();
    for (int row = cache.begin(); !key.isEmpty() && row < cache.end(); ++row) {
        if (cache.key(row) == key) {
            return row;
        }
    }
    return -1;
}

/// The page that begins with a row whose bound is known; `guess`: where that is, at least.
PageWish RowsModel::Private::pageAt(const QList<CellValue> &bound, int guess) const
{
    if (shownQuery.paging() == Paging::ByOffset) {
        const int number = bound.isEmpty() ? guess : bound.constLast().value_or(QString()).toInt();
        return {From::Offset, number, RowWindow::pageRows, {}, true};
    }
    return {From::At, std::max(guess, 1), RowWindow::pageRows, bound, false};
}

int RowsModel::Private::guessOf(const QList<CellValue> &bound, int least, int most) const
{
    const double fraction = places.isEmpty() ? -1 : places.fractionOf(bound);
    const int guess = fraction < 0 ? least : int(fraction * window.total());
    return std::clamp(guess, least, std::max(least, most));
}

void RowsModel::goToEnd(std::function<void(const Result<int> &)> done)
{
    cancelFind();
    d->waiting = std::move(done);
    d->whenShown([this] {
        if (d->window.isAtEnd()) {
            d->finish(d->window.total() - 1);
        } else {
            d->goTo(d->window.lastPage(RowWindow::pageRows));
        }
    });
}

/// What is about to be shown is waited for: a place is one of its order.
void RowsModel::Private::whenShown(std::function<void()> seek)
{
    if (pages.isRunning() && (loading == Load::Start || loading == Load::Again)) {
        later = std::move(seek);
    } else if (isFirstPageHere) {
        seek();
    } else {
        finish(failure(ErrorCode::NotFound, RowsModel::tr("There are no rows here to look through.")));
    }
}

void RowsModel::goToKey(const RowKey &key, std::function<void(const Result<int> &)> done)
{
    cancelFind();
    d->waiting = std::move(done);
    d->whenShown([this, key] { d->seekKey(key); });
}

void RowsModel::Private::seekKey(const RowKey &key)
{
    if (const int row = rowOf(key); row >= 0) {
        finish(row);
        return;
    }
    if (key.size() != relation.keyColumns.size() || key.isEmpty()) {
        finish(failure(ErrorCode::NotFound,
                       RowsModel::tr("There is no such row to go to: the table has no key like this.")));
        return;
    }
    if (shownQuery.sort.isEmpty()) {
        const QList<CellValue> bound(key.cbegin(), key.cend());
        goTo(pageAt(bound, guessOf(bound, 1, window.total() - 1)));
        return;
    }
    TableQuery one = shownQuery; // the row's values in this order are not known yet
    one.from = From::First;
    one.limit = 1;
    for (int i = 0; i < key.size(); ++i) {
        one.filter.conditions += FilterCondition{one.keyColumns.at(i), FilterCondition::Operator::Equal, {key.at(i)}};
    }
    findThen(
        [one](DatabaseConnection &connection, const std::stop_token &stop) { return fetchPage(connection, one, stop); },
        [this](const RowPage &page) {
            if (page.rowCount() == 0) {
                finish(failure(ErrorCode::NotFound,
                               RowsModel::tr("No row with this key is shown: it is not in the table, or the filter "
                                             "hides it.")));
                return;
            }
            const QList<CellValue> bound = page.bound(0);
            goTo(pageAt(bound, guessOf(bound, 1, window.total() - 1)));
        });
}

/// Work of one page on the second session, that a goTo() follows.
void RowsModel::Private::findThen(DatabaseSession::Work<RowPage> work, std::function<void(const RowPage &)> then)
{
    finder.start<std::shared_ptr<RowPage>>(
        instance, database, SessionPool::Lane::Beside,
        [work = std::move(work)](DatabaseConnection &connection,
                                 const std::stop_token &stop) -> Result<std::shared_ptr<RowPage>> {
            Result<RowPage> page = work(connection, stop);
            if (!page) {
                return tl::unexpected<Error>(std::move(page).error());
            }
            return std::make_shared<RowPage>(std::move(*page));
        },
        [this, then = std::move(then)](const Result<std::shared_ptr<RowPage>> &page) {
            if (page) {
                then(**page);
            } else {
                finish(tl::unexpected<Error>(page.error()));
            }
        });
}

void RowsModel::findInTable(const QString &text, int fromRow, bool backward,
                            std::function<void(const Result<int> &)> done)
{
    cancelFind();
    d->waiting = std::move(done);
    d->whenShown([this, text, fromRow, backward] { d->seekText(text, fromRow, backward); });
}

void RowsModel::Private::seekText(const QString &text, int fromRow, bool backward)
{
    if (text.isEmpty() || window.total() == 0 || (fromRow < 0 && backward)) {
        finish(-1);
        return;
    }
    TableQuery asked = shownQuery;
    const int total = window.total();
    if (fromRow >= total) {
        if (!backward) {
            finish(-1);
            return;
        }
        asked.from = From::Last;
    } else if (fromRow <= 0 && !backward) {
        asked.from = From::First;
    } else {
        const PageWish place = window.placeOf(fromRow, backward, places);
        asked.from = place.from;
        asked.bound = place.bound;
        asked.offset = place.begin;
    }
    findThen(
        [asked, text, backward](DatabaseConnection &connection, const std::stop_token &stop) {
            return findRow(connection, asked, text, backward, {}, stop);
        },
        [this, fromRow, backward, total](const RowPage &page) {
            if (page.rowCount() == 0) {
                finish(-1);
                return;
            }
            const int row = rowOf(page.key(0));
            if (row >= 0) {
                finish(row);
                return;
            }
            const QList<CellValue> bound = page.bound(0);
            // Going down, a match is never shown above where the search began.
            const int least = backward ? 1 : std::clamp(fromRow, 1, std::max(1, total - 1));
            const int most = backward ? std::min(fromRow, total - 1) : total - 1;
            goTo(pageAt(bound, guessOf(bound, least, most)));
        });
}

int RowsModel::findLoaded(const QString &text, int fromRow, int fromColumn, bool backward, int *column) const
{
    const FoldedText wanted(text);
    const RowCache &cache = d->window.cache();
    const int total = d->window.total();
    const auto isIn = [&](int row, int at) {
        if (const CellValue *staged = d->staged(row, at)) {
            return *staged && wanted.isIn(**staged);
        }
        return d->isLoaded(row) && cache.holds(row, at, wanted);
    };
    if (wanted.isEmpty()) {
        return -1;
    }
    // Two stretches: the rows in memory, and the new ones behind the last row.
    const int step = backward ? -1 : 1;
    const int last = rowCount() - 1;
    int at = fromColumn + step;
    for (int row = std::clamp(fromRow, -1, last + 1); backward ? row >= 0 : row <= last; row += step) {
        if (row < total && !cache.contains(row)) {
            if (backward) {
                row = row >= cache.end() ? std::min(row, cache.end()) : 0;
            } else {
                row = row < cache.begin() ? cache.begin() - 1 : total - 1;
            }
            at = backward ? int(d->columns.size()) - 1 : 0;
            continue;
        }
        for (; at >= 0 && at < d->columns.size(); at += step) {
            if (isIn(row, at)) {
                *column = at;
                return row;
            }
        }
        at = backward ? int(d->columns.size()) - 1 : 0;
    }
    return -1;
}

void RowsModel::fetchWhole(const QModelIndex &index, QObject *receiver,
                           std::function<void(const Result<CellValue> &)> done)
{
    const int row = index.row();
    const int column = index.column();
    if (!index.isValid() || !d->isLoaded(row)) {
        done(failure(ErrorCode::NotFound, tr("This row is not in memory any more. Scroll to it, and try again.")));
        return;
    }
    if (d->staged(row, column) || !d->window.cache().isShortened(row, column)) {
        done(value(row, column));
        return;
    }
    const RowKey key = d->window.cache().key(row);
    const QString name = d->columns.at(column).name;
    // The second session may be busy counting for a while.
    const bool isBusy = m_isCounting || d->finder.isRunning();
    PoolReader *reader = d->newFetcher();
    reader->start<CellValue>(
        d->instance, d->database, isBusy ? SessionPool::Lane::Main : SessionPool::Lane::Beside,
        [query = d->shownQuery, key, name](DatabaseConnection &connection, const std::stop_token &stop) {
            return fetchCell(connection, query, key, name, stop);
        },
        [this, key, column, place = QPersistentModelIndex(index), done = std::move(done), guard = QPointer(receiver),
         hasReceiver = receiver != nullptr](const Result<CellValue> &whole) {
            const bool isThere = place.isValid() && d->isLoaded(place.row()) && this->key(place.row()) == key;
            const int at = isThere ? place.row() : d->rowOf(key);
            if (whole && at >= 0 && d->window.cache().isShortened(at, column)) {
                d->window.put(at, column, *whole);
                d->window.trim(d->firstVisible, d->lastVisible);
                emit dataChanged(this->index(at, column), this->index(at, column));
            }
            if (!hasReceiver || guard) {
                done(whole);
            }
        });
}

PoolReader *RowsModel::Private::newFetcher()
{
    std::erase_if(fetchers, [](const std::unique_ptr<PoolReader> &one) { return !one->isRunning(); });
    fetchers.push_back(std::make_unique<PoolReader>(sessions, q));
    return fetchers.back().get();
}

} // namespace Roost
