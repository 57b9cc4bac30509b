// bench-tablescroll [ROWS] [SCROLLED]: the real grid over a table of 10,000,000 rows and 8 columns, scrolled page by
// page through 1,000,000 of them, each page waited for. Prints how much more memory the process then holds than at the
// start of the scrolling, and how long a page took. About three minutes.
#include "bigtable.h"
#include "gui/table/gridview.h"
#include "gui/theme/theme.h"
#include "models/rowsfixture.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QScrollBar>

#include <cstdio>

using namespace Roost;
using namespace Roost::Testing;

namespace {

constexpr int patience = 20'000; // ms
constexpr double mega = 1 << 20;

double residentBytes()
{
    QFile status(QStringLiteral("/proc/self/statm"));
    return status.open(QIODevice::ReadOnly) ? status.readAll().split(' ').at(1).toDouble() * 4096 : 0;
}

bool isHere(const RowsModel &rows, const GridView &grid)
{
    for (const int row : {grid.firstVisibleRow(), grid.lastVisibleRow()}) {
        const QModelIndex cell = rows.index(row, 0);
        if (!cell.data(RowsModel::LoadedRole).toBool() ||
            cell.data(RowsModel::FullTextRole).toString() != QString::number(row + 1)) {
            return false;
        }
    }
    return true;
}

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    Theme::apply(application, Theme::Mode::Light);
    const qint64 inTable = argc > 1 ? QByteArray(argv[1]).toLongLong() : 10'000'000;
    const int wanted = argc > 2 ? QByteArray(argv[2]).toInt() : 1'000'000;
    RowsFixture fixture;
    if (!fixture.start()) {
        std::fprintf(stderr, "%s\n", qPrintable(fixture.cluster.problem()));
        return 1;
    }
    fixture.psql(QStringLiteral("SET ROLE my_database_user;\n") + bigTableSql(QStringLiteral("large"), inTable));

    RowsModel rows(&fixture.sessions, &fixture.activity);
    GridView grid;
    grid.resize(1200, 800);
    grid.setModel(&rows);
    grid.show();
    rows.open(fixture.direct, fixture.database, fixture.relation(QStringLiteral("large")));
    const auto settles = [&] { return QTest::qWaitFor([&] { return isHere(rows, grid); }, patience); };
    if (!QTest::qWaitFor([&] { return rows.description() != nullptr; }, patience) || !settles()) {
        std::fprintf(stderr, "the table did not open\n");
        return 1;
    }
    const double before = residentBytes();
    double most = before;
    int pages = 0;
    QElapsedTimer clock;
    clock.start();
    while (grid.lastVisibleRow() < wanted) {
        grid.verticalScrollBar()->triggerAction(QAbstractSlider::SliderPageStepAdd);
        if (!settles()) {
            std::fprintf(stderr, "rows from %d on did not come\n", grid.firstVisibleRow() + 1);
            return 1;
        }
        ++pages;
        most = std::max(most, residentBytes());
    }
    std::printf("scrolled through %d of %lld rows in %d pages, %.2f ms each\n", grid.lastVisibleRow() + 1,
                static_cast<long long>(inTable), pages, double(clock.elapsed()) / pages);
    std::printf("memory: %.1f MB at the start, %.1f MB more at the end, %.1f MB more at most (bar 150)\n",
                before / mega, (residentBytes() - before) / mega, (most - before) / mega);
    return 0;
}
