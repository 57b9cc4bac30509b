#include "models/rowwindow.h"

#include <QRandomGenerator>
#include <QTest>

#include <algorithm>
#include <numeric>

using namespace Roost;
using From = TableQuery::From;

namespace {

/// A table of one key column, and the answers a server would give.
class Table
{
public:
    explicit Table(int rows)
        : keys(size_t(rows))
    {
        std::iota(keys.begin(), keys.end(), 1);
        std::for_each(keys.begin(), keys.end(), [](int &key) { key *= 10; });
    }

    RowPage answer(const PageWish &wish) const
    {
        const int size = int(keys.size());
        const int bound = wish.bound.isEmpty() ? 0 : wish.bound.constFirst().value_or(QString()).toInt();
        const auto lower = int(std::lower_bound(keys.begin(), keys.end(), bound) - keys.begin());
        const auto upper = int(std::upper_bound(keys.begin(), keys.end(), bound) - keys.begin());
        int first = 0;
        bool isUpward = false;
        switch (wish.from) {
        case From::First:
            break;
        case From::Last:
            first = size - wish.limit;
            isUpward = true;
            break;
        case From::After:
            first = upper;
            break;
        case From::Before:
            first = lower - wish.limit;
            isUpward = true;
            break;
        case From::At:
            first = lower;
            break;
        case From::Offset:
            first = std::min(wish.begin, size);
            break;
        }
        const int last = std::min(wish.from == From::Before ? lower : size, first + wish.limit);
        RowPage page;
        page.columns = {ResultColumn{QStringLiteral("id"), QStringLiteral("int4"), 23, true}};
        page.setBoundColumns({0}, {0});
        page.hasMore = isUpward ? first > 0 : last < size;
        for (int row = std::max(first, 0); row < last; ++row) {
            page.append(QByteArray::number(keys.at(size_t(row))));
        }
        return page;
    }

    std::vector<int> keys;
};

/// A view's selection: what an item view's persistent indexes do.
class Shadow : public RowWindow::Listener
{
public:
    void beginInsert(int first, int last) override { pending = {first, last - first + 1}; }
    void endInsert() override
    {
        for (int &row : marked) {
            row += row >= pending.first ? pending.second : 0;
        }
        total += pending.second;
    }
    void beginRemove(int first, int last) override { pending = {first, last - first + 1}; }
    void endRemove() override
    {
        std::erase_if(marked, [this](int row) { return row >= pending.first && row < pending.first + pending.second; });
        for (int &row : marked) {
            row -= row >= pending.first ? pending.second : 0;
        }
        total -= pending.second;
    }
    void changed(int first, int last) override { isChangeWrong = isChangeWrong || first < 0 || last >= total; }
    void moved(int by) override { movedBy += by; }

    std::pair<int, int> pending;
    std::vector<int> marked;
    int total = 0;
    int movedBy = 0;
    bool isChangeWrong = false;
};

} // namespace

/// Numbers, totals and what is read next, without a server.
class TestRowWindow : public QObject
{
    Q_OBJECT

private slots:
    void smallTableIsReadWhole();
    void scrollsDownAndUp();
    void jumpIsAGuessUntilAnEndIsMet();
    void lastPageCountsFromAnExactTotal();
    void estimateTooSmallGrows();
    void estimateTooLargeShrinks();
    void cacheIsBounded();
    void countRenumbers();
    void againKeepsNeighbours();
    void randomWalk_data();
    void randomWalk();

private:
    struct Setup
    {
        Setup(int rows, qint64 estimate)
            : table(rows)
        {
            window.reset(estimate, {QStringLiteral("id")}, Paging::ByKey);
            const PageWish first{From::First, 0, RowWindow::pageRows, {}, true};
            window.begin(first, table.answer(first));
            shadow.total = window.total();
        }
        /// Reads until these rows are there; `error`: how far guesses are off.
        int show(int first, int last, int direction = 0, int error = 0)
        {
            int trips = 0;
            while (std::optional<PageWish> wish = window.wanted(first, last, direction, PositionMap())) {
                if (error != 0 && wish->from == From::Offset) { // what a position map would make of it
                    const int place = std::clamp(wish->begin + error, 0, int(table.keys.size()) - 1);
                    *wish = {
                        From::At, wish->begin, wish->limit, {QString::number(table.keys.at(size_t(place)))}, false};
                }
                const int before = shadow.movedBy;
                RowPage page = table.answer(*wish);
                if (!window.take(*wish, page)) {
                    const PageWish end = window.lastPage(RowWindow::pageRows);
                    window.take(end, table.answer(end));
                }
                first += shadow.movedBy - before;
                last += shadow.movedBy - before;
                window.trim(first, last);
                if (++trips > 60) {
                    return -1;
                }
            }
            return trips;
        }
        QString wrong(bool isThorough = false) const
        {
            const RowCache &cache = window.cache();
            if (shadow.total != window.total()) {
                return QStringLiteral("the view was told of %1 rows, not %2").arg(shadow.total).arg(window.total());
            }
            if (cache.isEmpty()) {
                return {};
            }
            if (cache.begin() < 0 || cache.end() > window.total()) {
                return QStringLiteral("rows %1 to %2 of %3").arg(cache.begin()).arg(cache.end()).arg(window.total());
            }
            const int key = cache.key(cache.begin()).constFirst().toInt();
            const auto place = std::lower_bound(table.keys.begin(), table.keys.end(), key) - table.keys.begin();
            const int step = isThorough ? 1 : 37;
            for (int row = cache.begin(); row < cache.end(); row += step) {
                const auto at = size_t(place + row - cache.begin());
                if (at >= table.keys.size() || cache.key(row).constFirst().toInt() != table.keys.at(at)) {
                    return QStringLiteral("row %1 is another").arg(row);
                }
            }
            if (window.isNumberExact() && place != cache.begin()) {
                return QStringLiteral("row %1 is said to be row %2").arg(place).arg(cache.begin());
            }
            if (window.isTotalExact() && window.total() != int(table.keys.size())) {
                return QStringLiteral("%1 rows are said to be exact").arg(window.total());
            }
            return shadow.isChangeWrong ? QStringLiteral("a change beyond the rows") : QString();
        }

        Table table;
        Shadow shadow;
        RowWindow window{&shadow};
    };
};

void TestRowWindow::smallTableIsReadWhole()
{
    Setup at(1500, 1400);
    while (const std::optional<PageWish> wish = at.window.rest()) {
        QVERIFY(at.window.take(*wish, at.table.answer(*wish)));
    }
    QVERIFY(at.window.isComplete() && at.window.isTotalExact());
    QCOMPARE(at.window.total(), 1500);
    QCOMPARE(at.wrong(), QString());
}

void TestRowWindow::scrollsDownAndUp()
{
    Setup at(50'000, 50'000);
    for (int row = 0; row < 50'000; row += 30) {
        const int trips = at.show(row, std::min(row + 39, 49'999), 1);
        QVERIFY2(trips >= 0 && trips <= 1, qPrintable(QString::number(row)));
        QCOMPARE(at.wrong(), QString());
        QVERIFY(at.window.isNumberExact());
    }
    QVERIFY(at.window.isTotalExact());
    for (int row = 49'960; row >= 0; row -= 30) {
        const int trips = at.show(row, row + 39, -1);
        QVERIFY2(trips >= 0 && trips <= 1, qPrintable(QString::number(row)));
        QCOMPARE(at.wrong(), QString());
        QVERIFY(at.window.isNumberExact());
    }
    QCOMPARE(at.shadow.movedBy, 0);
    QCOMPARE(at.show(20'000, 20'040), 1); // seen before: the number is known
    QVERIFY(at.window.isNumberExact() && at.window.cache().contains(20'000) && at.window.cache().contains(20'040));
    QCOMPARE(at.wrong(), QString());
}

void TestRowWindow::jumpIsAGuessUntilAnEndIsMet()
{
    for (const int error : {-700, 900}) {
        Setup at(30'000, 26'000);
        QCOMPARE(at.show(15'000, 15'040, 0, error), 1);
        QVERIFY(!at.window.isNumberExact());
        QVERIFY(at.window.cache().contains(15'000));
        QCOMPARE(at.wrong(), QString());
        const QString marked = at.window.cache().key(15'010).constFirst();
        at.shadow.marked = {15'010};
        int row = 15'000;
        while (!at.window.isAtEnd()) {
            row = at.window.cache().end() - 41;
            QVERIFY(at.show(row, row + 40, 1) >= 0);
            QCOMPARE(at.wrong(), QString());
        }
        QVERIFY(!at.window.isTotalExact());
        while (!at.window.isAtTop()) {
            row = at.window.cache().begin();
            QVERIFY(at.show(row, row + 40, -1) >= 0);
            QCOMPARE(at.wrong(), QString());
        }
        QVERIFY(at.window.isNumberExact() && at.window.isTotalExact());
        QCOMPARE(at.window.total(), 30'000);
        // The view's selection went along.
        QCOMPARE(at.shadow.marked.size(), size_t(1));
        QCOMPARE(QString::number(at.table.keys.at(size_t(at.shadow.marked.front()))), marked);
    }
}

void TestRowWindow::lastPageCountsFromAnExactTotal()
{
    Setup at(30'000, 26'000);
    QCOMPARE(at.show(25'960, 25'999), 1);
    QVERIFY(at.window.isAtEnd() && !at.window.isNumberExact());
    QCOMPARE(at.window.total(), 26'000);
    QCOMPARE(at.wrong(), QString());
    at.window.setCounted(30'000);
    QVERIFY(at.window.isNumberExact() && at.window.isTotalExact());
    QCOMPARE(at.window.total(), 30'000);
    QCOMPARE(at.shadow.movedBy, 4000);
    QCOMPARE(at.wrong(), QString());
    QCOMPARE(at.show(0, 40), 1);
    QCOMPARE(at.show(29'960, 29'999), 1);
    QVERIFY(at.window.isNumberExact());
    QCOMPARE(at.wrong(), QString());
}

void TestRowWindow::estimateTooSmallGrows()
{
    for (const qint64 estimate : {qint64(-1), qint64(300), qint64(4000)}) {
        Setup at(5000, estimate);
        int row = 0;
        while (!at.window.isAtEnd()) {
            row = std::min(row + 100, at.window.total() - 41);
            QVERIFY(at.show(row, row + 40, 1) >= 0);
            QCOMPARE(at.wrong(), QString());
            QVERIFY(at.window.total() >= at.window.cache().end());
        }
        QCOMPARE(at.window.total(), 5000);
        QVERIFY(at.window.isTotalExact());
    }
}

void TestRowWindow::estimateTooLargeShrinks()
{
    Setup at(5000, 90'000);
    QVERIFY(at.show(60'000, 60'040) > 0); // beyond the end: the last page
    QVERIFY(at.window.isAtEnd());
    QCOMPARE(at.wrong(), QString());
    Setup read(5000, 90'000);
    int row = 0;
    while (!read.window.isAtEnd()) {
        row = read.window.cache().end() - 41;
        QVERIFY(read.show(row, row + 40, 1) >= 0);
        QCOMPARE(read.wrong(), QString());
    }
    QCOMPARE(read.window.total(), 5000);
    QVERIFY(read.window.isTotalExact());
    Setup emptied(5000, 5000);
    emptied.table.keys.clear();
    QVERIFY(emptied.show(3000, 3040) > 0);
    QCOMPARE(emptied.window.total(), 0);
    QCOMPARE(emptied.wrong(), QString());
}

void TestRowWindow::cacheIsBounded()
{
    Setup at(100'000, 100'000);
    int most = 0;
    for (int row = 0; row < 99'000; row += 50) {
        QVERIFY(at.show(row, row + 40, 1) >= 0);
        most = std::max(most, at.window.cache().end() - at.window.cache().begin());
    }
    QVERIFY2(most > 10'000 && most <= RowWindow::mostRows, qPrintable(QString::number(most)));
    QCOMPARE(at.wrong(), QString());
}

void TestRowWindow::countRenumbers()
{
    Setup at(30'000, 10'000);
    QCOMPARE(at.show(9000, 9040, 0, 14'000), 1); // really row 23,000
    at.window.setCounted(30'000);
    QCOMPARE(at.window.total(), 30'000);
    QVERIFY(at.window.isTotalExact() && !at.window.isNumberExact());
    QCOMPARE(at.wrong(), QString());
    int row = 0;
    while (!at.window.isAtEnd()) {
        row = at.window.cache().end() - 41;
        QVERIFY(at.show(row, row + 40, 1) >= 0);
        QCOMPARE(at.wrong(), QString());
    }
    QVERIFY(at.window.isNumberExact());
    QCOMPARE(at.window.total(), 30'000);
}

void TestRowWindow::againKeepsNeighbours()
{
    Setup at(50'000, 50'000);
    at.show(600, 640, 1);
    at.show(900, 940, 1);
    const int begin = 850;
    at.shadow.marked = {910};
    const QString marked = at.window.cache().key(910).constFirst();
    auto &keys = at.table.keys;
    keys.erase(keys.begin() + 905, keys.begin() + 908);                    // three gone above the marked row
    keys.insert(keys.begin() + 906, {keys.at(905) + 1, keys.at(905) + 2}); // two came
    keys.erase(keys.begin() + 930);
    const PageWish wish{From::At, begin, RowWindow::pageRows, at.window.cache().bound(begin), false};
    at.window.doubtTotal();
    QVERIFY(at.window.takeAgain(wish, at.table.answer(wish), 900));
    QCOMPARE(at.wrong(), QString());
    QCOMPARE(at.shadow.marked.size(), size_t(1));
    QCOMPARE(at.window.cache().key(at.shadow.marked.front()).constFirst(), marked);
    QCOMPARE(at.shadow.movedBy, 0); // the row at the top of the view stands where it stood
    QVERIFY(!at.window.isNumberExact());
}

void TestRowWindow::randomWalk_data()
{
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("estimate");
    QTest::newRow("as estimated") << 40'000 << 40'000;
    QTest::newRow("fewer") << 30'000 << 45'000;
    QTest::newRow("more") << 60'000 << 25'000;
    QTest::newRow("unknown") << 9000 << -1;
    QTest::newRow("small") << 700 << 650;
}

/// Anywhere, by small and large steps, with guesses that are wrong, counts, refreshes and deletions in between: what is
/// said to be exact is, and no row changes its neighbours.
void TestRowWindow::randomWalk()
{
    QFETCH(int, rows);
    QFETCH(int, estimate);
    QRandomGenerator random(4711);
    Setup at(rows, estimate);
    int row = 0;
    for (int step = 0; step < 2000; ++step) {
        const int kind = random.bounded(100);
        const int before = row;
        if (kind < 60) {
            row += random.bounded(-150, 150);
        } else if (kind < 80) {
            row += random.bounded(-1500, 1500);
        } else if (kind < 86) {
            row = random.bounded(std::max(1, at.window.total()));
        } else if (kind < 88) {
            row = 0;
        } else if (kind < 90) {
            row = at.window.total();
        } else if (kind == 90) {
            at.window.setCounted(qint64(at.table.keys.size()));
        } else if (kind < 94 && !at.window.cache().isEmpty()) {
            const RowCache &cache = at.window.cache();
            const int gone = random.bounded(cache.begin(), cache.end());
            const int key = cache.key(gone).constFirst().toInt();
            std::erase(at.table.keys, key); // by an edit that was applied
            at.window.removeRows(gone, gone);
        } else if (kind < 96 && !at.window.cache().isEmpty()) {
            const RowCache &cache = at.window.cache();
            const int first = std::clamp(row, cache.begin(), cache.end() - 1);
            const PageWish wish{From::At, first, RowWindow::pageRows, cache.bound(first), false};
            at.window.doubtTotal();
            at.window.takeAgain(wish, at.table.answer(wish), first);
        }
        row = std::clamp(row, 0, std::max(0, at.window.total() - 40));
        const int direction = row > before ? 1 : row < before ? -1 : 0;
        QVERIFY2(at.show(row, row + 39, direction, random.bounded(-800, 800)) >= 0, qPrintable(QString::number(step)));
        QVERIFY2(at.wrong().isEmpty(),
                 qPrintable(QStringLiteral("step %1, kind %2: %3").arg(step).arg(kind).arg(at.wrong())));
        QVERIFY(at.window.cache().end() - at.window.cache().begin() <= RowWindow::mostRows);
    }
    QCOMPARE(at.wrong(true), QString());
}

QTEST_GUILESS_MAIN(TestRowWindow)
#include "tst_rowwindow.moc"
