// Pages: asked for, one at a time, and taken in.

#include "models/rowsmodelprivate.h"

#include "models/activitylog.h"
#include "postgres/catalogreader.h"

#include <algorithm>

namespace Roost {

namespace {

using From = TableQuery::From;
constexpr int slowMs = 300; ///< a page that nobody wants any more may run this long before it is stopped

} // namespace

RowsModel::Private::Private(RowsModel *model, SessionPool *pool, ActivityLog *log)
    : q(model)
    , sessions(pool)
    , activity(log)
    , pages(pool, model)
    , counter(pool, model)
    , finder(pool, model)
    , mapper(pool, model)
    , describer(pool, model)
    , asker(pool, model)
{
    slow.setSingleShot(true);
    QObject::connect(&slow, &QTimer::timeout, model, [this] { pump(); });
    askAgain.setSingleShot(true);
    QObject::connect(&askAgain, &QTimer::timeout, model, [this] { askOnce(); });
}

void RowsModel::Private::dropWhatRuns()
{
    slow.stop();
    mapper.stop();
    describer.stop();
    q->cancelFind();
    q->cancelCount();
    stopPages();
}

void RowsModel::Private::stopPages()
{
    if (pages.isRunning()) {
        pages.stop();
        emit q->loadingChanged();
    }
}

TableQuery RowsModel::Private::query() const
{
    TableQuery wished;
    wished.table = relation.id;
    wished.kind = relation.kind;
    wished.hasInheritors = relation.hasInheritors;
    wished.columns = relation.columns;
    wished.keyColumns = relation.keyColumns;
    wished.sort = sort;
    wished.filter = filter;
    wished.serverVersion = serverVersion;
    wished.limit = RowWindow::pageRows;
    return wished;
}

TableQuery RowsModel::Private::queryFor(const PageWish &wish) const
{
    TableQuery query = shownQuery;
    query.from = wish.from;
    query.limit = wish.limit;
    query.bound = wish.bound;
    query.offset = wish.begin;
    return query;
}

void RowsModel::Private::start()
{
    dropWhatRuns();
    isBlocked = false;
    const TableQuery first = query();
    logPage(first);
    load(Load::Start,
         PageWish{From::First, 0, std::max(int(RowWindow::pageRows), lastVisible - firstVisible + 1), {}, true}, first);
    setState(State::Loading);
}

/// Reads what is in sight again, from the first row in sight on; all of it where that is little.
void RowsModel::Private::again(bool isQuiet)
{
    const RowCache &cache = window.cache();
    const TableQuery wanted = query();
    if (!isFirstPageHere || cache.isEmpty() || wanted.sort != shownQuery.sort ||
        !(wanted.filter == shownQuery.filter)) {
        start();
        return;
    }
    stopPages();
    isBlocked = false;
    constexpr int above = RowWindow::pageRows / 4;
    const int rows = lastVisible - firstVisible + 1;
    const int anchor = std::clamp(firstVisible, cache.begin(), cache.end() - 1);
    const int begin = std::max(cache.begin(), anchor - above);
    const int limit = std::max(int(RowWindow::pageRows), anchor - begin + rows + above);
    PageWish wish{From::At, begin, limit, {}, false};
    if (window.isComplete() && cache.end() <= 2 * RowWindow::smallTable) {
        wish = {From::First, 0, cache.end() + RowWindow::pageRows + std::exchange(addedUnseen, 0), {}, true};
    } else if (window.isAtTop() && begin == 0) {
        wish = {From::First, 0, limit, {}, true};
    } else if (shownQuery.paging() == Paging::ByOffset) {
        wish.from = From::Offset;
        wish.isExact = true;
    } else {
        wish.bound = cache.bound(begin);
    }
    logPage(queryFor(wish));
    load(Load::Again, wish, queryFor(wish));
    if (!isQuiet) {
        setState(State::Loading);
    }
}

void RowsModel::Private::load(Load why, const PageWish &wanted, const TableQuery &query)
{
    slow.stop();
    loading = why;
    underWay = wanted;
    // A jump to about a place needs to know the places: read on the way, when they are not here yet.
    const bool needsMap = wanted.from == From::Offset && why == Load::Scroll && !isMapHere && !query.order().isEmpty();
    const double fraction = window.total() > 0 ? double(wanted.begin) / window.total() : 0;
    const bool wasRunning = pages.isRunning();
    pages.start<std::shared_ptr<Answer>>(
        instance, database, SessionPool::Lane::Main,
        [query, wanted, needsMap, fraction](DatabaseConnection &connection,
                                            const std::stop_token &stop) -> Result<std::shared_ptr<Answer>> {
            auto answer = std::make_shared<Answer>();
            answer->wish = wanted;
            answer->serverVersion = connection.server().version;
            TableQuery asked = query;
            asked.serverVersion = answer->serverVersion;
            if (needsMap && asked.paging() != Paging::ByOffset) {
                if (Result<PositionMap> read = PositionMap::read(connection, asked, stop)) {
                    answer->map = std::move(*read);
                    answer->hasMap = true;
                }
                if (!answer->map.isEmpty()) {
                    answer->wish.from = asked.from = From::At;
                    answer->wish.bound = asked.bound = answer->map.boundAt(fraction);
                    answer->wish.isExact = false;
                }
            }
            Result<RowPage> page = fetchPage(connection, asked, stop);
            if (!page) {
                return tl::unexpected<Error>(std::move(page).error());
            }
            answer->page = std::move(*page);
            return answer;
        },
        [this, why, query](const Result<std::shared_ptr<Answer>> &answer) { arrived(why, query, answer); });
    if (!wasRunning && pages.isRunning()) {
        emit q->loadingChanged();
    }
}

void RowsModel::Private::arrived(Load why, const TableQuery &asked, const Result<std::shared_ptr<Answer>> &result)
{
    if (!result) {
        pageFailed(why, result.error());
        emit q->loadingChanged();
        return;
    }
    Answer &answer = **result;
    serverVersion = answer.serverVersion;
    if (answer.hasMap) {
        places = std::move(answer.map);
        isMapHere = true;
    }
    {
        const Changing hold(this);
        if (why == Load::Start) {
            firstArrived(asked, answer);
        } else if (!placeTaken(why, answer)) {
            return;
        }
        window.trim(firstVisible, lastVisible);
    }
    const bool isAside = why == Load::Scroll || why == Load::Place; // says nothing of a query that failed
    if (!isAside || q->m_state != State::Failed || failedLoad == Load::Scroll) {
        setState(State::Ready);
    }
    emit q->countChanged();
    if (why == Load::Start || why == Load::Again) {
        lookAround();
    }
    if (const auto seek = std::exchange(later, nullptr)) {
        seek();
    }
    pump();
    if (!pages.isRunning()) {
        emit q->loadingChanged();
    }
}

/// False when something else has to be read instead.
bool RowsModel::Private::placeTaken(Load why, Answer &answer)
{
    const int rows = int(answer.page.rowCount());
    if (answer.page.columns.size() != columns.size()) {
        start(); // the table was changed
        return false;
    }
    const bool isTaken = why == Load::Again ? window.takeAgain(answer.wish, std::move(answer.page), firstVisible)
                                            : window.take(answer.wish, std::move(answer.page));
    if (!isTaken && rows == 0) {
        if (shownQuery.paging() != Paging::ByOffset) {
            const PageWish last = window.lastPage(answer.wish.limit);
            load(why == Load::Again ? Load::Scroll : why, last, queryFor(last));
            return false;
        }
        q->countExactly(); // the estimate was too large, and there is no way from the end
    }
    if (why == Load::Place) {
        placeReached(answer.wish);
    }
    return true;
}

void RowsModel::Private::firstArrived(const TableQuery &asked, Answer &answer)
{
    q->beginResetModel();
    shownQuery = asked;
    shownQuery.serverVersion = answer.serverVersion;
    setColumns(answer.page.columns);
    window.reset(asked.filter.isEmpty() ? relation.estimatedRows : -1, relation.keyColumns, shownQuery.paging());
    window.begin(answer.wish, std::move(answer.page));
    places = {};
    isMapHere = false;
    addedUnseen = 0;
    isFirstPageHere = true;
    firstVisible = 0;
    lastVisible = std::min(lastVisible, int(RowWindow::pageRows));
    direction = 0;
    newRows = q->m_changes.newRows();
    forgetRow();
    q->endResetModel();
}

void RowsModel::Private::setColumns(const QList<ResultColumn> &read)
{
    if (columns.size() == read.size() &&
        std::equal(columns.cbegin(), columns.cend(), read.cbegin(),
                   [](const RowColumn &one, const ResultColumn &other) { return one.name == other.name; })) {
        return;
    }
    columns.clear();
    for (const ResultColumn &column : read) {
        RowColumn one;
        one.name = column.name;
        one.type = one.shortType = column.type;
        one.typeOid = one.baseOid = column.typeOid;
        one.isNumeric = column.isNumeric;
        columns += one;
    }
}

void RowsModel::Private::pageFailed(Load why, const Error &error)
{
    isBlocked = true; // what failed is not tried again before something changes
    if (why == Load::Place) {
        finish(tl::unexpected<Error>(error));
        return;
    }
    if (std::exchange(later, nullptr)) {
        finish(tl::unexpected<Error>(error));
    }
    failedLoad = why;
    q->m_error = error;
    setState(State::Failed);
    if (error.code == ErrorCode::ServerRefused) {
        describe(); // its columns may be others by now
    }
}

/// The next page, if one is needed.
void RowsModel::Private::pump()
{
    if (!isFirstPageHere || isBlocked || changing > 0) {
        return;
    }
    if (pages.isRunning()) {
        if (loading != Load::Scroll || RowWindow::serves(underWay, firstVisible, lastVisible)) {
            return;
        }
        const qint64 left = slowMs - pages.elapsedMs();
        if (left > 0) {
            slow.start(int(left));
            return;
        }
        stopPages();
    }
    std::optional<PageWish> next = window.wanted(firstVisible, lastVisible, direction, places);
    if (!next) {
        next = window.rest();
    }
    if (next) {
        load(Load::Scroll, *next, queryFor(*next));
    }
}

/// What is good to know of the table, on the second session: nothing that the user does waits for it.
void RowsModel::Private::lookAround()
{
    if (!isMapHere && shownQuery.paging() != Paging::ByOffset && !window.isComplete()) {
        mapper.start<PositionMap>(
            instance, database, SessionPool::Lane::Beside,
            [query = shownQuery](DatabaseConnection &connection, const std::stop_token &stop) {
                return PositionMap::read(connection, query, stop);
            },
            [this](const Result<PositionMap> &read) {
                if (read) {
                    places = *read;
                    isMapHere = true;
                }
            });
    }
    describe();
}

void RowsModel::Private::describe()
{
    if (!std::exchange(isDescribeWanted, false)) {
        return;
    }
    describer.start<TableDescription>(
        instance, database, SessionPool::Lane::Beside,
        [table = relation.id](DatabaseConnection &connection, const std::stop_token &stop) {
            return CatalogReader::describe(connection, table, stop);
        },
        [this](const Result<TableDescription> &read) {
            if (read) {
                adopt(*read);
            }
        });
}

void RowsModel::Private::adopt(const TableDescription &read)
{
    description = read;
    const QList<RowColumn> &now = read.relation.columns;
    const bool isSame = now.isEmpty() || relation.columns.isEmpty() ||
                        (now.size() == relation.columns.size() &&
                         std::equal(now.cbegin(), now.cend(), relation.columns.cbegin(),
                                    [](const RowColumn &one, const RowColumn &other) {
                                        return one.name == other.name && one.typeOid == other.typeOid;
                                    }));
    emit q->describedChanged();
    if (!isSame) {
        relation.columns = now;
        relation.keyColumns = read.relation.keyColumns;
        start();
        return;
    }
    if (!columns.isEmpty()) {
        emit q->headerDataChanged(Qt::Horizontal, 0, int(columns.size()) - 1);
        changesMade(-1, -1); // defaults of new rows
    }
}

void RowsModel::Private::logPage(const TableQuery &query)
{
    activity->add(RowsModel::tr("Rows of %1").arg(query.table.name),
                  QStringLiteral("SELECT * FROM %1 LIMIT %2;").arg(query.table.quoted()).arg(query.limit),
                  query.statement().sql);
}

void RowsModel::Private::setState(State state)
{
    const bool isOther = q->m_state != state;
    q->m_state = state;
    if (isOther || state == State::Failed) {
        emit q->stateChanged();
    }
}

} // namespace Roost
