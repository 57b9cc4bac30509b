#include "models/rowsmodel.h"

#include "rowsfixture.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

namespace {

constexpr int bigTable = 100'000;

} // namespace

/// Where rows stand in a table of which only a part is in memory.
class TestRowsModelPlaces : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void refreshKeepsThePlace();
    void scrollsThroughABigTable();
    void jumpsAnywhereInOneTrip();
    void numbersGetExactAtBothEnds();
    void sortDuringALoadWins();
    void badFilterLeavesTheRows();

private:
    RelationInfo relation(const QString &name) { return m_fixture.relation(name); }

    RowsFixture m_fixture;
};

void TestRowsModelPlaces::initTestCase()
{
    QVERIFY2(m_fixture.start(), qPrintable(m_fixture.cluster.problem()));
    m_fixture.psql(QStringLiteral("SET ROLE my_database_user;"
                                  "CREATE TABLE big (id bigint PRIMARY KEY, name text, kind int);"
                                  "INSERT INTO big SELECT n, 'name ' || n, mod(n, 10) FROM generate_series(1, %1) n;"
                                  "ANALYZE big;")
                       .arg(bigTable));
}

/// Rows come and go above and in what is shown: the same rows stay in sight, and the selection stays with its rows.
void TestRowsModelPlaces::refreshKeepsThePlace()
{
    m_fixture.psql(QStringLiteral("SET ROLE my_database_user; CREATE TABLE moving (id int PRIMARY KEY);"
                                  "INSERT INTO moving SELECT n * 10 FROM generate_series(1, 1500) n; ANALYZE moving"));
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    Viewer viewer(&model);
    model.open(m_fixture.direct, m_fixture.database, relation(QStringLiteral("moving")));
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    QVERIFY(viewer.show(1000));
    QTRY_VERIFY(model.count().isExact);
    const QPersistentModelIndex selected = model.index(1010, 0);
    const QString first = viewer.text(viewer.first, 0);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    m_fixture.psql(
        QStringLiteral("INSERT INTO moving SELECT n * 10 + 1 FROM generate_series(1, 30) n;"
                       "DELETE FROM moving WHERE id IN (1000, 2000, 10060); INSERT INTO moving VALUES (10071)"));
    model.refresh();
    QTRY_COMPARE(model.rowCount(), 1528);
    QCOMPARE(viewer.text(viewer.first, 0), first);
    QCOMPARE(viewer.first, 1028);
    QCOMPARE(selected.data(RowsModel::FullTextRole).toString(), QStringLiteral("10110"));
    QCOMPARE(reset.size(), 0);
    for (int row = 0; row < model.rowCount(); row += 7) {
        const QString expected =
            m_fixture.psql(QStringLiteral("SELECT id FROM moving ORDER BY id OFFSET %1 LIMIT 1").arg(row));
        QCOMPARE(viewer.text(row, 0), expected);
        row += 100;
    }
    m_fixture.psql(QStringLiteral("TRUNCATE moving"));
    model.refresh();
    QTRY_COMPARE(model.rowCount(), 0);
}

/// All of it down and up again: each row right, each step at most one round trip, and never more in memory than it may
/// be.
void TestRowsModelPlaces::scrollsThroughABigTable()
{
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    Viewer viewer(&model);
    model.open(m_fixture.slow, m_fixture.database, relation(QStringLiteral("big")));
    QTRY_VERIFY(model.description()); // then nothing else is under way
    QTRY_VERIFY(!model.isLoading());
    const auto step = [&](int row) {
        m_fixture.proxy->resetCount();
        if (!viewer.show(row) || m_fixture.proxy->roundTrips() > 1) {
            return QStringLiteral("row %1 took %2 round trips").arg(row).arg(m_fixture.proxy->roundTrips());
        }
        for (int shown = viewer.first; shown <= viewer.last(); ++shown) {
            if (viewer.text(shown, 0).toInt() != shown + 1 || !model.isNumberExact(shown)) {
                return QStringLiteral("row %1 is %2").arg(shown).arg(viewer.text(shown, 0));
            }
        }
        return Viewer::waitUntil([&] { return !model.isLoading(); }) ? QString() : QStringLiteral("never done");
    };
    for (int row = 0; row < bigTable; row += 130) {
        QCOMPARE(step(row), QString());
    }
    QVERIFY(model.count().isExact);
    QCOMPARE(model.rowCount(), bigTable);
    for (int row = bigTable - 40; row >= 0; row -= 130) {
        QCOMPARE(step(row), QString());
    }
    QCOMPARE(step(0), QString());
    int loaded = 0;
    for (int row = 0; row < bigTable; ++row) {
        loaded += model.index(row, 0).data(RowsModel::LoadedRole).toBool() ? 1 : 0;
    }
    QVERIFY2(loaded > 5000 && loaded <= 20'000, qPrintable(QString::number(loaded)));
}

void TestRowsModelPlaces::jumpsAnywhereInOneTrip()
{
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    Viewer viewer(&model);
    m_fixture.proxy->resetCount();
    model.open(m_fixture.slow, m_fixture.database, relation(QStringLiteral("big")));
    QTRY_VERIFY(model.description());
    QTRY_VERIFY(!model.isLoading());
    QTest::qWait(0);
    for (const int row : {50'000, 0, bigTable - 40, 20'000, 70'001, 0}) {
        m_fixture.proxy->resetCount();
        QVERIFY(viewer.show(row));
        QTRY_VERIFY(!model.isLoading());
        QCOMPARE(m_fixture.proxy->roundTrips(), 1);
        const int id = viewer.text(viewer.first, 0).toInt();
        QVERIFY2(qAbs(id - 1 - row) < bigTable / 20, qPrintable(QString::number(id)));
        if (row == 0) {
            QCOMPARE(id, 1);
        }
    }
    // To the end, wherever that is.
    int end = -1;
    model.goToEnd([&](const Result<int> &row) { end = row.value_or(-2); });
    QTRY_VERIFY(end != -1);
    QCOMPARE(viewer.text(end, 0).toInt(), bigTable);
    // To a key.
    int place = -1;
    model.goToKey({QStringLiteral("77777")}, [&](const Result<int> &row) { place = row.value_or(-2); });
    QTRY_VERIFY(place != -1);
    QCOMPARE(viewer.text(place, 0).toInt(), 77'777);
    place = -1;
    model.setSort({{QStringLiteral("kind"), true}});
    // At once: the rows in the new order are waited for.
    model.goToKey({QStringLiteral("33333")}, [&](const Result<int> &row) { place = row.value_or(-2); });
    QTRY_VERIFY(place != -1);
    QCOMPARE(viewer.text(place, 0).toInt(), 33'333);
    QVERIFY(viewer.show(place));
    QCOMPARE(viewer.text(place, 0).toInt(), 33'333);
}

void TestRowsModelPlaces::numbersGetExactAtBothEnds()
{
    RelationInfo info = relation(QStringLiteral("big"));
    info.estimatedRows = 110'000; // wrong, as estimates are
    info.rowsAreExact = false;
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    Viewer viewer(&model);
    model.open(m_fixture.direct, m_fixture.database, info);
    QTRY_VERIFY(model.description());
    QTRY_VERIFY(!model.isLoading());
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    QVERIFY(viewer.show(55'000));
    const int middle = viewer.text(viewer.first + 5, 0).toInt();
    const QPersistentModelIndex marked = model.index(viewer.first + 5, 0);
    int id = viewer.text(viewer.first, 0).toInt();
    const auto isAtEnd = [&viewer] { return viewer.text(viewer.last(), 0).toInt() == bigTable; };
    while (!isAtEnd()) {
        QTRY_VERIFY(isAtEnd() || viewer.last() + 1 < model.rowCount()); // a guessed end moves on when rows come
        if (isAtEnd()) {
            break;
        }
        QVERIFY(viewer.show(viewer.first + 150));
        QVERIFY(viewer.text(viewer.first, 0).toInt() > id);
        id = viewer.text(viewer.first, 0).toInt();
    }
    QVERIFY(viewer.show(viewer.first));
    while (viewer.text(viewer.first, 0).toInt() != 1) {
        QVERIFY(viewer.show(viewer.first - 150));
        QVERIFY(viewer.text(viewer.first, 0).toInt() < id);
        id = viewer.text(viewer.first, 0).toInt();
    }
    QTRY_VERIFY(model.isNumberExact(viewer.first));
    QTRY_COMPARE(viewer.first, 0);
    QVERIFY(model.count().isExact);
    QCOMPARE(model.count().rows, bigTable);
    QCOMPARE(model.rowCount(), bigTable);
    QVERIFY(marked.isValid());
    QCOMPARE(marked.row(), middle - 1); // what was selected went along
    QCOMPARE(reset.size(), 0);
}

void TestRowsModelPlaces::sortDuringALoadWins()
{
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    Viewer viewer(&model);
    model.open(m_fixture.slow, m_fixture.database, relation(QStringLiteral("big")));
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    QTRY_VERIFY(model.description());
    m_fixture.proxy->setDelayMs(20);
    viewer.look(50'000);
    QVERIFY(model.isLoading());
    model.setSort({{QStringLiteral("id"), true}});
    viewer.look(0);
    RowFilter filter;
    filter.conditions +=
        FilterCondition{QStringLiteral("kind"), FilterCondition::Operator::Equal, {QStringLiteral("3")}};
    model.setFilter(filter);
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    m_fixture.proxy->setDelayMs(0);
    QVERIFY(viewer.show(0));
    for (int row = 0; row <= viewer.last(); ++row) {
        QCOMPARE(viewer.text(row, 0).toInt(), bigTable - 7 - row * 10);
    }
}

void TestRowsModelPlaces::badFilterLeavesTheRows()
{
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    Viewer viewer(&model);
    model.open(m_fixture.direct, m_fixture.database, relation(QStringLiteral("big")));
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    RowFilter filter;
    filter.where = QStringLiteral("no_such_column = 1");
    model.setFilter(filter);
    QTRY_COMPARE(model.state(), RowsModel::State::Failed);
    QCOMPARE(model.error().sqlState, QByteArray("42703"));
    QCOMPARE(model.filter().where, filter.where); // to be mended
    QCOMPARE(viewer.text(0, 0), QStringLiteral("1"));
    QVERIFY(viewer.show(300)); // those that are shown can still be read
    QCOMPARE(viewer.text(300, 0), QStringLiteral("301"));
    model.setFilter({});
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
}

QTEST_GUILESS_MAIN(TestRowsModelPlaces)
#include "tst_rowsmodelplaces.moc"
